"""atmis verify: whether the files of a run or a sweep are what was written, and whether any is missing."""

from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .resume import one_folder


def main(arguments: list[str]) -> int:
    """Print what is damaged or missing; 1 when anything is."""
    from atmis.storage.folders import MANIFEST, holds_sweep

    folder = one_folder("verify", arguments)
    is_sweep = holds_sweep(folder)
    if not is_sweep and not (folder / MANIFEST).exists():
        raise InputError(f"{folder} holds neither a run nor a sweep: {MANIFEST} is missing")
    faults = _of_sweep(folder) if is_sweep else _manifest(folder)[1]
    for fault in faults:
        print(fault)
    if faults and is_sweep:
        print(f"`atmis resume {folder}`, or the command that began it, runs again what is damaged or missing.")
    if not faults:
        print(f"{folder}: every file is as it was written.")
    return 1 if faults else 0


def _of_sweep(folder: Path) -> list[str]:
    from atmis.sweep import chunk_files, faults, identity

    manifest, table_faults = _manifest(folder)
    try:
        study, stored = identity.load(folder)
    except InputError as error:
        return [str(error), *table_faults]
    broken = faults.damaged(folder, study, stored["series_every"])
    summaries = [file.runs for file in chunk_files.files(folder, chunk_files.SUMMARY) if chunk_files.is_whole(file)]
    there = study.runs - sum(len(part) for part in chunk_files.missing(summaries, range(study.runs)))
    failed = sum(len(file.runs) for file in chunk_files.files(folder, chunk_files.FAILURES))
    wanted = study.cases * manifest.get("replicates", study.replicates)
    lacking = wanted - there - failed
    return broken + ([f"{lacking:,} of {wanted:,} runs are missing"] if lacking > 0 else []) + table_faults


def _manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and what is wrong with it or with the files that it names."""
    from atmis.storage.files import unsealed
    from atmis.storage.folders import MANIFEST
    from atmis.storage.manifest import file_faults

    if not (folder / MANIFEST).exists():
        return {}, [f"{MANIFEST}: is missing, so the tables are not finished"]
    try:
        manifest = unsealed(folder / MANIFEST)
    except InputError as error:
        return {}, [str(error)]
    return manifest, file_faults(folder, manifest)
