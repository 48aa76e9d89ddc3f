"""Draws as a choice of the configuration: a YAML file that `draws=NAME` takes, with the table of draws beside it."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from atmis.analysis import observed
from atmis.scenario.calibration import Calibration
from atmis.scenario.quantities import at, quantity


def draws_file(asked: Calibration, data: Mapping[str, Any], table: Path, draws: int, paths: Iterable[str]) -> bytes:
    """The file of a calibration whose table of draws is written; `data`: the configuration that was calibrated."""
    head = {
        "name": asked.name,
        "assumes": f"{draws} draws of parameters whose runs look like the record of {asked.window.first} to "
        f"{asked.window.last}; each replicate takes one.",
        "file": str(table.resolve()),
        "sha256": hashlib.sha256(table.read_bytes()).hexdigest(),
        "fitted_to": max(asked.window.last, asked.levels.last if asked.levels else ""),
    }
    tail = {"class": "estimated", "source": _sources(asked)}
    lines = ["instead_of:  # a scenario with another number keeps it", *(_line(path, data) for path in paths)]
    return "\n".join([_yaml(head), *lines, _yaml(tail), ""]).encode()


def _line(path: str, data: Mapping[str, Any]) -> str:
    what, key = quantity(path.split(".")), f"  {path}: "
    return f"{key}{at(data, path.split('.'))!r}  # {what.unit if what else '-'}"


def _sources(asked: Calibration) -> list[str]:
    record = "ucdp241" if asked.observed in observed.shipped_names() else "judgement"
    return [record, *([asked.levels.fact] if asked.levels else [])]


def _yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=10_000).rstrip()
