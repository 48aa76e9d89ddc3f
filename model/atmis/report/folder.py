"""What a folder of results holds, read back; nothing is believed that is not what was written."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import pyarrow as pa
from pyarrow import csv

from atmis.comparison import table
from atmis.files import SEAL, unsealed
from atmis.manifest import file_faults
from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario

Kind = Literal["compare", "run", "scorecard", "backtest", "calibrate"]
_JUDGED: tuple[Kind, ...] = ("scorecard", "backtest", "calibrate")
_MANIFEST = "manifest.json"
_R = TypeVar("_R")


def kind_of(folder: Path) -> Kind:
    """Which verb left a folder. Raises InputError when it was none that there is a report of."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    if (folder / "study.json").exists() or (folder / "chunks").is_dir():
        raise InputError(
            f"{folder} holds a sweep, and a report is made of a comparison or a run; compare what it swept, by "
            f"`atmis compare {folder}`, and report that"
        )
    told = manifest(folder)
    for verb in _JUDGED:
        if told.get("command", [])[1:2] == [verb]:
            return verb
    if "compared" in told:
        return "compare"
    if "scenario" in told:
        return "run"
    raise InputError(
        f"{folder} holds neither a comparison nor a run; name a folder of `atmis compare`, `atmis run`, "
        "`atmis scorecard`, `atmis backtest` or `atmis calibrate`"
    )


def manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a folder all of whose files are as they were written, with its own hash. Raises InputError."""
    if not (folder / _MANIFEST).is_file():
        raise InputError(f"{folder} holds no complete comparison or run: {_MANIFEST} is missing")
    told = unsealed(folder / _MANIFEST)
    faults = file_faults(folder, told)
    if faults:
        raise InputError(f"{folder} cannot be reported: {faults[0]}")
    return {**told, SEAL: hashlib.sha256((folder / _MANIFEST).read_bytes()).hexdigest()}


def scenario(told: Mapping[str, Any], theatre: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a scenario in a manifest, with its theatre. Raises InputError when it is none."""
    data = {**told, "theatre": theatre}
    build(data)
    return {key: data[key] for key in Scenario.model_fields}


def rows(path: Path, kind: type[_R]) -> list[_R]:
    """The rows of a CSV as `atmis.comparison.table` has them. Raises InputError when it does not hold such rows."""
    schema = table([], kind).schema
    try:
        found = csv.read_csv(
            path, convert_options=csv.ConvertOptions(column_types=schema, include_columns=schema.names)
        )
        return [kind(**row) for row in found.to_pylist()]
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
