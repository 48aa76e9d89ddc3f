"""atmis verify: whether the files of a run or a sweep are what was written, and whether any is missing."""

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
    faults = _of_sweep(folder) if is_sweep else _manifest(folder)[1]
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


def _manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and what is wrong with it or with the files that it names."""
    from atmis.files import unsealed
    from atmis.manifest import file_faults

    if not (folder / "manifest.json").exists():
        return {}, ["manifest.json: is missing, so the tables are not finished"]
    try:
        manifest = unsealed(folder / "manifest.json")
    except InputError as error:
        return {}, [str(error)]
    return manifest, file_faults(folder, manifest)
