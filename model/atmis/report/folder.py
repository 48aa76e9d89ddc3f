"""Reading a folder of results back, with a check that every file is as it was written."""

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
from jinja2 import TemplateError
from pyarrow import csv

from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage.files import SEAL, read_sealed_json
from atmis.storage.folders import MANIFEST, Kind, kind_of, reading
from atmis.storage.manifest import file_faults
from atmis.storage.tables import table

REPORTED: tuple[Kind, ...] = ("compare", "run", "scorecard", "backtest", "calibrate")
_R = TypeVar("_R")


def reported_kind(folder: Path) -> Kind:
    """The kind of results in a folder. Raises InputError if there is no report of that kind."""
    kind = kind_of(folder)
    if kind == "sweep":
        raise InputError(
            f"{folder} holds a sweep, and a report is made of a comparison or a run; compare what it swept, by "
            f"`{shlex.join(['atmis', 'compare', str(folder)])}`, and report that"
        )
    if kind is None:
        raise InputError(f"{folder} holds no complete comparison or run: {MANIFEST} is missing")
    if kind not in REPORTED:
        raise InputError(
            f"{folder} holds neither a comparison nor a run; name a folder of `atmis compare`, `atmis run`, "
            "`atmis scorecard`, `atmis backtest` or `atmis calibrate`"
        )
    return kind


@contextmanager
def rendering(folder: Path) -> Iterator[None]:
    """Turn an error that comes from what a folder holds, in a template too, into an InputError of one sentence."""
    with reading(folder):
        try:
            yield
        except TemplateError as error:
            raise LookupError(str(error)) from error


def verified_manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a folder, with its own hash. Raises InputError if a file is not as it was written."""
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder} holds no complete comparison or run: {MANIFEST} is missing")
    content = read_sealed_json(folder / MANIFEST)
    faults = file_faults(folder, content)
    if faults:
        raise InputError(f"{folder} cannot be reported: {faults[0]}")
    return {**content, SEAL: hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()}


def scenario_config(config: Mapping[str, Any], theatre: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a scenario in a manifest, with its own theatre or that given. Raises InputError."""
    data = {"theatre": theatre, **config}
    build(data)
    return {key: data[key] for key in Scenario.model_fields}


def read_rows(path: Path, kind: type[_R]) -> list[_R]:
    """The rows of a CSV file as instances of a row class. Raises InputError if the file does not hold such rows."""
    schema = table([], kind).schema
    try:
        stored = csv.read_csv(
            path, convert_options=csv.ConvertOptions(column_types=schema, include_columns=schema.names)
        )
        return [kind(**row) for row in stored.to_pylist()]
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
