"""Compose scenarios from YAML and overrides: Hydra composes, the records check.

The only module outside experiments/ that uses Hydra, so that `atmis.Mission("planned")` in a notebook and
`atmis run scenario=planned` on the command line follow the same grammar and read the same files.
"""

import gc
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from atmis.scenario.arguments import AnyPath, as_path, as_texts, described
from atmis.scenario.asked import check_asked
from atmis.scenario.build import build
from atmis.scenario.conf_files import EVERY_GROUP, is_choice, key_of, options
from atmis.scenario.conf_files import conf_folder as conf_folder
from atmis.scenario.errors import InputError, format_input, shorten
from atmis.scenario.hydra_errors import explain_hydra_error
from atmis.scenario.origin import Origin
from atmis.scenario.plain_numbers import misread_in_override, misreading
from atmis.scenario.reading import RESOLVER, package, read_text
from atmis.scenario.said import keep_said
from atmis.scenario.scenario import Scenario

_MOST_JOBS = 1000
_LONGEST_OVERRIDE = 4000


def load(scenario: str = "planned", overrides: Sequence[str] | str = (), config_dir: AnyPath | None = None) -> Scenario:
    """Compose a scenario by name.

    Parameters
    ----------
    scenario : str
        Name of a scenario; `atmis list scenario` prints all.
    overrides : sequence of str, or str
        Overrides in Hydra's grammar: choices of groups (`plan=actual`) and values of keys (`host.effect=0.3`); a text
        that stands alone is one of them.
    config_dir : str or path
        A folder with your own YAML, laid out as conf/ is.

    Returns
    -------
    Scenario
        The scenario, checked.

    Raises
    ------
    InputError
        When a name, key or value is not allowed, with the file or override at fault and the nearest valid name.
    TypeError
        When an argument is of a wrong type.

    Examples
    --------
    >>> import atmis
    >>> scenario = atmis.load("planned", ["host=weak", "opposition.attacks.raids=0.1"])
    >>> scenario.host.name, scenario.opposition.attacks.raids
    ('weak', 0.1)
    """
    if not isinstance(scenario, str):
        raise TypeError(f"scenario must be the name of one, as text, not {described(scenario)}")
    folder = None if config_dir is None else as_path(config_dir, "config_dir")
    data, origin = compose([f"scenario={scenario}", *as_texts(overrides, "overrides")], folder)
    return build(data, origin)


def compose(
    overrides: Sequence[str], config_dir: AnyPath | None = None, verb: str = "run"
) -> tuple[dict[str, Any], Origin]:
    """Compose the configuration of a verb.

    Parameters
    ----------
    overrides : sequence of str
        Overrides in Hydra's grammar.
    config_dir : str or path
        A folder with a user's own YAML.
    verb : str
        The verb of the command line.

    Returns
    -------
    data : dict
        The configuration as plain data.
    origin : Origin
        Where its values come from.

    Raises
    ------
    InputError
        When it cannot be composed.
    """
    from hydra import compose as hydra_compose
    from hydra.core.override_parser.overrides_parser import OverridesParser

    with _hydra(overrides, config_dir) as search_path:
        if config_dir is not None:
            check_asked(Path(config_dir), overrides)
        config = hydra_compose(verb, overrides=[*overrides, *search_path], return_hydra_config=True)
        origin = Origin.of(config)
        data = to_plain(config, origin)
        values = [override.value() for override in OverridesParser.create().parse_overrides(origin.overrides)]
    keep_said(data, origin, values)
    return data, origin


def combinations(overrides: Sequence[str], config_dir: AnyPath | None = None) -> list[list[str]]:
    """The overrides of each job of a multirun: all combinations of values listed with commas, range() or glob()."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import Glob

    choices: dict[str, list[str]] = {}
    with _hydra(overrides, config_dir):
        for override in OverridesParser.create().parse_overrides(list(overrides)):
            key, line, value = override.get_key_element(), str(override.input_line), override.value()
            if isinstance(value, Glob):
                folders = [conf_folder(), *([Path(config_dir)] if config_dir else [])]  # type: ignore[unreachable]
                values = iter(value.filter(options(override.key_or_group, folders)))
            elif override.is_discrete_sweep():
                values = override.sweep_string_iterator()
            elif override.is_sweep_override():
                raise InputError(f"override '{line}': interval() lists no values; allowed: commas, range() and glob()")
            else:
                choices[key if is_choice(line) or not isinstance(value, dict) else line] = [line]
                continue
            choices[key] = [f"{key}={value}" for value in itertools.islice(values, _MOST_JOBS + 1)]
            if not choices[key]:
                raise InputError(f"override '{line}': matches nothing")
        if math.prod(map(len, choices.values())) > _MOST_JOBS:
            raise InputError(f"-m: these are more than {_MOST_JOBS:,} runs; allowed: at most {_MOST_JOBS:,}")
    return [list(words) for words in itertools.product(*choices.values())]


@contextmanager
def _hydra(overrides: Sequence[str], config_dir: AnyPath | None) -> Iterator[list[str]]:
    """Initialise Hydra with conf/; yields the override that adds a user's folder. Errors become InputError."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    for word in overrides:
        check_override(word)
    folders, search_path = [conf_folder()], list[str]()
    if config_dir is not None:
        user_folder = as_path(config_dir, "config_dir")
        check_user_folder(user_folder)
        folders.append(user_folder)
        search_path = [f"hydra.searchpath=[{quote(f'file://{user_folder.resolve()}')}]"]
    # Hydra is a singleton: set aside one that is in use, such as that of the command line or of a user's program.
    singleton = GlobalHydra.instance()
    outer, singleton.hydra = singleton.hydra, None
    # OmegaConf asks for the parser in Python by name; the one in C reads the same in four fifths of the time.
    python_loader, yaml.SafeLoader = yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    collecting = gc.isenabled()
    gc.disable()  # Hydra makes many objects and little garbage: this saves a third of the time
    try:
        with marks_read(), initialize_config_dir(config_dir=str(conf_folder()), version_base="1.3"):
            yield search_path
    except InputError:
        raise
    except Exception as error:  # Hydra, OmegaConf, ANTLR and PyYAML raise errors of many kinds over a user's words
        raise explain_hydra_error(error, list(overrides), folders) from error
    finally:
        yaml.SafeLoader = python_loader
        singleton.hydra = outer
        if collecting:
            gc.enable()


@contextmanager
def marks_read() -> Iterator[None]:
    """Let Hydra read files that begin with a byte order mark, which would hide their first line from it."""
    from hydra._internal.sources_registry import SourcesRegistry
    from hydra.core.plugins import Plugins

    Plugins.instance()  # registers the sources that come with Hydra
    types = SourcesRegistry.instance().types
    plain: Any = types["file"]

    class MarkedFiles(plain):  # type: ignore[misc]
        """A folder of files, some of which may begin with a byte order mark."""

        def load_config(self, config_path: str) -> Any:
            """The content of a file, and its package by its first line."""
            result = super().load_config(config_path)
            result.header["package"] = package(read_text(Path(self.path) / self._normalize_file_name(config_path)))
            return result

    types["file"] = MarkedFiles
    try:
        yield
    finally:
        types["file"] = plain


def quote(text: str) -> str:
    """A text in quotes by Hydra's grammar: a backslash stands for itself, except before a quote."""
    escaped = re.sub(r"(\\*)('|$)", r"\1\1\\\2", text).removesuffix("\\")
    return f"'{escaped}'"


def check_user_folder(folder: Path) -> None:
    """Raise InputError when a user's folder of YAML does not exist."""
    if not folder.is_dir():
        raise InputError(f"--config-dir {folder}: there is no such folder")


def check_override(word: str) -> None:
    """Raise InputError for a word that is not an override, or one that would reach beyond the model."""
    key, equals, value = word.partition("=")
    if not (equals and key_of(word)) and not word.startswith("~"):
        raise InputError(f"'{shorten(word)}' is not of the form key=value")
    if len(word) > _LONGEST_OVERRIDE or len(key) > 200 or re.search(r"[\[{(]{50}", word):
        raise InputError(f"override '{shorten(word)}': is too long or too deep")
    if any(re.split(r"[./]", part.strip("+~ \t\n"))[0] == "hydra" for part in key.split("@")):
        raise InputError(f"override '{shorten(word)}': settings of Hydra itself cannot be changed here")
    if key_of(word) in EVERY_GROUP and (".." in value or value.startswith("/")):
        raise InputError(
            f"override '{shorten(word)}': allowed: the name of a {key_of(word)}, not a path; see atmis list"
        )
    if number := misread_in_override(value):
        raise InputError(f"override '{shorten(word)}': {key_of(word)}: {number} {misreading(number)}")
    if re.search(RESOLVER, value):
        raise InputError(f"override '{shorten(word)}': calls a resolver; allowed: references to keys, as in ${{seed}}")


def to_plain(config: Any, origin: Origin) -> dict[str, Any]:
    """A composed configuration without Hydra's own part, as dicts, lists and values.

    References to other keys are resolved; resolvers (`${oc.env:...}`), which depend on the machine, are refused.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    data = OmegaConf.to_container(config, resolve=False)
    assert isinstance(data, dict)
    data.pop("hydra", None)
    references = False
    for path, value in _iter_texts(data):
        references |= "${" in value
        if re.search(RESOLVER, value):
            raise InputError(
                f"{origin.location_prefix(*path)}{format_input(value)} calls a resolver; allowed: references to keys"
            )
        if value == "???":
            raise InputError(f"{origin.location_prefix(*path)}'???' marks a value that is still missing")
    if references:
        user_folder = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        try:
            followed = OmegaConf.to_container(user_folder, resolve=True)
        except OmegaConfBaseException as error:
            raise _reference_error(error, data, origin) from error  # type: ignore[arg-type]
        assert isinstance(followed, dict)
        data = followed
    return {str(key): value for key, value in data.items()}


def _reference_error(error: Exception, data: dict[str, Any], origin: Origin) -> InputError:
    """The error for a reference to a key that does not exist."""
    missing = re.search(r"key '([^']*)' not found", str(error))
    for path, value in _iter_texts(data):
        if "${" in value and (missing is None or missing[1] in value):
            problem = f"refers to '{missing[1]}', which does not exist" if missing else "refers to what cannot be read"
            return InputError(f"{origin.location_prefix(*path)}{format_input(value)} {problem}")
    return InputError(f"a reference cannot be resolved: {shorten(str(error).splitlines()[0])}")


def _iter_texts(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _iter_texts(value, (*path, str(key)))
    elif isinstance(data, list):
        for value in data:
            yield from _iter_texts(value, path)
    elif isinstance(data, str):
        yield path, data
