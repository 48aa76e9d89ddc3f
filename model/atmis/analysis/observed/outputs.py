"""The tidy form of observed counts: `<name>.csv`, and `<name>.json`, which says where the counts come from.

The CSV has a row for each month (its first day) and zone, or country, that is recorded: events, deaths (best estimate,
all sides) and events that killed. A month without a row is not recorded, which is not the same as zero.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.observed.record import ObservedCounts
from atmis.kernel.arrays import AnyArray, Floats
from atmis.scenario.arguments import AnyPath, as_path
from atmis.scenario.errors import InputError, shorten
from atmis.storage.files import make_folder, read_sealed_json, to_sealed_json, write_bytes
from atmis.storage.tables import save_csv

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def name_of(path: AnyPath) -> str:
    """A name for the counts of a file, made from the name of the file."""
    return re.sub(r"[^a-z0-9]+", "_", as_path(path, "path").stem.lower()).strip("_")[:100] or "observed"


def write_outputs(counts: ObservedCounts, folder: AnyPath, name: str) -> list[Path]:
    """Write both files; the same counts give the same bytes.

    Parameters
    ----------
    counts : what was observed
    folder : created where it is missing
    name : of the files: lower-case letters, digits, _ and -

    Returns
    -------
    list of Path
        The CSV and the JSON file.

    Raises
    ------
    InputError
        When the name cannot be used, a file cannot be written, or the name is taken by counts of another file.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"name: '{shorten(name)}' cannot name a file; allowed: small letters, digits, _ and -")
    folder = make_folder(folder)
    table, about = folder / f"{name}.csv", folder / f"{name}.json"
    if about.exists() and read_sealed_json(about).get("file_sha256") != counts.about.get("file_sha256"):
        raise InputError(f"{table} was made from another file; give this one another name with name=")
    save_csv(table, columns(counts))
    write_bytes(about, to_sealed_json(summarise(counts, name)))
    return [table, about]


def columns(counts: ObservedCounts) -> dict[str, AnyArray]:
    """The columns of the tidy form."""
    month, zone = np.nonzero(~(np.isnan(counts.events) & np.isnan(counts.deaths)))
    days = counts.months[month].astype("datetime64[D]").astype(object)
    keys = {"month": days, counts.kind: np.array(counts.zones, dtype=object)[zone]}
    return keys | {name: _whole_numbers(table[month, zone]) for name, table in _tables(counts).items()}


def summarise(counts: ObservedCounts, name: str) -> dict[str, Any]:
    """The content of the JSON file: source, months of recording, totals, and what happened to the rows."""
    recording, totals = {}, {}
    for column, zone in enumerate(counts.zones):
        first, last = counts.recording(zone) or (None, None)
        recording[zone] = {"first_month": str(first), "last_month": str(last)}
        totals[zone] = {name: _total(table[:, column]) for name, table in _tables(counts).items()}
    return {
        "name": name,
        **counts.about,
        "units": {"events": "attacks per month", "deaths": "people per month", "lethal_events": "attacks per month"},
        "dated_by": "first day of an event",
        "recording": recording,
        "totals": totals,
        **counts.import_log.as_dict(),
    }


def _tables(counts: ObservedCounts) -> dict[str, Floats]:
    return {"events": counts.events, "deaths": counts.deaths, "lethal_events": counts.lethal}


def _total(values: Floats) -> int | None:
    return None if np.isnan(values).all() else int(np.nansum(values))


def _whole_numbers(values: Floats) -> AnyArray:
    """Counts as integers; None where nothing is recorded."""
    return np.array([None if np.isnan(value) else int(value) for value in values], dtype=object)
