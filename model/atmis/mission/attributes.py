"""Attributes of agents: each reads and writes a field of the agent's row, and refuses what the field cannot hold."""

from numbers import Real
from typing import Any

from atmis.scenario.arguments import described
from atmis.scenario.errors import suggest


class Field:
    """A number from 0 to `high`; with `whole` a whole one."""

    def __init__(self, column: str, high: float, *, whole: bool = False, kind: type = float) -> None:
        self.column, self.high, self.whole, self.kind = column, high, whole, kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.kind(agent.row[self.column])

    def __set__(self, agent: Any, value: Any) -> None:
        agent.row[self.column] = checked_number(value, f"{agent}: {self.name}", self.high, self.whole)


class Tally(Field):
    """A count of a contingent's troops: all who ever came follow it, so that nobody is lost from the books."""

    def __init__(self, column: str) -> None:
        super().__init__(column, 100_000, whole=True, kind=int)

    def __set__(self, agent: Any, value: Any) -> None:
        super().__set__(agent, value)
        agent.row["sent"] = agent.row["deployed"] + agent.row["withdrawn"] + agent.row["killed"]


class Word:
    """One of some words, stored as its number."""

    def __init__(self, column: str, words: tuple[str, ...]) -> None:
        self.column, self.words = column, words

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else self.words[int(agent.row[self.column])]

    def __set__(self, agent: Any, value: Any) -> None:
        agent.row[self.column] = position(value, self.words, f"{agent}: {self.column}")


class ZoneField:
    """A zone, stored as its number; may be set to a zone or its name."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else agent.model.zones[int(agent.row[self.column])]

    def __set__(self, agent: Any, value: Any) -> None:
        agent.row[self.column] = self.number(agent, value)

    def number(self, agent: Any, value: Any) -> int:
        """Number of a zone, or of the zone with a name."""
        zones = agent.model.zones
        name = value.name if type(value) is type(zones[0]) else value
        return position(name, tuple(zone.name for zone in zones), f"{agent}: {self.column}")


class FixedZone(ZoneField):
    """A zone that cannot be changed."""

    def __set__(self, agent: Any, value: Any) -> None:
        if self.number(agent, value) != agent.row[self.column]:
            raise ValueError(f"{agent}: {self.column} cannot be changed: its reach was laid out for where it stands")


def checked_number(value: Any, what: str, high: float, whole: bool = False) -> float:
    """A number from 0 to `high`. Raises TypeError for what is no number, ValueError for one that is not in range."""
    kind = "a whole number" if whole else "a number"
    wrong = f"{what} must be {kind} from 0 to {high:,g}, not {described(value)}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(wrong)
    if not 0 <= value <= high or (whole and value % 1):  # type: ignore[operator]
        raise ValueError(wrong)
    return float(value)


def position(name: Any, names: tuple[str, ...], what: str) -> int:
    """Index of a name among names; TypeError when it is no text, ValueError with the nearest name when not there."""
    if not isinstance(name, str):
        raise TypeError(f"{what} must be a name, not {described(name)}{suggest(name, names)}")
    if name not in names:
        raise ValueError(f"{what}: '{name}' is not known{suggest(name, names)}")
    return names.index(name)
