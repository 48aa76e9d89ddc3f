"""atmis list: the choices of each config group, with what each assumes in a sentence."""

from pathlib import Path

from atmis.scenario.compose import check_user_folder
from atmis.scenario.conf_files import EVERY_GROUP, conf_folder, content_of, options
from atmis.scenario.errors import InputError, suggest

from .terminal import print_table


def main(arguments: list[str]) -> int:
    """Print the choices of all groups or of those named, with --config-dir also the user's own."""
    folders, groups = [conf_folder()], []
    words = iter(arguments)
    for word in words:
        name, _, value = word.partition("=")
        if name in ("--config-dir", "-cd"):
            folders.append(Path(value or next(words, "")))
            check_user_folder(folders[-1])
        elif word in EVERY_GROUP:
            groups.append(word)
        else:
            raise InputError(f"'{word}' is not a config group{suggest(word, EVERY_GROUP)}")
    for group in groups or EVERY_GROUP:
        rows = [[choice, _assumes(folders, group, choice)] for choice in options(group, folders)]
        hidden = ("ground", "deployment", "start") if group == "theatre" else ()
        print_table(
            f"{group}=", [("name", "left"), ("what it assumes", "left")], [row for row in rows if row[0] not in hidden]
        )
        print()
    return 0


def _assumes(folders: list[Path], group: str, choice: str) -> str:
    file = next(
        folder / group / f"{choice}.yaml" for folder in folders if (folder / group / f"{choice}.yaml").is_file()
    )
    data = content_of(file)
    place = data.get("scenario", {}) if group == "scenario" and isinstance(data, dict) else data
    return str(place.get("assumes", "")) if isinstance(place, dict) else ""
