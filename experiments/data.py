"""atmis data import: the observed events of a data set, counted by month and zone in the tidy format of atmis."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, shorten, suggest

from .hydra_app import compose_jobs
from .import_account import print_account, read_file
from .terminal import print_place, print_table
from .verb_words import VerbWords, parse_words

_COMMANDS = ("import",)
_KEYS = ("name", "actor", "start", "end", "dates", "version", "licence", "citation", "note", "results")
_SOURCE_KEYS = ("version", "licence", "citation", "note")  # what the user says replaces what the file says


def main(arguments: list[str]) -> int:
    """Import a file, the only command so far."""
    if not arguments or arguments[0] not in _COMMANDS:
        unknown = arguments and f"'{shorten(arguments[0])}' is not a command of data{suggest(arguments[0], _COMMANDS)}"
        raise InputError(unknown or "data needs a command and a file, for example: atmis data import FILE")
    if len(arguments) < 2 or arguments[1].startswith("-"):
        raise InputError("data import needs a file, for example: atmis data import GEDEvent_v24_1.csv")
    request = parse_words(arguments[2:], _KEYS)
    if request.folder is not None:
        raise InputError(f"data import takes one file, and '{shorten(str(request.folder))}' is a second one")
    return _import(Path(arguments[1]), request, ["atmis", "data", *arguments])


def _import(file: Path, request: VerbWords, command: Sequence[str]) -> int:
    from atmis.analysis import observed
    from atmis.storage.manifest import shareable

    _check_words(request.rest)
    jobs = compose_jobs(list(request.rest))
    if not jobs:
        return 0
    actor, recorded = request.keys.get("actor", observed.ACTOR), _recording_months(request)
    dates = request.keys.get("dates")
    observations = read_file(file, _theatre(*jobs[0]), actor=actor, recorded=recorded, dates=dates)
    observations.about["command"] = [shareable(word) for word in command]
    observations.about.update({key: request.keys[key] for key in _SOURCE_KEYS if request.keys.get(key)})
    folder = Path(request.keys.get("results", "results")) / "data"
    written = observed.write_outputs(observations, folder, request.keys.get("name") or observed.name_of(file))
    _print_counts(observations)
    print_place(f"{written[0]} and {written[1].name}")
    return 0


def _check_words(rest: Sequence[str]) -> None:
    """Raise InputError for a key that is not of the theatre, the only part of the model that matters here."""
    from atmis.scenario.conf_files import key_of

    keys = [key_of(word) for word in rest if "=" in word and not word.startswith("-")]
    strange = next((key for key in keys if key.split(".")[0] not in ("theatre", "scenario")), None)
    if strange is not None:
        raise InputError(f"data import: '{shorten(strange)}' has no meaning here{suggest(strange, _KEYS)}")


def _theatre(data: dict[str, Any], origin: Any) -> Any:
    from atmis.scenario.build import build

    return build(data, origin).theatre


def _recording_months(request: VerbWords) -> tuple[Any, Any]:
    """The first and last month in which the source recorded, by start= and end=; None where not given."""
    from atmis.analysis.observed.dates import month_of_key

    first, last = (month_of_key(key, request.keys[key]) if key in request.keys else None for key in ("start", "end"))
    if first is not None and last is not None and first > last:
        raise InputError(f"start: {first} is after end, {last}")
    return first, last


def _print_counts(observations: Any) -> None:
    """Print the counts by zone, and what happened to the rows."""
    from atmis.analysis.observed.outputs import summarise

    about = summarise(observations, "")
    rows = [
        [zone, *(f"{about['recording'][zone][end]}" for end in ("first_month", "last_month")),
         *("-" if total is None else f"{total:,}" for total in about["totals"][zone].values())]
        for zone in observations.zones
    ]  # fmt: skip
    columns = [(observations.kind, "left"), ("recorded from", "left"), ("to", "left")]
    columns += [("events", "right"), ("deaths", "right"), ("events that killed", "right")]
    print_table(f"{about['format']}: {about['rows_read']:,} rows read, {about['rows_kept']:,} kept", columns, rows)
    print()
    print_account(observations)
