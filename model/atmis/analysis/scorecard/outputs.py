"""The files of a scorecard.

| File | What |
|---|---|
| `scorecard.csv`, `.parquet` | a row for each figure of each regularity, failures first, see `rows.ScorecardRow` |
| `scorecard.md`, `brief.md` | the same to read; a row for each regularity |
| `figures/` | each figure against the band of the runs |
| `manifest.json` | written last: command, configuration, versions, hashes of the files |
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.scorecard import markdown
from atmis.analysis.scorecard.rows import ScorecardRow
from atmis.scenario.arguments import AnyPath, as_path
from atmis.storage.files import write_bytes
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import save_rows

TABLE = "scorecard"


def write_outputs(
    rows: Sequence[ScorecardRow], folder: AnyPath, about: Mapping[str, Any], provenance: Provenance
) -> list[Path]:
    """Write the table and its texts, the manifest last; returns the files. Raises InputError."""
    folder = as_path(folder)
    written = save_rows(folder, {TABLE: (rows, ScorecardRow)})
    for name, text in ((TABLE, markdown.full_table(rows)), ("brief", markdown.brief_table(rows))):
        write_bytes(folder / f"{name}.md", text.encode())
        written.append(folder / f"{name}.md")
    return write_manifest(folder, "scorecard", about, written, provenance)
