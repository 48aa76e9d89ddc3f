"""A future: a scenario, with levers moved or not; as data, as a scenario, and as the YAML that is saved."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from atmis.scenario.build import build
from atmis.scenario.conf_files import options
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.levers import Lever
from atmis.scenario.reading import read
from atmis.scenario.scenario import Scenario
from atmis.scenario.source import changed

if TYPE_CHECKING:  # it brings all of a sweep along, which takes half a second to load
    from atmis.sweep.assemble import Composing

Position = str | float
Moved = dict[str, Any]  # by dotted key

_DATES = ("start", "date")
_FIXED = ("incidents",)  # documented: they do not move with a plan
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Future:
    """A scenario, the levers that are moved and where they stand, and perhaps a name of its own."""

    scenario: str
    moved: tuple[tuple[str, Position], ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """The name under which it is shown."""
        return self.name or (f"{self.scenario}_changed" if self.moved else self.scenario)


class Futures:
    """Composes futures. `folders`: where scenarios and choices are read from, atmis' own first."""

    def __init__(self, compose: "Composing", levers: Mapping[str, Lever], folders: Sequence[Path], first: str) -> None:
        self.compose, self.levers, self.folders = compose, levers, folders
        self._turn = threading.Lock()  # Hydra composes one thing at a time
        self._ground = _ground(self._composed(Future(first)))

    # --- what there is ---

    def scenarios(self) -> dict[str, str]:
        """Names of the scenarios on the same ground and over the same days, with what each assumes."""
        found = {}
        for name in options("scenario", self.folders):
            told = read(next(path for folder in self.folders if (path := _file(folder, "scenario", name)).is_file()))
            if "period" not in told and not any("theatre" in str(entry) for entry in told.get("defaults", [])):
                found[name] = str(told.get("scenario", {}).get("assumes", ""))
        return found

    def choices(self, group: str) -> dict[str, str]:
        """The choices of a group, with what each assumes."""
        files = {file.stem: file for folder in reversed(self.folders) for file in (folder / group).glob("*.yaml")}
        return {name: str(read(files[name]).get("assumes", "")) for name in sorted(files)}

    def asked(self, asked: Mapping[str, str], side: str) -> Future:
        """The future that a query asks for: a=planned&a.pause=90. Raises InputError."""
        scenario, known = asked.get(side, ""), options("scenario", self.folders)
        if scenario not in known:
            raise InputError(f"'{shortened(scenario)}' is not a scenario{nearest(scenario, known)}")
        name = asked.get(f"{side}.name", "")
        if name:
            check_name(name)
        words = {key.partition(".")[2]: value for key, value in asked.items() if key.startswith(f"{side}.")}
        words.pop("name", None)
        moved = tuple((lever, self._position(lever, value)) for lever, value in sorted(words.items()))
        rest = self.rest(Future(scenario, moved))
        return Future(scenario, tuple((lever, at) for lever, at in moved if at != rest[lever]), name)

    def _position(self, name: str, word: str) -> Position:
        if name not in self.levers:
            raise InputError(f"'{shortened(name)}' is not a lever{nearest(name, self.levers)}")
        lever = self.levers[name]
        if lever.group is not None:
            if word not in (known := options(lever.group, self.folders)):
                raise InputError(f"{lever.label}: '{shortened(word)}' is not a choice{nearest(word, known)}")
            return word
        assert lever.range is not None
        low, high = lever.range
        try:
            value = float(word)
        except ValueError:
            value = float("nan")
        if not low <= value <= high or (lever.whole and value != int(value)):
            number = "a whole number" if lever.whole else "a number"
            raise InputError(
                f"{lever.label}: '{shortened(word)}' cannot be; allowed: {number} from {low:g} to {high:g}"
            )
        return int(value) if lever.whole else value

    # --- what a future is ---

    def rest(self, future: Future) -> dict[str, Position | None]:
        """Where the levers rest: numbers at what scenario and choices say, choices at what the scenario says.

        None: there is nothing to move.
        """
        bare, chosen = self._composed(Future(future.scenario)), self._composed(future)
        return {name: _at_rest(lever, bare if lever.group else chosen) for name, lever in self.levers.items()}

    def data(self, future: Future) -> dict[str, Any]:
        """The composed configuration."""
        data = self._composed(future)
        for values in self._values(future, data):
            data = changed(data, values)
        return data

    def scenario(self, future: Future) -> Scenario:
        """A future built. Raises InputError where levers cannot stand so, or it has other ground than the first."""
        made = build(self.data(future))
        if _ground(self._composed(future)) != self._ground:
            raise InputError(f"{future.scenario} has another theatre or period than the page; open it with its own")
        return made

    def choices_of(self, future: Future) -> dict[str, str]:
        """The groups whose choice levers have moved."""
        groups = {name: lever.group for name, lever in self.levers.items()}
        return {group: str(at) for name, at in future.moved if (group := groups[name]) is not None}

    def _composed(self, future: Future) -> dict[str, Any]:
        with self._turn:
            return self.compose({"scenario": future.scenario} | self.choices_of(future))

    def _values(self, future: Future, data: Mapping[str, Any]) -> Iterator[Moved]:
        """What the levers set by dotted keys, the dates last, for they may be those of a block that is set here."""
        moved = [(self.levers[name], at) for name, at in future.moved]
        numbers = [(lever, at) for lever, at in moved if lever.key is not None]
        set_ = {path: value for lever, at in numbers for path, value in _numbers(lever, at, data).items()}
        yield set_
        for lever, days in moved:
            if lever.shift is not None:
                yield dict(_shifted(changed(data, set_)[lever.shift], lever.shift, int(days)))

    # --- as YAML ---

    def overlay(self, future: Future, name: str) -> bytes:
        """The file of a scenario of this name that is the future."""
        check_name(name)
        chosen = [{f"override /{group}": choice} for group, choice in self.choices_of(future).items()]
        below: dict[str, Any] = {}
        for values in self._values(future, self._composed(future)):
            for path, value in values.items():
                _set(below, path.split("."), value)
        about = {"name": name, "assumes": self.assumes(future)}
        made = {"defaults": [future.scenario, *chosen, "_self_"], "scenario": about, **below}
        text = yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120)
        return f"# @package _global_\n# Saved by atmis explore.\n{text}".encode()

    def assumes(self, future: Future) -> str:
        """What a future assumes, in a sentence."""
        if not future.moved:
            return f"As {future.scenario}."
        moved = [(self.levers[name], at) for name, at in future.moved]
        told = [f"{lever.label}: {in_words(at, lever)}" for lever, at in moved]
        return f"As {future.scenario}, but with levers moved - {'; '.join(told)}."


def in_words(at: Position, lever: Lever) -> str:
    """A position of a lever with its unit."""
    if isinstance(at, str):
        return at.replace("_", " ")
    if lever.unit == "share":
        return f"{100 * at:g} %"
    sign = "+" if lever.shift and at > 0 else ""
    return f"{sign}{at:,.10g} {lever.unit}".replace("-", "\N{MINUS SIGN}")


def check_name(name: str) -> None:
    """Raise InputError for what cannot name a scenario."""
    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{shortened(name)}' cannot name a scenario; allowed: small letters, digits, _; a letter first; up to 60"
        )


def _file(folder: Path, group: str, name: str) -> Path:
    return folder / group / f"{name}.yaml"


def _ground(data: Mapping[str, Any]) -> tuple[Any, ...]:
    return data["theatre"]["name"], tuple(data["theatre"]["bases"]), dict(data["period"]).items()


def _look(data: Any, path: Sequence[str]) -> Any:
    """What stands at a path, None for nothing."""
    for part in path:
        data = data.get(part) if isinstance(data, Mapping) else None
    return data


def _at_rest(lever: Lever, data: Mapping[str, Any]) -> Position | None:
    if lever.group is not None:
        return str(data[lever.group]["name"])
    if lever.shift is not None:
        return 0 if any(True for _ in _shifted(data[lever.shift], lever.shift, 0)) else None
    assert lever.key is not None
    found = _look(data, lever.key.split("."))
    at = lever.absent if found is None else found
    return at if at is None else int(at) if lever.whole else float(at)


def _numbers(lever: Lever, at: Position, data: Mapping[str, Any]) -> Moved:
    """The key of a lever with its value; the whole block where that is not there."""
    assert lever.key is not None
    block, _, last = lever.key.rpartition(".")
    if isinstance(_look(data, block.split(".")), Mapping):
        return {lever.key: at}
    return {block: {**lever.block, last: at}}


def _shifted(block: Mapping[str, Any], path: str, days: int) -> Iterator[tuple[str, str]]:
    """The dates of a block by dotted keys, some days later."""
    for key, value in block.items():
        if isinstance(value, Mapping) and key not in _FIXED:
            yield from _shifted(value, f"{path}.{key}", days)
        elif key in _DATES and isinstance(value, str):
            yield f"{path}.{key}", str(date.fromisoformat(value) + timedelta(days=days))


def _set(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a value at a path, with the blocks above it."""
    for part in path[:-1]:
        data = data.setdefault(part, {})
    data[path[-1]] = value
