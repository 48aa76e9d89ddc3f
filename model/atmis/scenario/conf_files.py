"""The files of conf/ and of a user's folder: the choices they offer and the keys they set."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.errors import InputError, shorten
from atmis.scenario.reading import PARSER, package, parse_yaml, read_text
from atmis.scenario.reading import conf_folder as conf_folder

# The groups that make up a scenario; then with those that make up a sweep.
GROUPS = ("scenario", "plan", "evidence", "host", "kenya", "opposition", "society", "reporting", "draws", "theatre")

EVERY_GROUP = (*GROUPS, "sweep", "executor")
EVERY = "all"  # stands for every choice of a group

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NO_TEXTS = ("null", "true", "false", "yes", "no", "on", "off", "inf", "nan")


def key_of(override: str) -> str:
    """The key, or the group, that an override sets."""
    return override.lstrip("+~").partition("=")[0].partition("@")[0].strip()


def is_choice(override: str) -> bool:
    """Whether an override chooses a file of a group; `host={effect: 0}` sets values in it, `~host` removes it."""
    names_group = key_of(override) in EVERY_GROUP or "/" in key_of(override)
    return names_group and not (override.startswith("~") or override.partition("=")[2].lstrip().startswith("{"))


def display_path(file: Path) -> str:
    """The path of a file for messages: conf/... for those of atmis, else relative to the working folder."""
    for top, name in ((conf_folder(), "conf"), (Path.cwd(), "")):
        if file.resolve().is_relative_to(top.resolve()):
            return (Path(name) / file.resolve().relative_to(top.resolve())).as_posix()
    return str(file)


def find_file(folders: Sequence[Path], name: str) -> Path | None:
    """The first file with a name in some folders."""
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def files_of(folders: Sequence[Path], group: str, choice: str) -> list[Path]:
    """The file of a choice, after the files that it is based on."""
    return [file for file, _ in with_defaults(folders, group, choice)]


def with_defaults(
    folders: Sequence[Path], group: str, choice: str, above: tuple[str, ...] = ()
) -> Iterator[tuple[Path, list[str]]]:
    """The files that a choice is based on and its own, in order, each with the keys that its content goes under."""
    group, _, choice = f"{group}/{choice}".strip("/").rpartition("/")
    file = find_file(folders, f"{group}/{choice}.yaml")
    if file is None or f"{group}/{choice}" in above:
        return
    data = content_of(file)
    listed = data.get("defaults") or [] if isinstance(data, dict) else []
    entries = [entry for entry in listed if isinstance(entry, str)]
    for entry in entries if "_self_" in entries else [*entries, "_self_"]:
        if entry == "_self_":
            yield file, package_keys(file, group.split("/"))
        else:
            below, name = ("", entry[1:]) if entry.startswith("/") else (group, entry)
            yield from with_defaults(folders, below, name.partition("@")[0], (*above, f"{group}/{choice}"))


def content_of(file: Path) -> Any:
    """The content of a file, shared and not to be changed; an empty block when it cannot be used."""
    try:
        return _parsed(read_text(file), file.is_relative_to(conf_folder()))
    except InputError:
        return {}


@lru_cache(maxsize=128)
def _parsed(text: str, shipped: bool) -> Any:
    return yaml.load(text, Loader=PARSER) if shipped else parse_yaml(text, Path())


def sets_key(file: Path, below: list[str], path: Sequence[str]) -> bool:
    """Whether a file sets a key. `below`: the keys that its content goes under."""
    if list(path[: len(below)]) != below:
        return list(path) == below[: len(path)]
    data = content_of(file)
    for part in path[len(below) :]:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def options(group: str, folders: Sequence[Path]) -> list[str]:
    """The choices of a config group: the files whose names can be written where one is chosen."""
    files = (file for folder in folders for file in (folder / group).glob("*.yaml"))
    return sorted({file.stem for file in files if not name_fault(file.stem) and file.is_file()})


def every_option(group: str, folders: Sequence[Path]) -> list[str]:
    """The choices that `all` stands for. Raises InputError for a file that is called so itself."""
    for folder in folders:
        check_name(folder / group / f"{EVERY}.yaml")
    return options(group, folders)


def name_fault(name: str) -> str:
    """Why a file of this name cannot be chosen; '' where it can."""
    if name == EVERY:
        return "it stands for every one of them"
    if not _NAME.fullmatch(name):
        return "allowed: letters, digits, _ and -, a letter first"
    return "YAML or Hydra reads it as no text" if name.lower() in _NO_TEXTS else ""


def check_name(file: Path) -> None:
    """Raise InputError for a user's file that exists under a name that cannot be chosen."""
    fault = name_fault(file.stem)
    if fault and file.is_file():
        raise InputError(
            f"{file}: '{shorten(file.stem)}' cannot be chosen as {file.parent.name} ({fault}); rename the file"
        )


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files below a folder, but for those that editors and systems leave there: hidden ones, __MACOSX."""
    files = (file for file in sorted(folder.rglob("*.yaml")) if file.is_file())
    return [file for file in files if not any(_is_left_over(part) for part in file.relative_to(folder).parts)]


def _is_left_over(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def list_keys(folders: Sequence[Path]) -> list[str]:
    """Dotted names of everything that YAML sets in the folders, and of the groups."""
    names = {name for name, _ in iter_settings(folders)} | set(EVERY_GROUP)
    hidden = ("defaults", "hydra", "calibration.parameters.", "draws.instead_of.")
    return sorted(name for name in names if not name.startswith(hidden))


def iter_settings(folders: Sequence[Path]) -> Iterator[tuple[str, Any]]:
    """Dotted names and values of everything that YAML sets in the folders."""
    for folder in folders:
        for file in yaml_files(folder):
            relative = file.relative_to(folder).with_suffix("").parts
            if relative[0] != "facts":
                yield ".".join(relative[:-1]) or relative[0], {}
                yield from walk(content_of(file), package_keys(file, relative[:-1]))


def package_keys(file: Path, folders: Sequence[str]) -> list[str]:
    """The keys that the content of a file goes under: its folders, unless its first line names a package."""
    header = package(file.read_text(encoding="utf-8-sig", errors="replace"))
    return list(folders) if header is None else [] if header == "_global_" else header.split(".")


def walk(data: Any, prefix: Sequence[str] = ()) -> Iterator[tuple[str, Any]]:
    """Dotted names and values of everything in a block."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield ".".join([*prefix, key]), value
            yield from walk(value, [*prefix, key])
