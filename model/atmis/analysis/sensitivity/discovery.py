"""Under which assumptions a scenario makes things worse than its baseline: tidy rows and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from atmis.analysis.sensitivity import chance
from atmis.analysis.sensitivity.boxes import Box, Limit, Peeling, holds, peel
from atmis.analysis.sensitivity.finished import HEADLINES, Finished, check_name, complete
from atmis.analysis.sensitivity.named import named
from atmis.analysis.sensitivity.ranges import in_words, independent
from atmis.kernel.arrays import Bools, Floats
from atmis.scenario.errors import InputError
from atmis.storage.tables import column

LEAST_CASES = 20
QUARTER = "quarter"
Sense = Literal["above", "below"]
_OF_LIMIT = (
    "parameter", "words", "parameter_unit", "range", "range_low", "range_high", "low", "high", "choices", "quasi_p",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """When is the difference between a scenario and its baseline bad?"""

    scenario: str = field(metadata=column("", "which scenario"))
    baseline: str = field(metadata=column("", "what it is compared with"))
    headline: str = field(metadata=column("", "column of the summary"))
    unit: str = field(metadata=column("", "its unit"))
    sense: Sense = field(metadata=column("", "whether a difference above or below the threshold is bad"))
    threshold: float = field(metadata=column("unit", "mean paired difference of a case beyond which it is bad"))


@dataclass(frozen=True)
class Found(Question):
    """One row: a limit of the box, or that there is none."""

    cases: int = field(metadata=column("cases", "points of the design that were looked at"))
    share_bad: float = field(metadata=column("share", "share of the cases that are bad"))
    density: float = field(metadata=column("share", "share of the cases in the box that are bad"))
    density_held_out: float | None = field(
        metadata=column("share", "the same in cases that had no say in the box: two halves, each tested on the other")
    )
    coverage: float = field(metadata=column("share", "share of the bad cases that are in the box"))
    mass: float = field(metadata=column("share", "share of all cases that are in the box"))
    chance_share: float | None = field(metadata=column("share", "share of what differs between cases that is chance"))
    parameter: str | None = field(metadata=column("", "key of a parameter that the box limits; none: no limit"))
    words: str | None = field(metadata=column("", "what it is"))
    parameter_unit: str | None = field(metadata=column("", "its unit"))
    range: str | None = field(metadata=column("parameter_unit", "its range in the design, or its choices"))
    range_low: float | None = field(metadata=column("parameter_unit", "the least value among the cases"))
    range_high: float | None = field(metadata=column("parameter_unit", "the largest"))
    low: float | None = field(metadata=column("parameter_unit", "from here; none: from the low end of its range"))
    high: float | None = field(metadata=column("parameter_unit", "up to here; none: up to the high end"))
    choices: str | None = field(metadata=column("", "the choices that are left, of a group or a list"))
    quasi_p: float | None = field(metadata=column("probability", "how likely a limit that means nothing does as well"))


@dataclass(frozen=True)
class Step:
    """One box along the way."""

    scenario: str = field(metadata=column("", "which scenario"))
    headline: str = field(metadata=column("", "column of the summary"))
    step: int = field(metadata=column("", "number of the box, from the whole on"))
    coverage: float = field(metadata=column("share", "share of the bad cases that are in it"))
    density: float = field(metadata=column("share", "share of the cases in it that are bad"))
    limits: int = field(metadata=column("parameters", "number of parameters that it limits"))


@dataclass(frozen=True)
class Discovery:
    """A question with its answer. `peeling`: None where there was nothing to peel."""

    rows: Sequence[Found]
    box: Box
    peeling: Peeling | None
    sentences: Sequence[str]

    @property
    def steps(self) -> list[Step]:
        """The way of the peeling as rows."""
        if self.peeling is None:
            return []
        way = zip(self.peeling.coverage.tolist(), self.peeling.density.tolist(), self.peeling.limits.tolist())
        one = self.rows[0]
        return [Step(one.scenario, one.headline, number, *step) for number, step in enumerate(way)]


def discover(finished: Finished, names: Sequence[str], sense: Sense, bound: float | str, density: float) -> Discovery:
    """Answer a question. `names`: scenario, baseline, headline; `bound`: the threshold, or QUARTER.

    Raises InputError for unknown names, and for a sweep in which nothing varies.
    """
    scenario, baseline, headline = names
    check_name("headline", headline, list(HEADLINES))
    check_name("scenario", scenario, finished.scenarios)
    check_name("baseline", baseline, finished.scenarios)
    numbers = _numbers(finished)
    cases = _cases(finished, numbers)
    values = complete(finished.difference(scenario, baseline, headline)[numbers])
    differences = values.mean(axis=1)
    threshold = _threshold(differences, sense, bound)
    bad = differences > threshold if sense == "above" else differences < threshold
    question = Question(scenario, baseline, headline, HEADLINES[headline], sense, threshold)
    return _answer(finished, question, cases, bad, (density, chance.share(values)))


def _numbers(finished: Finished) -> list[int]:
    """The points that are looked at: of a Sobol design those of A and B, for the others repeat their coordinates."""
    if finished.sweep.design == "sobol" and not set(finished.study.labels) - set(finished.sweep.parameters):
        return finished.rows_of_design()[independent(finished.sweep)]
    return list(range(len(finished.points)))


def _cases(finished: Finished, numbers: Sequence[int]) -> dict[str, list[Any]]:
    """The values of each parameter that varies. Raises InputError when there are none, or too few cases."""
    points = [finished.points[number] for number in numbers]
    names = [name for name in points[0] if all(name in point for point in points)]
    cases = {name: [point[name] for point in points] for name in names}
    varied = {name: values for name, values in cases.items() if len(set(values)) > 1}
    if not varied:
        raise InputError(f"{finished.folder}: no parameter varies in this sweep, so there is nothing to discover")
    if len(points) < LEAST_CASES:
        raise InputError(
            f"{finished.folder}: {len(points)} points are too few for a box; allowed: at least {LEAST_CASES}"
        )
    return varied


def _threshold(differences: Floats, sense: Sense, bound: float | str) -> float:
    if bound == QUARTER:
        return float(np.quantile(differences, 0.75 if sense == "above" else 0.25))
    return float(bound)


def _answer(
    finished: Finished, question: Question, cases: dict[str, list[Any]], bad: Bools,
    about: tuple[float, float | None],
) -> Discovery:  # fmt: skip
    density, luck = about
    share = float(bad.mean())
    whole = Box([], 1.0 if share else 0.0, share, 1.0)
    peeling = peel(cases, bad, density) if 0 < share < density else None
    box = whole if peeling is None else peeling.box
    held_out = None if peeling is None else _held_out(cases, bad, density)
    common = {
        **vars(question), "cases": len(bad), "share_bad": share, "density": box.density, "density_held_out": held_out,
        "coverage": box.coverage, "mass": box.mass, "chance_share": luck,
    }  # fmt: skip
    limits: list[Limit | None] = [*box.limits] or [None]
    rows = [Found(**common, **_limit(finished, limit, cases)) for limit in limits]
    return Discovery(rows, box, peeling, _sentences(rows, density))


def _held_out(cases: dict[str, list[Any]], bad: Bools, density: float) -> float | None:
    """Density of boxes found in one half of the cases, in the other half."""
    inside, hits = 0, 0
    for half in (0, 1):
        own = {name: values[half::2] for name, values in cases.items()}
        other = {name: values[1 - half :: 2] for name, values in cases.items()}
        if not 0 < bad[half::2].mean() < 1 or any(len(set(values)) < 2 for values in own.values()):
            return None
        there = holds(peel(own, bad[half::2], density).box, other)
        inside, hits = inside + int(there.sum()), hits + int(bad[1 - half :: 2][there].sum())
    return hits / inside if inside else None


def _limit(finished: Finished, limit: Limit | None, cases: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    if limit is None:
        return dict.fromkeys(_OF_LIMIT)
    words, unit = named(limit.parameter)
    spread, values = finished.sweep.parameters.get(limit.parameter), cases[limit.parameter]
    ends = (None, None) if limit.choices is not None else (float(min(values)), float(max(values)))
    told = (
        limit.parameter, words, unit, None if spread is None else in_words(spread), *ends, limit.low, limit.high,
        None if limit.choices is None else ", ".join(limit.choices), limit.quasi_p,
    )  # fmt: skip
    return dict(zip(_OF_LIMIT, told))


# --- in words ---


def _sentences(rows: Sequence[Found], density: float) -> list[str]:
    one = rows[0]
    than = f"{one.sense} {one.threshold:.3g}"
    bad = f"the mean difference of {one.scenario} from {one.baseline} in {one.headline} is {than} {one.unit}"
    told = [f"In {_percent(one.share_bad)} of {one.cases:,} cases {bad}."]
    if one.parameter is not None:
        told += _of_box(rows, density)
    elif one.share_bad >= density:
        told.append(f"That is {_percent(density)} or more, so there is no box to look for.")
    elif one.share_bad:
        told.append("No limit on any parameter tells these cases from the others.")
    if 0 < one.share_bad < 1 and one.chance_share is not None and one.chance_share > chance.NONE:
        told.append(
            f"But {_percent(one.chance_share)} of what differs between cases is chance: which of them are bad is "
            "mostly luck; more replicates would tell."
        )
    return told


def _of_box(rows: Sequence[Found], density: float) -> list[str]:
    one = rows[0]
    where = "; ".join(_where(row) for row in rows)
    told = [
        f"It is so in {_percent(one.density)} of the cases in which {where}.",
        f"These are {_percent(one.mass)} of all cases and hold {_percent(one.coverage)} of the bad ones.",
    ]
    if one.density < density:
        told.append(f"No box with limits beyond chance is as dense as {_percent(density)}.")
    if one.density_held_out is not None:
        told.append(f"In cases that had no say in the box it is so in {_percent(one.density_held_out)}.")
    return told


def _where(row: Found) -> str:
    if row.choices is not None:
        return f"'{row.words}' is {row.choices}"
    unit = f" {row.parameter_unit}" if row.parameter_unit else ""
    ends = [f"{name} {end:.3g}" for name, end in (("at least", row.low), ("at most", row.high)) if end is not None]
    return f"'{row.words}' is {' and '.join(ends)}{unit}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
