"""Compose a configuration again with other choices, for the scenarios of a sweep or of a comparison."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any


class Recomposer:
    """Composes the words of a job again with other choices of groups, each combination once."""

    def __init__(self, data: Mapping[str, Any], origin: Any, config_dir: Path | None) -> None:
        self.data, self.words, self.config_dir = data, list(origin.words), config_dir
        self.verb = Path(origin.primary).stem
        self.choices = {group: choice for group, choice in origin.choices.items() if group != "theatre"}
        self._cache: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}

    def __call__(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """The data of the scenario with other choices, as plain data. Raises InputError."""
        from atmis.scenario.build import build
        from atmis.scenario.conf_files import is_choice, key_of

        key = tuple(sorted(choices.items()))
        if dict(choices) == {"scenario": self.choices.get("scenario")}:  # already composed
            return _scenario_part(self.data)
        if key not in self._cache:
            chosen = [word for word in self.words if is_choice(word) and key_of(word) in choices]
            rest = [word for word in self.words if word not in chosen and concerns_scenario(word)]
            words = (*(f"{group}={choice}" for group, choice in key), *rest)
            compose = _compose if self.config_dir else _compose_cached
            if not self._changes_theatre(self.choices) and not self._changes_theatre(choices):
                data, origin = compose((*words, "~theatre"), self.config_dir, self.verb)
                data = {"theatre": self.data["theatre"]} | data
            else:
                data, origin = compose(words, self.config_dir, self.verb)
            if self.config_dir:
                build(data, origin)  # what is wrong with a user's file is said with its name
            self._cache[key] = data
        return self._cache[key]

    def _changes_theatre(self, choices: Mapping[str, str]) -> bool:
        """Whether a file or an override sets anything in the theatre, which takes most of the time to read."""
        from atmis.scenario.conf_files import conf_folder, files_of, key_of
        from atmis.scenario.reading import read_text

        folders = [conf_folder(), *([self.config_dir] if self.config_dir else [])]
        files = [file for group, choice in choices.items() for file in files_of(folders, group, choice)]
        return any(key_of(word).startswith("theatre") for word in self.words) or any(
            "theatre" in read_text(file) for file in files
        )

    def scenarios(self) -> list[str]:
        """Names of all scenarios."""
        from atmis.scenario.conf_files import conf_folder, options

        return options("scenario", [conf_folder(), *([self.config_dir] if self.config_dir else [])])

    def comparable_scenarios(self) -> list[str]:
        """Names of all scenarios with the same theatre and period."""
        from atmis.scenario.conf_files import conf_folder, every_option

        names = every_option("scenario", [conf_folder(), *([self.config_dir] if self.config_dir else [])])
        mine = (self.data["theatre"]["name"], self.data["period"])
        scenarios = {name: self({"scenario": name}) for name in names}
        return [name for name, data in scenarios.items() if (data["theatre"]["name"], data["period"]) == mine]


def concerns_scenario(word: str) -> bool:
    """Whether an override may change a scenario, not only how it is run; a reference may lead to any key."""
    from atmis.scenario.conf_files import EVERY_GROUP, key_of
    from atmis.scenario.scenario import Scenario

    root = key_of(word).split(".")[0]
    return root in Scenario.model_fields or root in {*EVERY_GROUP} - {"sweep", "executor"} or "${" in word


def _compose(words: tuple[str, ...], config_dir: Path | None, verb: str) -> tuple[dict[str, Any], Any]:
    """The scenario part of a configuration and its origin, without the theatre where `~theatre` removes it."""
    from atmis.scenario.compose import compose

    data, origin = compose(words, config_dir, verb)
    return _scenario_part(data), origin


_compose_cached = lru_cache(maxsize=128)(_compose)  # not with a user's folder, whose files may change


def _scenario_part(data: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a configuration that belongs to the scenario, without settings."""
    from atmis.scenario.scenario import Scenario

    return {name: data[name] for name in Scenario.model_fields if name in data}
