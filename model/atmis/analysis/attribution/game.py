"""The game: its players are mechanisms, and a coalition is worth the change that the model makes with them on.

The worth of a coalition S is the mean of the indicator in the window, with the mechanisms of S on and the others off,
less the same of a reference: an earlier part of the same runs or, by default, the same months of runs in which those
mechanisms of S that are dated events are off too. By default, then, nobody is worth exactly nothing, and all together
what the dated events have changed; a mechanism that is no event counts as far as it strengthens or weakens events.

A mechanism whose neutral values the scenario has anyway is no player, and adds exactly nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from atmis.analysis.attribution.months import Question
from atmis.analysis.attribution.runs import Runs
from atmis.analysis.attribution.shapley import everyone
from atmis.kernel.arrays import Floats
from atmis.runs.inputs import RunInputs
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.neutral import MECHANISMS, switched_off
from atmis.scenario.scenario import Scenario
from atmis.scenario.settings import Months
from atmis.scenario.source import Source, changed


class Game:
    """Mechanisms of one composed scenario; coalition bits stand for `players`, in their order."""

    def __init__(self, data: Mapping[str, Any], mechanisms: Sequence[str], runs: Runs) -> None:
        check_mechanisms(mechanisms)
        self.data = changed(data, {"period.end": runs.question.end.isoformat()})
        self.mechanisms, self.runs = mechanisms, runs
        self._fingerprints: dict[int, str] = {}

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with all mechanisms on, as long as it is run."""
        return self._inputs([]).scenario

    @property
    def question(self) -> Question:
        """What is asked of the runs."""
        return self.runs.question

    @cached_property
    def players(self) -> list[str]:
        """The mechanisms that make a difference to what the rules read."""
        full = self._inputs([]).fingerprint()
        return [name for name in self.mechanisms if self._inputs([name]).fingerprint() != full]

    @cached_property
    def undated(self) -> int:
        """The coalition of all players that are no dated events."""
        return sum(1 << bit for bit, name in enumerate(self.players) if not MECHANISMS[name].dated)

    @property
    def all(self) -> int:
        """The coalition of all players."""
        return everyone(len(self.players))

    def worth(self, coalition: int) -> Floats:
        """The worth of a coalition [R]."""
        return self.level(coalition) - self.reference(coalition)

    def level(self, coalition: int) -> Floats:
        """Mean of the indicator in the window with a coalition on [R]."""
        return self._mean(coalition, self.question.window)

    def reference(self, coalition: int) -> Floats:
        """What the level of a coalition is set against [R]."""
        earlier = self.question.reference
        return self._mean(coalition, earlier) if earlier else self.level(coalition & self.undated)

    def needed(self, coalitions: Iterable[int]) -> set[str]:
        """Fingerprints of all that must be run for the worth of some coalitions."""
        wanted = {*coalitions, self.undated}
        if self.question.reference is None:
            wanted |= {coalition & self.undated for coalition in wanted}
        return {self._fingerprint(coalition) for coalition in wanted}

    def _mean(self, coalition: int, months: Months) -> Floats:
        series = self.runs.series(self._fingerprint(coalition), lambda: self._inputs(self._off(coalition)).scenario)
        return self.question.mean(series, self.scenario.period.start, months)

    def _off(self, coalition: int) -> list[str]:
        return [name for bit, name in enumerate(self.players) if not coalition >> bit & 1]

    def _fingerprint(self, coalition: int) -> str:
        if coalition not in self._fingerprints:
            self._fingerprints[coalition] = self._inputs(self._off(coalition)).fingerprint()
        return self._fingerprints[coalition]

    def _inputs(self, off: Sequence[str]) -> RunInputs:
        data = changed(self.data, switched_off(off, self.data))
        return RunInputs.of(Source(self.data["scenario"]["name"], data).with_values({}))


def check_mechanisms(names: Sequence[str]) -> None:
    """Raise InputError for a mechanism that there is not, or that is named twice."""
    for place, name in enumerate(names):
        if name not in MECHANISMS:
            raise InputError(f"mechanisms: there is no '{name}'{nearest(name, MECHANISMS)}")
        if name in names[:place]:
            raise InputError(f"mechanisms: '{name}' is named twice")
