"""From YAML and overrides to a scenario: Hydra composes, the records check.

The only place outside experiments/ that uses Hydra, so that `atmis.Mission("planned")` in a notebook and
`atmis run scenario=planned` on the command line are made by the same grammar from the same files.
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from atmis.scenario.build import build
from atmis.scenario.errors import InputError
from atmis.scenario.origin import Origin, explain
from atmis.scenario.scenario import Scenario


def conf_folder() -> Path:
    """The folder of the YAML that comes with atmis."""
    module = import_module("atmis.conf")
    assert module.__file__ is not None
    return Path(module.__file__).parent


def load(scenario: str = "planned", overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> Scenario:
    """Compose a scenario by name.

    `overrides` are in Hydra's grammar (`plan=actual`, `host.effect=0.3`); `config_dir` is a folder of your own YAML,
    laid out as conf/ is. Raises InputError with one sentence when something is wrong.
    """
    data, origin = compose([f"scenario={scenario}", *overrides], config_dir)
    return build(data, origin)


def compose(overrides: Sequence[str], config_dir: str | Path | None = None) -> tuple[dict[str, Any], Origin]:
    """The composed configuration of `atmis run` as plain data, and where its values come from."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    path = [f"hydra.searchpath=[file://{Path(config_dir).resolve()}]"] if config_dir else []
    # Hydra is a singleton: step aside for one that is at work, such as the command line or a program of the user's.
    singleton = GlobalHydra.instance()
    outer, singleton.hydra = singleton.hydra, None
    try:
        with initialize_config_dir(config_dir=str(conf_folder()), version_base="1.3"):
            config = hydra_compose("run", overrides=[*overrides, *path], return_hydra_config=True)
            return plain(config), Origin.of(config)
    except (HydraException, OmegaConfBaseException) as error:
        raise explain(error, list(overrides), conf_folder(), config_dir) from None
    finally:
        singleton.hydra = outer


def plain(config: Any) -> dict[str, Any]:
    """A composed configuration without Hydra's own part, as dicts, lists and values.

    References to other keys are followed; resolvers (`${oc.env:...}`), which carry the machine along, are refused.
    """
    from omegaconf import OmegaConf

    own = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
    for key, value in _texts(OmegaConf.to_container(own, resolve=False)):
        if re.search(r"\$\{[^}]*:", value):
            raise InputError(f"{key}: {value!r} calls a resolver; only references to other keys are allowed")
    data = OmegaConf.to_container(own, resolve=True, throw_on_missing=True)
    assert isinstance(data, dict)
    return {str(key): value for key, value in data.items()}


def _texts(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value, path)
    elif isinstance(data, str):
        yield path, data
