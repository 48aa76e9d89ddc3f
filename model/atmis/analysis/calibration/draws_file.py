"""The YAML file that makes the draws of a calibration a choice of the configuration: `draws=NAME`."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from atmis.analysis import observed
from atmis.scenario.calibration import Calibration
from atmis.scenario.quantities import find_quantity, value_at


def draws_yaml(
    calibration: Calibration, data: Mapping[str, Any], table: Path, draws: int, paths: Iterable[str]
) -> bytes:
    """The content of the file.

    Parameters
    ----------
    calibration : the settings
    data : the configuration that was calibrated
    table : file of the draws, already written
    draws : their number
    paths : of the parameters, dotted

    Returns
    -------
    bytes
        UTF-8 text.
    """
    head = {
        "name": calibration.name,
        "assumes": f"{draws} draws of parameters whose runs look like the record of {calibration.window.first} to "
        f"{calibration.window.last}; each replicate takes one.",
        "file": str(table.resolve()),
        "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "fitted_to": max(calibration.window.last, calibration.levels.last if calibration.levels else ""),
    }
    tail = {"class": "estimated", "source": _sources(calibration)}
    lines = [
        "instead_of:  # a number that you set yourself is kept, whatever it is",
        *(_line(path, data) for path in paths),
    ]
    return "\n".join([_yaml(head), *lines, _yaml(tail), ""]).encode()


def _line(path: str, data: Mapping[str, Any]) -> str:
    quantity = find_quantity(path.split("."))
    return f"  {path}: {value_at(data, path.split('.'))!r}  # {quantity.unit if quantity else '-'}"


def _sources(calibration: Calibration) -> list[str]:
    record = "ucdp241" if calibration.observed in observed.shipped_names() else "judgement"
    return [record, *([calibration.levels.fact] if calibration.levels else [])]


def _yaml(content: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=10_000)
    return text.rstrip()
