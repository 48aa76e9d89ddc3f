"""Observed counts from a file of any known format, or from those that come with atmis."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.observed.csv_file import Progress
from atmis.analysis.observed.dates import STATED
from atmis.analysis.observed.formats import Format, ReadRequest, format_of
from atmis.analysis.observed.import_log import ImportLog
from atmis.analysis.observed.names import DATA
from atmis.analysis.observed.record import Month, ObservedCounts
from atmis.analysis.observed.source_files import open_tables
from atmis.analysis.observed.table import Table
from atmis.scenario.arguments import AnyPath, as_path, check_kind
from atmis.scenario.conf_files import conf_folder
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.ground import Theatre
from atmis.storage.files import read_sealed_json

ACTOR = "Al-Shabaab"
# GEDEvent_v24_1.csv, ucdp_ged241_..., GEDEvent_v24_0_10.csv and GEDEvent_v24_01_24_12.csv (candidate releases)
_GED = re.compile(r"ged(?:event)?[_-]?v?(?:(\d{2}(?:[_.]\d{1,2})+)|(\d{2})(\d)(?!\d))", re.IGNORECASE)


def read(
    path: AnyPath,
    theatre: Theatre,
    actor: str = ACTOR,
    recorded: tuple[Month | None, Month | None] = (None, None),
    dates: str | None = None,
    progress: Progress = lambda done: None,
) -> ObservedCounts:
    """Read counts by month and zone of a theatre.

    Parameters
    ----------
    path : CSV or xlsx: UCDP GED, ACLED (of which only violent events count), or a table of counts; see `dialects`
    theatre : whose zones are counted
    actor : the name of a party to the events that count, or whole words of it; or `any`
    recorded : first and last month in which the source recorded, where the file does not show it
    dates : how dates are written where they do not tell themselves: day_first, month_first, excel, stata or r
    progress : called with the number of bytes read

    Returns
    -------
    ObservedCounts
        With what is known about the file in `about`, and what happened to its rows in `import_log`.

    Raises
    ------
    InputError
        In one sentence, which begins with the path.
    """
    check_kind(theatre, Theatre, "theatre", "atmis.load('history').theatre")
    file = as_path(path, "path")
    _check_dates(dates)
    table, file_format = _recognise(open_tables(file, progress), theatre)
    counts = _read_table(table, file_format, ReadRequest(theatre, actor, *recorded, dates))
    counts.about.update(_provenance(table, file_format))
    if file_format.has_actors:
        counts.about["actor"] = actor
    return counts


def _check_dates(stated: str | None) -> None:
    if stated is not None and stated not in STATED:
        raise InputError(f"dates: '{shorten(stated)}' is unknown{suggest(stated, STATED)}")


def _recognise(tables: Sequence[Table], theatre: Theatre) -> tuple[Table, Format]:
    """The first table of a known format. Raises InputError when there is none."""
    errors = []
    for table in tables:
        try:
            return table, format_of(table, theatre)
        except InputError as error:
            errors.append(error)
    raise errors[-1]


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


def _read_table(table: Table, file_format: Format, request: ReadRequest) -> ObservedCounts:
    """The counts of a table. Raises InputError, which begins with the path."""
    try:
        return file_format.read(table, request, ImportLog())
    except InputError as error:
        prefix = "" if str(error).startswith(str(table.path)) else f"{table.path}: "
        raise InputError(f"{prefix}{error}") from None


def _provenance(table: Table, file_format: Format) -> dict[str, Any]:
    return {
        "format": file_format.name,
        "version": _version(table.path.name) if file_format.name.startswith("UCDP") else None,
        "licence": file_format.licence,
        "citation": file_format.citation,
        "file": table.path.name,
        "file_sha256": _sha256(table.path),
    }


def _version(name: str) -> str | None:
    """The release of GED that the name of a file tells, such as 24.1; None where it tells none."""
    match = _GED.search(name)
    if match is None:
        return None
    return match[1].replace("_", ".") if match[1] else f"{match[2]}.{match[3]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
