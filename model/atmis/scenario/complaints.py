"""What a complaint of Hydra, OmegaConf or PyYAML means, in one sentence about what a user gave."""

import glob
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import (
    EVERY_GROUP,
    all_keys,
    content_of,
    everything_set,
    find_file,
    key_of,
    keys_above,
    options,
    shown,
    walk,
)
from atmis.scenario.errors import InputError, nearest, shortened
from atmis.scenario.schema import is_field


def explain(error: Exception, overrides: Sequence[str], folders: Sequence[Path]) -> InputError:
    """One sentence for a complaint of Hydra, OmegaConf or PyYAML about what a user gave."""
    causes = [str(cause) for cause in (error, error.__cause__, error.__context__) if cause is not None]
    text = "\n".join(causes)
    sentence = (
        _of_grammar(error, text, overrides)
        or _of_choice(text, overrides, folders)
        or _of_defaults(text, folders)
        or _of_override(text, overrides, folders)
        or _of_file(error, text, folders)
    )
    first = next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
    return InputError(sentence or f"the configuration cannot be composed: {shortened(first)}")


def _of_grammar(error: Exception, text: str, overrides: Sequence[str]) -> str | None:
    word = getattr(error, "override", None)
    if word:
        return (
            f"override '{shortened(word)}': cannot be read; allowed: key=value, in quotes if it holds spaces, "
            "commas, colons, brackets or letters with accents"
        )
    for word in overrides:
        if f"'{word}'" in text and ("Ambiguous value" in text or "requires --multirun" in text):
            return (
                f"override '{shortened(word)}': several values; add -m to run one after the other, "
                "or write a list in brackets and a text in quotes"
            )
    return None


def _of_choice(text: str, overrides: Sequence[str], folders: Sequence[Path]) -> str | None:
    """A choice that does not exist, or is none."""
    missing = re.search(r"Could not (?:find|load) '([^'\n]+?)/([^'/\n]*)'", text)
    not_a_name = "Config group override must be a string" in text
    for override in overrides:
        group, value = key_of(override), override.partition("=")[2]
        if group not in EVERY_GROUP or not (not_a_name or missing):
            continue
        if not_a_name or not value:
            return f"override '{shortened(override)}': {group} needs a name{nearest(value, options(group, folders))}"
        if missing and missing[0].endswith(f"'{group}/{value}'"):
            return f"override '{shortened(override)}': {_no_choice(group, value, folders)}"
    if missing is None:
        return None
    group, choice = missing.groups()
    group = group.split("/")[0]
    for file, entry in _entries(folders):
        if choice in (entry if isinstance(entry, str) else next(iter(entry.values()), "")):
            return f"{shown(file)}: defaults: {_no_choice(group, choice, folders)}"
    guilty = next((word for word in overrides if choice in word), None)
    return (f"override '{guilty}': " if guilty else "") + _no_choice(group, choice, folders)


def _no_choice(group: str, choice: str, folders: Sequence[Path]) -> str:
    wrongly_named = next((path for folder in folders for path in (folder / group).glob(f"{choice}.yml")), None)
    if wrongly_named:
        return f"there is no {group} '{choice}'; rename {shown(wrongly_named)} so that it ends in .yaml"
    misplaced = next((path for folder in folders[1:] for path in folder.rglob(f"{glob.escape(choice)}.yaml")), None)
    if misplaced:
        return f"there is no {group} '{choice}'; {misplaced} must stand in a folder '{group}' right below --config-dir"
    own = "" if folders[1:] else "; for your own add --config-dir FOLDER"
    return f"there is no {group} '{shortened(choice)}'{nearest(choice, options(group, folders))}{own}"


def _entries(folders: Sequence[Path]) -> Iterator[tuple[Path, Any]]:
    """The entries of the defaults lists of a user's own files."""
    for folder in folders[1:]:
        for file in sorted(folder.rglob("*.yaml")):
            data = content_of(file)
            for entry in data.get("defaults") or [] if isinstance(data, dict) else []:
                yield file, entry


def _of_defaults(text: str, folders: Sequence[Path]) -> str | None:
    """An entry of a defaults list that names no group, or one that is chosen already."""
    unknown = re.search(r"In '([^']+)': Could not override '([^']+)'\. No match", text)
    twice = re.search(r"^()(\w+) appears more than once", text, re.MULTILINE) or re.search(
        r"(is defined before) '(\w+):", text
    )
    if unknown:
        file, name = find_file(folders, f"{unknown[1]}.yaml"), unknown[2].partition("@")[0]
        where = f"{shown(file) if file else unknown[1]}: defaults: "
        last = name.rpartition("/")[2]
        if last in EVERY_GROUP:
            return f"{where}'override {last}' lacks a slash; write 'override /{last}'"
        return f"{where}there is no group '{last}'{nearest(last, EVERY_GROUP)}"
    if twice:
        for file, entry in _entries(folders):
            if isinstance(entry, dict) and next(iter(entry)).strip("/") == twice[2]:
                return f"{shown(file)}: defaults: '/{twice[2]}' is chosen already; write 'override /{twice[2]}'"
    if "recursion" in text:
        return "the defaults of your files go round in a circle: one lists another that lists the first"
    return None


def _of_override(text: str, overrides: Sequence[str], folders: Sequence[Path]) -> str | None:
    """An override of a key that is not there, is there already, or holds another kind of value."""
    for override in overrides:
        key, where = override.lstrip("+~").partition("=")[0], f"override '{shortened(override)}': "
        if f"Error merging override {override}" in text:
            if "index out of range" in text:
                return f"{where}{key}: there is no such item in the list"
            return f"{where}{key}: {_kind(override.partition('=')[2])} stands where {_wanted(text)} is wanted"
        nowhere = re.search(r"Interpolation key '([^']*)' not found", text)
        if nowhere and nowhere[1] in override.partition("=")[2]:
            return f"{where}{key}: refers to '{nowhere[1]}', which is not there"
        if f"already at '{key}'" in text or (override[0] == "+" and f"Multiple values for {key}" in text):
            return f"{where}'{key}' is there already; leave the + away"
        if f"'{key}" in text and "delete" in text and key in EVERY_GROUP:
            return f"{where}another {key} is chosen; write {key}=... to choose"
        if f"'{key}'" in text or f"'{key}=" in text:
            known = all_keys(folders)
            if override[0] not in "+~" and key.rpartition(".")[0] in known and is_field(key.split(".")):
                return f"{where}'{key}' is not set yet; write +{key}= to add it"
            if override[0] not in "+~" and key in known:
                return f"{where}'{key}' has no such entry yet; write +{key}= to add it"
            hint = "; write '+' before it to add an entry" if "." in key and override[0] not in "+~" else ""
            return f"{where}unknown key '{key}'{nearest(key, known) or hint}"
    return None


def _kind(value: str) -> str:
    return {"[": "a list", "{": "a block of keys"}.get(value[:1], f"'{value}'")


def _wanted(text: str) -> str:
    merged = re.search(r"Cannot merge (\w+) with", text)
    return "a block of keys" if merged is None or merged[1] == "DictConfig" else "a list"


def _of_file(error: Exception, text: str, folders: Sequence[Path]) -> str | None:
    """A file of a user's own that cannot be laid over those of atmis."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{shown(Path(mark.name))}, line {mark.line + 1}: is not YAML ({getattr(error, 'problem', '')})"
    named = re.search(r"In '([^']+)'", text)
    file = find_file(folders, f"{named[1]}.yaml") if named else None
    if file is None or named is None:
        return None
    if "Cannot merge" in text:
        lists = {name: isinstance(value, list) for name, value in everything_set(folders[:1])}
        for name, value in walk(content_of(file), keys_above(file, named[1].split("/")[:-1])):
            if isinstance(value, list | dict) and name in lists and lists[name] != isinstance(value, list):
                there, wanted = ("a block of keys", "a list") if lists[name] else ("a list", "a block of keys")
                return f"{shown(file)}: {name}: {there} stands where {wanted} is wanted"
    key = re.search(r"full_key: (\S+)", text)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"{shown(file)}: {f'{key[1]}: ' if key else ''}cannot be read ({shortened(first)})"
