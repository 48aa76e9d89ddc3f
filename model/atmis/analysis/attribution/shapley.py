"""Shapley values (1953): the marginal contribution of each player, averaged over all orders of joining.

A coalition is a whole number with a bit for each player. A game is a function that gives the worth [R] of a coalition:
one game for each of R replicates, all evaluated at once. Interactions are those of Grabisch and Roubens (1999).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np

from atmis.kernel.arrays import Floats

Worth = Callable[[int], Floats]


def grand_coalition(players: int) -> int:
    """The coalition of all players."""
    return (1 << players) - 1


def coalitions_without(players: int, *left_out: int) -> list[int]:
    """All coalitions without some players."""
    mask = sum(1 << player for player in left_out)
    return [coalition for coalition in range(1 << players) if not coalition & mask]


def values(players: int, worth: Worth) -> Floats:
    """Shapley values over all 2^players coalitions (Shapley 1953).

    Parameters
    ----------
    players : int
        Number of players.
    worth : callable
        Worth [R] of a coalition, in any unit; the number 0 stands for the empty coalition.

    Returns
    -------
    array of float, [players, R]
        They add up to the worth of the grand coalition less that of the empty one.

    Examples
    --------
    The glove game: one left glove (bit 0) and two right ones; a pair is worth 1.

    >>> values(3, lambda coalition: np.array([float(coalition & 1 and coalition & 6 != 0)]))[:, 0].round(3).tolist()
    [0.667, 0.167, 0.167]
    """
    sums = [np.zeros_like(worth(0))] * players
    for player in range(players):
        for coalition in coalitions_without(players, player):
            weight = 1.0 / (players * comb(players - 1, coalition.bit_count()))
            sums[player] = sums[player] + weight * _marginal(worth, coalition, player)
    return np.array(sums).reshape(players, len(worth(0)))


def interactions(players: int, worth: Worth) -> Iterator[tuple[int, int, Floats]]:
    """Each pair of players with its Shapley interaction index [R] (Grabisch and Roubens 1999), over all coalitions."""
    for one, other in combinations(range(players), 2):
        index = np.zeros_like(worth(0))
        for coalition in coalitions_without(players, one, other):
            weight = 1.0 / ((players - 1) * comb(players - 2, coalition.bit_count()))
            with_other = coalition | 1 << other
            index = index + weight * (_marginal(worth, with_other, one) - _marginal(worth, coalition, one))
        yield one, other, index


def orders(players: int, number: int, seed: int) -> list[list[int]]:
    """Random orders in which the players join."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(players).tolist() for _ in range(number)]


def antithetic_contributions(order: Sequence[int], worth: Worth) -> Floats:
    """Mean marginal contribution of each player over an order and its reverse [players, R]: less noisy than one order.

    They add up to the worth of the grand coalition less that of the empty one.
    """
    return (_marginals_along(order, worth) + _marginals_along(order[::-1], worth)) / 2.0


def _marginals_along(order: Sequence[int], worth: Worth) -> Floats:
    coalition, marginals = 0, np.empty((len(order), len(worth(0))))
    for player in order:
        marginals[player] = _marginal(worth, coalition, player)
        coalition |= 1 << player
    return marginals


def coalitions_along(order: Sequence[int]) -> Iterator[int]:
    """Coalitions along an order and its reverse, each time from the empty to the grand coalition."""
    for sequence in (order, order[::-1]):
        coalition = 0
        yield coalition
        for player in sequence:
            coalition |= 1 << player
            yield coalition


def first_contribution(player: int, worth: Worth) -> Floats:
    """Marginal contribution of a player that joins first [R]."""
    return _marginal(worth, 0, player)


def last_contribution(players: int, player: int, worth: Worth) -> Floats:
    """Marginal contribution of a player that joins last [R]."""
    return _marginal(worth, grand_coalition(players) & ~(1 << player), player)


def _marginal(worth: Worth, coalition: int, player: int) -> Floats:
    return worth(coalition | 1 << player) - worth(coalition)
