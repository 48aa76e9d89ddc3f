"""A cache of composed configurations: without it, tests spend half of their time on merging the same files again.

Within a process each file is read once, the same files in the same order are merged once, and the same overrides on
the same files are composed once. Commands that tests start as processes compose as they do for users.
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


def cache_composition() -> None:
    """Cache whatever is composed, until the process ends; once, for pytest may be started again in a process."""
    repository: Any = ConfigRepository
    if hasattr(repository, "is_cached"):
        return
    repository.is_cached = True
    compose.compose = _cache_compose(compose.compose)
    repository.load_config = _cache_load(repository.load_config)
    loader: Any = ConfigLoaderImpl
    loader._compose_config_from_defaults_list = _cache_merge(loader._compose_config_from_defaults_list)


def _cache_compose(compose: Callable[..., Any]) -> Callable[..., Any]:
    """Cache the configurations by overrides and files; what is refused is not cached."""
    composed: dict[Any, bytes] = {}

    def cached(overrides: Sequence[str], config_dir: str | Path | None = None, verb: str = "run") -> Any:
        place = (str(config_dir), str(Path.cwd()), _folder_hash(config_dir)) if config_dir is not None else ()
        key = (tuple(overrides), place, verb)
        if key not in composed:
            composed[key] = pickle.dumps(compose(overrides, config_dir, verb))
        return pickle.loads(composed[key])

    return cached


class CachedConfig:
    """A file read before, with the fields of Hydra's ConfigResult; its content is unpickled on first use."""

    def __init__(self, result: ConfigResult) -> None:
        self.__dict__ |= vars(result)
        self._large = {name: pickle.dumps(self.__dict__.pop(name)) for name in ("config", "defaults_list")}

    def __getattr__(self, name: str) -> Any:
        if name not in ("config", "defaults_list"):
            raise AttributeError(name)
        self.__dict__[name] = pickle.loads(self._large[name])
        return self.__dict__[name]


def _cache_load(load: Callable[..., Any]) -> Callable[..., Any]:
    """Cache what Hydra reads: a file and its list of defaults."""
    results: dict[tuple[str, str], CachedConfig] = {}

    def cached(self: ConfigRepository, config_path: str) -> Any:
        file = _file(self, config_path)
        key = (config_path, file.read_text(encoding="utf-8") if file else "of Hydra itself")
        if key not in results:
            result = load(self, config_path)
            if result is None:
                return None
            results[key] = CachedConfig(result)
        config = copy.copy(results[key])
        if file is not None:  # the same text may be in another folder by now
            config.path = f"file://{str(file).removesuffix(f'/{config_path}.yaml')}"
        return config

    return cached


def _cache_merge(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Cache Hydra's merging of a list of files: a list that begins like an earlier one is continued from there."""
    merged: dict[tuple[Any, ...], bytes] = {}
    seen: set[tuple[Any, ...]] = set()

    def cached(self: ConfigLoaderImpl, defaults: list[Any], repo: Any) -> Any:
        files = [(repr(default), _text(repo, default.config_path)) for default in defaults]
        beginnings = [tuple(files[:k]) for k in range(len(defaults) + 1)]

        def merge_first(end: int) -> Any:
            """Merge the first files. If they cannot be merged, Hydra says why."""
            longest = max((k for k in range(end + 1) if beginnings[k] in merged), default=0)
            if not longest:
                return merge(self, defaults[:end], repo)
            config = pickle.loads(merged[beginnings[longest]])
            try:
                with flag_override(config, "no_deepcopy_set_nodes", True):
                    rest = [self._load_single_config(default, repo).config for default in defaults[longest:end]]
                    config.merge_with(*rest)  # in one call: each call walks over the whole configuration
            except OmegaConfBaseException:
                return merge(self, defaults[:end], repo)
            return config

        shared = max((k for k, beginning in enumerate(beginnings) if beginning in seen), default=0)
        seen.update(beginnings)
        if shared and beginnings[shared] not in merged:
            merged[beginnings[shared]] = pickle.dumps(merge_first(shared))
        return merge_first(len(defaults))

    return cached


def _file(repo: Any, name: str | None) -> Path | None:
    """The file that Hydra reads for a name, or None if it reads no file."""
    folders = (Path(source.path) for source in repo.get_sources() if source.scheme() == "file")
    return next((file for file in (folder / f"{name}.yaml" for folder in folders) if file.is_file()), None)


def _text(repo: Any, name: str | None) -> str:
    """Text of a user's file; empty for the files of atmis, which come first and do not change."""
    file = _file(repo, name)
    return "" if file is None or file.is_relative_to(conf_folder()) else file.read_text(encoding="utf-8")


def _folder_hash(folder: str | Path) -> str:
    """Hash of all files in a folder of YAML."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()
