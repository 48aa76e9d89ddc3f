"""The files of a calibration: the draws, what was learnt, and whether it can be trusted."""

from pathlib import Path

import numpy as np

from atmis.analysis.calibration.calibrate import CalibrationResult
from atmis.analysis.calibration.checks import PosteriorSummary, PredictiveCheck, RankCheck
from atmis.analysis.calibration.draws_file import draws_yaml
from atmis.kernel.arrays import AnyArray
from atmis.scenario.calibration import Calibration
from atmis.storage.files import write_bytes
from atmis.storage.manifest import Provenance, write_manifest
from atmis.storage.tables import Rows, save_csv, save_rows


def write_outputs(
    result: CalibrationResult, calibration: Calibration, folder: Path, provenance: Provenance
) -> list[Path]:
    """Write draws.csv, correlations.csv and the tables of rows (CSV and Parquet); the manifest last.

    `conf/` in the folder can be given to `--config-dir`: with it `draws=NAME` takes these draws. Returns the files.
    Raises InputError when a file cannot be written.
    """
    plain: dict[str, dict[str, AnyArray]] = {"draws.csv": dict(result.draws), "correlations.csv": _correlations(result)}
    for name, columns in plain.items():
        save_csv(folder / name, columns)
    rows: dict[str, Rows] = {
        "parameters": (result.parameters, PosteriorSummary),
        "patterns": (result.patterns, PredictiveCheck),
        "ranks": (result.ranks, RankCheck),
    }
    choice = folder / "conf" / "draws" / f"{calibration.name}.yaml"
    choice.parent.mkdir(parents=True, exist_ok=True)
    draws = len(next(iter(result.draws.values())))
    write_bytes(choice, draws_yaml(calibration, provenance.config, folder / "draws.csv", draws, result.draws))
    written = [*(folder / name for name in plain), *save_rows(folder, rows), choice]
    about = {"draws": draws, "runs": sum(len(wave.patterns) for wave in result.waves)}
    return write_manifest(folder, "calibrate", about, written, provenance)


def _correlations(result: CalibrationResult) -> dict[str, AnyArray]:
    """The correlation matrix of the draws, as columns."""
    paths = list(result.draws)
    correlations = np.asarray(np.corrcoef(np.stack(list(result.draws.values()))), dtype=float)
    return {"parameter": np.array(paths, dtype=object), **dict(zip(paths, correlations))}
