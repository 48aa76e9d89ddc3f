"""Folders of results: how they are named, and the one place that tells of which kind one is."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal, get_args

from atmis.scenario.errors import InputError
from atmis.storage.files import in_a_sentence, unsealed

MANIFEST = "manifest.json"  # written last: a folder that has one is complete
STUDY, CHUNKS = "study.json", "chunks"  # what a sweep has from its beginning on
# The verb of the command line that left a folder; it stands as `kind` in every manifest.
Kind = Literal["run", "sweep", "compare", "sensitivity", "discover", "attribute", "calibrate", "backtest", "scorecard"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def new_folder(results: Path, kind: Kind, name: str, now: datetime) -> Path:
    """Make results/<kind>/<name>/<time>, another one when two begin in the same second.

    `now` is turned to UTC when it has a time zone. Raises InputError when the folder cannot be made.
    """
    for part in (kind, name):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", part):
            raise InputError(f"{part!r} cannot name a folder of results; allowed: letters, digits, _ and -")
    time = (now.astimezone(UTC) if now.tzinfo else now).strftime("%Y-%m-%dT%H-%M-%S")
    parent = results / kind / name
    with in_a_sentence(parent):
        parent.mkdir(parents=True, exist_ok=True)
        for attempt in count(1):
            folder = parent / (time if attempt == 1 else f"{time}-{attempt}")
            with suppress(FileExistsError):
                folder.mkdir()
                break
    return folder


def kind_of(folder: Path) -> Kind | None:
    """What a folder holds; None where it holds nothing of atmis that is complete, or a sweep that can go on.

    Raises InputError when there is no such folder, or its manifest is not what was written.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    if holds_sweep(folder):
        return "sweep"
    return kind_in(folder, unsealed(folder / MANIFEST)) if (folder / MANIFEST).is_file() else None


def kind_in(folder: Path, manifest: Mapping[str, Any]) -> Kind:
    """The kind that a manifest names. Raises InputError when it names none."""
    kind = manifest.get("kind")
    if kind not in KINDS:
        raise InputError(
            f"{folder / MANIFEST} names no kind of results: another version of atmis made it; run it again"
        )
    return kind  # type: ignore[no-any-return]


def holds_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep, finished or not."""
    return (folder / STUDY).exists() or (folder / CHUNKS).is_dir()
