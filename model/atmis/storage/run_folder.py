"""What a run leaves on disk: a folder of its own, written once, with all that is needed to repeat the run.

Every file is written under another name, forced to disk and renamed, so none is ever half there; the manifest comes
last, so a folder that has one is complete. The same run gives the same bytes, but for the times in the manifest.
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
from atmis.scenario.errors import InputError
from atmis.scenario.opposition import MODES, TARGETS
from atmis.storage.files import put
from atmis.storage.folders import MANIFEST
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import dictionary, write_csv, write_parquet

TABLES = ("summary.csv", "monthly.parquet", "bases.csv", "events.parquet", "days.parquet")
ROWS_AT_ONCE = 100_000  # of a Parquet file: about one row group
WORDS = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Stored:
    """A run read back. Texts that a spreadsheet would take for formulas keep the `'` before them."""

    manifest: dict[str, Any]
    summary: pa.Table  # a row for each replicate
    monthly: pa.Table  # a row for each replicate, month and zone
    bases: pa.Table  # a row for each replicate and base
    events: pa.Table  # a row for each attack in replicate 0
    days: pa.Table  # a row for each replicate and day


def write(ensemble: Ensemble, folder: Path, provenance: Provenance) -> list[Path]:
    """Write all tables and then the manifest into a folder of new_folder; returns the files.

    Raises InputError when the folder cannot be written, or already holds a run.
    """
    if (folder / MANIFEST).exists():
        raise InputError(f"{folder} already holds a run; what is stored is never written over")
    fill: dict[str, Callable[[BinaryIO], object]] = {
        "summary.csv": lambda file: write_csv(file, summary.columns(ensemble)),
        "monthly.parquet": lambda file: write_parquet(file, monthly(ensemble)),
        "bases.csv": lambda file: write_csv(file, summary.fates(ensemble)),
        "events.parquet": lambda file: write_parquet(file, iter([events(ensemble)])),
        "days.parquet": lambda file: write_parquet(file, days(ensemble)),
    }
    for name in TABLES:
        put(folder / name, fill[name])
    written = [folder / name for name in TABLES]
    about = {"scenario": ensemble.scenario.scenario.name, "seed": ensemble.seed, "replicates": ensemble.replicates}
    return write_manifest(folder, "run", about, written, provenance)


def read(folder: Path) -> Stored:
    """Read a run back. Raises InputError when there is none, or it is not complete or cannot be read."""
    for name in (MANIFEST, *TABLES):
        if not (folder / name).is_file():
            raise InputError(f"{folder} holds no complete run: {name} is missing")
    numbers = {one.name: pa.date32() if one.unit == "date" else pa.float64() for one in summary.HEADLINES}
    kinds = {name: pa.string() for name in summary.FATE_TEXTS} | {name: pa.date32() for name in summary.FATE_DATES}
    try:
        return Stored(
            manifest=json.loads((folder / MANIFEST).read_text(encoding="utf-8")),
            summary=_read_csv(folder / "summary.csv", numbers),
            monthly=pq.read_table(folder / "monthly.parquet"),
            bases=_read_csv(folder / "bases.csv", kinds | {"censored": pa.bool_()}),
            events=pq.read_table(folder / "events.parquet"),
            days=pq.read_table(folder / "days.parquet"),
        )
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} cannot be read: {' '.join(str(error).split())}") from None


# --- the tables ---


def monthly(ensemble: Ensemble) -> Iterator[pa.Table]:
    """Indicators, a row for each replicate, month and zone, some replicates at a time."""
    months, zones = ensemble.monthly.shape[1:3]
    fields = [pa.field("replicate", pa.int32()), pa.field("month", pa.date32()), pa.field("zone", WORDS)]
    fields += [pa.field(n, pa.float64(), metadata={"unit": unit, "what": what}) for n, unit, what in INDICATORS]
    first_days = np.array(ensemble.months, dtype="datetime64[D]")
    for runs in _parts(ensemble, months * zones):
        values = ensemble.monthly[runs.start : runs.stop]
        columns = [
            np.repeat(np.arange(runs.start, runs.stop), months * zones),
            np.tile(np.repeat(first_days, zones), len(runs)),
            dictionary(np.tile(np.arange(zones), months * len(runs)), list(ensemble.scenario.theatre.zones)),
            *(values[..., k].ravel() for k in range(len(INDICATORS))),
        ]
        yield _table(ensemble, columns, fields)


def days(ensemble: Ensemble) -> Iterator[pa.Table]:
    """Troops, ceiling and border, a row for each replicate and day, some replicates at a time."""
    contingents, n_days = list(ensemble.scenario.theatre.contingents), ensemble.deployed.shape[1]
    whole, real = pa.int32(), pa.float64()
    fields = [pa.field("replicate", whole), pa.field("date", pa.date32()), _unit("ceiling", whole, "people")]
    fields += [_unit(f"troops_{name}", whole, "troops") for name in contingents]
    fields += [_unit("border_troops", real, "troops"), _unit("host_shortfall", real, "troops")]
    fields += [_unit("open_segments", whole, "border segments"), pa.field("could_open", pa.bool_())]
    dates = np.datetime64(ensemble.scenario.period.start, "D") + np.arange(n_days)
    for runs in _parts(ensemble, n_days):
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
    """Attacks of replicate 0, a row for each in the order in which they happened; `cell` is a bare number."""
    theatre, log = ensemble.scenario.theatre, dict(zip(EVENT_FIELDS, ensemble.events.T))
    zones, deaths = list(theatre.zones), [name for name in EVENT_FIELDS if name.startswith("deaths_")]
    flags = ("assault", "overrun", "recorded")
    columns: dict[str, tuple[Any, pa.Field]] = {
        "date": (np.datetime64(ensemble.scenario.period.start, "D") + log["day"], pa.date32()),
        "zone": (dictionary(log["zone"], zones), WORDS),
        "origin_zone": (dictionary(log["origin"], zones), WORDS),
        "cell": (log["cell"], pa.int32()),
        "target": (dictionary(log["target"], TARGETS), WORDS),
        "mode": (dictionary(log["mode"], MODES), WORDS),
        "base": (dictionary(log["base"], list(theatre.bases)), WORDS),
        **{name: (log[name] > 0, pa.bool_()) for name in flags},
    }
    fields = [pa.field(name, kind) for name, (_, kind) in columns.items()]
    fields += [_unit(name, pa.int32(), "people") for name in deaths]
    values = [*(column for column, _ in columns.values()), *(log[name] for name in deaths)]
    return _table(ensemble, values, fields, events_not_kept=str(ensemble.events_beyond))


def _unit(name: str, kind: Any, unit: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit})


def _table(ensemble: Ensemble, columns: Sequence[Any], fields: Sequence[pa.Field], **more: str) -> pa.Table:
    about = {"scenario": ensemble.scenario.scenario.name, "seed": str(ensemble.seed), "atmis": atmis.__version__}
    arrays = [c if isinstance(c, pa.Array) else pa.array(c).cast(field.type) for c, field in zip(columns, fields)]
    return pa.table(arrays, schema=pa.schema(fields, metadata=about | more))


def _parts(ensemble: Ensemble, rows_each: int) -> Iterator[range]:
    """Replicates in parts of about ROWS_AT_ONCE rows."""
    step = max(ROWS_AT_ONCE // rows_each, 1)
    for start in range(0, ensemble.replicates, step):
        yield range(start, min(start + step, ensemble.replicates))


def _read_csv(path: Path, kinds: Mapping[str, pa.DataType]) -> pa.Table:
    """A CSV of this module; columns without a kind hold whole numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    types = {name: kinds.get(name, pa.int64()) for name in names}
    return pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=types))
