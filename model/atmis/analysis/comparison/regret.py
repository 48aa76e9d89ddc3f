"""Regret (Savage 1951): by how much a plan is worse than the best plan in the same state of the world."""

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
    """Regret matrix, plans by states of the world, from means over replicates for the whole run."""

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
    def max_regret(self) -> Floats:
        """Largest regret of each plan over the worlds [plans]."""
        return np.asarray(self.regret.max(axis=1))

    @property
    def minimax_plans(self) -> tuple[str, ...]:
        """The plans of minimax regret: those whose largest regret is least (several where they tie)."""
        return tuple(plan for plan, worst in zip(self.plans, self.max_regret) if worst == self.max_regret.min())


@dataclass(frozen=True)
class RegretRow:
    """A cell of a regret matrix as a row."""

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


def regret_rows(matrices: Iterable[Regret]) -> list[RegretRow]:
    """The cells of regret matrices, one row each."""
    return [
        RegretRow(
            matrix.indicator, matrix.group, matrix.unit, plan, world,
            float(matrix.values[p, w]), float(matrix.regret[p, w]), bool(matrix.told_apart[p, w]),
        )
        for matrix in matrices
        for p, plan in enumerate(matrix.plans)
        for w, world in enumerate(matrix.worlds)
    ]  # fmt: skip


def regret(worlds: Mapping[str, Mapping[str, Ensemble]], indicator: str, group: Group = "all") -> Regret:
    """Regret of plans in each state of the world (Savage 1951), from runs over the whole period.

    Parameters
    ----------
    worlds : mapping of str to mapping of str to Ensemble
        By state of the world, an ensemble of each plan by its name; the same plans in each.
    indicator : str
        Name of an indicator of `INDICATORS` that has a worse direction.
    group : str, optional
        Group of zones.

    Returns
    -------
    Regret
        Matrix [plans, worlds] in the unit of the indicator.

    Raises
    ------
    ValueError
        When the indicator has no worse direction or is not counted for the group, when worlds hold different plans, or
        when plans have no replicates in common.
    """
    plans = tuple(next(iter(worlds.values())))
    for world, ensembles in worlds.items():
        if set(ensembles) != set(plans):
            raise ValueError(f"world {world} holds other plans than {next(iter(worlds))}")
    values = {
        world: _plan_values([ensembles[plan] for plan in plans], indicator, group)
        for world, ensembles in worlds.items()
    }
    return regret_from_values(indicator, group, plans, values)


def regret_from_values(indicator: str, group: Group, plans: tuple[str, ...], worlds: Mapping[str, Floats]) -> Regret:
    """Regret from values [plans, R] of an indicator in each world.

    Raises ValueError when the indicator has no worse direction.

    Examples
    --------
    Attacks under two plans, in two replicates of each of two worlds:

    >>> import numpy as np
    >>> calm, grim = np.array([[4.0, 6.0], [8.0, 8.0]]), np.array([[30.0, 34.0], [20.0, 22.0]])
    >>> matrix = regret_from_values("attacks", "all", ("stay", "leave"), {"calm": calm, "grim": grim})
    >>> matrix.regret.tolist(), matrix.minimax_plans
    ([[0.0, 11.0], [3.0, 0.0]], ('leave',))
    """
    entry = INDICATORS[indicator]
    if entry.worse == "neither":
        raise ValueError(f"{indicator} has no regret, for neither direction of it is called worse")
    sign, runs = 1.0 if entry.worse == "more" else -1.0, list(worlds.values())
    values = np.array([world.mean(axis=1) for world in runs]).T
    best = (sign * values).argmin(axis=0)
    apart = [[paired(world[k], plan).verdict in ("more", "fewer") for plan in world] for world, k in zip(runs, best)]
    losses = np.abs(values - values[best, np.arange(len(worlds))])
    return Regret(
        indicator=indicator,
        unit=entry.unit,
        definition=entry.definition,
        worse=entry.worse,
        group=group,
        replicates=min(world.shape[1] for world in runs),
        plans=plans,
        worlds=tuple(worlds),
        values=values,
        regret=losses,
        told_apart=np.array(apart).T,
    )


def _plan_values(ensembles: list[Ensemble], indicator: str, group: Group) -> Floats:
    """Values [plans, R] of an indicator over the whole run, in the replicates that all plans share."""
    common = min((pair(ensembles[0], other)[1] for other in ensembles), key=lambda ensemble: ensemble.replicates)
    span, count = whole_run(common), INDICATORS[indicator].function
    by_group = [count(pair(common, ensemble)[1], span) for ensemble in ensembles]
    if group not in by_group[0]:
        raise ValueError(f"{indicator} is not counted for the zones {group}; known: {', '.join(by_group[0])}")
    return np.array([values[group] for values in by_group])
