"""atmis validate: check a user's YAML files or folders, or all that comes with atmis."""

import sys
from functools import cache
from pathlib import Path
from typing import Any

from atmis.scenario.build import build
from atmis.scenario.compose import compose, load
from atmis.scenario.conf_files import (
    EVERY_GROUP,
    check_name,
    conf_folder,
    content_of,
    display_path,
    options,
    yaml_files,
)
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.reading import check_user_file, read_yaml
from atmis.scenario.scenario import Scenario

from .command import print_error
from .sweep import check_sweep

_PARTS = {"theatre": ("ground", "deployment", "start")}  # files that are parts of others


def main(arguments: list[str]) -> int:
    """Check each file and print a line for it, or what is wrong with it; exit code 2 when anything is."""
    unknown = [word for word in arguments if word.startswith("-") or ("=" in word and not Path(word).exists())]
    if unknown:
        raise InputError(f"'{unknown[0]}': validate takes files and folders only, for example: atmis validate my_conf")
    files = [file for word in arguments for file in _yaml_files(Path(word))] or _yaml_files(conf_folder())
    fine, parts, faults = 0, 0, list[str]()
    for file in files:
        try:
            is_whole = _check(file)
        except InputError as error:
            if str(error) not in faults:  # a file that is part of another makes that faulty too
                faults.append(str(error))
                print_error(str(error))
            continue
        fine, parts = fine + is_whole, parts + (not is_whole)
        if is_whole:
            print(f"{display_path(file)}: fine", flush=True)
    if fine:
        print(f"{fine} of {len(files)} files compose a scenario{'; the others are parts of these' if parts else ''}.")
    return 2 if faults else 0


def _yaml_files(place: Path) -> list[Path]:
    if place.is_dir():
        files = yaml_files(place)
        if not files:
            raise InputError(f"{place}: there is no file in it that ends in .yaml")
        return files
    if not place.is_file():
        raise InputError(f"{place}: there is no such file or folder")
    if place.suffix != ".yaml":
        raise InputError(f"{place}: configuration files end in .yaml")
    return [place]


def _check(file: Path) -> bool:
    """Compose a scenario with the choice in a file; False for a file that is only a part of others."""
    place = file.resolve()
    group, choice, folder = place.parent.name, place.stem, place.parent.parent
    if place.is_relative_to(conf_folder().resolve()):
        return _check_shipped(file, group, choice)
    check_name(file)
    check_user_file(file, EVERY_GROUP)
    if group not in EVERY_GROUP:
        raise InputError(f"{file}: is not in the folder of a group, so nothing reads it{suggest(group, EVERY_GROUP)}")
    if choice in options(group, [conf_folder()]):
        hint = "give it another name"
        raise InputError(f"{file}: atmis has a {group} '{choice}' of its own and would never read this; {hint}")
    scenario = _scenario_using(group, choice, folder)
    try:
        composed = load(scenario, config_dir=folder) if scenario is not None else _load(place, folder)
    except InputError as error:
        raise (error if ".yaml: " in str(error) else InputError(f"{file}: {error}")) from None
    if composed is not None:
        _warn(file, group, composed)
    return True


def _warn(file: Path, group: str, composed: Scenario) -> None:
    """Warn of what is allowed but hardly intended."""
    warnings = [
        f"pause '{name}' begins after its phases have ended, and changes nothing" for name in composed.plan.idle_pauses
    ]
    if group == "scenario" and composed.scenario.name != file.stem:
        warnings.append(
            f"its results are called '{composed.scenario.name}', as scenario.name says, and not '{file.stem}'"
        )
    for sentence in warnings if group in ("scenario", "plan") else ():
        print(f"atmis: warning: {display_path(file)}: {sentence}", file=sys.stderr)


def _scenario_using(group: str, choice: str, folder: Path) -> str | None:
    """A scenario in the same folder that chooses a file, which is then checked in it instead of `planned`."""
    for name in options("scenario", [folder]):
        data = content_of(folder / "scenario" / f"{name}.yaml")
        defaults = data.get("defaults") if isinstance(data, dict) else None
        for entry in defaults if isinstance(defaults, list) else []:
            if entry and isinstance(entry, dict) and f"/{group}" in next(iter(entry)) and choice in entry.values():
                return name
    return None


def _check_shipped(file: Path, group: str, choice: str) -> bool:
    read_yaml(file)
    if group == "facts":
        from atmis import facts

        facts.facts()
    if group not in EVERY_GROUP or choice in _PARTS.get(group, ()):
        return False
    _load(file, None)
    return True


def _load(file: Path, config_dir: Path | None) -> Scenario | None:
    """Compose a choice with `planned`, or a scenario by itself; None for a design or an executor."""
    group, choice = file.parent.name, file.stem
    if group in ("sweep", "executor"):
        check_sweep(*compose([f"{group}={choice}"], config_dir, "sweep"), config_dir)
        return None
    name, overrides = "planned", [f"{group}={choice}"]
    if group == "scenario":
        name, overrides = choice, []
    elif choice == "history" and group in ("theatre", "plan"):
        name, overrides = "history", []
    elif group == "theatre":  # without a plan, which would name bases of another theatre
        name = "no_withdrawal"
    if (
        config_dir is None
        and "theatre" not in file.read_text(encoding="utf-8")
        and group != "theatre"
        and name != "history"
    ):
        # The theatre takes most of the time to read, and is the same for all these.
        data, origin = compose([f"scenario={name}", *overrides, "~theatre"])
        return build(data | {"theatre": _theatre()}, origin)
    return load(name, overrides, config_dir)


@cache
def _theatre() -> Any:
    return compose(["scenario=planned"])[0]["theatre"]
