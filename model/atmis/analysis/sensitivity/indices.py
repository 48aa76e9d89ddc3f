"""Sensitivity indices as tidy rows: the effect of each parameter on each target, by the method of the design."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np

from atmis.analysis.sensitivity import chance, morris, sobol
from atmis.analysis.sensitivity.finished_sweep import HEADLINES, FinishedSweep, check_name, complete
from atmis.analysis.sensitivity.main_effects import MainEffect, main_effects, range_text
from atmis.analysis.sensitivity.parameter_label import parameter_label
from atmis.kernel.arrays import Floats
from atmis.scenario.errors import InputError, shorten
from atmis.scenario.sweep import Sweep
from atmis.storage.tables import column
from atmis.sweep import design

METHODS = ("sobol", "morris")
_LEAST = {
    "sobol": ("Base points", sobol.LEAST_POINTS),
    "morris": ("Trajectories", morris.LEAST_TRAJECTORIES),
}  # for intervals
_UNIT = "see the column unit"
Trust = Literal["good", "fair", "none", "unknown", "same"]
_TRUST = {
    "good": "the indices can be read.",
    "fair": "the indices can be read with their intervals, which hold it.",
    "none": "do not read the indices.",
}


@dataclass(frozen=True)
class IndexTarget:
    """A headline of a scenario, or its difference from a baseline, whose dependence on the parameters is analysed."""

    what: Literal["difference", "level"] = field(metadata=column("", "difference: scenario less baseline; or level"))
    scenario: str = field(metadata=column("", "which scenario"))
    baseline: str | None = field(metadata=column("", "what it is compared with; none for a level"))
    headline: str = field(metadata=column("", "column of the summary"))
    unit: str = field(metadata=column("", "unit of the headline"))


@dataclass(frozen=True)
class Index(IndexTarget):
    """One row: the effect of one parameter on a target. None: not of this method, or not defined."""

    parameter: str = field(metadata=column("", "key of the parameter, or group"))
    words: str = field(metadata=column("", "what it is"))
    parameter_unit: str = field(metadata=column("", "its unit"))
    range: str = field(metadata=column("parameter_unit", "its range in the design, or its choices"))
    method: Literal["sobol", "morris"] = field(metadata=column("", "design and method"))
    first: float | None = field(metadata=column("share", "first order index: share of the variance it makes alone"))
    first_low: float | None = field(metadata=column("share", "lower end of its 95 % interval; none: too few points"))
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


COLUMNS = {item.name: (item.metadata["unit"], item.metadata["what"]) for item in fields(Index)}


@dataclass(frozen=True)
class TargetIndices:
    """A target with its indices, a row for each parameter, and the main effect of each."""

    target: IndexTarget
    rows: Sequence[Index]
    main_effects: Sequence[MainEffect]
    replicates_needed: int | None  # for good indices; None: there is no signal, or one replicate

    @property
    def ranked(self) -> list[Index]:
        """The rows by falling influence: by index or, where none can be read, by the ends of the main effect."""
        return sorted(self.rows, key=_influence, reverse=True)

    @property
    def reliability(self) -> str:
        """How far chance lets the indices be read, in sentences."""
        first = self.rows[0]
        if first.trust == "same":
            return "Nothing differs between the points."
        if first.chance_share is None:
            return f"One replicate: how much of this is chance cannot be told; give replicates=20.{self._too_few}"
        share = f"{100 * first.chance_share:.0f} %"
        finding = f"{share} of what differs between points is chance, with {first.replicates} replicates"
        luck = "" if first.mu_star_by_chance is None else f" Chance alone makes a mu* of {first.mu_star_by_chance:.3g}."
        if first.trust != "none":
            return f"{finding}: {_TRUST[first.trust]}{luck}{self._too_few}"
        needed = self.replicates_needed
        cure = f"about {needed:,} replicates would do" if needed else "no number of replicates that can be run would do"
        return f"{finding}: {_TRUST[first.trust]} {_capitalise(cure)}.{luck}"

    @property
    def _too_few(self) -> str:
        """A sentence where base points or trajectories are too few for intervals."""
        points, least = _LEAST[self.rows[0].method]
        return (
            f" {points} are too few for intervals; give sweep.points={least} or more."
            if self.rows[0].points < least
            else ""
        )


def check_design(name: str) -> None:
    """Raise InputError when indices cannot be estimated from a design."""
    if name not in METHODS:
        raise InputError(
            f"sweep.design: '{shorten(name)}' gives no indices; allowed: {' or '.join(METHODS)}, for example "
            "sweep=screening"
        )


def targets(
    finished: FinishedSweep, headlines: Sequence[str], scenarios: Sequence[str] = (), baseline: str = "planned"
) -> list[IndexTarget]:
    """Targets of an analysis: for each headline the levels of all scenarios, and differences from the baseline.

    Parameters
    ----------
    finished : FinishedSweep
        The sweep to analyse.
    headlines : sequence of str
        Names of numeric headlines of the summary.
    scenarios : sequence of str, optional
        Scenarios to analyse; none: all but the baseline.
    baseline : str, optional
        Scenario that the others are compared with; in a sweep of one scenario that one, with levels only.

    Returns
    -------
    list of IndexTarget
        By headline: the level of the baseline, then difference and level of each scenario.

    Raises
    ------
    InputError
        For an unknown headline, scenario or baseline.
    """
    for headline in headlines:
        check_name("headline", headline, list(HEADLINES))
    for scenario in scenarios:
        check_name("scenario", scenario, finished.scenarios)
    if len(finished.scenarios) == 1:
        baseline = finished.scenarios[0]
    check_name("baseline", baseline, finished.scenarios)
    others = [name for name in scenarios or finished.scenarios if name != baseline]
    return [target for headline in headlines for target in _headline_targets(headline, baseline, others)]


def _headline_targets(headline: str, baseline: str, others: Sequence[str]) -> Iterator[IndexTarget]:
    unit = HEADLINES[headline]
    yield IndexTarget("level", baseline, None, headline, unit)
    for name in others:
        yield IndexTarget("difference", name, baseline, headline, unit)
        yield IndexTarget("level", name, None, headline, unit)


def analyse_targets(finished: FinishedSweep, requested: Sequence[IndexTarget]) -> Iterator[TargetIndices]:
    """Estimate the indices of each target by the method of the design.

    Parameters
    ----------
    finished : FinishedSweep
        A sweep over a Sobol or Morris design.
    requested : sequence of IndexTarget
        What to analyse, see `targets`.

    Yields
    ------
    TargetIndices
        Rows of each target in turn; replicates in which any run failed are left out.

    Raises
    ------
    InputError
        When the design gives no indices, a point is missing, or every replicate has a failed run.
    """
    check_design(finished.sweep.design)
    order = finished.rows_of_design()
    for target in requested:
        values = finished.level(target.scenario, target.headline)
        if target.baseline is not None:
            values = finished.difference(target.scenario, target.baseline, target.headline)
        yield analyse_values(finished.sweep, target, complete(values[order]), finished.study.seed)


def analyse_values(sweep: Sweep, target: IndexTarget, values: Floats, seed: int) -> TargetIndices:
    """Indices of a target from its values [rows of the design, replicates] in the order of design.unit."""
    share = chance.share(values)
    effects = main_effects(sweep, values, seed)
    common: dict[str, Any] = {
        "method": sweep.design, "mean": float(values.mean()), "chance_share": share, "trust": _trust(share, values),
        "points": sweep.points, "replicates": values.shape[1],
    }  # fmt: skip
    columns = _sobol(sweep, values, seed) if sweep.design == "sobol" else _morris(sweep, values, seed)
    rows = [
        Index(
            **vars(target), **_label(path, spread), **common, **_row(columns, k),
            mean_at_low=effects[k].means[0], mean_at_high=effects[k].means[-1],
        )
        for k, (path, spread) in enumerate(sweep.parameters.items())
    ]  # fmt: skip
    return TargetIndices(target, rows, effects, chance.replicates_for(values) if share is not None else None)


def _sobol(sweep: Sweep, values: Floats, seed: int) -> dict[str, Any]:
    """Columns of indices [parameters] from a Sobol design; those of Morris are NaN."""
    undefined = np.full(len(sweep.parameters), np.nan)
    morris_columns = ("mu", "mu_star", "mu_star_low", "mu_star_high", "mu_star_by_chance", "sigma")
    return {
        **sobol.indices(values, design.unit(sweep, seed))._asdict(),
        **dict.fromkeys(morris_columns, undefined),
    }


def _morris(sweep: Sweep, values: Floats, seed: int) -> dict[str, Any]:
    """Columns of indices [parameters] from a Morris design; those of Sobol are NaN."""
    undefined = np.full(len(sweep.parameters), np.nan)
    size = morris.by_chance(values)
    by_chance = undefined if size is None else np.full(len(sweep.parameters), size)
    own = {**morris.effects(sweep, values, seed)._asdict(), "mu_star_by_chance": by_chance}
    return {**own, **dict.fromkeys(sobol.Indices._fields, undefined)}


def _label(path: str, spread: Any) -> dict[str, Any]:
    words, unit = parameter_label(path)
    return {"parameter": path, "words": words, "parameter_unit": unit, "range": range_text(spread)}


def _row(columns: dict[str, Floats], k: int) -> dict[str, Any]:
    """The k-th entry of each column; None for NaN."""
    return {name: float(values[k]) if math.isfinite(values[k]) else None for name, values in columns.items()}


def _trust(share: float | None, values: Floats) -> Trust:
    if not chance.anomalies(values).any():
        return "same"
    if share is None:
        return "unknown"
    return "good" if share <= chance.GOOD else "fair" if share <= chance.NONE else "none"


def _influence(row: Index) -> float:
    """Influence of a parameter, by which it is ranked."""
    if row.mu_star is not None:
        return row.mu_star
    return abs(row.mean_at_high - row.mean_at_low) if row.total is None or row.trust == "none" else row.total


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
