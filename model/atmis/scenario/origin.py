"""Where a value comes from: an override or a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from atmis.scenario.conf_files import find_file, holds, key_of, shown, with_defaults
from atmis.scenario.errors import shortened


@dataclass(frozen=True)
class Origin:
    """What a configuration was composed of."""

    words: list[str]  # all overrides
    choices: dict[str, str]
    folders: list[Path]
    primary: str

    @staticmethod
    def of(config: Any) -> "Origin":
        """Read it off a configuration that was composed with Hydra's own part."""
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
        return [word for word in self.words if key_of(word) not in self.choices]

    @cached_property
    def files(self) -> list[tuple[Path, list[str]]]:
        """The files in the order in which they were laid over, and the keys under which the content of each goes."""
        files: list[tuple[Path, list[str]]] = []
        for group, choice in sorted(self.choices.items(), key=lambda item: item[0] == "scenario"):
            files += with_defaults(self.folders, group, choice.removesuffix(".yaml"))
        primaries = [find_file(self.folders, name) for name in dict.fromkeys(("run.yaml", self.primary))]
        return [(primary, []) for primary in primaries if primary] + files

    def of_key(self, path: Sequence[str]) -> str | None:
        """The override or file that has the last word on a key, or on the nearest block above it."""
        for length in range(len(path), 0, -1):
            dotted = ".".join(path[:length])
            for override in reversed(self.overrides):
                key = key_of(override)
                if f"{key}.".startswith(f"{dotted}.") or (length == len(path) and f"{dotted}.".startswith(f"{key}.")):
                    return f"override '{shortened(override)}'"
            for file, below in reversed(self.files):
                if holds(file, below, path[:length]):
                    return shown(file)
        return None

    def located(self, sentence: str) -> str:
        """A sentence that begins with a key, after the override or file that has the last word on that key."""
        key = re.match(r"([a-z]\w*(?:\.\w+)*): ", sentence)
        place = self.of_key(key[1].split(".")) if key else None
        return f"{place}: {sentence}" if place else sentence

    def lead(self, *path: str) -> str:
        """Where a key is set, and the key, to begin a sentence with."""
        place, key = self.of_key(path), ".".join(path)
        return f"{place}: {key}: " if place else f"{key}: "
