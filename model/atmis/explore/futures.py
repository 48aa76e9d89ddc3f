"""Futures: a scenario with some levers moved, as data, as a Scenario, and as the YAML that is saved."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from atmis.scenario.build import build
from atmis.scenario.conf_files import content_of, find_file, options
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.levers import Lever
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import apply_values

if TYPE_CHECKING:  # not needed at run time, and sweeps take half a second to load
    from atmis.sweep.assemble import Composer

Position = str | float
DottedValues = dict[str, Any]  # by dotted key

_DATES = ("start", "date")
_FIXED = ("incidents",)  # documented events: they do not move with a plan
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Future:
    """A scenario, the positions of moved levers, and perhaps a name of its own."""

    scenario: str
    positions: tuple[tuple[str, Position], ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """The name under which it is shown."""
        return self.name or (f"{self.scenario}_changed" if self.positions else self.scenario)


class Futures:
    """Composes futures. `folders`: where scenarios and choices are read from, that of atmis first."""

    def __init__(self, compose: "Composer", levers: Mapping[str, Lever], folders: Sequence[Path], first: str) -> None:
        self.compose, self.levers, self.folders = compose, levers, folders
        self._lock = threading.Lock()  # Hydra composes one configuration at a time
        self._setting = _theatre_and_period(self._composed(Future(first)))

    # --- scenarios and choices ---

    def scenarios(self) -> dict[str, str]:
        """Names of the scenarios of the same theatre and period, with what each assumes."""
        assumptions = {}
        for name in options("scenario", self.folders):
            content = content_of(
                next(path for folder in self.folders if (path := _file(folder, "scenario", name)).is_file())
            )
            if (
                content
                and "period" not in content
                and not any("theatre" in str(entry) for entry in content.get("defaults", []))
            ):
                assumptions[name] = str(content.get("scenario", {}).get("assumes", ""))
        return assumptions

    def choices(self, group: str) -> dict[str, str]:
        """The choices of a group, with what each assumes."""
        files = {name: find_file(self.folders, f"{group}/{name}.yaml") for name in options(group, self.folders)}
        contents = {name: content_of(file) for name, file in files.items() if file is not None}
        return {name: str(content.get("assumes", "")) for name, content in contents.items() if content}

    def from_query(self, query: Mapping[str, str], side: str) -> Future:
        """The future that a query describes, such as a=planned&a.pause=90; `side`: a or b. Raises InputError."""
        scenario, known = query.get(side, ""), options("scenario", self.folders)
        if scenario not in known:
            raise InputError(f"'{shorten(scenario)}' is not a scenario{suggest(scenario, known)}")
        name = query.get(f"{side}.name", "")
        if name:
            check_name(name)
        words = {key.partition(".")[2]: value for key, value in query.items() if key.startswith(f"{side}.")}
        words.pop("name", None)
        moved = tuple((lever, self._parse_position(lever, value)) for lever, value in sorted(words.items()))
        rest = self.resting_positions(Future(scenario, moved))
        return Future(scenario, tuple((lever, at) for lever, at in moved if at != rest[lever]), name)

    def _parse_position(self, name: str, word: str) -> Position:
        """The position of a lever. Raises InputError."""
        if name not in self.levers:
            raise InputError(f"'{shorten(name)}' is not a lever{suggest(name, self.levers)}")
        lever = self.levers[name]
        if lever.group is not None:
            if word not in (known := options(lever.group, self.folders)):
                raise InputError(f"{lever.label}: '{shorten(word)}' is not a choice{suggest(word, known)}")
            return word
        assert lever.range is not None
        low, high = lever.range
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not low <= value <= high or (lever.is_integer and value != int(value)):
            number = "a whole number" if lever.is_integer else "a number"
            raise InputError(f"{lever.label}: '{shorten(word)}' cannot be; allowed: {number} from {low:g} to {high:g}")
        return int(value) if lever.is_integer else value

    # --- a future as data ---

    def resting_positions(self, future: Future) -> dict[str, Position | None]:
        """Where the levers rest: numbers at the values of scenario and choices, choices at that of the scenario.

        None: there is nothing to move.
        """
        unmoved, chosen = self._composed(Future(future.scenario)), self._composed(future)
        return {
            name: _resting_position(lever, unmoved if lever.group else chosen) for name, lever in self.levers.items()
        }

    def data(self, future: Future) -> dict[str, Any]:
        """The composed configuration."""
        data = self._composed(future)
        for values in self._values(future, data):
            data = apply_values(data, values)
        return data

    def scenario(self, future: Future) -> Scenario:
        """Build a future. Raises InputError for positions that are not allowed, or another theatre or period."""
        scenario = build(self.data(future))
        if _theatre_and_period(self._composed(future)) != self._setting:
            raise InputError(f"{future.scenario} has another theatre or period than the page; open it with its own")
        return scenario

    def moved_choices(self, future: Future) -> dict[str, str]:
        """The choices of levers that have moved, by group."""
        groups = {name: lever.group for name, lever in self.levers.items()}
        return {group: str(at) for name, at in future.positions if (group := groups[name]) is not None}

    def _composed(self, future: Future) -> dict[str, Any]:
        """The configuration of a future without its moved numbers and dates."""
        with self._lock:
            return self.compose({"scenario": future.scenario} | self.moved_choices(future))

    def _values(self, future: Future, data: Mapping[str, Any]) -> Iterator[DottedValues]:
        """The values that levers set; dates last, as they may be in a block that a lever sets."""
        moved = [(self.levers[name], at) for name, at in future.positions]
        numbers = [(lever, at) for lever, at in moved if lever.key is not None]
        values = {path: value for lever, at in numbers for path, value in _lever_values(lever, at, data).items()}
        yield values
        for lever, days in moved:
            if lever.shift is not None:
                yield dict(_shift_dates(apply_values(data, values)[lever.shift], lever.shift, int(days)))

    # --- as YAML ---

    def overlay(self, future: Future, name: str) -> bytes:
        """The YAML file of a scenario of this name that composes to the future."""
        check_name(name)
        choices = [{f"override /{group}": choice} for group, choice in self.moved_choices(future).items()]
        blocks: dict[str, Any] = {}
        for values in self._values(future, self._composed(future)):
            for path, value in values.items():
                _set_value(blocks, path.split("."), value)
        header = {"name": name, "assumes": self.describe_assumptions(future)}
        content = {"defaults": [future.scenario, *choices, "_self_"], "scenario": header, **blocks}
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
        return f"# @package _global_\n# Saved by atmis explore.\n{text}".encode()

    def describe_assumptions(self, future: Future) -> str:
        """What a future assumes, in a sentence."""
        if not future.positions:
            return f"As {future.scenario}."
        moved = [(self.levers[name], at) for name, at in future.positions]
        positions = [f"{lever.label}: {format_position(at, lever)}" for lever, at in moved]
        return f"As {future.scenario}, but with levers moved - {'; '.join(positions)}."


def format_position(at: Position, lever: Lever) -> str:
    """A position of a lever with its unit."""
    if isinstance(at, str):
        return at.replace("_", " ")
    if lever.unit == "share":
        return f"{100 * at:g} %"
    sign = "+" if lever.shift and at > 0 else ""
    return f"{sign}{at:,.10g} {lever.unit}".replace("-", "\N{MINUS SIGN}")


def check_name(name: str) -> None:
    """Raise InputError for a text that cannot name a scenario."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{shorten(name)}' cannot name a scenario; allowed: small letters, digits, _; a letter first; up to 60"
        )


def _file(folder: Path, group: str, name: str) -> Path:
    """The file of a choice."""
    return folder / group / f"{name}.yaml"


def _theatre_and_period(data: Mapping[str, Any]) -> tuple[Any, ...]:
    """What must be the same for all futures of a page."""
    return data["theatre"]["name"], tuple(data["theatre"]["bases"]), dict(data["period"]).items()


def _value_at(data: Any, path: Sequence[str]) -> Any:
    """The value at a path; None where there is none."""
    for part in path:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _resting_position(lever: Lever, data: Mapping[str, Any]) -> Position | None:
    """Where a lever rests in a configuration; None: there is nothing to move."""
    if lever.group is not None:
        return str(data[lever.group]["name"])
    if lever.shift is not None:
        return 0 if any(True for _ in _shift_dates(data[lever.shift], lever.shift, 0)) else None
    assert lever.key is not None
    value = _value_at(data, lever.key.split("."))
    at = lever.absent if value is None else value
    return at if at is None else int(at) if lever.is_integer else float(at)


def _lever_values(lever: Lever, at: Position, data: Mapping[str, Any]) -> DottedValues:
    """The value by the key of a lever; where its block does not exist, the whole block."""
    assert lever.key is not None
    block, _, last = lever.key.rpartition(".")
    if isinstance(_value_at(data, block.split(".")), Mapping):
        return {lever.key: at}
    return {block: {**lever.block, last: at}}


def _shift_dates(block: Mapping[str, Any], path: str, days: int) -> Iterator[tuple[str, str]]:
    """The dates of a block by dotted key, moved by some days."""
    for key, value in block.items():
        if isinstance(value, Mapping) and key not in _FIXED:
            yield from _shift_dates(value, f"{path}.{key}", days)
        elif key in _DATES and isinstance(value, str):
            yield f"{path}.{key}", str(date.fromisoformat(value) + timedelta(days=days))


def _set_value(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a value at a path, making the blocks above it."""
    for part in path[:-1]:
        data = data.setdefault(part, {})
    data[path[-1]] = value
