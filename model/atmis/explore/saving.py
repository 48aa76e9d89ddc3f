"""Save a future as a scenario of the user's own: a YAML file that `atmis run` turns into the very same numbers."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atmis.explore.futures import Future, Futures, check_name
from atmis.scenario.compose import compose
from atmis.scenario.conf_files import conf_folder, key_of, options
from atmis.scenario.errors import InputError
from atmis.scenario.scenario import Scenario
from atmis.storage.files import in_a_sentence, put_bytes, remove


@dataclass(frozen=True)
class Place:
    """Where scenarios are saved, and what was said of the model when the explorer was started."""

    folder: Path
    words: Sequence[str] = ()  # overrides, but for the scenario


def save(futures: Futures, future: Future, name: str, place: Place, numbers: Mapping[str, int]) -> dict[str, str]:
    """Write FOLDER/scenario/NAME.yaml, and make sure that it composes to the future. Raises InputError.

    `numbers`: replicates and seed. Returns the path, the YAML, and the commands that run it and compare it.
    """
    check_name(name)
    if name in options("scenario", [conf_folder()]):
        raise InputError(f"atmis has a scenario '{name}' of its own, which would hide yours; give it another name")
    path = place.folder / "scenario" / f"{name}.yaml"
    with in_a_sentence(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not path.parent.resolve().is_relative_to(place.folder.resolve()):
        raise InputError(f"{path.parent} leads out of {place.folder}; nothing is saved there")
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} is there already; give the scenario another name")
    content = futures.overlay(future, name)
    put_bytes(path, content)
    words = [word for word in place.words if key_of(word) not in futures.choices_of(future)]
    try:
        _check(futures, future, name, place.folder, words)
    except BaseException:
        remove(path)
        raise
    told = shlex.join(
        ["--config-dir", str(place.folder), *words, *(f"{key}={value}" for key, value in numbers.items())]
    )
    return {
        "path": str(path),
        "yaml": content.decode(),
        "run": f"atmis run scenario={name} {told}",
        "compare": f"atmis compare {name} baseline={future.scenario} {told}",
    }


def _check(futures: Futures, future: Future, name: str, folder: Path, words: Sequence[str]) -> None:
    """Raise InputError when the file does not compose to the future, but for name and sentence."""
    composed, _ = compose([f"scenario={name}", *words], folder)
    wanted = futures.data(future)
    if any(composed[key] != wanted[key] for key in Scenario.model_fields if key != "scenario"):
        raise InputError(
            f"'{name}' could not be saved: the file would not give the same scenario; tell us how you got here"
        )
