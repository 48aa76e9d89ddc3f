"""Where a value comes from - an override or a file - and what a complaint of Hydra means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, nearest


@dataclass(frozen=True)
class Origin:
    """The overrides and files of a composed configuration, the files in the order in which they were laid over."""

    overrides: list[str]
    files: list[tuple[Path, list[str]]]  # file, and the keys under which its content goes

    @staticmethod
    def of(config: Any) -> "Origin":
        """Read it off a configuration that was composed with Hydra's own part."""
        hydra = config.hydra
        folders = [Path(str(source.path)) for source in hydra.runtime.config_sources if source.schema == "file"]
        choices = {str(group): str(choice) for group, choice in hydra.runtime.choices.items() if choice is not None}
        files: list[tuple[Path, list[str]]] = []
        for group, choice in sorted(choices.items(), key=lambda item: item[0] == "scenario"):
            if not group.startswith("hydra/"):
                files += _with_defaults(folders, group, choice)
        primary = _find(folders, f"{hydra.job.config_name}.yaml")
        return Origin(list(hydra.overrides.task), ([(primary, [])] if primary else []) + files)

    def of_key(self, path: Sequence[str]) -> str | None:
        """The override or file that has the last word on a key, or on the nearest block above it."""
        dotted = ".".join(path)
        for override in reversed(self.overrides):
            key = override.lstrip("+~").split("=", 1)[0].split("@")[0]
            if key and (dotted == key or dotted.startswith(key + ".") or key.startswith(dotted + ".")):
                return f"override '{override}'"
        for length in range(len(path), 0, -1):
            for file, package in reversed(self.files):
                if _holds(file, package, path[:length]):
                    return shown(file)
        return None


def shown(file: Path) -> str:
    """A file as a reader would name it: conf/... for those of atmis, else as given."""
    parts = file.parts
    return "/".join(parts[parts.index("conf") :]) if "conf" in parts else str(file)


def _find(folders: list[Path], name: str) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _with_defaults(folders: list[Path], group: str, choice: str) -> Iterator[tuple[Path, list[str]]]:
    file = _find(folders, f"{group}/{choice}.yaml")
    if file is None:
        return
    data = _read(file)
    for entry in data.get("defaults", []) if isinstance(data, dict) else []:
        if isinstance(entry, str) and entry != "_self_":
            yield from _with_defaults(folders, group, entry)
    yield file, [] if "@package _global_" in file.read_text(encoding="utf-8").split("\n", 1)[0] else group.split("/")


def _read(file: Path) -> Any:
    import yaml

    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (OSError, yaml.YAMLError):
        return {}


def _holds(file: Path, package: list[str], path: Sequence[str]) -> bool:
    if list(path[: len(package)]) != package:
        return list(path) == package[: len(path)]
    data = _read(file)
    for part in path[len(package) :]:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def explain(error: Exception, overrides: list[str], conf: Path, config_dir: str | Path | None) -> InputError:
    """One sentence for a complaint of Hydra or OmegaConf."""
    folders = [conf, *([Path(config_dir)] if config_dir else [])]
    unreadable = getattr(error, "override", None)
    if unreadable:
        rule = "is not of the form key=value in Hydra's grammar; quote it if it holds spaces, commas or brackets"
        return InputError(f"override '{unreadable}': {rule}")
    text = str(error)
    causes = [text, *(str(cause) for cause in (error.__cause__, error.__context__) if cause is not None)]
    for override in overrides:
        key, _, value = override.lstrip("+~").partition("=")
        group = key.split("@")[0]
        if _is_group(folders, group) and value and f"'{group}/{value}'" in text:
            return InputError(
                f"override '{override}': there is no {group} '{value}'{nearest(value, options(group, folders))}"
            )
        if _is_group(folders, group) and group in text and not value:
            return InputError(f"override '{override}': {group} needs a name{nearest('', options(group, folders))}")
    missing = re.search(r"Could not find '([\w./-]+)/([^'/]+)'", text)
    if missing:
        group, choice = missing.groups()
        return InputError(f"there is no {group} '{choice}'{nearest(choice, options(group, folders))}")
    for override in overrides:
        key = override.lstrip("+~").split("=", 1)[0]
        if key and any(f"'{key}'" in cause or f"Key '{key.split('.')[-1]}'" in cause for cause in causes):
            return InputError(f"override '{override}': unknown key '{key}'{nearest(key, all_keys(folders))}")
    first = next(line.strip() for line in text.splitlines() if line.strip()) if text.strip() else type(error).__name__
    guilty = next((o for o in overrides if o in text), None)
    return InputError(f"override '{guilty}': cannot be read ({_gist(text)})" if guilty else first)


def _gist(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[0] if lines else "").rstrip(".")


def _is_group(folders: list[Path], name: str) -> bool:
    return bool(name) and any((folder / name).is_dir() for folder in folders)


def options(group: str, folders: Sequence[Path]) -> list[str]:
    """The choices of a config group."""
    return sorted({file.stem for folder in folders for file in (folder / group).glob("*.yaml")})


def all_keys(folders: Sequence[Path]) -> list[str]:
    """Dotted names of everything that YAML in conf/ sets, and of the groups."""
    names: set[str] = set()
    for folder in folders:
        for file in folder.rglob("*.yaml"):
            relative = file.relative_to(folder).with_suffix("").parts
            if relative[0] != "facts":
                package = [] if relative[0] == "scenario" else list(relative[:-1])
                names.update(_walk(_read(file), package))
                names.add(".".join(relative[:-1]))
    return sorted(name for name in names if name and not name.startswith(("defaults", "hydra")))


def _walk(data: Any, prefix: list[str]) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield ".".join([*prefix, key])
            yield from _walk(value, [*prefix, key])
