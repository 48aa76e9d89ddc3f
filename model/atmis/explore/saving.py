"""Save a future as a scenario of the user's own: a YAML file from which `atmis run` gives the very same numbers."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atmis.explore.futures import Future, Futures, check_name
from atmis.scenario.compose import compose
from atmis.scenario.conf_files import conf_folder, key_of, options
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage.files import as_input_error, remove, write_bytes


@dataclass(frozen=True)
class SaveTarget:
    """Where scenarios are saved, and the overrides with which the explorer was started."""

    folder: Path
    overrides: Sequence[str] = ()  # without that of the scenario


def save(futures: Futures, future: Future, name: str, target: SaveTarget, numbers: Mapping[str, int]) -> dict[str, str]:
    """Write FOLDER/scenario/NAME.yaml, and check that it composes to the future.

    Parameters
    ----------
    futures, future, name : the future, and the name of the new scenario
    target : the folder
    numbers : replicates and seed, for the commands

    Returns
    -------
    dict
        The path, the YAML, and the commands that run the scenario and compare it.

    Raises
    ------
    InputError
        When the name is not allowed or taken, or the file cannot be written.
    """
    path = _new_path(name, target.folder)
    content = futures.overlay(future, name)
    write_bytes(path, content)
    overrides = [word for word in target.overrides if key_of(word) not in futures.moved_choices(future)]
    try:
        _check_composes(futures, future, name, target.folder, overrides)
    except BaseException:
        remove(path)
        raise
    arguments = shlex.join(
        ["--config-dir", str(target.folder), *overrides, *(f"{key}={value}" for key, value in numbers.items())]
    )
    return {
        "path": str(path),
        "yaml": content.decode(),
        "run": f"atmis run scenario={name} {arguments}",
        "compare": f"atmis compare {name} baseline={future.scenario} {arguments}",
    }


def _new_path(name: str, folder: Path) -> Path:
    """The path of a new scenario, whose folder is made. Raises InputError when the name is not allowed or taken."""
    check_name(name)
    if name in options("scenario", [conf_folder()]):
        raise InputError(f"atmis has a scenario '{name}' of its own, which would hide yours; give it another name")
    path = folder / "scenario" / f"{name}.yaml"
    with as_input_error(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{path.parent} leads out of {folder}; nothing is saved there")
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} already exists; give the scenario another name")
    return path


def _check_composes(futures: Futures, future: Future, name: str, folder: Path, overrides: Sequence[str]) -> None:
    """Raise InputError when the file does not compose to the future, apart from name and description."""
    composed, _ = compose([f"scenario={name}", *overrides], folder)
    expected = futures.data(future)
    if any(composed[key] != expected[key] for key in Scenario.model_fields if key != "scenario"):
        raise InputError(
            f"'{name}' could not be saved: the file would not give the same scenario; tell us how you got here"
        )
