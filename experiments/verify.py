"""atmis verify: whether the files of a run or a sweep are what was written, and whether any is missing."""

import hashlib
import json
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .resume import one_folder


def main(arguments: list[str]) -> int:
    """Print what is damaged or missing; 1 when anything is."""
    folder = one_folder("verify", arguments)
    is_sweep = (folder / "study.json").exists()
    if not is_sweep and not (folder / "manifest.json").exists():
        raise InputError(f"{folder} holds neither a run nor a sweep: manifest.json is missing")
    faults = [*(_of_chunks(folder) if is_sweep else []), *_of_manifest(folder)]
    for fault in faults:
        print(fault)
    if faults and is_sweep:
        print(f"`atmis resume {folder}` mends it: only what is damaged or missing is run again.")
    if not faults:
        print(f"{folder}: every file is as it was written.")
    return 1 if faults else 0


def _of_chunks(folder: Path) -> list[str]:
    from atmis import chunks, sweep

    study, _ = sweep.load(folder)
    broken = sweep.damaged(folder)
    hit = {file.runs for file in broken}
    whole = [file for file in chunks.files(folder, chunks.SUMMARY) if file.runs not in hit]
    missing = sum(len(part) for part in chunks.missing([file.runs for file in whole], range(study.runs)))
    told = [f"{file.path.name}: is damaged, or part of a chunk that is not complete" for file in broken]
    ended = _manifest(folder)
    wanted = study.cases * ended.get("replicates", study.replicates)
    lacking = wanted - (study.runs - missing)
    return told + ([f"{lacking:,} of {wanted:,} runs are missing"] if lacking > 0 else [])


def _of_manifest(folder: Path) -> list[str]:
    faults = []
    for file in _manifest(folder).get("files", []):
        path = folder / file["name"]
        if not path.is_file():
            faults.append(f"{file['name']}: is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            faults.append(f"{file['name']}: is damaged")
    return faults


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise InputError(f"{folder / 'manifest.json'} cannot be read") from None
