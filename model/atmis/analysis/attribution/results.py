"""Results of an attribution as tidy rows: for each mechanism, for the whole change, and for pairs of mechanisms."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from atmis.analysis.attribution import shapley
from atmis.analysis.attribution.estimates import Estimate, estimate
from atmis.analysis.attribution.game import Game
from atmis.analysis.attribution.question import months_text
from atmis.analysis.comparison import Verdict
from atmis.kernel.arrays import Floats
from atmis.scenario.neutral import MECHANISMS
from atmis.storage.tables import column

CAUTION = "This explains the model under its assumptions, not what happened in the world."
Method = Literal["exact", "random orders"]
_UNIT = "see the column unit"
_ENDS = "of the 95 % interval of that mean"
_VERDICT = (
    "more or fewer, in the window through it; cannot tell: the 95 % interval spans zero, or there is none, for one "
    "replicate; no difference: exactly zero"
)


@dataclass(frozen=True)
class _AttributionKey:
    """Key of a row: scenario, reading of the evidence, indicator, zones and months."""

    scenario: str = field(metadata=column("", "scenario"))
    evidence: str = field(metadata=column("", "reading of the evidence on what troops do"))
    indicator: str = field(metadata=column("", "indicator, as in comparison.csv"))
    group: str = field(metadata=column("", "group of zones"))
    unit: str = field(metadata=column("", "unit of all columns that say so; sums are for a mean month"))
    window: str = field(metadata=column("", "months that are explained"))
    reference: str = field(metadata=column("", "what they are set against: without events, or earlier months"))
    replicates: int = field(metadata=column("replicates", "replicates of each coalition of mechanisms"))


@dataclass(frozen=True)
class Contribution(_AttributionKey):
    """One mechanism: its Shapley value, and how far this depends on the order in which mechanisms join."""

    mechanism: str = field(metadata=column("", "mechanism, as in mechanisms="))
    words: str = field(metadata=column("", "the mechanism in words"))
    method: Method = field(metadata=column("", "exact: over all coalitions; random orders: over a sample of orders"))
    contribution: float = field(metadata=column(_UNIT, "Shapley value, mean over replicates"))
    low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    verdict: Verdict = field(metadata=column("", _VERDICT))
    alone: float = field(metadata=column(_UNIT, "what it adds with all others off, mean over replicates"))
    alone_low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    alone_high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    last: float = field(metadata=column(_UNIT, "what it adds with all others on, mean over replicates"))
    last_low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    last_high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    order: Verdict = field(
        metadata=column("", "whether it adds more or fewer as the last than alone; cannot tell; no difference")
    )


@dataclass(frozen=True)
class Change(_AttributionKey):
    """All mechanisms together: the change is the part that they explain plus the rest."""

    level: float = field(metadata=column(_UNIT, "mean of the window with all on"))
    level_reference: float = field(metadata=column(_UNIT, "mean of the reference with all on"))
    change: float = field(metadata=column(_UNIT, "level less that of the reference, mean over replicates"))
    change_low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    change_high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    change_verdict: Verdict = field(metadata=column("", _VERDICT))
    explained: float = field(metadata=column(_UNIT, "sum of the contributions, mean over replicates"))
    explained_low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    explained_high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    explained_verdict: Verdict = field(metadata=column("", _VERDICT))
    rest: float = field(metadata=column(_UNIT, "change with all off, mean over replicates: drift and luck"))
    luck: float | None = field(
        metadata=column(_UNIT, "standard deviation, over replicates, of the mean of the window without dated events")
    )


@dataclass(frozen=True)
class Interaction(_AttributionKey):
    """A pair of mechanisms: the effect of both together beyond that of each without the other."""

    mechanism: str = field(metadata=column("", "one mechanism"))
    other: str = field(metadata=column("", "the other"))
    interaction: float = field(metadata=column(_UNIT, "Shapley interaction index, mean over replicates"))
    low_95: float | None = field(metadata=column(_UNIT, f"lower end {_ENDS}"))
    high_95: float | None = field(metadata=column(_UNIT, f"upper end {_ENDS}"))
    verdict: Verdict = field(metadata=column("", "more: they strengthen each other; fewer: they weaken each other"))


@dataclass(frozen=True)
class Attribution:
    """All rows under one reading of the evidence."""

    contributions: Sequence[Contribution]
    change: Change
    interactions: Sequence[Interaction]  # none where orders are random

    @property
    def largest_interaction(self) -> Interaction | None:
        """The largest interaction among those that can be told from zero."""
        significant = [pair for pair in self.interactions if pair.verdict in ("more", "fewer")]
        return max(significant, key=lambda pair: abs(pair.interaction), default=None)


@dataclass(frozen=True)
class CoalitionPlan:
    """Plan of the coalitions to evaluate: all of them, or those along random orders."""

    exact_up_to: int  # largest number of players for which all coalitions are evaluated
    orders: int  # number of random orders, where there are more players
    seed: int

    def is_exact(self, game: Game) -> bool:
        """Whether all coalitions of a game are evaluated."""
        return len(game.players) <= self.exact_up_to

    def orders_of(self, game: Game) -> list[list[int]]:
        """Random orders in which the players of a game join."""
        return shapley.orders(len(game.players), self.orders, self.seed)

    def coalitions(self, game: Game) -> Iterable[int]:
        """Coalitions whose worth is needed; some may come twice."""
        if self.is_exact(game):
            return range(1 << len(game.players))
        bits = [1 << player for player in range(len(game.players))]
        along = [coalition for order in self.orders_of(game) for coalition in shapley.coalitions_along(order)]
        return [*along, *bits, *(game.grand_coalition & ~bit for bit in bits)]

    def contributions(self, game: Game) -> Floats:
        """Shapley values [1, players, R], or contributions along each random order [orders, players, R]."""
        if self.is_exact(game):
            return shapley.values(len(game.players), game.worth)[None]
        return np.array([shapley.antithetic_contributions(order, game.worth) for order in self.orders_of(game)])


def attribute(game: Game, plan: CoalitionPlan) -> Attribution:
    """Split the change of a game among its mechanisms by Shapley values; runs that are missing are simulated.

    Parameters
    ----------
    game : Game
        Mechanisms of a scenario, and the change in question.
    plan : CoalitionPlan
        Which coalitions to evaluate.

    Returns
    -------
    Attribution
        Rows in the unit of the indicator, for a mean month where it is a sum; interactions only where all coalitions
        are evaluated.
    """
    key = _row_key(game)
    values = plan.contributions(game)
    estimates = {name: estimate(values[:, player]) for player, name in enumerate(game.players)}
    rows = [_contribution(key, game, name, estimates.get(name), plan.is_exact(game)) for name in game.mechanisms]
    pairs = list(_interactions(key, game)) if plan.is_exact(game) else []
    return Attribution(rows, _change(key, game), pairs)


def _row_key(game: Game) -> _AttributionKey:
    question = game.question
    return _AttributionKey(
        scenario=game.scenario.scenario.name,
        evidence=game.scenario.evidence.name,
        indicator=question.indicator,
        group=question.group,
        unit=question.unit,
        window=months_text(question.window),
        reference=months_text(question.reference) if question.reference else "without events",
        replicates=game.runs.replicates,
    )


def _contribution(
    key: _AttributionKey, game: Game, name: str, shapley_value: Estimate | None, exact: bool
) -> Contribution:
    """Row of a mechanism; exactly zero where it is no player, so that there is no estimate."""
    zero = estimate(np.zeros(game.runs.replicates))
    first = last = order = zero
    if shapley_value is not None:
        player = game.players.index(name)
        alone, with_all = (
            shapley.first_contribution(player, game.worth),
            shapley.last_contribution(len(game.players), player, game.worth),
        )
        first, last, order = estimate(alone), estimate(with_all), estimate(with_all - alone)
    value = shapley_value or zero
    return Contribution(
        **vars(key),
        mechanism=name,
        words=MECHANISMS[name].words,
        method="exact" if exact else "random orders",
        contribution=value.mean,
        low_95=value.low,
        high_95=value.high,
        verdict=value.verdict,
        alone=first.mean,
        alone_low_95=first.low,
        alone_high_95=first.high,
        last=last.mean,
        last_low_95=last.low,
        last_high_95=last.high,
        order=order.verdict,
    )


def _change(key: _AttributionKey, game: Game) -> Change:
    change, rest = game.worth(game.grand_coalition), game.worth(0)
    whole, explained = estimate(change), estimate(change - rest)
    without_events = game.level(game.undated)
    return Change(
        **vars(key),
        level=float(game.level(game.grand_coalition).mean()),
        level_reference=float(game.reference(game.grand_coalition).mean()),
        change=whole.mean,
        change_low_95=whole.low,
        change_high_95=whole.high,
        change_verdict=whole.verdict,
        explained=explained.mean,
        explained_low_95=explained.low,
        explained_high_95=explained.high,
        explained_verdict=explained.verdict,
        rest=float(rest.mean()),
        luck=float(without_events.std(ddof=1)) if len(without_events) > 1 else None,
    )


def _interactions(key: _AttributionKey, game: Game) -> Iterator[Interaction]:
    for one, other, values in shapley.interactions(len(game.players), game.worth):
        index = estimate(values)
        yield Interaction(
            **vars(key),
            mechanism=game.players[one],
            other=game.players[other],
            interaction=index.mean,
            low_95=index.low,
            high_95=index.high,
            verdict=index.verdict,
        )
