"""Tables open in other tools: what is missing is null and blank, and encodings are those that old readers know."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import cli
import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atmis.analysis.backtest.rows import MonthRow
from atmis.storage.tables import cell, compact_parquet, save_rows, table, write_csv, write_parquet

OLD_CODECS, OLD_ENCODINGS = {"SNAPPY", "ZSTD"}, {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "BIT_PACKED"}
WORDS = ("period.end=2022-05-31", "replicates=3", "figures=false")


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """A run and a sweep."""
    folder = tmp_path_factory.mktemp("results")
    design = ("sweep.design=grid", "+sweep.parameters={host: [weak, strong], opposition.attacks.raids: [0.05, 0.2]}")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert cli.call("run", "period.end=2023-10-31", "replicates=3", "figures=false").code == 0
        assert cli.call("sweep", *WORDS, *design).code == 0
    return folder / "results"


def test_old_readers_know_every_encoding(results):
    """Arrow 14, fastparquet 2026.9 and DuckDB 0.9.2 were seen to open them; newer encodings and LZ4 they refuse."""
    paths = list(results.rglob("*.parquet"))
    assert {path.name.split(".")[1] for path in paths if path.parent.name == "chunks"} >= {"monthly", "bases", "counts"}
    for path in paths:
        about = pq.ParquetFile(path).metadata
        columns = [about.row_group(k).column(c) for k in range(about.num_row_groups) for c in range(about.num_columns)]
        assert {column.compression for column in columns} <= OLD_CODECS, path
        assert {encoding for column in columns for encoding in column.encodings} <= OLD_ENCODINGS, path


def test_nothing_is_nan(results):
    for path in results.rglob("*.parquet"):
        stored = pq.read_table(path)
        for name in stored.column_names:
            if pa.types.is_floating(stored[name].type):
                assert not np.isnan(stored[name].drop_null().to_numpy()).any(), (path, name)
    for path in results.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert not {"nan", "None", "NaN"} & {entry for row in csv.reader(file) for entry in row}, path


@pytest.mark.parametrize("write", [lambda file, made: write_parquet(file, iter([made])), None], ids=["table", "chunk"])
def test_nan_becomes_null(write: Callable[..., None] | None):
    made = pa.table({"x": [1.5, float("nan"), None], "y": pa.array([float("nan"), 2.0, 3.0], pa.float32())})
    file = BytesIO()
    if write:
        write(file, made)
    else:
        file = BytesIO(compact_parquet(made))
    back = pq.read_table(BytesIO(file.getvalue()))
    assert back.schema.types == made.schema.types
    assert back.to_pydict() == {"x": [1.5, None, None], "y": [None, 2.0, 3.0]}


def test_nan_becomes_blank():
    file = BytesIO()
    write_csv(file, {"x": np.array([1.5, np.nan]), "y": np.array([float("nan"), None], dtype=object)})
    assert file.getvalue() == b"x,y\n1.5,\n,\n"
    assert cell(float("nan")) == ""


def test_rows_of_a_dataclass(tmp_path):
    kinds = {field.name: field.type for field in table([], MonthRow).schema}
    values = {name: {pa.string(): "a", pa.date32(): date(2022, 5, 1)}.get(kind, 1) for name, kind in kinds.items()}
    first = next(name for name, kind in kinds.items() if pa.types.is_floating(kind))
    _, stored = save_rows(tmp_path, {"months": ([MonthRow(**{**values, first: float("nan")})], MonthRow)})
    assert pq.read_table(stored)[first].to_pylist() == [None]


def test_twins_hold_what_the_csv_files_hold(results):
    (folder,) = (results / "run" / "planned").iterdir()
    with (folder / "bases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stored = pq.read_table(folder / "bases.parquet")
    assert stored.schema.field("censored").type == pa.bool_()
    assert stored.schema.field("handover_date").type == pa.date32()
    assert [cell(value) for value in stored["censored"].to_pylist()] == [row["censored"] for row in rows]
    assert [cell(value) for value in stored["days_survived"].to_pylist()] == [row["days_survived"] for row in rows]
    assert stored["censored"].null_count == sum(row["censored"] == "" for row in rows) > 0
    fallen = duckdb.sql(f"select count(*) from '{folder}/bases.parquet' where not censored").fetchall()[0][0]
    assert fallen == sum(row["censored"] == "false" for row in rows)
    for name in ("run/planned/*/summary", "sweep/one/cases", "sweep/one/summary"):
        (text,), (twin,) = results.glob(f"{name}.csv"), results.glob(f"{name}.parquet")
        one, other = pd.read_csv(text), pd.read_parquet(twin)
        assert list(one.columns) == list(other.columns)
        assert (one.isna() == other.isna()).all().all()
