"""Hydra's command line: its grammar unchanged, its complaints in one sentence, its back doors shut."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atmis.scenario.complaints import explain
from atmis.scenario.compose import check_override, check_own_folder, combinations, compose
from atmis.scenario.conf_files import conf_folder, options, shown
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.origin import Origin

# Options of Hydra that are let through, and the values that they take. The others move the configuration elsewhere, run
# other code, or read pickles.
_FLAGS = ("--multirun", "-m", "--resolve", "--hydra-help")
_VALUES: dict[str, tuple[str, ...]] = {
    "--cfg": ("job", "hydra", "all"),
    "--info": ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath"),
    "--package": (),
    "--config-dir": (),
}
_VARIED = ("evidence", "host", "kenya", "opposition", "society", "reporting")  # groups of which `all` may be said
_SHORT = {"-c": "--cfg", "-i": "--info", "-p": "--package", "-cd": "--config-dir"}


@dataclass
class _Words:
    """The words of a command by kind."""

    overrides: list[str] = field(default_factory=list)
    config_dir: Path | None = None
    multirun: bool = False
    printing: bool = False  # Hydra prints something, and nothing is run


def composed(words: list[str], verb: str = "run") -> list[tuple[dict[str, Any], Origin]]:
    """What the words of a command compose: plain data and its origin, for each job of a multirun.

    Empty when the words ask Hydra to print something, as `--cfg job` does.
    """
    asked = _sort(words)
    if asked.config_dir is not None:
        _warn_of_hidden(asked.config_dir)
    if asked.printing:
        if asked.config_dir is not None:
            check_own_folder(asked.config_dir)
        let_hydra_print(words, asked.overrides, asked.config_dir, verb)
        return []
    jobs = combinations(asked.overrides, asked.config_dir) if asked.multirun else [asked.overrides]
    return [compose(job, asked.config_dir, verb) for job in jobs]


def composed_alone(words: list[str], verb: str, why: str) -> tuple[dict[str, Any], Origin] | None:
    """The same for a verb that takes one job; None when Hydra prints. Raises InputError, with `why`, for several."""
    jobs = composed(words, verb)
    if len(jobs) > 1:
        raise InputError(why)
    return jobs[0] if jobs else None


def names_apart(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The words of a command that name something, and those that are for Hydra: overrides, options and their values."""
    names: list[str] = []
    words: list[str] = []
    for word in arguments:
        after_option = bool(words) and _SHORT.get(words[-1], words[-1]) in _VALUES
        is_name = not (after_option or "=" in word or word.startswith(("-", "~")))
        (names if is_name else words).append(word)
    return names, words


def every_choice(words: list[str]) -> list[str]:
    """Words in which `evidence=all` and the like list all choices, as a multirun does."""
    made, own = list(words), own_folder(words)
    for place, word in enumerate(words):
        group, _, choice = word.partition("=")
        if group in _VARIED and choice == "all":
            made[place] = f"{group}={','.join(options(group, [conf_folder(), *([own] if own else [])]))}"
    return made if made == words else [*made, "-m"]


def own_folder(words: list[str]) -> Path | None:
    """The folder of --config-dir."""
    return _sort(words).config_dir


def _sort(arguments: list[str]) -> _Words:
    """The words by kind; InputError for what is not let through."""
    sorted_, words = _Words(), iter(arguments)
    for word in words:
        if not word.startswith("-"):
            check_override(word)
            sorted_.overrides.append(word)
            continue
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if name not in (*_FLAGS, *_VALUES):
            hint = nearest(name, [*_FLAGS, *_VALUES])
            raise InputError(
                f"option '{shortened(name)}' is not one of atmis{hint if 'mean' in hint else ''}; see --help"
            )
        if name in _VALUES:
            value = value if equals else next(words, "")
            allowed = _VALUES[name]
            if not value or (allowed and value not in allowed):
                wanted = f"; allowed: {', '.join(allowed)}" if allowed else f"; write {name} and a name"
                given = f"'{shortened(value)}'" if value else "nothing"
                raise InputError(f"option {name}: {given} cannot follow it{wanted}")
        if name == "--config-dir":
            sorted_.config_dir = Path(value)
        sorted_.multirun |= name in ("-m", "--multirun")
        sorted_.printing |= name in ("--cfg", "--info", "--hydra-help")
    options = [word.partition("=")[0] for word in arguments if word.startswith("-")]
    printing = [option for option in options if _SHORT.get(option, option) in ("--cfg", "--info", "--hydra-help")]
    if len(printing) > 1 or (printing and sorted_.multirun):
        raise InputError(f"option {printing[0]} cannot go with {'-m' if sorted_.multirun else printing[1]}")
    if not printing and {"--resolve", "--package", "-p"} & set(options):
        raise InputError("options --resolve and --package go with --cfg only")
    return sorted_


def let_hydra_print(arguments: list[str], overrides: list[str], config_dir: Path | None, verb: str = "run") -> None:
    """Hand the words to Hydra itself, which prints what they ask for."""
    import hydra
    from hydra.core.global_hydra import GlobalHydra

    @hydra.main(version_base="1.3", config_path="../conf", config_name=verb)
    def app(config: Any) -> None:
        raise AssertionError("nothing is run here")

    words, full = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = ["atmis", *arguments], "1"
    try:
        app()
    except (SystemExit, BrokenPipeError):
        raise
    except Exception as error:
        folders = [conf_folder(), *([config_dir] if config_dir else [])]
        raise explain(error, overrides, folders) from error
    finally:
        sys.argv = words
        os.environ.pop("HYDRA_FULL_ERROR")
        if full is not None:
            os.environ["HYDRA_FULL_ERROR"] = full
        GlobalHydra.instance().clear()


def _warn_of_hidden(folder: Path) -> None:
    """A file named as one of atmis is never read: say so."""
    for file in sorted(folder.rglob("*.yaml")):
        twin = conf_folder() / file.relative_to(folder)
        if twin.is_file():
            own = f"atmis has a file {shown(twin)} of its own"
            print(f"atmis: warning: {file} is ignored, because {own}; give it another name", file=sys.stderr)
