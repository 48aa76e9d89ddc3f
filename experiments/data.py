"""atmis data import: observed events of a data set, counted by month and zone in the project's own tidy form."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, nearest, shortened

from .asking import Asked, asked
from .hydra_app import composed
from .terminal import print_place, table

_WORDS = ("import",)
_KEYS = ("name", "actor", "start", "end", "version", "licence", "citation", "note", "results")
_TOLD = ("version", "licence", "citation", "note")  # of the source: what the user knows goes before what the file tells


def main(arguments: list[str]) -> int:
    """Import a file; the only word so far."""
    if not arguments or arguments[0] not in _WORDS:
        word = f"'{shortened(arguments[0])}' is no word of data{nearest(arguments[0], _WORDS)}" if arguments else ""
        raise InputError(word or "data needs a word and a file, for example: atmis data import FILE")
    if len(arguments) < 2 or arguments[1].startswith("-"):
        raise InputError("data import needs a file, for example: atmis data import GEDEvent_v24_1.csv")
    found = asked(arguments[2:], _KEYS)
    if found.folder is not None:
        raise InputError(f"data import takes one file, and '{shortened(str(found.folder))}' is a second")
    return _import(Path(arguments[1]), found, ["atmis", "data", *arguments])


def _import(file: Path, found: Asked, command: Sequence[str]) -> int:
    from atmis.analysis import observed
    from atmis.storage.manifest import shareable

    _check(found.rest)
    jobs = composed(list(found.rest))
    if not jobs:
        return 0
    actor, recorded = found.keys.get("actor", observed.ACTOR), _recorded(found)
    made = observed.read(file, _theatre(*jobs[0]), actor, recorded)
    made.about["command"] = [shareable(word) for word in command]
    made.about.update({key: found.keys[key] for key in _TOLD if found.keys.get(key)})
    folder = Path(found.keys.get("results", "results")) / "data"
    written = observed.write_outputs(made, folder, found.keys.get("name") or observed.name_of(file))
    _print(made)
    print_place(f"{written[0]} and {written[1].name}")
    return 0


def _check(rest: Sequence[str]) -> None:
    """Of the model only the theatre matters here."""
    from atmis.scenario.conf_files import key_of

    keys = [key_of(word) for word in rest if "=" in word and not word.startswith("-")]
    strange = next((key for key in keys if key.split(".")[0] not in ("theatre", "scenario")), None)
    if strange is not None:
        raise InputError(f"data import: '{shortened(strange)}' says nothing here{nearest(strange, _KEYS)}")


def _theatre(data: dict[str, Any], origin: Any) -> Any:
    from atmis.scenario.build import build

    return build(data, origin).theatre


def _recorded(found: Asked) -> tuple[Any, Any]:
    """The months between start= and end=, in which the source recorded; None where nothing is said."""
    from atmis.analysis.observed.dates import month_of_key

    first, last = (month_of_key(key, found.keys[key]) if key in found.keys else None for key in ("start", "end"))
    if first is not None and last is not None and first > last:
        raise InputError(f"start: {first} is after end, {last}")
    return first, last


def _print(made: Any) -> None:
    """What was counted, by zone, and what became of the rows."""
    from atmis.analysis.observed.outputs import told

    about = told(made, "")
    rows = [
        [zone, *(f"{about['recording'][zone][end]}" for end in ("first_month", "last_month")),
         *("-" if total is None else f"{total:,}" for total in about["totals"][zone].values())]
        for zone in made.zones
    ]  # fmt: skip
    columns = [(made.of, "left"), ("recorded from", "left"), ("to", "left")]
    columns += [("events", "right"), ("deaths", "right"), ("events that killed", "right")]
    table(f"{about['format']}: {about['rows_read']:,} rows read, {about['rows_kept']:,} kept", columns, rows)
    said = [
        [what, f"{one['rows']:,}", one["what"], "; ".join(one["examples"])]
        for what in ("dropped", "noted")
        for one in about[what]
    ]
    if said:
        print()
        table("What became of the rows", [("", "left"), ("", "right"), ("", "left"), ("such as", "left")], said)
