"""atmis validate: check own YAML files or folders, or without any all that comes with atmis."""

from pathlib import Path

from atmis.scenario.compose import conf_folder, load
from atmis.scenario.errors import InputError
from atmis.scenario.origin import options, shown
from atmis.scenario.reading import read

from .listing import GROUPS

_PARTS = {"theatre": ("ground", "deployment", "start")}  # files that others are made of


def main(arguments: list[str]) -> int:
    """Check each file; prints one line for each, and fails at the first that is wrong."""
    unknown = [word for word in arguments if word.startswith("-") or "=" in word]
    if unknown:
        raise InputError(f"'{unknown[0]}': validate takes files and folders only")
    files = [file for word in arguments for file in _files(Path(word))] or _files(conf_folder())
    checked = 0
    for file in files:
        read(file)
        if _check(file):
            checked += 1
            print(f"{shown(file)}: fine")
    print(f"{checked} of {len(files)} files compose a scenario; the others are parts of these.")
    return 0


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(place.rglob("*.yaml"))
    if not place.is_file():
        raise InputError(f"{place}: there is no such file or folder")
    if place.suffix != ".yaml":
        raise InputError(f"{place}: configuration files end in .yaml")
    return [place]


def _check(file: Path) -> bool:
    """Compose a scenario with the choice that a file is; False for a file that is only a part of others."""
    group, choice, folder = file.parent.name, file.stem, file.parent.parent
    if group not in GROUPS or choice in _PARTS.get(group, ()):
        return False
    own = None if folder.resolve() == conf_folder().resolve() else folder
    if own is not None and choice in options(group, [conf_folder()]):
        raise InputError(
            f"{file}: atmis has a {group} '{choice}' of its own and would never read this; give it another name"
        )
    if group == "scenario":
        load(choice, config_dir=own)
    elif group in ("theatre", "plan") and choice == "history":
        load("history", config_dir=own)
    else:
        load("planned", [f"{group}={choice}"], config_dir=own)
    return True
