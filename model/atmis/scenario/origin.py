"""Where a value comes from: an override or a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import display_path, find_file, is_choice, key_of, sets_key, with_defaults
from atmis.scenario.errors import shorten


@dataclass(frozen=True)
class Origin:
    """The overrides and files that a configuration was composed from."""

    words: list[str]  # all overrides, those that choose a file included
    choices: dict[str, str]
    folders: list[Path]
    primary: str

    @staticmethod
    def of(config: Any) -> "Origin":
        """The origin of a configuration that still holds Hydra's own part."""
        hydra = config.hydra
        chosen = {str(group): str(choice) for group, choice in hydra.runtime.choices.items() if choice is not None}
        choices = {group.split("@")[0]: choice for group, choice in chosen.items() if not group.startswith("hydra/")}
        return Origin(
            words=[str(word) for word in hydra.overrides.task],
            choices=choices,
            folders=[Path(str(source.path)) for source in hydra.runtime.config_sources if source.schema == "file"],
            primary=f"{hydra.job.config_name}.yaml",
        )

    @property
    def overrides(self) -> list[str]:
        """The overrides that set values; the others choose a file."""
        return [word for word in self.words if not is_choice(word)]

    @cached_property
    def files(self) -> list[tuple[Path, list[str]]]:
        """The files in the order in which they were merged, each with the keys that its content goes under."""
        files: list[tuple[Path, list[str]]] = []
        for group, choice in sorted(self.choices.items(), key=lambda item: item[0] == "scenario"):
            files += with_defaults(self.folders, group, choice.removesuffix(".yaml"))
        primaries = [find_file(self.folders, name) for name in dict.fromkeys(("run.yaml", self.primary))]
        return [(primary, []) for primary in primaries if primary] + files

    def locate(self, path: Sequence[str]) -> str | None:
        """The override or file that sets a key, or the nearest block above it; the last one that does so."""
        for length in range(len(path), 0, -1):
            dotted = ".".join(path[:length])
            for override in reversed(self.overrides):
                key = key_of(override)
                if f"{key}.".startswith(f"{dotted}.") or (length == len(path) and f"{dotted}.".startswith(f"{key}.")):
                    return f"override '{shorten(override)}'"
            for file, below in reversed(self.files):
                if sets_key(file, below, path[:length]):
                    return display_path(file)
        return None

    def locate_sentence(self, sentence: str) -> str:
        """A sentence that begins with a key, with the override or file that sets the key put in front."""
        key = re.match(r"([a-z]\w*(?:\.\w+)*): ", sentence)
        place = self.locate(key[1].split(".")) if key else None
        return f"{place}: {sentence}" if place else sentence

    def location_prefix(self, *path: str) -> str:
        """The start of a sentence: where a key is set, and the key."""
        place, key = self.locate(path), ".".join(path)
        return f"{place}: {key}: " if place else f"{key}: "
