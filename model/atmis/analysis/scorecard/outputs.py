"""What a scorecard leaves on disk.

| File | What |
|---|---|
| `scorecard.csv`, `.parquet` | a row for each figure of each regularity, failures first, see `rows.Scored` |
| `scorecard.md`, `brief.md` | the same for people; a row for each regularity |
| `figures/` | each figure against the band of the runs |
| `manifest.json` | written last: command, configuration, versions, hashes of the files |
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from atmis.analysis.scorecard import texts
from atmis.analysis.scorecard.rows import Scored
from atmis.storage.files import put_bytes
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import save_rows

TABLE = "scorecard"


def write_outputs(rows: Sequence[Scored], folder: Path, about: Mapping[str, Any], provenance: Provenance) -> list[Path]:
    """Write the table and its texts, the manifest last; returns the files."""
    written = save_rows(folder, {TABLE: (rows, Scored)})
    for name, text in ((TABLE, texts.whole(rows)), ("brief", texts.brief(rows))):
        put_bytes(folder / f"{name}.md", text.encode())
        written.append(folder / f"{name}.md")
    return write_manifest(folder, "scorecard", about, written, provenance)
