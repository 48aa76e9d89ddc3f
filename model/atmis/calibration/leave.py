"""What a calibration leaves on disk: the draws, what was learnt, and whether it may be trusted."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from atmis.calibration.checks import Check, Learnt, Rank
from atmis.calibration.course import Calibrated
from atmis.calibration.group import draws_file
from atmis.files import put, put_bytes
from atmis.manifest import Provenance, manifest
from atmis.scenario.calibration import Calibration
from atmis.sensitivity.leave import Rows, write
from atmis.store import write_csv

Floats = NDArray[np.float64]


def leave(made: Calibrated, asked: Calibration, folder: Path, provenance: Provenance) -> list[Path]:
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
        put(folder / name, lambda file, columns=columns: write_csv(file, columns))  # type: ignore[misc]
    rows: dict[str, Rows] = {
        "parameters": (made.learnt, Learnt),
        "patterns": (made.predicted, Check),
        "ranks": (made.ranks, Rank),
    }
    choice = folder / "conf" / "draws" / f"{asked.name}.yaml"
    choice.parent.mkdir(parents=True, exist_ok=True)
    draws = len(next(iter(made.draws.values())))
    put_bytes(choice, draws_file(asked, provenance.config, folder / "draws.csv", draws, made.draws))
    written = [*(folder / name for name in plain), *write(rows, folder)]
    about = {"draws": draws, "runs": sum(len(wave.patterns) for wave in made.waves)}
    put_bytes(folder / "manifest.json", manifest(about, written, provenance))
    return [*written, folder / "manifest.json"]
