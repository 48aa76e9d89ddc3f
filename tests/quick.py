"""Composing made quick for tests: half of their time went into reading and merging the same files again.

Within a process a text is parsed once, and the same files in the same order are merged once; what an override changes
is applied by Hydra each time. Commands that tests start as processes compose as they do for users.
"""

import hashlib
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from omegaconf import OmegaConf

from atmis.scenario.compose import conf_folder


def quick() -> None:
    """Make composing quick until the process ends."""
    OmegaConf.load = staticmethod(_parse(OmegaConf.load))  # type: ignore[method-assign]
    loader: Any = ConfigLoaderImpl
    loader._load_single_config = _load(loader._load_single_config)
    loader._compose_config_from_defaults_list = _merge(loader._compose_config_from_defaults_list)


class Begun(NamedTuple):
    """What was merged before, in place of the files that it was made of."""

    config: Any
    config_path: str = "what was merged before"


def _parse(parse: Callable[[TextIO], Any]) -> Callable[[TextIO], Any]:
    parsed: dict[str, bytes] = {}

    def remember(file: TextIO) -> Any:
        text = file.read()
        if text not in parsed:
            stream = io.StringIO(text)
            stream.name = file.name
            parsed[text] = pickle.dumps(parse(stream))
        return pickle.loads(parsed[text])

    return remember


def _load(load: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, default, repo: default if isinstance(default, Begun) else load(self, default, repo)


def _merge(merge: Callable[..., Any]) -> Callable[..., Any]:
    """Hydra's loop over a list of files, in two parts where the list begins as one before it did."""
    merged: dict[tuple[str, ...], bytes] = {}
    seen: set[tuple[str, ...]] = set()

    def remember(self: ConfigLoaderImpl, defaults: list[Any], repo: Any) -> Any:
        folders = tuple(_state(source.path) for source in repo.get_sources() if source.scheme() == "file")
        beginnings = [folders + tuple(map(repr, defaults[:k])) for k in range(len(defaults) + 1)]

        def made(end: int) -> Any:
            """The first files merged."""
            known = max((k for k in range(end + 1) if beginnings[k] in merged), default=0)
            if not known:
                return merge(self, defaults[:end], repo)
            begun = pickle.loads(merged[beginnings[known]])
            return merge(self, [Begun(begun), *defaults[known:end]], repo) if known < end else begun

        shared = max((k for k, beginning in enumerate(beginnings) if beginning in seen), default=0)
        seen.update(beginnings)
        if shared and beginnings[shared] not in merged:
            merged[beginnings[shared]] = pickle.dumps(made(shared))
        return made(len(defaults))

    return remember


def _state(folder: str) -> str:
    """Where a folder of YAML is, and what is in it if it may change."""
    if Path(folder) == conf_folder():
        return folder
    files = (path for path in sorted(Path(folder).rglob("*.yaml")) if path.is_file())
    return folder + hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()
