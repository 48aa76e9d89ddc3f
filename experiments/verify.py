"""atmis verify: whether the files of a run or a sweep are what was written, and whether any is missing."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .resume import one_folder


def main(arguments: list[str]) -> int:
    """Print what is damaged or missing; 1 when anything is."""
    folder = one_folder("verify", arguments)
    is_sweep = (folder / "study.json").exists() or (folder / "chunks").is_dir()
    if not is_sweep and not (folder / "manifest.json").exists():
        raise InputError(f"{folder} holds neither a run nor a sweep: manifest.json is missing")
    faults = _of_sweep(folder) if is_sweep else _of_run(folder)
    for fault in faults:
        print(fault)
    if faults and is_sweep:
        print(f"`atmis resume {folder}`, or the command that began it, runs again what is damaged or missing.")
    if not faults:
        print(f"{folder}: every file is as it was written.")
    return 1 if faults else 0


def _of_sweep(folder: Path) -> list[str]:
    from atmis import chunks, sweep

    manifest, faults = _manifest(folder)
    faults += _of_files(folder, manifest)
    try:
        study, stored = sweep.load(folder)
    except InputError as error:
        return [str(error), *faults]
    broken = sweep.damaged(folder, study, stored["series_every"])
    summaries = [file.runs for file in chunks.files(folder, chunks.SUMMARY) if chunks.is_whole(file)]
    there = study.runs - sum(len(part) for part in chunks.missing(summaries, range(study.runs)))
    failed = sum(len(file.runs) for file in chunks.files(folder, chunks.FAILURES))
    wanted = study.cases * manifest.get("replicates", study.replicates)
    lacking = wanted - there - failed
    return broken + ([f"{lacking:,} of {wanted:,} runs are missing"] if lacking > 0 else []) + faults


def _of_run(folder: Path) -> list[str]:
    manifest, faults = _manifest(folder)
    return faults + _of_files(folder, manifest)


def _of_files(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What is wrong with the files that a manifest names."""
    faults = []
    for file in manifest.get("files", []):
        path = folder / file["name"]
        if not path.is_file():
            faults.append(f"{file['name']}: is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            faults.append(f"{file['name']}: is damaged")
    return faults


def _manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and what is wrong with it."""
    from atmis.files import unsealed

    if not (folder / "manifest.json").exists():
        return {}, ["manifest.json: is missing, so the tables are not finished"]
    try:
        return unsealed(folder / "manifest.json"), []
    except InputError as error:
        return {}, [str(error)]
