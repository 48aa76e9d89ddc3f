"""Tidy rows: what each parameter does to each target, by the method of the design."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np

from atmis.analysis.sensitivity import chance, morris, sobol
from atmis.analysis.sensitivity.finished import HEADLINES, Finished, check_name, complete
from atmis.analysis.sensitivity.named import named
from atmis.analysis.sensitivity.ranges import Way, in_words, ways
from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError, shortened
from atmis.scenario.sweep import Sweep
from atmis.storage.tables import column
from atmis.sweep import design

METHODS = ("sobol", "morris")
_UNIT = "see the column unit"
Trust = Literal["good", "fair", "none", "unknown", "same"]
_TRUST = {
    "good": "the indices can be read.",
    "fair": "the indices can be read with their intervals, which hold it.",
    "none": "do not read the indices.",
}


@dataclass(frozen=True)
class Target:
    """Something whose dependence on the parameters is asked for."""

    what: Literal["difference", "level"] = field(metadata=column("", "difference: scenario less baseline; or level"))
    scenario: str = field(metadata=column("", "which scenario"))
    baseline: str | None = field(metadata=column("", "what it is compared with; none for a level"))
    headline: str = field(metadata=column("", "column of the summary"))
    unit: str = field(metadata=column("", "unit of the headline"))


@dataclass(frozen=True)
class Index(Target):
    """One row: what one parameter does to a target. None: not of this method, or not to be told."""

    parameter: str = field(metadata=column("", "key of the parameter, or group"))
    words: str = field(metadata=column("", "what it is"))
    parameter_unit: str = field(metadata=column("", "its unit"))
    range: str = field(metadata=column("parameter_unit", "its range in the design, or its choices"))
    method: Literal["sobol", "morris"] = field(metadata=column("", "design and method"))
    first: float | None = field(metadata=column("share", "first order index: share of the variance it makes alone"))
    first_low: float | None = field(metadata=column("share", "lower end of its 95 % interval"))
    first_high: float | None = field(metadata=column("share", "upper end of its 95 % interval"))
    total: float | None = field(metadata=column("share", "total index: share it makes alone and with others"))
    total_low: float | None = field(metadata=column("share", "lower end of its 95 % interval"))
    total_high: float | None = field(metadata=column("share", "upper end of its 95 % interval"))
    mu: float | None = field(metadata=column(_UNIT, "mean effect of going through the whole range"))
    mu_star: float | None = field(metadata=column(_UNIT, "mean size of these effects"))
    mu_star_low: float | None = field(metadata=column(_UNIT, "lower end of its 95 % interval"))
    mu_star_high: float | None = field(metadata=column(_UNIT, "upper end of its 95 % interval"))
    mu_star_by_chance: float | None = field(metadata=column(_UNIT, "mean size of effects that luck alone makes"))
    sigma: float | None = field(metadata=column(_UNIT, "standard deviation of these effects"))
    mean_at_low: float = field(metadata=column(_UNIT, "mean over the points at the low end of the range"))
    mean_at_high: float = field(metadata=column(_UNIT, "mean over the points at the high end of the range"))
    mean: float = field(metadata=column(_UNIT, "mean over all points"))
    chance_share: float | None = field(
        metadata=column("share", "share of the variance between points that is luck left after the mean of replicates")
    )
    trust: Trust = field(
        metadata=column(
            "", f"good: chance up to {chance.GOOD:.0%}; fair: up to {chance.NONE:.0%}, which the intervals hold; none: "
            "more, do not read the indices; unknown: one replicate; same: nothing differs between points"
        )
    )  # fmt: skip
    points: int = field(metadata=column("points", "base points of a Sobol design, trajectories of a Morris design"))
    replicates: int = field(metadata=column("replicates", "replicates of each point"))


COLUMNS = {one.name: (one.metadata["unit"], one.metadata["what"]) for one in fields(Index)}


@dataclass(frozen=True)
class Analysed:
    """A target with its rows, one for each parameter, and the ways of the parameters through their ranges."""

    target: Target
    rows: Sequence[Index]
    ways: Sequence[Way]
    replicates_wanted: int | None  # for good indices; None: nothing but chance is seen, or one replicate

    @property
    def most(self) -> list[Index]:
        """The rows, the parameter that does most first: by index or, where none can be read, by the ends of its way."""
        return sorted(self.rows, key=_does, reverse=True)

    @property
    def in_words(self) -> str:
        """How far luck lets the indices be read, in sentences."""
        one = self.rows[0]
        if one.trust == "same":
            return "Nothing differs between the points."
        if one.chance_share is None:
            return "One replicate: how much of this is chance cannot be told; give replicates=20."
        share = f"{100 * one.chance_share:.0f} %"
        told = f"{share} of what differs between points is chance, with {one.replicates} replicates"
        luck = "" if one.mu_star_by_chance is None else f" Chance alone makes a mu* of {one.mu_star_by_chance:.3g}."
        if one.trust != "none":
            return f"{told}: {_TRUST[one.trust]}{luck}"
        wanted = self.replicates_wanted
        cure = f"about {wanted:,} replicates would do" if wanted else "no number of replicates that can be run would do"
        return f"{told}: {_TRUST[one.trust]} {_first_up(cure)}.{luck}"


def check_design(name: str) -> None:
    """Raise InputError when a design gives no indices."""
    if name not in METHODS:
        raise InputError(
            f"sweep.design: '{shortened(name)}' gives no indices; allowed: {' or '.join(METHODS)}, for example "
            "sweep=screening"
        )


def targets(
    finished: Finished, headlines: Sequence[str], scenarios: Sequence[str] = (), baseline: str = "planned"
) -> list[Target]:
    """What is analysed: of each headline the level of the baseline, and level and difference of each scenario.

    Without names all scenarios but the baseline; a sweep of one scenario has levels only. Raises InputError.
    """
    for headline in headlines:
        check_name("headline", headline, list(HEADLINES))
    for scenario in scenarios:
        check_name("scenario", scenario, finished.scenarios)
    if len(finished.scenarios) == 1:
        baseline = finished.scenarios[0]
    check_name("baseline", baseline, finished.scenarios)
    others = [name for name in scenarios or finished.scenarios if name != baseline]
    return [target for headline in headlines for target in _of_headline(headline, baseline, others)]


def _of_headline(headline: str, baseline: str, others: Sequence[str]) -> Iterator[Target]:
    unit = HEADLINES[headline]
    yield Target("level", baseline, None, headline, unit)
    for name in others:
        yield Target("difference", name, baseline, headline, unit)
        yield Target("level", name, None, headline, unit)


def analysed(finished: Finished, wanted: Sequence[Target]) -> Iterator[Analysed]:
    """Each target analysed by the method of the design. Raises InputError where a sweep allows none."""
    check_design(finished.sweep.design)
    order = finished.rows_of_design()
    for target in wanted:
        values = finished.level(target.scenario, target.headline)
        if target.baseline is not None:
            values = finished.difference(target.scenario, target.baseline, target.headline)
        yield of_values(finished.sweep, target, complete(values[order]), finished.study.seed)


def of_values(sweep: Sweep, target: Target, values: Floats, seed: int) -> Analysed:
    """A target analysed from its values [rows of the design, replicates]."""
    share = chance.share(values)
    found = ways(sweep, values, seed)
    common: dict[str, Any] = {
        "method": sweep.design, "mean": float(values.mean()), "chance_share": share, "trust": _trust(share, values),
        "points": sweep.points, "replicates": values.shape[1],
    }  # fmt: skip
    columns = _sobol(sweep, values, seed) if sweep.design == "sobol" else _morris(sweep, values, seed)
    rows = [
        Index(
            **vars(target), **_about(path, spread), **common, **_row(columns, k),
            mean_at_low=found[k].means[0], mean_at_high=found[k].means[-1],
        )
        for k, (path, spread) in enumerate(sweep.parameters.items())
    ]  # fmt: skip
    return Analysed(target, rows, found, chance.replicates_for(values) if share is not None else None)


def _sobol(sweep: Sweep, values: Floats, seed: int) -> dict[str, Any]:
    nothing = np.full(len(sweep.parameters), np.nan)
    of_morris = ("mu", "mu_star", "mu_star_low", "mu_star_high", "mu_star_by_chance", "sigma")
    return {**sobol.indices(values, design.unit(sweep, seed), seed)._asdict(), **dict.fromkeys(of_morris, nothing)}


def _morris(sweep: Sweep, values: Floats, seed: int) -> dict[str, Any]:
    nothing = np.full(len(sweep.parameters), np.nan)
    luck = morris.by_chance(values)
    by_chance = nothing if luck is None else np.full(len(sweep.parameters), luck)
    own = {**morris.effects(sweep, values, seed)._asdict(), "mu_star_by_chance": by_chance}
    return {**own, **dict.fromkeys(sobol.Indices._fields, nothing)}


def _about(path: str, spread: Any) -> dict[str, Any]:
    words, unit = named(path)
    return {"parameter": path, "words": words, "parameter_unit": unit, "range": in_words(spread)}


def _row(columns: dict[str, Floats], k: int) -> dict[str, Any]:
    """The k-th entry of each column; None for what is not there."""
    return {name: float(values[k]) if math.isfinite(values[k]) else None for name, values in columns.items()}


def _trust(share: float | None, values: Floats) -> Trust:
    if not np.ptp(values.mean(axis=1)):
        return "same"
    if share is None:
        return "unknown"
    return "good" if share <= chance.GOOD else "fair" if share <= chance.NONE else "none"


def _does(row: Index) -> float:
    """What a parameter does, to compare it with the others."""
    if row.mu_star is not None:
        return row.mu_star
    return abs(row.mean_at_high - row.mean_at_low) if row.total is None or row.trust == "none" else row.total


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
