"""The sides of a comparison: scenarios, folders of `atmis run` or folders of `atmis sweep`, found by name."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, shorten, suggest

from .recomposer import Recomposer

_MOST_NAMED = 3  # overrides in a label


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a scenario with its replicates and its seed."""

    name: str  # of the scenario
    scenario: Any
    replicates: int
    seed: int
    config: Mapping[str, Any]  # as composed
    overrides: Sequence[str]  # of the model, in the command that it comes from
    folder: Path | None = None  # its folder of results; None: named as a scenario


class SideFinder:
    """Finds the sides that names stand for. `settings`: seed, replicates and baseline for named scenarios."""

    def __init__(self, recomposer: Recomposer, settings: Any) -> None:
        self.recomposer, self.settings = recomposer, settings
        self.overrides = model_overrides(recomposer.words)

    def __call__(self, names: Sequence[str]) -> dict[str, Side]:
        """Sides by label, the baseline first. Raises InputError."""
        sides = [side for name in names for side in self._sides_of_name(name)]
        baseline = self._find_baseline(sides) or self._added_baseline(sides)
        labelled = _labelled([baseline, *(side for side in sides if side is not baseline)])
        if len(labelled) == 1:
            raise InputError(f"compare: '{baseline.name}' alone cannot be compared; name another, or give baseline=")
        return labelled

    def _find_baseline(self, sides: Sequence[Side]) -> Side | None:
        """The side that the baseline names: a scenario or folder as given, or else what is labelled so."""
        name = self.settings.baseline
        for side in sides:
            named_folder = side.folder is not None and Path(name).is_dir() and side.folder.samefile(name)
            if named_folder or (side.folder is None and side.name == name):
                return side
        others = [*sides, *([self._blank()] if len(sides) == 1 else [])]
        return next((side for side in sides if _label(side, _common(others)) == name), None)

    def _blank(self) -> Side:
        """What stands for a scenario named in this command, where only its overrides matter."""
        return Side("", None, 0, 0, {}, self.overrides)

    def _added_baseline(self, sides: Sequence[Side]) -> Side:
        """The baseline, where it is not among the sides. Raises InputError."""
        matches = list(self._sides_of_name(self.settings.baseline))
        if len(matches) != 1:
            raise InputError(
                f"baseline: '{shorten(self.settings.baseline)}' stands for {len(matches)} scenarios; name one"
            )
        if matches[0].folder is None:
            for side in sides:
                _check_reached(side, self.overrides, matches[0].name)
        return matches[0]

    def _sides_of_name(self, name: str) -> Iterator[Side]:
        from atmis.scenario.conf_files import EVERY, check_name

        known = self.recomposer.scenarios()
        if name == EVERY:
            for scenario in self.recomposer.comparable_scenarios():
                yield from self._sides_of_name(scenario)
        elif name in known:
            from atmis.scenario.build import build

            config, settings = self.recomposer({"scenario": name}), self.settings
            yield Side(name, build(config), settings.replicates, settings.seed, config, self.overrides)
        elif Path(name).is_dir():
            yield from _sides_of_folder(Path(name))
        else:
            if self.recomposer.config_dir is not None and Path(name).name == name:
                check_name(self.recomposer.config_dir / "scenario" / f"{name}.yaml")
            raise InputError(f"'{shorten(name)}' is neither a scenario nor a folder{suggest(name, known)}")


def _check_reached(side: Side, overrides: Sequence[str], baseline: str) -> None:
    """Raise InputError when overrides of this command would hold for the baseline, but do not for a folder."""
    from atmis.scenario.conf_files import key_of

    keys = {key_of(word) for word in side.overrides}
    missing = [word for word in overrides if key_of(word) not in keys]
    if side.folder is not None and missing:
        raise InputError(
            f"{side.folder} was made without {', '.join(map(shorten, missing))}, but the baseline '{baseline}' would "
            "not be; use the same overrides here, or give baseline="
        )


# --- labels ---


def _labelled(sides: Sequence[Side]) -> dict[str, Side]:
    """Sides by label, all different: the scenario, with the overrides that not all of them share."""
    labelled: dict[str, Side] = {}
    for side in sides:
        labelled[_free_label(_label(side, _common(sides)), labelled)] = side
    return labelled


def _common(sides: Sequence[Side]) -> set[str]:
    return set(sides[0].overrides).intersection(*(side.overrides for side in sides[1:]))


def _label(side: Side, common: Container[str]) -> str:
    """What a side is called: planned, opposition.attacks.raids=0.1. All have the same period, so it does not tell."""
    own = [word.lstrip("+") for word in side.overrides if word not in common and not word.startswith("period.")]
    more = [f"and {len(own) - _MOST_NAMED} more"] * (len(own) > _MOST_NAMED)
    return ", ".join([side.name, *map(shorten, own[:_MOST_NAMED]), *more])


def _free_label(label: str, taken: Container[str]) -> str:
    """The label, followed by a number if it is taken: planned (2)."""
    number = 2
    numbered = label
    while numbered in taken:
        numbered, number = f"{label} ({number})", number + 1
    return numbered


def check_comparable(sides: Mapping[str, Side]) -> None:
    """Raise InputError when the replicates of a side cannot be paired with those of the first, the baseline."""
    from atmis.analysis.comparison.spans import pairing_obstacle

    first = next(iter(sides.values()))
    for side in sides.values():
        reason = pairing_obstacle((first.scenario, first.seed), (side.scenario, side.seed))
        if reason:
            raise InputError(f"compare: {reason}")


def model_overrides(words: Iterable[str], scenario: str = "") -> list[str]:
    """The overrides of a command that change the model, except for the choice of the scenario by its name."""
    from atmis.scenario.conf_files import key_of
    from atmis.scenario.scenario import Scenario
    from atmis.storage.manifest import shareable

    roots = {shareable(word): key_of(word).split(".")[0] for word in words}
    changes = [word for word, root in roots.items() if root in Scenario.model_fields]
    return [word for word in changes if key_of(word) != "scenario" or (scenario and word != f"scenario={scenario}")]


# --- folders ---


def _sides_of_folder(folder: Path) -> Iterator[Side]:
    from atmis.storage.folders import MANIFEST, kind_of

    kind = kind_of(folder)
    if kind is None:
        raise InputError(f"{folder} holds neither a finished run nor a sweep: {MANIFEST} is missing")
    if kind not in ("run", "sweep"):
        raise InputError(f"{folder} holds neither a run of atmis run nor a sweep, so there is nothing in it to compare")
    return _sides_of_sweep(folder) if kind == "sweep" else _side_of_run(folder)


def _side_of_run(folder: Path) -> Iterator[Side]:
    """The scenario of a folder of `atmis run` with its seed and replicates, which give the same numbers again."""
    from atmis.storage.files import read_sealed_json
    from atmis.storage.folders import MANIFEST, reading

    manifest = read_sealed_json(folder / MANIFEST)
    with reading(folder):
        yield _side(folder, manifest)


def _side(folder: Path, manifest: Mapping[str, Any]) -> Side:
    """The side of the manifest of a run. Raises InputError when its rules are others than these."""
    from atmis.kernel.compiled import source_hash
    from atmis.scenario.build import build
    from atmis.scenario.scenario import Scenario

    if manifest["source_hash"] != source_hash():
        raise InputError(f"{folder} was made with other rules than these; run it again, then compare")
    config = {key: manifest["config"][key] for key in Scenario.model_fields}
    name, overrides = manifest["scenario"], model_overrides(manifest["overrides"], manifest["scenario"])
    return Side(name, build(config), manifest["replicates"], manifest["seed"], config, overrides, folder)


def _sides_of_sweep(folder: Path) -> Iterator[Side]:
    """The scenarios of a sweep in which nothing else varies."""
    from atmis.scenario.build import build
    from atmis.sweep import collect
    from atmis.sweep.study import code_hash

    study, _, manifest = collect.read_finished(folder)
    if _varies(study):
        raise InputError(
            f"{folder} holds several points of a design, which can only be compared with each other: name it alone"
        )
    if manifest["code"] != code_hash():
        raise InputError(f"{folder} was made with other rules than these; sweep again, then compare")
    if manifest["failed"]:
        raise InputError(
            f"{folder}: {manifest['failed']:,} of its runs failed (failures.csv), and would fail again here"
        )
    overrides = model_overrides(manifest["overrides"])
    for source in study.sources:
        scenario, data = build(source.data), source.data
        yield Side(source.scenario, scenario, manifest["replicates"], study.seed, data, overrides, folder)


def has_several_points(name: str) -> bool:
    """Whether a name is the folder of a sweep with several points."""
    from atmis.storage.folders import holds_sweep
    from atmis.sweep import identity

    return holds_sweep(Path(name)) and _varies(identity.load(Path(name))[0])


def _varies(study: Any) -> bool:
    """Whether a sweep has several points: parameters or choices of groups."""
    return study.cases > len(study.sources) or bool(study.labels or study.columns)
