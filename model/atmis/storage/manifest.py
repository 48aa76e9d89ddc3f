"""Where a result comes from: command, configuration, seed, versions, commit, times. Nothing names the machine."""

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import Any

import atmis
from atmis.storage.files import put_bytes, sealed
from atmis.storage.folders import MANIFEST, Kind

PACKAGES = ("mesa", "numba", "numpy", "pyarrow", "scipy")
_PATH_IN_TEXT = re.compile(r"(?<![^\s=,:\[({'\"/])(?:[A-Za-z]:[\\/]|/)(?:[^\s/,\])}'\"]+[\\/])*[^\s/,\])}'\"]+")


@dataclass(frozen=True)
class Provenance:
    """What only the caller knows of a run, for the manifest. Times without a zone are taken as local."""

    command: Sequence[str]  # as typed, word by word
    config: Mapping[str, Any]  # as composed, plain
    overrides: Sequence[str]
    started: datetime
    ended: datetime | None = None  # None: when the manifest is written


def write_manifest(
    folder: Path, kind: Kind, about: Mapping[str, Any], written: Sequence[Path], provenance: Provenance
) -> list[Path]:
    """Write what is needed to repeat results and to trust their files; returns all files, the manifest last.

    `about`: what the results are of. Raises InputError when the folder cannot be written.
    """
    put_bytes(folder / MANIFEST, _manifest(kind, about, written, provenance))
    return [*written, folder / MANIFEST]


def _manifest(kind: Kind, about: Mapping[str, Any], written: Sequence[Path], provenance: Provenance) -> bytes:
    from atmis.kernel.compiled import source_hash

    started, ended = provenance.started.astimezone(UTC), (provenance.ended or datetime.now(UTC)).astimezone(UTC)
    told = {
        "format": 1,
        "kind": kind,
        **about,
        "command": [Path(word).name if k == 0 else shareable(word) for k, word in enumerate(provenance.command)],
        "overrides": [shareable(word) for word in provenance.overrides],
        "started": started.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "duration_seconds": round((ended - started).total_seconds(), 3),
        "versions": versions(),
        "git": checkout(Path(atmis.__file__).resolve().parents[2]),
        "source_hash": source_hash(),
        "config": shareable_config(provenance.config),
        "files": [_description(path) for path in written],
    }
    return sealed(json.loads(json.dumps(told, default=str)))


def file_faults(folder: Path, told: Mapping[str, Any]) -> list[str]:
    """What is wrong with the files that the manifest of a folder names: a sentence for each that is."""
    found = []
    for file in told.get("files", []):
        path = folder / file["name"]
        if not path.is_file():
            found.append(f"{file['name']}: is missing")
        elif _description(path)["sha256"] != file["sha256"]:
            found.append(f"{file['name']}: is damaged")
    return found


def versions() -> dict[str, str | None]:
    """Versions of atmis, Python and the packages that touch a number; null for one that is not installed."""
    found: dict[str, str | None] = {"atmis": atmis.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        found[package] = None
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found | {"platform": f"{platform.system()} {platform.machine()}"}


def checkout(root: Path) -> dict[str, Any] | None:
    """Commit of a checkout, and whether it was changed since; None where there is no checkout, or no git."""
    if not (root / ".git").exists() or not (root / "pyproject.toml").is_file():
        return None
    # A hook of git sets GIT_DIR and the like, which would lead to another repository.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    answers = []
    for words in (("rev-parse", "HEAD"), ("status", "--porcelain")):
        try:
            done = subprocess.run(
                ["git", "--no-optional-locks", "-C", str(root), *words],
                env=surroundings, capture_output=True, text=True, check=True, timeout=20,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append(done.stdout.strip())
    return {"commit": answers[0], "dirty": bool(answers[1])}


def shareable(text: str) -> str:
    """A word of a command without absolute paths: relative to the working folder, or `.../name` outside it."""
    key, equals, value = text.partition("=")
    whole = value if equals else text
    if _is_absolute(whole):
        return key * bool(equals) + equals + _relative(whole)
    return _PATH_IN_TEXT.sub(lambda found: _relative(found[0]), text)


def shareable_config(value: Any) -> Any:
    """A configuration without absolute paths."""
    if isinstance(value, Mapping):
        return {str(key): shareable_config(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shareable_config(item) for item in value]
    return _relative(value) if isinstance(value, str) and _is_absolute(value) else value


def _is_absolute(text: str) -> bool:
    # A configuration holds a thousand texts, and hardly any could be a path of Windows.
    return text.startswith("/") or ((":" in text or "\\" in text) and PureWindowsPath(text).is_absolute())


def _relative(path: str) -> str:
    if Path(path).is_relative_to(Path.cwd()):
        return Path(path).relative_to(Path.cwd()).as_posix()
    return f".../{PureWindowsPath(path).name}"


def _description(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "name": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }
