"""Compose a configuration again with other choices: the scenarios of a sweep or of a comparison."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Composing:
    """Composes the words of a job again with other choices of groups."""

    def __init__(self, data: Mapping[str, Any], origin: Any, own: Path | None) -> None:
        self.data, self.words, self.own = data, list(origin.words), own
        self.choices = {group: choice for group, choice in origin.choices.items() if group != "theatre"}
        self.made: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def __call__(self, choices: Mapping[str, str]) -> dict[str, Any]:
        from atmis.scenario.compose import compose
        from atmis.scenario.origin import key_of
        from atmis.scenario.scenario import Scenario

        key = tuple(sorted(choices.items()))
        if key not in self.made:
            rest = [word for word in self.words if key_of(word) not in choices]
            words = [*(f"{group}={choice}" for group, choice in key), *rest]
            if not self._says_theatre(self.choices) and not self._says_theatre(choices):
                data = {"theatre": self.data["theatre"]} | compose([*words, "~theatre"], self.own, "sweep")[0]
            else:
                data = compose(words, self.own, "sweep")[0]
            self.made[key] = {name: data[name] for name in Scenario.model_fields}
        return self.made[key]

    def _says_theatre(self, choices: Mapping[str, str]) -> bool:
        """Whether a file or a word says anything of the theatre, which takes most of the time to read."""
        from atmis.scenario.origin import conf_folder, files_of, key_of

        folders = [conf_folder(), *([self.own] if self.own else [])]
        files = [file for group, choice in choices.items() for file in files_of(folders, group, choice)]
        return any(key_of(word).startswith("theatre") for word in self.words) or any(
            "theatre" in file.read_text(encoding="utf-8") for file in files
        )

    def scenarios(self) -> list[str]:
        """Names of all scenarios."""
        from atmis.scenario.origin import conf_folder, options

        return options("scenario", [conf_folder(), *([self.own] if self.own else [])])

    def alike(self) -> list[str]:
        """All scenarios of the same theatre and period."""
        names = self.scenarios()
        mine = (self.data["theatre"]["name"], self.data["period"])
        composed_ = {name: self({"scenario": name}) for name in names}
        return [name for name, data in composed_.items() if (data["theatre"]["name"], data["period"]) == mine]
