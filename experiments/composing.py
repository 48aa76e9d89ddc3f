"""Compose a configuration again with other choices: the scenarios of a sweep or of a comparison."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any


class Composing:
    """Composes the words of a job again with other choices of groups."""

    def __init__(self, data: Mapping[str, Any], origin: Any, own: Path | None) -> None:
        self.data, self.words, self.own, self.verb = data, list(origin.words), own, Path(origin.primary).stem
        self.choices = {group: choice for group, choice in origin.choices.items() if group != "theatre"}
        self.made: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def __call__(self, choices: Mapping[str, str]) -> dict[str, Any]:
        from atmis.scenario.conf_files import key_of

        key = tuple(sorted(choices.items()))
        if dict(choices) == {"scenario": self.choices.get("scenario")}:  # what was composed to begin with
            return _of_scenario(self.data)
        if key not in self.made:
            rest = [word for word in self.words if key_of(word) not in choices and concerns_scenario(word)]
            words = (*(f"{group}={choice}" for group, choice in key), *rest)
            composed = _composed_again if self.own else _composed_once
            if not self._says_theatre(self.choices) and not self._says_theatre(choices):
                self.made[key] = {"theatre": self.data["theatre"]} | composed((*words, "~theatre"), self.own, self.verb)
            else:
                self.made[key] = composed(words, self.own, self.verb)
        return self.made[key]

    def _says_theatre(self, choices: Mapping[str, str]) -> bool:
        """Whether a file or a word says anything of the theatre, which takes most of the time to read."""
        from atmis.scenario.conf_files import conf_folder, files_of, key_of

        folders = [conf_folder(), *([self.own] if self.own else [])]
        files = [file for group, choice in choices.items() for file in files_of(folders, group, choice)]
        return any(key_of(word).startswith("theatre") for word in self.words) or any(
            "theatre" in file.read_text(encoding="utf-8") for file in files
        )

    def scenarios(self) -> list[str]:
        """Names of all scenarios."""
        from atmis.scenario.conf_files import conf_folder, options

        return options("scenario", [conf_folder(), *([self.own] if self.own else [])])

    def alike(self) -> list[str]:
        """All scenarios of the same theatre and period."""
        names = self.scenarios()
        mine = (self.data["theatre"]["name"], self.data["period"])
        composed_ = {name: self({"scenario": name}) for name in names}
        return [name for name, data in composed_.items() if (data["theatre"]["name"], data["period"]) == mine]


def concerns_scenario(word: str) -> bool:
    """Whether a word may change a scenario, not only how it is run. A reference may name anything."""
    from atmis.scenario.conf_files import EVERY_GROUP, key_of
    from atmis.scenario.scenario import Scenario

    root = key_of(word).split(".")[0]
    return root in Scenario.model_fields or root in {*EVERY_GROUP} - {"sweep", "executor"} or "${" in word


def _composed_again(words: tuple[str, ...], own: Path | None, verb: str) -> dict[str, Any]:
    """What the scenario of some words consists of under a verb, without the theatre where that is taken out."""
    from atmis.scenario.compose import compose

    return _of_scenario(compose(words, own, verb)[0])


_composed_once = lru_cache(maxsize=128)(_composed_again)  # without a folder of a user's own, whose files may change


def _of_scenario(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a configuration belongs to the scenario, without settings and what else a verb knows."""
    from atmis.scenario.scenario import Scenario

    return {name: data[name] for name in Scenario.model_fields if name in data}
