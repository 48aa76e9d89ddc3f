"""Shapley values: what each player adds to a game, averaged over all orders in which the players can join.

A coalition is a whole number with a bit for each player. A game gives the worth [R] of a coalition: one game for each
of R replicates, all played at once. Shapley (1953); interactions as Grabisch and Roubens (1999) define them.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np

from atmis.kernel.arrays import Floats

Game = Callable[[int], Floats]


def everyone(players: int) -> int:
    """The coalition of all players."""
    return (1 << players) - 1


def without(players: int, *left_out: int) -> list[int]:
    """All coalitions that some players are not in."""
    mask = sum(1 << player for player in left_out)
    return [coalition for coalition in range(1 << players) if not coalition & mask]


def values(players: int, game: Game) -> Floats:
    """The Shapley value of each player [players, R], over all 2^players coalitions."""
    made = [np.zeros_like(game(0))] * players
    for player in range(players):
        for coalition in without(players, player):
            weight = 1.0 / (players * comb(players - 1, coalition.bit_count()))
            made[player] = made[player] + weight * _added(game, coalition, player)
    return np.array(made).reshape(players, len(game(0)))


def interactions(players: int, game: Game) -> Iterator[tuple[int, int, Floats]]:
    """Each pair of players with what both add together beyond what each adds alone [R], over all coalitions."""
    for one, other in combinations(range(players), 2):
        made = np.zeros_like(game(0))
        for coalition in without(players, one, other):
            weight = 1.0 / ((players - 1) * comb(players - 2, coalition.bit_count()))
            with_other = coalition | 1 << other
            made = made + weight * (_added(game, with_other, one) - _added(game, coalition, one))
        yield one, other, made


def orders(players: int, number: int, seed: int) -> list[list[int]]:
    """Orders in which players join, drawn at random."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(players).tolist() for _ in range(number)]


def both_ways(order: Sequence[int], game: Game) -> Floats:
    """What each player adds in an order and in the same backwards, on average [players, R]: steadier than one alone.

    Over the players they add up to the worth of all less that of none.
    """
    return (_along(order, game) + _along(order[::-1], game)) / 2.0


def _along(order: Sequence[int], game: Game) -> Floats:
    coalition, made = 0, np.empty((len(order), len(game(0))))
    for player in order:
        made[player] = _added(game, coalition, player)
        coalition |= 1 << player
    return made


def joining(order: Sequence[int]) -> Iterator[int]:
    """The coalitions that an order goes through both ways, nobody and everyone once each way."""
    for way in (order, order[::-1]):
        coalition = 0
        yield coalition
        for player in way:
            coalition |= 1 << player
            yield coalition


def alone(player: int, game: Game) -> Floats:
    """What a player adds as the first [R]."""
    return _added(game, 0, player)


def last(players: int, player: int, game: Game) -> Floats:
    """What a player adds as the last [R]."""
    return _added(game, everyone(players) & ~(1 << player), player)


def _added(game: Game, coalition: int, player: int) -> Floats:
    return game(coalition | 1 << player) - game(coalition)
