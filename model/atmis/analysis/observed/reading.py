"""Observed counts from a file of any known format, or from those that come with atmis."""

import re
from pathlib import Path
from typing import Any

from atmis.analysis.observed.formats import Format, ReadRequest, format_of
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import DATA
from atmis.analysis.observed.record import Month, ObservedCounts
from atmis.analysis.observed.table import Table, open_table
from atmis.scenario.conf_files import conf_folder
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.ground import Theatre
from atmis.storage.files import read_sealed_json

ACTOR = "Al-Shabaab"
_GED = re.compile(r"ged(?:event)?[_-]?v?(\d{2})[_.-]?(\d)", re.IGNORECASE)  # GEDEvent_v24_1.csv, ucdp_ged241_...


def read(
    path: Path,
    theatre: Theatre,
    actor: str = ACTOR,
    recorded: tuple[Month | None, Month | None] = (None, None),
) -> ObservedCounts:
    """Read counts by month and zone of a theatre.

    Parameters
    ----------
    path : UCDP GED, an ACLED export (of which only violent events count), or a table of counts; see `formats`
    theatre : whose zones are counted
    actor : part of the name of a party to the events that count, or `any`
    recorded : first and last month in which the source recorded, where the file does not show it

    Returns
    -------
    ObservedCounts
        With what is known about the file in `about`, and what happened to its rows in `import_log`.

    Raises
    ------
    InputError
        In one sentence, which begins with the path.
    """
    table = open_table(path)
    file_format, import_log = format_of(table, theatre), ImportLog()
    try:
        counts = file_format.read(table, ReadRequest(theatre, actor, *recorded), import_log)
    except InputError as error:
        prefix = "" if str(error).startswith(str(path)) else f"{path}: "
        raise InputError(f"{prefix}{error}") from None
    counts.about.update(_provenance(table, file_format))
    if file_format.name in ("UCDP GED", "ACLED"):
        counts.about["actor"] = actor
    return counts


def shipped_names() -> list[str]:
    """Names of the observed counts that come with atmis."""
    return sorted(file.stem for file in (conf_folder() / DATA).glob("*.csv"))


def shipped(name: str, theatre: Theatre) -> ObservedCounts:
    """Counts that come with atmis.

    Parameters
    ----------
    name : one of `shipped_names`
    theatre : whose zones are counted

    Returns
    -------
    ObservedCounts
        Up to March 2022, with what is known about them in `about`.

    Raises
    ------
    InputError
        When there are none of that name.
    """
    if name not in shipped_names():
        raise InputError(f"'{shorten(name)}' is no observed counts of atmis{suggest(name, shipped_names())}")
    file = conf_folder() / DATA / f"{name}.csv"
    counts = read(file, theatre)
    counts.about.clear()
    counts.about.update(read_sealed_json(file.with_suffix(".json")))
    return counts


def _provenance(table: Table, file_format: Format) -> dict[str, Any]:
    version = _GED.search(table.path.name) if file_format.name.startswith("UCDP") else None
    return {
        "format": file_format.name,
        "version": f"{version[1]}.{version[2]}" if version else None,
        "licence": file_format.licence,
        "citation": file_format.citation,
        "file": table.path.name,
        "file_sha256": table.sha256,
    }
