"""The study of a folder, stored before its first run: another study, or other code, is never mixed in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError
from atmis.scenario.sweep import SweepSettings
from atmis.storage.files import parse_sealed_json, read_sealed_json, to_sealed_json, write_bytes
from atmis.storage.folders import STUDY, reading
from atmis.sweep.study import Study, code_hash

FORMAT = 2  # since 2 the names of chunks tell their study and runs


def prepare(folder: Path, study: Study, settings: SweepSettings, config: Mapping[str, Any]) -> None:
    """Store the study of a new folder; in an old one, check that it holds this very study. Raises InputError.

    `config`: as composed, kept for the manifest.
    """
    content = study.content()
    header: dict[str, Any] = {"format": FORMAT, "identity": study.identity, "code": code_hash()}
    header |= {"series_every": series_every(study, settings), "precision": settings.precision}
    if settings.precision:
        header |= {"headline": settings.headline, "baseline": settings.baseline}
    path = folder / STUDY
    if path.exists():
        _compare(folder, read_sealed_json(path), header, content)
        return
    rest = {"name": study.name, "content": content, "settings": settings.model_dump(mode="json"), "config": config}
    write_bytes(path, to_sealed_json(json.loads(json.dumps({**header, **rest}, default=str))))


def load(folder: Path) -> tuple[Study, dict[str, Any]]:
    """The study of a folder, and the whole stored file. Raises InputError when there is none."""
    path = folder / STUDY
    if not path.is_file():
        raise InputError(f"{folder} holds no sweep: {STUDY} is missing")
    stored = read_sealed_json(path)
    with reading(folder):
        return Study.of_content(stored["name"], stored["content"]), stored


def of_text(text: str) -> Study:
    """The study of the text of a stored file. Raises InputError when it is damaged."""
    stored = parse_sealed_json(text, STUDY)
    return Study.of_content(stored["name"], stored["content"])


def series_every(study: Study, settings: SweepSettings) -> int:
    """For every how many replicates the series are kept; 0: for none."""
    if settings.series_runs == 0:
        return 0
    return -(-study.runs // settings.series_runs)


def _compare(folder: Path, stored: dict[str, Any], header: dict[str, Any], content: dict[str, Any]) -> None:
    """Raise InputError that names the first difference from the stored study."""
    if all(stored.get(key) == value for key, value in header.items()):
        return
    here = json.loads(json.dumps({**header, **content}, default=str))
    there = {**stored, **stored.get("content", {})}
    keys = [key for key in (*content, *header) if key not in ("identity", "code")]
    changed = [key for key in keys if there.get(key) != here[key]]
    reason = "the code has changed since it was begun"
    if changed:
        reason = _difference(there.get(changed[0]), here[changed[0]], changed[0])
    raise InputError(
        f"{folder} holds another study ({reason}); nothing is mixed: give another name "
        "(sweep.name=, calibration.name=), or remove the folder"
    )


def _difference(there: Any, here: Any, path: str) -> str:
    """The first difference of two plain values, in words."""
    if isinstance(there, dict) and isinstance(here, dict):
        key = next(key for key in [*there, *here] if there.get(key) != here.get(key))
        return _difference(there.get(key), here.get(key), f"{path}.{key}")
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        k = next(k for k in range(len(here)) if there[k] != here[k])
        return _difference(there[k], here[k], f"{path}.{k}")
    if isinstance(there, list) or isinstance(here, list):
        return f"{path.removeprefix('sources.0.data.')} differs"
    return f"{path.removeprefix('sources.0.data.')} is {there} there and {here} here"
