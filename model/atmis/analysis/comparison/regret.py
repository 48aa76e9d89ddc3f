"""Regret (Savage 1951): by how much a plan is worse, in some state of the world, than the best plan there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from atmis.analysis.comparison.indicators import INDICATORS, Worse
from atmis.analysis.comparison.paired import paired
from atmis.analysis.comparison.spans import pair, whole_run
from atmis.kernel.arrays import Bools, Floats
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group
from atmis.storage.tables import column


@dataclass(frozen=True)
class Regret:
    """A matrix of plans by states of the world, of means over replicates, for the whole run."""

    indicator: str
    unit: str
    definition: str
    worse: Worse
    group: Group
    replicates: int  # the least number over the worlds
    plans: tuple[str, ...]
    worlds: tuple[str, ...]
    values: Floats  # [plans, worlds] mean over replicates
    regret: Floats  # [plans, worlds] the same, less the best of each world; never below zero
    told_apart: Bools  # [plans, worlds] whether the 95 % interval of that paired difference leaves out zero

    @property
    def largest(self) -> Floats:
        """Largest regret [plans] of each plan over the worlds."""
        return np.asarray(self.regret.max(axis=1))

    @property
    def least(self) -> tuple[str, ...]:
        """The plans whose largest regret is least (several where they tie)."""
        return tuple(plan for plan, largest in zip(self.plans, self.largest) if largest == self.largest.min())


@dataclass(frozen=True)
class Lost:
    """A cell of such a matrix as a row."""

    indicator: str = field(metadata=column("", "name of the indicator"))
    group: str = field(metadata=column("", "group of zones"))
    unit: str = field(metadata=column("", "unit of the indicator, and of value and regret"))
    plan: str = field(metadata=column("", "which scenario"))
    world: str = field(metadata=column("", "which state of the world"))
    value: float = field(metadata=column("see the column unit", "mean over replicates, and over points"))
    regret: float = field(
        metadata=column("see the column unit", "the same, less the best of that world; never below zero")
    )
    told_apart: bool = field(metadata=column("", "whether the 95 % interval of that difference leaves zero out"))


def cells(matrices: Iterable[Regret]) -> list[Lost]:
    """The cells of some matrices."""
    return [
        Lost(one.indicator, one.group, one.unit, plan, world,
             float(one.values[p, w]), float(one.regret[p, w]), bool(one.told_apart[p, w]))
        for one in matrices
        for p, plan in enumerate(one.plans)
        for w, world in enumerate(one.worlds)
    ]  # fmt: skip


def regret(worlds: Mapping[str, Mapping[str, Ensemble]], indicator: str, group: Group = "all") -> Regret:
    """Regret of the plans in each world: `worlds` holds, by name, an ensemble of each plan, by name.

    Raises ValueError when the indicator has no worse direction or no such group, or plans cannot be paired.
    """
    plans = tuple(next(iter(worlds.values())))
    for world, ensembles in worlds.items():
        if set(ensembles) != set(plans):
            raise ValueError(f"world {world} holds other plans than {next(iter(worlds))}")
    runs = {world: _runs([ensembles[plan] for plan in plans], indicator, group) for world, ensembles in worlds.items()}
    return regret_of(indicator, group, plans, runs)


def regret_of(indicator: str, group: Group, plans: tuple[str, ...], worlds: Mapping[str, Floats]) -> Regret:
    """The same from values [plans, R] of an indicator in each world. Raises ValueError without a worse direction."""
    what = INDICATORS[indicator]
    if what.worse == "neither":
        raise ValueError(f"{indicator} has no regret, for neither direction of it is called worse")
    sign, runs = 1.0 if what.worse == "more" else -1.0, list(worlds.values())
    values = np.array([world.mean(axis=1) for world in runs]).T
    best = (sign * values).argmin(axis=0)
    apart = [[paired(world[k], one).verdict in ("more", "fewer") for one in world] for world, k in zip(runs, best)]
    lost = np.abs(values - values[best, np.arange(len(worlds))])
    return Regret(
        indicator=indicator,
        unit=what.unit,
        definition=what.definition,
        worse=what.worse,
        group=group,
        replicates=min(world.shape[1] for world in runs),
        plans=plans,
        worlds=tuple(worlds),
        values=values,
        regret=lost,
        told_apart=np.array(apart).T,
    )


def _runs(ensembles: list[Ensemble], indicator: str, group: Group) -> Floats:
    """Values [plans, R] of an indicator over the whole run, in the replicates that all plans have."""
    common = min((pair(ensembles[0], other)[1] for other in ensembles), key=lambda one: one.replicates)
    span, values = whole_run(common), INDICATORS[indicator].function
    found = [values(pair(common, ensemble)[1], span) for ensemble in ensembles]
    if group not in found[0]:
        raise ValueError(f"{indicator} is not counted for the zones {group}; known: {', '.join(found[0])}")
    return np.array([each[group] for each in found])
