"""Composing made quick for tests: half of their time went into reading and merging the same files again.

Within a process a file is read once, the same files in the same order are merged once, and the same words over the
same files are composed once. Commands that tests start as processes compose as they do for users.
"""

import copy
import hashlib
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_repository import ConfigRepository
from hydra.plugins.config_source import ConfigResult
from omegaconf import flag_override
from omegaconf.errors import OmegaConfBaseException

from atmis.scenario import compose
from atmis.scenario.compose import conf_folder


def quick() -> None:
    """Make composing quick until the process ends."""
    compose.compose = _compose(compose.compose)
    repository: Any = ConfigRepository
    repository.load_config = _load(repository.load_config)
    loader: Any = ConfigLoaderImpl
    loader._compose_config_from_defaults_list = _merge(loader._compose_config_from_defaults_list)


def _compose(compose: Callable[..., Any]) -> Callable[..., Any]:
    """Words over files to what they made before. What is refused is refused anew each time."""
    composed: dict[Any, bytes] = {}

    def remember(overrides: Sequence[str], config_dir: str | Path | None = None, verb: str = "run") -> Any:
        place = (str(config_dir), str(Path.cwd()), _state(config_dir)) if config_dir is not None else ()
        key = (tuple(overrides), place, verb)
        if key not in composed:
            composed[key] = pickle.dumps(compose(overrides, config_dir, verb))
        return pickle.loads(composed[key])

    return remember


class Read:
    """A file that was read before, with the parts of Hydra's ConfigResult; its content is made when it is asked for."""

    def __init__(self, result: ConfigResult) -> None:
        self.__dict__ |= vars(result)
        self._large = {name: pickle.dumps(self.__dict__.pop(name)) for name in ("config", "defaults_list")}

    def __getattr__(self, name: str) -> Any:
        if name not in ("config", "defaults_list"):
            raise AttributeError(name)
        self.__dict__[name] = pickle.loads(self._large[name])
        return self.__dict__[name]


def _load(load: Callable[..., Any]) -> Callable[..., Any]:
    """Hydra's reading of a file and of its list of defaults."""
    read: dict[tuple[str, str], Read] = {}

    def remember(self: ConfigRepository, config_path: str) -> Any:
        file = _file(self, config_path)
        key = (config_path, file.read_text(encoding="utf-8") if file else "of Hydra itself")
        if key not in read:
            found = load(self, config_path)
            if found is None:
                return None
            read[key] = Read(found)
        found = copy.copy(read[key])
        if file is not None:  # the same text may stand in another folder by now
            found.path = f"file://{str(file).removesuffix(f'/{config_path}.yaml')}"
        return found

    return remember


def _merge(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Hydra's loop over a list of files, gone on with where the list begins as one before it did."""
    merged: dict[tuple[Any, ...], bytes] = {}
    seen: set[tuple[Any, ...]] = set()

    def remember(self: ConfigLoaderImpl, defaults: list[Any], repo: Any) -> Any:
        files = [(repr(default), _text(repo, default.config_path)) for default in defaults]
        beginnings = [tuple(files[:k]) for k in range(len(defaults) + 1)]

        def made(end: int) -> Any:
            """The first files merged. What cannot be merged is told by Hydra."""
            known = max((k for k in range(end + 1) if beginnings[k] in merged), default=0)
            if not known:
                return merge(self, defaults[:end], repo)
            begun = pickle.loads(merged[beginnings[known]])
            try:
                with flag_override(begun, "no_deepcopy_set_nodes", True):
                    rest = [self._load_single_config(default, repo).config for default in defaults[known:end]]
                    begun.merge_with(*rest)  # at once: each call of it walks over all that is there
            except OmegaConfBaseException:
                return merge(self, defaults[:end], repo)
            return begun

        shared = max((k for k, beginning in enumerate(beginnings) if beginning in seen), default=0)
        seen.update(beginnings)
        if shared and beginnings[shared] not in merged:
            merged[beginnings[shared]] = pickle.dumps(made(shared))
        return made(len(defaults))

    return remember


def _file(repo: Any, name: str | None) -> Path | None:
    """The file that Hydra takes for a name; None where it takes no file."""
    folders = (Path(source.path) for source in repo.get_sources() if source.scheme() == "file")
    return next((file for file in (folder / f"{name}.yaml" for folder in folders) if file.is_file()), None)


def _text(repo: Any, name: str | None) -> str:
    """What a file says that is not one of atmis: those come first, and stay as they are."""
    file = _file(repo, name)
    return "" if file is None or file.is_relative_to(conf_folder()) else file.read_text(encoding="utf-8")


def _state(folder: str | Path) -> str:
    """What is in a folder of YAML."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()
