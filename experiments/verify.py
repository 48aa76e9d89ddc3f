"""atmis verify: check that the files of a run or a sweep are complete and unchanged."""

from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .resume import parse_folder


def main(arguments: list[str]) -> int:
    """Print what is damaged or missing; returns 1 if anything is."""
    from atmis.storage.folders import MANIFEST, holds_sweep

    folder = parse_folder("verify", arguments)
    is_sweep = holds_sweep(folder)
    if not is_sweep and not (folder / MANIFEST).exists():
        raise InputError(f"{folder} holds neither a run nor a sweep: {MANIFEST} is missing")
    faults = _sweep_faults(folder) if is_sweep else _read_manifest(folder)[1]
    for fault in faults:
        print(fault)
    if faults and is_sweep:
        print(f"`atmis resume {folder}`, or the command that began it, runs again what is damaged or missing.")
    if not faults:
        print(f"{folder}: every file is as it was written.")
    return 1 if faults else 0


def _sweep_faults(folder: Path) -> list[str]:
    from atmis.storage.folders import STUDY
    from atmis.sweep import identity
    from atmis.sweep.faults import ChunkFaults

    manifest, table_faults = _read_manifest(folder)
    try:
        study, stored = identity.load(folder)
    except InputError as error:
        return [str(error), *table_faults]
    if stored["format"] != identity.FORMAT:
        return [f"{STUDY}: was written by another version of atmis, whose chunks cannot be checked here", *table_faults]
    faults = ChunkFaults(folder, study, stored["series_every"], stored["identity"])
    replicates = manifest.get("replicates", study.replicates)
    missing = faults.missing_runs(replicates)
    lacks = [f"{missing:,} of {study.cases * replicates:,} runs are missing"] if missing else []
    return [*faults.sentences, *lacks, *table_faults]


def _read_manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and the faults of it and of the files listed in it."""
    from atmis.storage.files import read_sealed_json
    from atmis.storage.folders import MANIFEST
    from atmis.storage.manifest import file_faults

    if not (folder / MANIFEST).exists():
        return {}, [f"{MANIFEST}: is missing, so the tables are not finished"]
    try:
        manifest = read_sealed_json(folder / MANIFEST)
    except InputError as error:
        return {}, [str(error)]
    return manifest, file_faults(folder, manifest)
