"""Observed counts from a file of any known kind, or from those that come with atmis."""

import re
from pathlib import Path
from typing import Any

from atmis.analysis.observed.formats import Asked, format_of
from atmis.analysis.observed.import_log import Account
from atmis.analysis.observed.names import DATA
from atmis.analysis.observed.record import Month, Observed
from atmis.analysis.observed.table import Table, open_table
from atmis.scenario.conf_files import conf_folder
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.ground import Theatre
from atmis.storage.files import unsealed

ACTOR = "Al-Shabaab"
_GED = re.compile(r"ged(?:event)?[_-]?v?(\d{2})[_.-]?(\d)", re.IGNORECASE)  # GEDEvent_v24_1.csv, ucdp_ged241_...


def read(
    path: Path,
    theatre: Theatre,
    actor: str = ACTOR,
    recorded: tuple[Month | None, Month | None] = (None, None),
) -> Observed:
    """Counts by month and zone of a theatre.

    UCDP GED (events of which a side has the name `actor`), an ACLED export (violent events of which actor1 or actor2
    has), or a table of counts; see `formats`. `any` takes all actors. `recorded`: first and last month in which the
    source recorded, where the file does not show it. Raises InputError with one sentence.
    """
    table = open_table(path)
    kind, account = format_of(table, theatre), Account()
    try:
        made = kind.read(table, Asked(theatre, actor, *recorded), account)
    except InputError as error:
        lead = "" if str(error).startswith(str(path)) else f"{path}: "
        raise InputError(f"{lead}{error}") from None
    made.about.update(_about(table, kind.name, kind.licence, kind.citation))
    if kind.name in ("UCDP GED", "ACLED"):
        made.about["actor"] = actor
    return made


def shipped_names() -> list[str]:
    """Names of the observed counts that come with atmis."""
    return sorted(file.stem for file in (conf_folder() / DATA).glob("*.csv"))


def shipped(name: str, theatre: Theatre) -> Observed:
    """Counts that come with atmis and end in March 2022, with what is known of them. Raises InputError."""
    if name not in shipped_names():
        raise InputError(f"'{shortened(name)}' is no observed counts of atmis{nearest(name, shipped_names())}")
    file = conf_folder() / DATA / f"{name}.csv"
    made = read(file, theatre)
    made.about.clear()
    made.about.update(unsealed(file.with_suffix(".json")))
    return made


def _about(table: Table, kind: str, licence: str, citation: str) -> dict[str, Any]:
    version = _GED.search(table.path.name) if kind.startswith("UCDP") else None
    return {
        "format": kind,
        "version": f"{version[1]}.{version[2]}" if version else None,
        "licence": licence,
        "citation": citation,
        "file": table.path.name,
        "file_sha256": table.sha256,
    }
