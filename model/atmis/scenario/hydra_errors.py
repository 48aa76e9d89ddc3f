"""Errors of Hydra, OmegaConf and PyYAML, translated into one sentence about what the user gave."""

import glob
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import (
    EVERY_GROUP,
    content_of,
    display_path,
    find_file,
    iter_settings,
    key_of,
    list_keys,
    options,
    package_keys,
    walk,
    yaml_files,
)
from atmis.scenario.errors import InputError, shorten, suggest
from atmis.scenario.schema import is_field


def explain_hydra_error(error: Exception, overrides: Sequence[str], folders: Sequence[Path]) -> InputError:
    """Translate an error of Hydra, OmegaConf or PyYAML into one sentence about what the user gave."""
    causes = [str(cause) for cause in (error, error.__cause__, error.__context__) if cause is not None]
    text = "\n".join(causes)
    sentence = (
        _grammar_error(error, text, overrides)
        or _choice_error(text, overrides, folders)
        or _defaults_error(text, folders)
        or _override_error(text, overrides, folders)
        or _file_error(error, text, folders)
    )
    first = next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
    return InputError(sentence or f"the configuration cannot be composed: {shorten(first)}")


def _grammar_error(error: Exception, text: str, overrides: Sequence[str]) -> str | None:
    word = getattr(error, "override", None)
    if word:
        return (
            f"override '{shorten(word)}': cannot be read; allowed: key=value, in quotes if it holds spaces, "
            "commas, colons, brackets or letters with accents"
        )
    for word in overrides:
        if f"'{word}'" in text and ("Ambiguous value" in text or "requires --multirun" in text):
            return (
                f"override '{shorten(word)}': several values; add -m to run one after the other, "
                "or write a list in brackets and a text in quotes"
            )
    return None


def _choice_error(text: str, overrides: Sequence[str], folders: Sequence[Path]) -> str | None:
    """A choice that does not exist, or that is not a name."""
    missing = re.search(r"Could not (?:find|load) '([^'\n]+?)/([^'/\n]*)'", text)
    not_a_name = "Config group override must be a string" in text
    for override in overrides:
        group, value = key_of(override), override.partition("=")[2]
        if group not in EVERY_GROUP or not (not_a_name or missing):
            continue
        if not_a_name or not value:
            return f"override '{shorten(override)}': {group} needs a name{suggest(value, options(group, folders))}"
        if missing and missing[0].endswith(f"'{group}/{value}'"):
            return f"override '{shorten(override)}': {_unknown_choice(group, value, folders)}"
    if missing is None:
        return None
    group, choice = missing.groups()
    group = group.split("/")[0]
    for file, entry in _defaults_entries(folders):
        if choice in (entry if isinstance(entry, str) else next(iter(entry.values()), "")):
            return f"{display_path(file)}: defaults: {_unknown_choice(group, choice, folders)}"
    culprit = next((word for word in overrides if choice in word), None)
    return (f"override '{culprit}': " if culprit else "") + _unknown_choice(group, choice, folders)


def _unknown_choice(group: str, choice: str, folders: Sequence[Path]) -> str:
    wrong_suffix = next((path for folder in folders for path in (folder / group).glob(f"{choice}.yml")), None)
    if wrong_suffix:
        return f"there is no {group} '{choice}'; rename {display_path(wrong_suffix)} so that it ends in .yaml"
    misplaced = next((path for folder in folders[1:] for path in folder.rglob(f"{glob.escape(choice)}.yaml")), None)
    if misplaced:
        return f"there is no {group} '{choice}'; {misplaced} must stand in a folder '{group}' right below --config-dir"
    own = "" if folders[1:] else "; for your own add --config-dir FOLDER"
    return f"there is no {group} '{shorten(choice)}'{suggest(choice, options(group, folders))}{own}"


def _defaults_entries(folders: Sequence[Path]) -> Iterator[tuple[Path, Any]]:
    """The entries of the defaults lists in a user's files."""
    for folder in folders[1:]:
        for file in yaml_files(folder):
            data = content_of(file)
            for entry in data.get("defaults") or [] if isinstance(data, dict) else []:
                yield file, entry


def _defaults_error(text: str, folders: Sequence[Path]) -> str | None:
    """An entry of a defaults list that names no group, or a group that is chosen already."""
    unknown = re.search(r"In '([^']+)': Could not override '([^']+)'\. No match", text)
    repeated = re.search(r"^()(\w+) appears more than once", text, re.MULTILINE) or re.search(
        r"(is defined before) '(\w+):", text
    )
    if unknown:
        file, name = find_file(folders, f"{unknown[1]}.yaml"), unknown[2].partition("@")[0]
        prefix = f"{display_path(file) if file else unknown[1]}: defaults: "
        last = name.rpartition("/")[2]
        if last in EVERY_GROUP:
            return f"{prefix}'override {last}' lacks a slash; write 'override /{last}'"
        return f"{prefix}there is no group '{last}'{suggest(last, EVERY_GROUP)}"
    if repeated:
        for file, entry in _defaults_entries(folders):
            if isinstance(entry, dict) and next(iter(entry)).strip("/") == repeated[2]:
                group = repeated[2]
                return f"{display_path(file)}: defaults: '/{group}' is chosen already; write 'override /{group}'"
    if "recursion" in text:
        return "the defaults of your files form a circle: one lists another that lists the first"
    return None


def _override_error(text: str, overrides: Sequence[str], folders: Sequence[Path]) -> str | None:
    """An override of a key that does not exist, exists already, or holds another kind of value."""
    for override in overrides:
        key, prefix = override.lstrip("+~").partition("=")[0], f"override '{shorten(override)}': "
        if f"Error merging override {override}" in text:
            if "index out of range" in text:
                return f"{prefix}{key}: there is no such item in the list"
            given = _kind_of_value(override.partition("=")[2])
            return f"{prefix}{key}: {given} is given where {_expected_kind(text)} is expected"
        dangling = re.search(r"Interpolation key '([^']*)' not found", text)
        if dangling and dangling[1] in override.partition("=")[2]:
            return f"{prefix}{key}: refers to '{dangling[1]}', which does not exist"
        if f"already at '{key}'" in text or (override[0] == "+" and f"Multiple values for {key}" in text):
            return f"{prefix}'{key}' exists already; leave out the +"
        if f"'{key}" in text and "delete" in text and key in EVERY_GROUP:
            return f"{prefix}another {key} is chosen; write {key}=... to choose"
        if f"'{key}'" in text or f"'{key}=" in text:
            known = list_keys(folders)
            if override[0] not in "+~" and key.rpartition(".")[0] in known and is_field(key.split(".")):
                return f"{prefix}'{key}' is not set yet; write +{key}= to add it"
            if override[0] not in "+~" and key in known:
                return f"{prefix}'{key}' has no such entry yet; write +{key}= to add it"
            hint = "; write '+' before it to add an entry" if "." in key and override[0] not in "+~" else ""
            return f"{prefix}unknown key '{key}'{suggest(key, known) or hint}"
    return None


def _kind_of_value(value: str) -> str:
    return {"[": "a list", "{": "a block of keys"}.get(value[:1], f"'{value}'")


def _expected_kind(text: str) -> str:
    merged = re.search(r"Cannot merge (\w+) with", text)
    return "a block of keys" if merged is None or merged[1] == "DictConfig" else "a list"


def _file_error(error: Exception, text: str, folders: Sequence[Path]) -> str | None:
    """A user's file that cannot be merged with those of atmis."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{display_path(Path(mark.name))}, line {mark.line + 1}: is not YAML ({getattr(error, 'problem', '')})"
    named = re.search(r"In '([^']+)'", text)
    file = find_file(folders, f"{named[1]}.yaml") if named else None
    if file is None or named is None:
        return None
    if "Cannot merge" in text:
        lists = {name: isinstance(value, list) for name, value in iter_settings(folders[:1])}
        for name, value in walk(content_of(file), package_keys(file, named[1].split("/")[:-1])):
            if isinstance(value, list | dict) and name in lists and lists[name] != isinstance(value, list):
                given, expected = ("a block of keys", "a list") if lists[name] else ("a list", "a block of keys")
                return f"{display_path(file)}: {name}: {given} is given where {expected} is expected"
    key = re.search(r"full_key: (\S+)", text)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"{display_path(file)}: {f'{key[1]}: ' if key else ''}cannot be read ({shorten(first)})"
