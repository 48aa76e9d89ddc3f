"""The results of a run on disk: a folder of its own, written once, with all that is needed to repeat the run.

Every file is written under another name, forced to disk and renamed, so none is ever incomplete; the manifest comes
last, so a folder that has one is complete. The same run gives the same bytes, except for the times in the manifest.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import atmis
from atmis.kernel.recorder import EVENT_FIELDS, INDICATORS
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble
from atmis.scenario.arguments import AnyPath, as_path, check_kind
from atmis.scenario.errors import InputError
from atmis.scenario.opposition import MODES, TARGETS
from atmis.storage.files import write_file
from atmis.storage.folders import MANIFEST
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import dictionary, write_csv, write_parquet

TABLES = ("summary.csv", "monthly.parquet", "bases.csv", "events.parquet", "days.parquet")
TWINS = ("summary.parquet", "bases.parquet")  # of the CSV files, with dates, booleans and nulls as such
ROWS_AT_ONCE = 100_000  # of a Parquet file: about one row group
_CATEGORY = pa.dictionary(pa.int32(), pa.string())
# Of the columns of the CSV files; those without a type hold integers.
_HEADLINE_TYPES = {row.name: pa.date32() if row.unit == "date" else pa.float64() for row in summary.HEADLINES}
_FATE_TYPES = {
    **{name: pa.string() for name in summary.FATE_TEXTS},
    **{name: pa.date32() for name in summary.FATE_DATES},
    "censored": pa.bool_(),
}


@dataclass(frozen=True)
class StoredRun:
    """A run read back. Texts that a spreadsheet would take for formulas keep the `'` in front of them."""

    manifest: dict[str, Any]
    summary: pa.Table  # a row for each replicate
    monthly: pa.Table  # a row for each replicate, month and zone
    bases: pa.Table  # a row for each replicate and base
    events: pa.Table  # a row for each attack in replicate 0
    days: pa.Table  # a row for each replicate and day


def write(ensemble: Ensemble, folder: AnyPath, provenance: Provenance) -> list[Path]:
    """Write all tables and then the manifest.

    Parameters
    ----------
    ensemble : the run
    folder : an empty folder, from new_folder
    provenance : command, configuration and times, for the manifest

    Returns
    -------
    list of Path
        The files, the manifest last.

    Raises
    ------
    InputError
        When the folder cannot be written, or already holds a run.
    """
    check_kind(ensemble, Ensemble, "ensemble", "atmis.simulate(scenario)")
    check_kind(provenance, Provenance, "provenance", "that of storage.manifest")
    folder = as_path(folder)
    if (folder / MANIFEST).exists():
        raise InputError(f"{folder} already holds a run; what is stored is never written over")
    writers: dict[str, Callable[[BinaryIO], object]] = {
        "summary.csv": lambda file: write_csv(file, summary.columns(ensemble)),
        "summary.parquet": lambda file: write_parquet(file, iter([_typed(summary.columns(ensemble), _HEADLINE_TYPES)])),
        "monthly.parquet": lambda file: write_parquet(file, monthly(ensemble)),
        "bases.csv": lambda file: write_csv(file, summary.fates(ensemble)),
        "bases.parquet": lambda file: write_parquet(file, iter([_typed(summary.fates(ensemble), _FATE_TYPES)])),
        "events.parquet": lambda file: write_parquet(file, iter([events(ensemble)])),
        "days.parquet": lambda file: write_parquet(file, days(ensemble)),
    }
    for name in (*TABLES, *TWINS):
        write_file(folder / name, writers[name])
    written = [folder / name for name in (*TABLES, *TWINS)]
    entries = {"scenario": ensemble.scenario.scenario.name, "seed": ensemble.seed, "replicates": ensemble.replicates}
    return write_manifest(folder, "run", entries, written, provenance)


def read(folder: AnyPath) -> StoredRun:
    """Read a run back.

    Parameters
    ----------
    folder : a folder of `write`

    Returns
    -------
    StoredRun
        The manifest and the tables, as written.

    Raises
    ------
    InputError
        When the folder holds no run, or the run is incomplete or cannot be read.
    """
    folder = as_path(folder)
    for name in (MANIFEST, *TABLES):
        if not (folder / name).is_file():
            raise InputError(f"{folder} holds no complete run: {name} is missing")
    try:
        return StoredRun(
            manifest=json.loads((folder / MANIFEST).read_text(encoding="utf-8")),
            summary=_read_csv(folder / "summary.csv", _HEADLINE_TYPES),
            monthly=pq.read_table(folder / "monthly.parquet"),
            bases=_read_csv(folder / "bases.csv", _FATE_TYPES),
            events=pq.read_table(folder / "events.parquet"),
            days=pq.read_table(folder / "days.parquet"),
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} cannot be read: {' '.join(str(error).split())}") from None


# --- tables ---


def monthly(ensemble: Ensemble) -> Iterator[pa.Table]:
    """Indicators, one row for each replicate, month and zone; a table for every few replicates."""
    months, zones = ensemble.monthly.shape[1:3]
    fields = [pa.field("replicate", pa.int32()), pa.field("month", pa.date32()), pa.field("zone", _CATEGORY)]
    fields += [pa.field(n, pa.float64(), metadata={"unit": unit, "what": what}) for n, unit, what in INDICATORS]
    first_days = np.array(ensemble.months, dtype="datetime64[D]")
    for runs in _batches(ensemble, months * zones):
        values = ensemble.monthly[runs.start : runs.stop]
        columns = [
            np.repeat(np.arange(runs.start, runs.stop), months * zones),
            np.tile(np.repeat(first_days, zones), len(runs)),
            dictionary(np.tile(np.arange(zones), months * len(runs)), list(ensemble.scenario.theatre.zones)),
            *(values[..., k].ravel() for k in range(len(INDICATORS))),
        ]
        yield _table(ensemble, columns, fields)


def days(ensemble: Ensemble) -> Iterator[pa.Table]:
    """Troops, ceiling and border, one row for each replicate and day; a table for every few replicates."""
    contingents, n_days = list(ensemble.scenario.theatre.contingents), ensemble.deployed.shape[1]
    integer, real = pa.int32(), pa.float64()
    fields = [pa.field("replicate", integer), pa.field("date", pa.date32()), _field("ceiling", integer, "people")]
    fields += [_field(f"troops_{name}", integer, "troops") for name in contingents]
    fields += [_field("border_troops", real, "troops"), _field("host_shortfall", real, "troops")]
    fields += [_field("open_segments", integer, "border segments"), pa.field("could_open", pa.bool_())]
    dates = np.datetime64(ensemble.scenario.period.start, "D") + np.arange(n_days)
    for runs in _batches(ensemble, n_days):
        rows, deployed = ensemble.days[runs.start : runs.stop], ensemble.deployed[runs.start : runs.stop]
        columns = [
            np.repeat(np.arange(runs.start, runs.stop), n_days),
            np.tile(dates, len(runs)),
            rows["ceiling"].ravel(),
            *(deployed[..., k].ravel() for k in range(len(contingents))),
            *(rows[name].ravel() for name in ("border_troops", "host_shortfall", "open_segments")),
            rows["could_open"].ravel() > 0,
        ]
        yield _table(ensemble, columns, fields)


def events(ensemble: Ensemble) -> pa.Table:
    """Attacks of replicate 0, one row each in the order in which they happened; `cell` is a number without a name."""
    theatre, log = ensemble.scenario.theatre, dict(zip(EVENT_FIELDS, ensemble.events.T))
    zones, deaths = list(theatre.zones), [name for name in EVENT_FIELDS if name.startswith("deaths_")]
    flags = ("assault", "overrun", "recorded")
    columns: dict[str, tuple[Any, pa.Field]] = {
        "date": (np.datetime64(ensemble.scenario.period.start, "D") + log["day"], pa.date32()),
        "zone": (dictionary(log["zone"], zones), _CATEGORY),
        "origin_zone": (dictionary(log["origin"], zones), _CATEGORY),
        "cell": (log["cell"], pa.int32()),
        "target": (dictionary(log["target"], TARGETS), _CATEGORY),
        "mode": (dictionary(log["mode"], MODES), _CATEGORY),
        "base": (dictionary(log["base"], list(theatre.bases)), _CATEGORY),
        **{name: (log[name] > 0, pa.bool_()) for name in flags},
    }
    fields = [pa.field(name, kind) for name, (_, kind) in columns.items()]
    fields += [_field(name, pa.int32(), "people") for name in deaths]
    values = [*(column for column, _ in columns.values()), *(log[name] for name in deaths)]
    return _table(ensemble, values, fields, events_not_kept=str(ensemble.events_beyond))


def _field(name: str, kind: Any, unit: str) -> pa.Field:
    """A column with its unit."""
    return pa.field(name, kind, metadata={"unit": unit})


def _table(ensemble: Ensemble, columns: Sequence[Any], fields: Sequence[pa.Field], **extra: str) -> pa.Table:
    """A table that carries scenario, seed and version as metadata, and `extra`."""
    metadata = {"scenario": ensemble.scenario.scenario.name, "seed": str(ensemble.seed), "atmis": atmis.__version__}
    arrays = [c if isinstance(c, pa.Array) else pa.array(c).cast(field.type) for c, field in zip(columns, fields)]
    return pa.table(arrays, schema=pa.schema(fields, metadata=metadata | extra))


def _batches(ensemble: Ensemble, rows_each: int) -> Iterator[range]:
    """Ranges of replicates with about ROWS_AT_ONCE rows each."""
    step = max(ROWS_AT_ONCE // rows_each, 1)
    for start in range(0, ensemble.replicates, step):
        yield range(start, min(start + step, ensemble.replicates))


def _typed(columns: Mapping[str, Any], types: Mapping[str, pa.DataType]) -> pa.Table:
    """Columns as a table; what is not known is null."""
    kinds = {name: types.get(name, pa.int64()) for name in columns}
    return pa.table({name: pa.array(column, from_pandas=True).cast(kinds[name]) for name, column in columns.items()})


def _read_csv(path: Path, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Read a CSV file of this module; columns without a type hold integers."""
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    column_types = {name: types.get(name, pa.int64()) for name in names}
    return pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=column_types))
