"""Folders of results: how they are named, and of which kind one is."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal, get_args

from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.errors import InputError
from atmis.storage.files import as_input_error, read_sealed_json

MANIFEST = "manifest.json"  # written last: a folder that has one is complete
STUDY, CHUNKS = "study.json", "chunks"  # what a sweep has from its start on
# The verb of the command line that wrote a folder; it is the `kind` in every manifest.
Kind = Literal["run", "sweep", "compare", "sensitivity", "discover", "attribute", "calibrate", "backtest", "scorecard"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn an error that comes from what a folder holds into an InputError of one sentence."""
    try:
        yield
    except InputError:
        raise
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"{folder} holds what this version of atmis does not understand ({type(error).__name__}: {error}); "
            "make it again, or read it with the version that made it"
        ) from error


def new_folder(results: AnyPath, kind: Kind, name: str, now: datetime) -> Path:
    """Make the folder results/<kind>/<name>/<time>; runs that start in the same second get one each.

    Parameters
    ----------
    results : the folder of all results
    kind : verb of the command line
    name : of the scenario, sweep or the like; letters, digits, _ and -
    now : becomes the name of the folder; converted to UTC when it has a time zone

    Returns
    -------
    Path
        The new folder, empty.

    Raises
    ------
    InputError
        When the name is not allowed, or the folder cannot be made.
    """
    for part in (kind, name):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", part):
            raise InputError(f"{part!r} cannot name a folder of results; allowed: letters, digits, _ and -")
    time = (now.astimezone(UTC) if now.tzinfo else now).strftime("%Y-%m-%dT%H-%M-%S")
    parent = as_path(results, "results") / kind / name
    with as_input_error(parent):
        parent.mkdir(parents=True, exist_ok=True)
        for attempt in count(1):
            folder = parent / (time if attempt == 1 else f"{time}-{attempt}")
            with suppress(FileExistsError):
                folder.mkdir()
                break
    return folder


def kind_of(folder: AnyPath) -> Kind | None:
    """The kind of results in a folder.

    Parameters
    ----------
    folder : any folder

    Returns
    -------
    Kind or None
        None where the folder holds neither complete results of atmis nor a sweep, finished or not.

    Raises
    ------
    InputError
        When there is no such folder, or its manifest is damaged.
    """
    folder = as_path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    if holds_sweep(folder):
        return "sweep"
    return _manifest_kind(folder, read_sealed_json(folder / MANIFEST)) if (folder / MANIFEST).is_file() else None


def _manifest_kind(folder: Path, manifest: Mapping[str, Any]) -> Kind:
    """The kind that a manifest names. Raises InputError when it names none."""
    for kind in KINDS:
        if manifest.get("kind") == kind:
            return kind
    raise InputError(f"{folder / MANIFEST} names no kind of results: another version of atmis made it; run it again")


def holds_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, finished or not."""
    return (folder / STUDY).exists() or (folder / CHUNKS).is_dir()
