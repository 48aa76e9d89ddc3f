"""Hydra's command line: its grammar unchanged, its errors in one sentence, its unsafe options refused."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from atmis.scenario.asked import check_asked
from atmis.scenario.compose import check_override, check_user_folder, combinations, compose, marks_read
from atmis.scenario.conf_files import conf_folder, display_path, every_option, yaml_files
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.hydra_errors import explain_hydra_error
from atmis.scenario.origin import Origin

# Options of Hydra that are allowed, and the values that they take. The others move the configuration elsewhere, run
# other code, or read pickles.
_FLAGS = ("--multirun", "-m", "--resolve", "--hydra-help")
_VALUES: dict[str, tuple[str, ...]] = {
    "--cfg": ("job", "hydra", "all"),
    "--info": ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath"),
    "--package": (),
    "--config-dir": (),
}
_EXPANDABLE = ("evidence", "host", "kenya", "opposition", "society", "reporting")  # groups for which `all` is allowed
_SHORT = {"-c": "--cfg", "-i": "--info", "-p": "--package", "-cd": "--config-dir"}


@dataclass
class _Words:
    """The words of a command by kind."""

    overrides: list[str] = field(default_factory=list)
    config_dir: Path | None = None
    multirun: bool = False
    printing: bool = False  # only print something by Hydra, and run nothing


def compose_jobs(words: list[str], verb: str = "run") -> list[tuple[dict[str, Any], Origin]]:
    """Compose the words of a command: plain data and its origin for each job of a multirun.

    Empty when the words ask Hydra to print something, as `--cfg job` does.
    """
    parsed = _parse(words)
    if parsed.config_dir is not None:
        _warn_hidden_files(parsed.config_dir)
    if parsed.printing:
        if parsed.config_dir is not None:
            check_user_folder(parsed.config_dir)
            check_asked(parsed.config_dir, parsed.overrides)
        print_with_hydra(words, parsed.overrides, parsed.config_dir, verb)
        return []
    jobs = combinations(parsed.overrides, parsed.config_dir) if parsed.multirun else [parsed.overrides]
    return [compose(job, parsed.config_dir, verb) for job in jobs]


def compose_job(words: list[str], verb: str, why: str) -> tuple[dict[str, Any], Origin] | None:
    """Compose the words of a verb that takes one job; None when Hydra prints. Raises InputError(why) for several."""
    jobs = compose_jobs(words, verb)
    if len(jobs) > 1:
        raise InputError(why)
    return jobs[0] if jobs else None


def split_names(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split words into names and those for Hydra: overrides, options and their values."""
    names: list[str] = []
    words: list[str] = []
    for word in arguments:
        after_option = bool(words) and _SHORT.get(words[-1], words[-1]) in _VALUES
        is_name = not (after_option or "=" in word or word.startswith(("-", "~")))
        (names if is_name else words).append(word)
    return names, words


def expand_all(words: list[str]) -> list[str]:
    """Replace `evidence=all` and the like by all choices of the group, as a multirun."""
    expanded, config_dir = list(words), parse_config_dir(words)
    for place, word in enumerate(words):
        group, _, choice = word.partition("=")
        if group in _EXPANDABLE and choice == "all":
            choices = every_option(group, [conf_folder(), *([config_dir] if config_dir else [])])
            expanded[place] = f"{group}={','.join(choices)}"
    return expanded if expanded == words else [*expanded, "-m"]


def parse_config_dir(words: list[str]) -> Path | None:
    """The folder given by --config-dir, or None."""
    return _parse(words).config_dir


def _parse(arguments: list[str]) -> _Words:
    """Sort words by kind. Raises InputError for what is not allowed."""
    parsed, words = _Words(), iter(arguments)
    for word in words:
        if not word.startswith("-"):
            check_override(word)
            parsed.overrides.append(word)
            continue
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if name not in (*_FLAGS, *_VALUES):
            hint = suggest(name, [*_FLAGS, *_VALUES])
            raise InputError(
                f"option '{shorten(name)}' is not one of atmis{hint if 'mean' in hint else ''}; see --help"
            )
        if name in _VALUES:
            value = value if equals else next(words, "")
            allowed = _VALUES[name]
            if not value or (allowed and value not in allowed):
                hint = f"; allowed: {', '.join(allowed)}" if allowed else f"; write {name} and a name"
                given = f"'{shorten(value)}'" if value else "nothing"
                raise InputError(f"option {name}: {given} cannot follow it{hint}")
        if name == "--config-dir":
            parsed.config_dir = Path(value)
        parsed.multirun |= name in ("-m", "--multirun")
        parsed.printing |= name in ("--cfg", "--info", "--hydra-help")
    options = [word.partition("=")[0] for word in arguments if word.startswith("-")]
    printing = [option for option in options if _SHORT.get(option, option) in ("--cfg", "--info", "--hydra-help")]
    if len(printing) > 1 or (printing and parsed.multirun):
        raise InputError(f"option {printing[0]} cannot go with {'-m' if parsed.multirun else printing[1]}")
    if not printing and {"--resolve", "--package", "-p"} & set(options):
        raise InputError("options --resolve and --package go with --cfg only")
    return parsed


def print_with_hydra(arguments: list[str], overrides: list[str], config_dir: Path | None, verb: str = "run") -> None:
    """Hand the words to Hydra itself, which prints what they request."""
    import hydra
    from hydra.core.global_hydra import GlobalHydra

    @hydra.main(version_base="1.3", config_path="../conf", config_name=verb)
    def app(config: Any) -> None:
        raise AssertionError("nothing is run here")

    words, full = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = ["atmis", *arguments], "1"
    try:
        with marks_read():
            app()
    except (SystemExit, BrokenPipeError):
        raise
    except Exception as error:
        folders = [conf_folder(), *([config_dir] if config_dir else [])]
        raise explain_hydra_error(error, overrides, folders) from error
    finally:
        sys.argv = words
        os.environ.pop("HYDRA_FULL_ERROR")
        if full is not None:
            os.environ["HYDRA_FULL_ERROR"] = full
        GlobalHydra.instance().clear()


def _warn_hidden_files(folder: Path) -> None:
    """Warn of files that are never read because atmis has a file of the same name."""
    for file in yaml_files(folder):
        twin = conf_folder() / file.relative_to(folder)
        if twin.is_file():
            own = f"atmis has a file {display_path(twin)} of its own"
            print(f"atmis: warning: {file} is ignored, because {own}; give it another name", file=sys.stderr)
