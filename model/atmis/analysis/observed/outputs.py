"""The project's tidy form of observed counts: `<name>.csv`, and `<name>.json`, which tells where it comes from.

The CSV has a row for each month (its first day) and zone, or country, that is recorded: events, deaths (best estimate,
all sides) and events that killed. A month without a row is not recorded, which is not the same as zero.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np

from atmis.analysis.observed.record import Observed
from atmis.scenario.errors import InputError, shortened
from atmis.storage.files import in_a_sentence, put_bytes, sealed, unsealed
from atmis.storage.tables import save_csv

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


def name_of(path: Path) -> str:
    """A name for what is made of a file."""
    return re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")[:100] or "observed"


def write_outputs(made: Observed, folder: Path, name: str) -> list[Path]:
    """Write both files; the same counts, the same bytes. Raises InputError, also when there is another file's table."""
    if not _NAME.fullmatch(name):
        raise InputError(f"name: '{shortened(name)}' cannot name a file; allowed: small letters, digits, _ and -")
    table, about = folder / f"{name}.csv", folder / f"{name}.json"
    with in_a_sentence(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if about.exists() and unsealed(about).get("file_sha256") != made.about.get("file_sha256"):
        raise InputError(f"{table} was made from another file; give this one another name with name=")
    save_csv(table, columns(made))
    put_bytes(about, sealed(told(made, name)))
    return [table, about]


def columns(made: Observed) -> dict[str, Any]:
    """The columns of the tidy form."""
    month, zone = np.nonzero(~(np.isnan(made.events) & np.isnan(made.deaths)))
    values = {"events": made.events, "deaths": made.deaths, "lethal_events": made.lethal}
    days = made.months[month].astype("datetime64[D]").astype(object)
    named = {"month": days, made.of: np.array(made.zones, dtype=object)[zone]}
    return named | {name: _counts(table[month, zone]) for name, table in values.items()}


def told(made: Observed, name: str) -> dict[str, Any]:
    """What the second file tells: source, window of recording, totals, and what became of the rows."""
    recording, totals = {}, {}
    for column, zone in enumerate(made.zones):
        first, last = made.recording(zone) or (None, None)
        recording[zone] = {"first_month": str(first), "last_month": str(last)}
        totals[zone] = {name: _total(table[:, column]) for name, table in _tables(made).items()}
    return {
        "name": name,
        **made.about,
        "units": {"events": "attacks per month", "deaths": "people per month", "lethal_events": "attacks per month"},
        "dated_by": "first day of an event",
        "recording": recording,
        "totals": totals,
        **made.account.plain(),
    }


def _tables(made: Observed) -> dict[str, Any]:
    return {"events": made.events, "deaths": made.deaths, "lethal_events": made.lethal}


def _total(values: Any) -> int | None:
    return None if np.isnan(values).all() else int(np.nansum(values))


def _counts(values: Any) -> Any:
    """Counts as whole numbers, None where there is nothing."""
    return np.array([None if np.isnan(value) else int(value) for value in values], dtype=object)
