"""The tables of a chunk: a row for each run, monthly series and fates of bases of some runs, and counts of values.

The counts are a distribution that can be added up: for each month, zone group and indicator, how many runs had which
value, to two significant digits. So quantiles over any number of runs need neither much memory nor every series.
"""

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import pyarrow as pa

from atmis.kernel import recorder
from atmis.kernel.arrays import AnyArray, Floats, Ints
from atmis.kernel.recorder import NAMES
from atmis.kernel.state import STANDINGS
from atmis.kernel.theatre import holder_ids
from atmis.runs import summary
from atmis.runs.ensemble import Ensemble, added
from atmis.storage.tables import dictionary
from atmis.sweep import chunk_files
from atmis.sweep.context import WorkerContext
from atmis.sweep.study import Study

GROUPS = tuple(group for group in get_args(summary.Group) if group != "somalia")
COUNTED = (
    "attacks", "recorded_attacks", "attacks_over_border", "assaults", "overruns", "deaths_mission", "deaths_host",
    "deaths_kenya", "deaths_civilians", "deaths_group", "fighters", "displaced",
)  # fmt: skip
SERIES = (
    *COUNTED, "attacks_mission_base", "attacks_host_base", "attacks_civilians", "recorded_deaths", "foiled", "control",
    "displaced_attacks", "displaced_overruns", "displaced_offensive", "crossed", "troops_mission", "troops_host",
)  # fmt: skip
FRACTIONS = (  # not whole numbers: people, except for fighters and deaths, are shares of others or any number
    "displaced_attacks", "displaced_overruns", "displaced_offensive", "crossed", "displaced", "control",
    "troops_mission", "troops_host",
)  # fmt: skip
WHOLE = tuple(name for name in SERIES if name not in FRACTIONS)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
EXACT_BELOW = 100.0
DATES = {"handed_over": "handed", "closed": "closed", "fell": "fell", "fell_after": "fell_after", "retaken": "retaken"}
BASE_COUNTS = ("attacks", "attacks_since", "assaults", "overruns", "deaths")
KEYS = ("run", "scenario", "point", "replicate")
COUNT_KEYS = ("scenario", "month", "group", "indicator")


def run_chunk(context: WorkerContext, runs: range, series_every: int) -> dict[str, pa.Table]:
    """Run a chunk; returns its tables by kind. Series are kept for every `series_every`-th replicate (0: for none)."""
    parts: dict[str, list[pa.Table]] = {}
    for part, ensemble in context.run(runs):
        kept = _runs_with_series(context.study, part, series_every)
        tables = {
            chunk_files.SUMMARY: summaries(context.study, part, ensemble),
            chunk_files.COUNTS: counts(context.study.scenario_of(part.start // context.study.replicates), ensemble),
            **({chunk_files.PATTERNS: patterns(context.study, part, ensemble)} if context.study.patterns else {}),
            **({chunk_files.MONTHLY: monthly(context.study, kept, ensemble, part)} if kept else {}),
            **({chunk_files.BASES: bases(context.study, kept, ensemble, part)} if kept else {}),
        }
        for kind, table in tables.items():
            parts.setdefault(kind, []).append(table)
    return {kind: pa.concat_tables(tables).combine_chunks() for kind, tables in parts.items()}


def expected_kinds(study: Study, runs: range, series_every: int) -> set[str]:
    """The kinds of tables that a chunk must have."""
    series = {chunk_files.MONTHLY, chunk_files.BASES} if _runs_with_series(study, runs, series_every) else set()
    return {chunk_files.SUMMARY, chunk_files.COUNTS} | series | ({chunk_files.PATTERNS} if study.patterns else set())


def summaries(study: Study, runs: range, ensemble: Ensemble) -> pa.Table:
    """A row for each run: every headline of `atmis.runs.summary`."""
    columns = {headline.name: headline.function(ensemble) for headline in summary.HEADLINES}
    return pa.table({**_keys(study, np.asarray(runs), 1), **columns})


def patterns(study: Study, runs: range, ensemble: Ensemble) -> pa.Table:
    """A row for each run: every pattern that the study keeps."""
    assert study.patterns is not None
    return pa.table({"run": np.asarray(runs, dtype=np.int32), **study.patterns.of(ensemble)})


def monthly(study: Study, kept: Sequence[int], ensemble: Ensemble, runs: range) -> pa.Table:
    """Indicators, a row for each run, month and zone: 32-bit numbers, integers for counts."""
    rows, (months, zones) = np.asarray(kept) - runs.start, ensemble.monthly.shape[1:3]
    columns = {
        **_keys(study, np.asarray(kept), months * zones),
        "month": np.tile(np.repeat(_days(ensemble.months), zones), len(kept)),
        "zone": dictionary(np.tile(np.arange(zones), months * len(kept)), list(ensemble.scenario.theatre.zones)),
    }
    series: dict[str, AnyArray] = {}
    for names, kind in ((WHOLE, np.int32), (FRACTIONS, np.float32)):
        picked = np.empty((len(names), len(kept), months, zones), dtype=kind)
        recorder.pick(ensemble.monthly, rows, np.array([NAMES.index(name) for name in names]), picked)
        series |= zip(names, picked)
    return pa.table(columns | {name: series[name].ravel() for name in SERIES})


def bases(study: Study, kept: Sequence[int], ensemble: Ensemble, runs: range) -> pa.Table:
    """The fate of each base, a row for each run and base; the date of what did not happen is null."""
    rows, theatre = np.asarray(kept) - runs.start, ensemble.scenario.theatre
    state, history = ensemble.bases[rows], ensemble.base_histories[rows]
    start = np.datetime64(ensemble.scenario.period.start, "D")
    columns: dict[str, Any] = {
        **_keys(study, np.asarray(kept), len(theatre.bases)),
        "base": dictionary(np.tile(np.arange(len(theatre.bases)), len(kept)), list(theatre.bases)),
        "holder_end": dictionary(np.ravel(state["holder"]), holder_ids(theatre)),
        "fate": dictionary(np.ravel(state["standing"]), list(STANDINGS)),
    }
    for name, field in DATES.items():
        day = np.ravel(state[field] if field == "handed" else history[field])
        columns[name] = pa.array((start + day).astype("datetime64[D]"), mask=day < 0)
    columns |= {name: np.ravel(history[name]).astype(np.int32) for name in BASE_COUNTS}
    return pa.table(columns)


# --- counts ---


def round_significant(values: Floats) -> Floats:
    """Round non-negative numbers to the nearest integer below 100, to two significant digits above."""
    rounded, large = np.rint(values), values >= EXACT_BELOW
    size = 10.0 ** (np.floor(np.log10(values[large])) - 1.0)
    rounded[large] = np.rint(values[large] / size) * size
    return rounded


def counts(scenario: str, ensemble: Ensemble) -> pa.Table:
    """How many runs had which value, by month, zone group and indicator."""
    picked = ensemble.by_group[..., [NAMES.index(name) for name in COUNTED]].transpose(1, 2, 3, 0)
    picked = np.ascontiguousarray(picked)  # three times faster below with the runs of a series contiguous
    totals = np.stack([added(picked[:, part] for part in summary.PARTS[group]) for group in GROUPS], axis=1)
    ordered = np.sort(round_significant(totals), axis=-1)  # [months, groups, indicators, runs]
    is_new = np.ones(ordered.shape, dtype=bool)
    is_new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    first = np.flatnonzero(is_new)
    series = np.indices(ordered.shape[:-1], dtype=np.int32).reshape(3, -1)
    month, group, indicator = np.repeat(series, is_new.sum(axis=-1).ravel(), axis=1)
    return pa.table({
        "scenario": dictionary(np.zeros_like(month), [scenario]),
        "month": _days(ensemble.months)[month],
        "group": dictionary(group, list(GROUPS)),
        "indicator": dictionary(indicator, list(COUNTED)),
        "value": ordered.ravel()[first],
        "runs": np.diff(first, append=ordered.size),
    })  # fmt: skip


def merge_counts(tables: Sequence[pa.Table]) -> pa.Table:
    """Add counts up, in whatever order of rows."""
    table = pa.concat_tables(tables).unify_dictionaries()  # equal codes are quick to compare
    summed = table.group_by([*COUNT_KEYS, "value"], use_threads=False).aggregate([("runs", "sum")])
    return summed.rename_columns({"runs_sum": "runs"})


def decode_dictionaries(table: pa.Table) -> pa.Table:
    """A table with texts in place of dictionary codes, which differ from chunk to chunk."""
    for index, name in enumerate(table.column_names):
        if pa.types.is_dictionary(table.schema.field(name).type):
            table = table.set_column(index, name, table[name].cast(pa.string()))
    return table


def bands(counted: pa.Table) -> pa.Table:
    """Quantiles over runs from merged counts, sorted by scenario, month, zone group and indicator."""
    counted = (
        decode_dictionaries(counted).sort_by([(key, "ascending") for key in (*COUNT_KEYS, "value")]).combine_chunks()
    )
    codes = np.stack([counted[key].combine_chunks().dictionary_encode().indices.to_numpy() for key in COUNT_KEYS])
    first = np.flatnonzero(np.append(True, (codes[:, 1:] != codes[:, :-1]).any(axis=0)))
    values, upto = counted["value"].to_numpy(), np.cumsum(counted["runs"].to_numpy())
    before = np.append(0, upto[first[1:] - 1])
    runs = np.diff(np.append(before, upto[-1]))
    columns = {f"q{round(100 * q):02d}": values[np.searchsorted(upto, before + q * runs)] for q in QUANTILES}
    return pa.table({**{key: counted[key].take(pa.array(first)) for key in COUNT_KEYS}, **columns, "runs": runs})


# --- helpers ---


def _runs_with_series(study: Study, runs: range, every: int) -> list[int]:
    """The runs whose series are kept."""
    return [run for run in runs if every and run % study.replicates % every == 0]


def _keys(study: Study, runs: Ints, rows_each: int) -> dict[str, Any]:
    """The columns that identify the run of a row."""
    case, replicate = np.divmod(runs, study.replicates)
    names = [source.scenario for source in study.sources]
    unique = list(dict.fromkeys(names))
    of_case = np.array([unique.index(name) for name in names])[np.asarray(study.source_of)[case]]
    return {
        "run": np.repeat(runs.astype(np.int32), rows_each),
        "scenario": dictionary(np.repeat(of_case, rows_each), unique),
        "point": np.repeat(np.asarray(study.point_of)[case].astype(np.int32), rows_each),
        "replicate": np.repeat(replicate.astype(np.int32), rows_each),
    }


def _days(months: Sequence[np.datetime64]) -> AnyArray:
    return np.array(months, dtype="datetime64[D]")
