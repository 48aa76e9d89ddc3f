"""Hydra's command line around a task: its grammar unchanged, its complaints in one sentence, its back doors shut."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from atmis.scenario.compose import conf_folder
from atmis.scenario.errors import InputError
from atmis.scenario.origin import explain, shown
from atmis.scenario.reading import check_folder

# Options of Hydra that are let through. The others move the configuration elsewhere, run other code, or read pickles.
OPTIONS = {
    "-h", "--help", "--hydra-help", "--cfg", "-c", "--resolve", "--package", "-p", "--info", "-i",
    "--multirun", "-m", "--config-dir", "-cd", "--shell-completion", "-sc",
}  # fmt: skip
_WITH_VALUE = {"--cfg", "-c", "--package", "-p", "--config-dir", "-cd", "--info", "-i"}


def hydra_app(task: Callable[[Any], object], arguments: list[str], prog: str) -> None:
    """Compose the configuration of `run` by the arguments and call the task with it (several times with -m)."""
    import hydra
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    overrides, config_dir = _screen(arguments)
    if config_dir is not None:
        _check_own(config_dir)
    os.environ["HYDRA_FULL_ERROR"] = "1"
    sys.argv = [prog, *arguments]

    failures: list[Exception] = []

    @hydra.main(version_base="1.3", config_path="../conf", config_name="run")
    def app(config: Any) -> None:
        try:
            task(config)
        except Exception as error:  # Hydra would print a line of its own before ours
            failures.append(error)

    try:
        app()
    except (HydraException, OmegaConfBaseException) as error:
        raise explain(error, overrides, conf_folder(), config_dir) from error
    if failures:
        raise failures[0]


def _screen(arguments: list[str]) -> tuple[list[str], Path | None]:
    """The overrides among the arguments and the folder of own YAML; InputError for what is not let through."""
    overrides: list[str] = []
    config_dir: Path | None = None
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            if name not in OPTIONS:
                raise InputError(f"option '{name}' is not one of atmis; see atmis --help")
            if name in _WITH_VALUE and not equals:
                value = next(words, "")
            if name in ("--config-dir", "-cd"):
                config_dir = Path(value)
        elif name.lstrip("+~").split("@")[0].split("/")[0].split(".")[0] == "hydra":
            raise InputError(f"override '{word}': settings of Hydra itself cannot be changed here")
        elif not equals and not word.startswith("~"):
            raise InputError(f"'{word}' is not of the form key=value")
        else:
            overrides.append(word)
    return overrides, config_dir


def _check_own(folder: Path) -> None:
    """Own YAML must be readable, and a file named as one of atmis is never read: say so."""
    if not folder.is_dir():
        raise InputError(f"--config-dir {folder}: there is no such folder")
    check_folder(folder)
    for file in sorted(folder.rglob("*.yaml")):
        twin = conf_folder() / file.relative_to(folder)
        if twin.is_file():
            own = f"atmis has a file {shown(twin)} of its own"
            print(
                f"atmis: warning: {file} is ignored, because {own}; give it another name",
                file=sys.stderr,
            )
