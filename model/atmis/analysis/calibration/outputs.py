"""What a calibration leaves on disk: the draws, what was learnt, and whether it may be trusted."""

from pathlib import Path

import numpy as np

from atmis.analysis.calibration.checks import Check, Learnt, Rank
from atmis.analysis.calibration.course import Calibrated
from atmis.analysis.calibration.group import draws_file
from atmis.kernel.arrays import Floats
from atmis.scenario.calibration import Calibration
from atmis.storage.files import put_bytes
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import Rows, save_csv, save_rows


def write_outputs(made: Calibrated, asked: Calibration, folder: Path, provenance: Provenance) -> list[Path]:
    """Write draws.csv, correlations.csv, and the tables of rows as CSV and Parquet; the manifest last.

    `conf/` in the folder is one to give to `--config-dir`: with it `draws=NAME` takes these draws.
    """
    paths = list(made.draws)
    related: Floats = np.corrcoef(np.stack(list(made.draws.values())))  # type: ignore[assignment]
    plain = {
        "draws.csv": dict(made.draws),
        "correlations.csv": {"parameter": np.array(paths, dtype=object), **dict(zip(paths, related))},
    }
    for name, columns in plain.items():
        save_csv(folder / name, columns)
    rows: dict[str, Rows] = {
        "parameters": (made.learnt, Learnt),
        "patterns": (made.predicted, Check),
        "ranks": (made.ranks, Rank),
    }
    choice = folder / "conf" / "draws" / f"{asked.name}.yaml"
    choice.parent.mkdir(parents=True, exist_ok=True)
    draws = len(next(iter(made.draws.values())))
    put_bytes(choice, draws_file(asked, provenance.config, folder / "draws.csv", draws, made.draws))
    written = [*(folder / name for name in plain), *save_rows(folder, rows)]
    about = {"draws": draws, "runs": sum(len(wave.patterns) for wave in made.waves)}
    return write_manifest(folder, "calibrate", about, written, provenance)
