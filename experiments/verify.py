"""atmis verify: check that the files of a folder of results are complete and unchanged."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .resume import parse_folder


def main(arguments: list[str]) -> int:
    """Print what is damaged, missing or unknown; returns 1 if anything is."""
    folder = parse_folder("verify", arguments)
    faults = _faults(folder)
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{folder}: every file is as it was written.")
    return 1 if faults else 0


def _faults(folder: Path) -> list[str]:
    """The faults of a folder of results, one sentence each. Raises InputError when it holds none."""
    from atmis.analysis.attribution.run_cache import FOLDER as CACHE
    from atmis.analysis.attribution.run_cache import cache_faults
    from atmis.storage.folders import MANIFEST, holds_sweep

    if holds_sweep(folder):
        faults = _sweep_faults(folder)
        resume = shlex.join(["atmis", "resume", str(folder)])
        again = f"`{resume}`, or the command that began it, runs again what is damaged or missing."
        return [*faults, again] if faults else []
    if (folder / MANIFEST).exists():
        return _results_faults(folder)
    if (folder / CACHE).is_dir():
        return cache_faults(folder)
    raise InputError(f"{folder} holds neither a run nor a sweep: {MANIFEST} is missing")


def _results_faults(folder: Path) -> list[str]:
    """The faults of results, and of the sweeps in folders of their own, as the waves of a calibration are."""
    from atmis.storage.folders import holds_sweep

    manifest, faults = _read_manifest(folder)
    inner = [path for path in sorted(folder.iterdir()) if path.is_dir() and holds_sweep(path)]
    within = [f"{path.name}/{fault}" for path in inner for fault in _sweep_faults(path, is_finished=False)]
    return [*faults, *within, *_unlisted(folder, manifest, [path.name for path in inner])]


def _sweep_faults(folder: Path, is_finished: bool = True) -> list[str]:
    """The faults of a sweep; `is_finished`: with those of its tables."""
    from atmis.storage.folders import STUDY
    from atmis.sweep import identity
    from atmis.sweep.faults import ChunkFaults

    manifest, others = _read_manifest(folder) if is_finished else ({}, [])
    others += _unlisted(folder, manifest)
    try:
        study, stored = identity.load(folder)
    except InputError as error:
        return [str(error), *others]
    if stored["format"] != identity.FORMAT:
        return [f"{STUDY}: was written by another version of atmis, whose chunks cannot be checked here", *others]
    faults = ChunkFaults(folder, study, stored["series_every"], stored["identity"])
    replicates = manifest.get("replicates", study.replicates)
    missing = faults.missing_runs(replicates)
    lacks = [f"{missing:,} of {study.cases * replicates:,} runs are missing"] if missing else []
    return [*faults.sentences, *lacks, *others]


def _read_manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and the faults of it, of the files listed in it, and of the report."""
    from atmis.report import REPORT
    from atmis.storage.files import read_sealed_json
    from atmis.storage.folders import MANIFEST
    from atmis.storage.manifest import file_faults

    if not (folder / MANIFEST).exists():
        return {}, [f"{MANIFEST}: is missing, so the tables are not finished"]
    try:
        manifest = read_sealed_json(folder / MANIFEST)
    except InputError as error:
        return {}, [str(error)]
    report = _report_faults(folder) if (folder / REPORT).exists() else []
    return manifest, [*file_faults(folder, manifest), *report]


def _report_faults(folder: Path) -> list[str]:
    """The faults of the report: it carries its own hash, and quotes that of the manifest."""
    from atmis.report import REPORT
    from atmis.storage.files import is_sealed_page
    from atmis.storage.folders import MANIFEST
    from atmis.storage.manifest import file_hash

    try:
        page = (folder / REPORT).read_bytes()
    except OSError as error:
        return [f"{REPORT}: cannot be read: {(error.strerror or str(error)).lower()}"]
    again = f"`{shlex.join(['atmis', 'report', str(folder)])}` writes it again"
    if not is_sealed_page(page):
        return [f"{REPORT}: is damaged; {again}"]
    return [] if file_hash(folder / MANIFEST).encode() in page else [f"{REPORT}: is of other results; {again}"]


def _unlisted(folder: Path, manifest: Mapping[str, Any], inner: list[str] | None = None) -> list[str]:
    """Files that nothing stands for; `inner`: folders in it that are judged by themselves."""
    from atmis.report import REPORT
    from atmis.storage.folders import CHUNKS, MANIFEST, STUDY
    from atmis.storage.manifest import unlisted_files
    from atmis.sweep import chunk_files

    chunks = [f"{CHUNKS}/{file.path.name}" for file in chunk_files.files(folder)]
    known = {MANIFEST, STUDY, REPORT, *chunks, *(file["name"] for file in manifest.get("files", []))}
    found = unlisted_files(folder, known) if manifest or chunks else []
    return [f"{name}: is not listed in {MANIFEST}" for name in found if name.split("/")[0] not in (inner or [])]
