"""Scenario discovery: the assumptions under which a scenario is worse than its baseline, as tidy rows and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from atmis.analysis.sensitivity import chance
from atmis.analysis.sensitivity.boxes import Box, Limit, Peeling, inside_box, peel
from atmis.analysis.sensitivity.finished_sweep import HEADLINES, FinishedSweep, check_name, complete
from atmis.analysis.sensitivity.main_effects import independent, range_text
from atmis.analysis.sensitivity.parameter_label import parameter_label
from atmis.kernel.arrays import Bools, Floats
from atmis.scenario.errors import InputError
from atmis.storage.tables import column

LEAST_CASES = 20
QUARTER = "quarter"
Sense = Literal["above", "below"]
_LIMIT_COLUMNS = (
    "parameter", "words", "parameter_unit", "range", "range_low", "range_high", "low", "high", "choices", "quasi_p",
)  # fmt: skip


@dataclass(frozen=True)
class DiscoveryQuestion:
    """A question: when the difference between a scenario and its baseline is bad."""

    scenario: str = field(metadata=column("", "which scenario"))
    baseline: str = field(metadata=column("", "what it is compared with"))
    headline: str = field(metadata=column("", "column of the summary"))
    unit: str = field(metadata=column("", "its unit"))
    sense: Sense = field(metadata=column("", "whether a difference above or below the threshold is bad"))
    threshold: float = field(metadata=column("unit", "mean paired difference of a case beyond which it is bad"))


@dataclass(frozen=True)
class BoxRow(DiscoveryQuestion):
    """One row: a limit of the box; a single row without a parameter where there is none."""

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
    """One box of the peeling trajectory."""

    scenario: str = field(metadata=column("", "which scenario"))
    headline: str = field(metadata=column("", "column of the summary"))
    step: int = field(metadata=column("", "number of the box, from the whole on"))
    coverage: float = field(metadata=column("share", "share of the bad cases that are in it"))
    density: float = field(metadata=column("share", "share of the cases in it that are bad"))
    limits: int = field(metadata=column("parameters", "number of parameters that it limits"))


@dataclass(frozen=True)
class Discovery:
    """A box with its rows and sentences. `peeling`: None where there was nothing to peel."""

    rows: Sequence[BoxRow]
    box: Box
    peeling: Peeling | None
    sentences: Sequence[str]

    @property
    def steps(self) -> list[Step]:
        """The peeling trajectory as rows."""
        if self.peeling is None:
            return []
        boxes = zip(self.peeling.coverage.tolist(), self.peeling.density.tolist(), self.peeling.limits.tolist())
        first = self.rows[0]
        return [Step(first.scenario, first.headline, number, *box) for number, box in enumerate(boxes)]


def discover(
    finished: FinishedSweep, names: Sequence[str], sense: Sense, bound: float | str, density: float
) -> Discovery:
    """Find the box of assumptions in which a scenario is worse than its baseline.

    Parameters
    ----------
    finished : FinishedSweep
        The sweep whose points are the cases.
    names : sequence of str
        Scenario, baseline and headline.
    sense : {"above", "below"}
        Whether a mean paired difference above or below the threshold is bad.
    bound : float or str
        The threshold in the unit of the headline, or `QUARTER`: that beyond which a quarter of the cases lie.
    density : float
        Share of bad cases that the box should reach, in (0, 1].

    Raises
    ------
    InputError
        For unknown names, for too few cases, or when no parameter varies.
    """
    scenario, baseline, headline = names
    check_name("headline", headline, list(HEADLINES))
    check_name("scenario", scenario, finished.scenarios)
    check_name("baseline", baseline, finished.scenarios)
    numbers = _point_numbers(finished)
    cases = _cases(finished, numbers)
    values = complete(finished.difference(scenario, baseline, headline)[numbers])
    differences = values.mean(axis=1)
    threshold = _threshold(differences, sense, bound)
    bad = differences > threshold if sense == "above" else differences < threshold
    question = DiscoveryQuestion(scenario, baseline, headline, HEADLINES[headline], sense, threshold)
    return _discovery(finished, question, cases, bad, (density, chance.share(values)))


def _point_numbers(finished: FinishedSweep) -> list[int]:
    """Numbers of the points used: of a Sobol design those of A and B, as the others repeat their coordinates."""
    if finished.sweep.design == "sobol" and not set(finished.study.labels) - set(finished.sweep.parameters):
        return finished.rows_of_design()[independent(finished.sweep)]
    return list(range(len(finished.points)))


def _cases(finished: FinishedSweep, numbers: Sequence[int]) -> dict[str, list[Any]]:
    """Values of each parameter that varies [cases]. Raises InputError when none varies, or cases are too few."""
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


def _discovery(
    finished: FinishedSweep, question: DiscoveryQuestion, cases: dict[str, list[Any]], bad: Bools,
    shares: tuple[float, float | None],
) -> Discovery:  # fmt: skip
    density, chance_share = shares
    share = float(bad.mean())
    whole = Box([], 1.0 if share else 0.0, share, 1.0)
    peeling = peel(cases, bad, density) if 0 < share < density else None
    box = whole if peeling is None else peeling.box
    held_out = None if peeling is None else _held_out(cases, bad, density)
    common = {
        **vars(question), "cases": len(bad), "share_bad": share, "density": box.density, "density_held_out": held_out,
        "coverage": box.coverage, "mass": box.mass, "chance_share": chance_share,
    }  # fmt: skip
    limits: list[Limit | None] = [*box.limits] or [None]
    rows = [BoxRow(**common, **_limit_columns(finished, limit, cases)) for limit in limits]
    return Discovery(rows, box, peeling, _sentences(rows, density))


def _held_out(cases: dict[str, list[Any]], bad: Bools, density: float) -> float | None:
    """Density, in each half of the cases, of the box found in the other half; None where a half allows none."""
    inside, hits = 0, 0
    for half in (0, 1):
        own = {name: values[half::2] for name, values in cases.items()}
        other = {name: values[1 - half :: 2] for name, values in cases.items()}
        if not 0 < bad[half::2].mean() < 1 or any(len(set(values)) < 2 for values in own.values()):
            return None
        within = inside_box(peel(own, bad[half::2], density).box, other)
        inside, hits = inside + int(within.sum()), hits + int(bad[1 - half :: 2][within].sum())
    return hits / inside if inside else None


def _limit_columns(finished: FinishedSweep, limit: Limit | None, cases: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    if limit is None:
        return dict.fromkeys(_LIMIT_COLUMNS)
    words, unit = parameter_label(limit.parameter)
    spread, column_values = finished.sweep.parameters.get(limit.parameter), cases[limit.parameter]
    ends = (None, None) if limit.choices is not None else (float(min(column_values)), float(max(column_values)))
    values = (
        limit.parameter, words, unit, None if spread is None else range_text(spread), *ends, limit.low, limit.high,
        None if limit.choices is None else ", ".join(limit.choices), limit.quasi_p,
    )  # fmt: skip
    return dict(zip(_LIMIT_COLUMNS, values))


# --- sentences ---


def _sentences(rows: Sequence[BoxRow], density: float) -> list[str]:
    first = rows[0]
    than = f"{first.sense} {first.threshold:.3g}"
    bad = f"the mean difference of {first.scenario} from {first.baseline} in {first.headline} is {than} {first.unit}"
    sentences = [f"In {_percent(first.share_bad)} of {first.cases:,} cases {bad}."]
    if first.parameter is not None:
        sentences += _box_sentences(rows, density)
    elif first.share_bad >= density:
        sentences.append(f"That is {_percent(density)} or more, so there is no box to look for.")
    elif first.share_bad:
        sentences.append("No limit on any parameter tells these cases from the others.")
    if 0 < first.share_bad < 1 and first.chance_share is not None and first.chance_share > chance.NONE:
        sentences.append(
            f"But {_percent(first.chance_share)} of what differs between cases is chance: which of them are bad is "
            "mostly luck; more replicates would tell."
        )
    return sentences


def _box_sentences(rows: Sequence[BoxRow], density: float) -> list[str]:
    first = rows[0]
    limits = "; ".join(_limit_words(row) for row in rows)
    sentences = [
        f"It is so in {_percent(first.density)} of the cases in which {limits}.",
        f"These are {_percent(first.mass)} of all cases and hold {_percent(first.coverage)} of the bad ones.",
    ]
    if first.density < density:
        sentences.append(f"No box with limits beyond chance is as dense as {_percent(density)}.")
    if first.density_held_out is not None:
        sentences.append(f"In cases that had no say in the box it is so in {_percent(first.density_held_out)}.")
    return sentences


def _limit_words(row: BoxRow) -> str:
    if row.choices is not None:
        return f"'{row.words}' is {row.choices}"
    unit = f" {row.parameter_unit}" if row.parameter_unit else ""
    ends = [f"{name} {end:.3g}" for name, end in (("at least", row.low), ("at most", row.high)) if end is not None]
    return f"'{row.words}' is {' and '.join(ends)}{unit}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
