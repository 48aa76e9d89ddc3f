"""The study of a folder, written down before its first run: another study, or other code, is never mixed in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError
from atmis.scenario.sweep import SweepSettings
from atmis.storage.files import put_bytes, sealed, unsealed
from atmis.storage.folders import STUDY
from atmis.sweep.study import Study, code_hash

FORMAT = 1


def prepare(folder: Path, study: Study, settings: SweepSettings, config: Mapping[str, Any]) -> None:
    """Write down the study of a folder, or make sure that it is that of this very study. Raises InputError.

    `config`: as composed, kept for the manifest.
    """
    content = study.content()
    about: dict[str, Any] = {"format": FORMAT, "identity": study.identity, "code": code_hash()}
    about |= {"series_every": series_every(study, settings), "precision": settings.precision}
    if settings.precision:
        about |= {"headline": settings.headline, "baseline": settings.baseline}
    path = folder / STUDY
    if path.exists():
        _compare(folder, unsealed(path), about, content)
        return
    kept = {"name": study.name, "content": content, "settings": settings.model_dump(mode="json"), "config": config}
    put_bytes(path, sealed(json.loads(json.dumps({**about, **kept}, default=str))))


def load(folder: Path) -> tuple[Study, dict[str, Any]]:
    """The study of a folder, and what stands beside it. Raises InputError when there is none."""
    path = folder / STUDY
    if not path.is_file():
        raise InputError(f"{folder} holds no sweep: {STUDY} is missing")
    stored = unsealed(path)
    return Study.of_content(stored["name"], stored["content"]), stored


def series_every(study: Study, settings: SweepSettings) -> int:
    """Of which replicates the series are kept: every so many, 0 for none."""
    if settings.series_runs == 0:
        return 0
    return -(-study.runs // settings.series_runs)


def _compare(folder: Path, stored: dict[str, Any], about: dict[str, Any], content: dict[str, Any]) -> None:
    if all(stored.get(key) == value for key, value in about.items()):
        return
    here = json.loads(json.dumps({**about, **content}, default=str))
    there = {**stored, **stored.get("content", {})}
    told = [key for key in (*content, *about) if key not in ("identity", "code")]
    changed = [key for key in told if there.get(key) != here[key]]
    what = "the code has changed since it was begun"
    if changed:
        what = _difference(there.get(changed[0]), here[changed[0]], changed[0])
    raise InputError(
        f"{folder} holds another study ({what}); nothing is mixed: give another name "
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
