"""Composing made quick for tests: half of their time went into reading and merging the same files again.

Within a process a text is parsed once, the same files in the same order are merged once, and the same words over the
same files are composed once. Commands that tests start as processes compose as they do for users.
"""

import hashlib
import io
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from omegaconf import OmegaConf

from atmis.scenario import compose
from atmis.scenario.compose import conf_folder


def quick() -> None:
    """Make composing quick until the process ends."""
    OmegaConf.load = staticmethod(_parse(OmegaConf.load))  # type: ignore[method-assign]
    compose.compose = _compose(compose.compose)
    loader: Any = ConfigLoaderImpl
    loader._load_single_config = _load(loader._load_single_config)
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
    merged: dict[tuple[Any, ...], bytes] = {}
    seen: set[tuple[Any, ...]] = set()

    def remember(self: ConfigLoaderImpl, defaults: list[Any], repo: Any) -> Any:
        folders = [source.path for source in repo.get_sources() if source.scheme() == "file"]
        files = [(repr(default), _text(folders, default.config_path)) for default in defaults]
        beginnings = [tuple(files[:k]) for k in range(len(defaults) + 1)]

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


def _text(folders: Sequence[str], name: str | None) -> str:
    """What a file says that is not one of atmis: those come first, and stay as they are."""
    files = (Path(folder, f"{name}.yaml") for folder in folders)
    file = next((file for file in files if file.is_file()), None)
    return "" if file is None or file.is_relative_to(conf_folder()) else file.read_text(encoding="utf-8")


def _state(folder: str | Path) -> str:
    """What is in a folder of YAML."""
    files = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()
