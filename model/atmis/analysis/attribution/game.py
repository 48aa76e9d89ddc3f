"""Cooperative game of an attribution: the players are mechanisms; the worth of a coalition is the modelled change.

The worth of a coalition S is the mean of the indicator in the window, with the mechanisms of S on and the others off,
less that of a reference: an earlier part of the same runs or, by default, the same months of runs in which those
mechanisms of S that are dated events are off too. By default, therefore, the empty coalition is worth exactly nothing,
and the grand coalition what the dated events have changed; a mechanism that is no dated event counts as far as it
strengthens or weakens events.

A mechanism that has its neutral values in the scenario anyway is no player, and contributes exactly nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from atmis.analysis.attribution.question import Question
from atmis.analysis.attribution.run_cache import RunCache
from atmis.analysis.attribution.shapley import grand_coalition
from atmis.kernel.arrays import Floats
from atmis.runs.inputs import RunInputs
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.neutral import MECHANISMS, switched_off
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import WholeMonths
from atmis.scenario.source import ScenarioSource, apply_values


class Game:
    """Game over the mechanisms of one composed scenario.

    A coalition is a whole number whose bits stand for `players`, in their order.

    Parameters
    ----------
    data : mapping
        The scenario as composed.
    mechanisms : sequence of str
        Names of the mechanisms that may be players, see `atmis.scenario.neutral.MECHANISMS`.
    runs : RunCache
        Monthly series of the coalitions; it holds the question, the replicates and the seed.

    Raises
    ------
    InputError
        For an unknown mechanism, or one that is named twice.
    """

    def __init__(self, data: Mapping[str, Any], mechanisms: Sequence[str], runs: RunCache) -> None:
        check_mechanisms(mechanisms)
        self.data = apply_values(data, {"period.end": runs.question.end.isoformat()})
        self.mechanisms, self.runs = mechanisms, runs
        self._fingerprints: dict[int, str] = {}

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with all mechanisms on, up to the last month of the question."""
        return self._inputs([]).scenario

    @property
    def question(self) -> Question:
        """Indicator, zones and months of the change."""
        return self.runs.question

    @cached_property
    def players(self) -> list[str]:
        """The mechanisms that change any input of the rules when they are switched off."""
        full = self._inputs([]).fingerprint()
        return [name for name in self.mechanisms if self._inputs([name]).fingerprint() != full]

    @cached_property
    def undated(self) -> int:
        """The coalition of the players that are no dated events."""
        return sum(1 << bit for bit, name in enumerate(self.players) if not MECHANISMS[name].dated)

    @property
    def grand_coalition(self) -> int:
        """The coalition of all players."""
        return grand_coalition(len(self.players))

    def worth(self, coalition: int) -> Floats:
        """The worth of a coalition [R]."""
        return self.level(coalition) - self.reference(coalition)

    def level(self, coalition: int) -> Floats:
        """Mean of the indicator in the window with the mechanisms of a coalition on [R]."""
        return self._mean(coalition, self.question.window)

    def reference(self, coalition: int) -> Floats:
        """Reference that the level of a coalition is compared with [R]."""
        earlier = self.question.reference
        return self._mean(coalition, earlier) if earlier else self.level(coalition & self.undated)

    def required_runs(self, coalitions: Iterable[int]) -> set[str]:
        """Fingerprints of all scenarios that must be run for the worth of some coalitions."""
        required = {*coalitions, self.undated}
        if self.question.reference is None:
            required |= {coalition & self.undated for coalition in required}
        return {self._fingerprint(coalition) for coalition in required}

    def _mean(self, coalition: int, months: WholeMonths) -> Floats:
        series = self.runs.series(
            self._fingerprint(coalition), lambda: self._inputs(self._absent_players(coalition)).scenario
        )
        return self.question.mean(series, self.scenario.period.start, months)

    def _absent_players(self, coalition: int) -> list[str]:
        return [name for bit, name in enumerate(self.players) if not coalition >> bit & 1]

    def _fingerprint(self, coalition: int) -> str:
        if coalition not in self._fingerprints:
            self._fingerprints[coalition] = self._inputs(self._absent_players(coalition)).fingerprint()
        return self._fingerprints[coalition]

    def _inputs(self, off: Sequence[str]) -> RunInputs:
        data = apply_values(self.data, switched_off(off, self.data))
        return RunInputs.of(ScenarioSource(self.data["scenario"]["name"], data).with_values({}))


def check_mechanisms(names: Sequence[str]) -> None:
    """Raise InputError for an unknown mechanism, or one that is named twice."""
    for place, name in enumerate(names):
        if name not in MECHANISMS:
            raise InputError(f"mechanisms: there is no '{name}'{suggest(name, MECHANISMS)}")
        if name in names[:place]:
            raise InputError(f"mechanisms: '{name}' is named twice")
