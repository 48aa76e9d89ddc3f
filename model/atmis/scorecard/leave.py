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

from atmis.files import put_bytes
from atmis.manifest import Provenance, manifest
from atmis.scorecard import texts
from atmis.scorecard.rows import Scored
from atmis.sensitivity.leave import write

TABLE = "scorecard"


def leave(rows: Sequence[Scored], folder: Path, about: Mapping[str, Any], provenance: Provenance) -> list[Path]:
    """Write the table and its texts, the manifest last; returns the files."""
    written = write({TABLE: (rows, Scored)}, folder)
    for name, text in ((TABLE, texts.whole(rows)), ("brief", texts.brief(rows))):
        put_bytes(folder / f"{name}.md", text.encode())
        written.append(folder / f"{name}.md")
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]
