"""The manifest of results: command, configuration, seed, versions, commit, times. Nothing names the machine."""

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import Any

import atmis
from atmis.storage.files import as_input_error, read_sealed_json, to_sealed_json, write_bytes
from atmis.storage.folders import MANIFEST, Kind, reading

PACKAGES = ("mesa", "numba", "numpy", "pyarrow", "scipy")
_PATH_IN_TEXT = re.compile(r"(?<![^\s=,:\[({'\"/])(?:[A-Za-z]:[\\/]|/)(?:[^\s/,\])}'\"]+[\\/])*[^\s/,\])}'\"]+")


@dataclass(frozen=True)
class Provenance:
    """What only the caller knows about a run, for the manifest. Times without a zone are taken as local."""

    command: Sequence[str]  # as typed, argument by argument
    config: Mapping[str, Any]  # as composed, plain
    overrides: Sequence[str]
    started: datetime
    ended: datetime | None = None  # None: when the manifest is written


def write_manifest(
    folder: Path, kind: Kind, summary: Mapping[str, Any], written: Sequence[Path], provenance: Provenance
) -> list[Path]:
    """Write what is needed to repeat the results and to check their files.

    Parameters
    ----------
    folder : where the results are
    kind : verb of the command line
    summary : further entries: what the results are of, as plain data
    written : the files of the results, which are listed with their hashes
    provenance : command, configuration and times

    Returns
    -------
    list of Path
        All files, the manifest last.

    Raises
    ------
    InputError
        When the manifest cannot be written.
    """
    write_bytes(folder / MANIFEST, _manifest(folder, kind, summary, written, provenance))
    return [*written, folder / MANIFEST]


def add_files(folder: Path, written: Sequence[Path]) -> None:
    """List further files of a folder in its manifest, such as figures, which come after it. Raises InputError."""
    content = read_sealed_json(folder / MANIFEST)
    entries = {entry["name"]: entry for entry in [*content["files"], *_file_entries(folder, written)]}
    write_bytes(folder / MANIFEST, to_sealed_json({**content, "files": list(entries.values())}))


def _manifest(
    folder: Path, kind: Kind, summary: Mapping[str, Any], written: Sequence[Path], provenance: Provenance
) -> bytes:
    from atmis.kernel.compiled import source_hash

    started, ended = provenance.started.astimezone(UTC), (provenance.ended or datetime.now(UTC)).astimezone(UTC)
    content = {
        "format": 1,
        "kind": kind,
        **summary,
        "command": [Path(word).name if k == 0 else shareable(word) for k, word in enumerate(provenance.command)],
        "overrides": [shareable(word) for word in provenance.overrides],
        "started": started.isoformat(timespec="seconds"),
        "ended": ended.isoformat(timespec="seconds"),
        "duration_seconds": round((ended - started).total_seconds(), 3),
        "versions": versions(),
        "git": git_state(Path(atmis.__file__).resolve().parents[2]),
        "source_hash": source_hash(),
        "config": shareable_config(provenance.config),
        "files": _file_entries(folder, written),
    }
    return to_sealed_json(json.loads(json.dumps(content, default=str)))


def file_faults(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Faults of the files that the manifest of a folder lists, one sentence each."""
    with reading(folder):
        hashes = {str(file["name"]): file["sha256"] for file in manifest.get("files", [])}
    faults = []
    for name, written in hashes.items():
        if not (folder / name).is_file():
            faults.append(f"{name}: is missing")
        elif file_hash(folder / name) != written:
            faults.append(f"{name}: is damaged")
    return faults


def unlisted_files(folder: Path, known: Collection[str]) -> list[str]:
    """Names of the files below a folder that are not known; hidden ones, as of file managers, are passed over."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    visible = (path for path in found if not any(part.startswith(".") for part in path.parts))
    return [path.as_posix() for path in visible if path.as_posix() not in known]


def versions() -> dict[str, str | None]:
    """Versions of atmis, Python and the packages that affect numbers, and the platform; None: not installed."""
    installed: dict[str, str | None] = {"atmis": atmis.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        installed[package] = None
        with suppress(metadata.PackageNotFoundError):
            installed[package] = metadata.version(package)
    return installed | {"platform": f"{platform.system()} {platform.machine()}"}


def git_state(root: Path) -> dict[str, Any] | None:
    """Commit of a checkout and whether it has uncommitted changes; None where there is no checkout, or no git."""
    if not (root / ".git").exists() or not (root / "pyproject.toml").is_file():
        return None
    # A hook of git sets GIT_DIR and the like, which would lead to another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    outputs = []
    for arguments in (("rev-parse", "HEAD"), ("status", "--porcelain")):
        try:
            process = subprocess.run(
                ["git", "--no-optional-locks", "-C", str(root), *arguments],
                env=environment, capture_output=True, text=True, check=True, timeout=20,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
        outputs.append(process.stdout.strip())
    return {"commit": outputs[0], "dirty": bool(outputs[1])}


def shareable(text: str) -> str:
    """An argument without absolute paths: relative to the working folder, or `.../name` outside it."""
    key, equals, value = text.partition("=")
    path = value if equals else text
    if _is_absolute(path):
        return key * bool(equals) + equals + _relative(path)
    return _PATH_IN_TEXT.sub(lambda match: _relative(match[0]), text)


def shareable_config(value: Any) -> Any:
    """A configuration without absolute paths: each as `shareable` writes it."""
    if isinstance(value, Mapping):
        return {str(key): shareable_config(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shareable_config(item) for item in value]
    return _relative(value) if isinstance(value, str) and _is_absolute(value) else value


def _is_absolute(text: str) -> bool:
    # Cheap checks first: a configuration holds a thousand texts, and hardly any could be a Windows path.
    return text.startswith("/") or ((":" in text or "\\" in text) and PureWindowsPath(text).is_absolute())


def _relative(path: str) -> str:
    if Path(path).is_relative_to(Path.cwd()):
        return Path(path).relative_to(Path.cwd()).as_posix()
    return f".../{PureWindowsPath(path).name}"


def _file_entries(folder: Path, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Name, size and hash of files below a folder. Raises InputError when one cannot be read back."""
    entries = []
    for path in paths:
        with as_input_error(path):
            size, name = path.stat().st_size, path.relative_to(folder).as_posix()
            entries.append({"name": name, "bytes": size, "sha256": file_hash(path)})
    return entries


def file_hash(path: Path) -> str:
    """The SHA-256 of a file as hexadecimal digits; empty when it cannot be read."""
    with suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""
