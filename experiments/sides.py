"""The sides of a comparison: scenarios, folders of `atmis run` or folders of `atmis sweep`, found by name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, shorten, suggest

from .recomposer import Recomposer

ALL = "all"  # every scenario of the theatre and period


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a scenario with its replicates and its seed."""

    scenario: Any
    replicates: int
    seed: int
    config: Mapping[str, Any]  # as composed
    folder: Path | None = None  # its folder of results; None: named as a scenario
    overrides: frozenset[str] = frozenset()  # of a folder: the overrides of the model in its command


class SideFinder:
    """Finds the sides that names stand for. `settings`: seed, replicates and baseline for named scenarios."""

    def __init__(self, recomposer: Recomposer, settings: Any) -> None:
        self.recomposer, self.settings = recomposer, settings

    def __call__(self, names: Sequence[str]) -> dict[str, Side]:
        """Sides by label, the baseline first. Raises InputError."""
        sides: dict[str, Side] = {}
        for name in names:
            for label, side in self._sides_of_name(name):
                sides[_free_label(label, sides)] = side
        baseline = self.settings.baseline
        if baseline not in sides:
            sides = self._with_baseline(sides)
            baseline = next(iter(sides))
        if len(sides) == 1:
            raise InputError(f"compare: '{baseline}' alone cannot be compared; name another, or give baseline=")
        return {baseline: sides[baseline], **sides}

    def _with_baseline(self, sides: dict[str, Side]) -> dict[str, Side]:
        """Sides with the baseline added in front."""
        matches = list(self._sides_of_name(self.settings.baseline))
        if len(matches) != 1:
            raise InputError(
                f"baseline: '{shorten(self.settings.baseline)}' stands for {len(matches)} scenarios; name one"
            )
        label, side = matches[0]
        overrides = model_overrides(self.recomposer.words)
        for other in sides.values():
            if side.folder is None and other.folder is not None and other.overrides != overrides:
                raise InputError(_mismatch_message(label, other, overrides))
        merged = {label: side}
        for name, other in sides.items():
            merged[_free_label(name, merged)] = other
        return merged

    def _sides_of_name(self, name: str) -> Iterator[tuple[str, Side]]:
        known = self.recomposer.scenarios()
        if name == ALL:
            for scenario in self.recomposer.comparable_scenarios():
                yield from self._sides_of_name(scenario)
        elif name in known:
            from atmis.scenario.build import build

            config = self.recomposer({"scenario": name})
            yield name, Side(build(config), self.settings.replicates, self.settings.seed, config)
        elif Path(name).is_dir():
            yield from _sides_of_folder(Path(name))
        else:
            raise InputError(f"'{shorten(name)}' is neither a scenario nor a folder{suggest(name, known)}")


def _free_label(label: str, taken: Mapping[str, Side]) -> str:
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


def model_overrides(words: Iterable[str]) -> frozenset[str]:
    """The overrides of a command that change the model, except for the choice of the scenario."""
    from atmis.scenario.conf_files import key_of
    from atmis.scenario.scenario import Scenario

    roots = {word: key_of(word).split(".")[0] for word in words}
    return frozenset(
        word for word, root in roots.items() if root in Scenario.model_fields and key_of(word) != "scenario"
    )


def _mismatch_message(label: str, side: Side, overrides: frozenset[str]) -> str:
    """The message for a baseline that would be run under other assumptions than the folder compared with it."""
    extra, missing = sorted(side.overrides - overrides), sorted(overrides - side.overrides)
    what = f"with {', '.join(map(shorten, extra))}" if extra else f"without {', '.join(map(shorten, missing))}"
    remedy = "use the same overrides here, or give baseline="
    return f"{side.folder} was made {what}, but the baseline '{label}' would not be; {remedy}"


def _sides_of_folder(folder: Path) -> Iterator[tuple[str, Side]]:
    from atmis.storage.folders import MANIFEST, kind_of

    kind = kind_of(folder)
    if kind is None:
        raise InputError(f"{folder} holds neither a finished run nor a sweep: {MANIFEST} is missing")
    if kind not in ("run", "sweep"):
        raise InputError(f"{folder} holds neither a run of atmis run nor a sweep, so there is nothing in it to compare")
    return _sides_of_sweep(folder) if kind == "sweep" else _side_of_run(folder)


def _side_of_run(folder: Path) -> Iterator[tuple[str, Side]]:
    """The scenario of a folder of `atmis run` with its seed and replicates, which give the same numbers again."""
    from atmis.kernel.compiled import source_hash
    from atmis.scenario.build import build
    from atmis.scenario.scenario import Scenario
    from atmis.storage.files import read_sealed_json
    from atmis.storage.folders import MANIFEST

    manifest = read_sealed_json(folder / MANIFEST)
    if manifest["source_hash"] != source_hash():
        raise InputError(f"{folder} was made with other rules than these; run it again, then compare")
    config = {key: manifest["config"][key] for key in Scenario.model_fields}
    overrides = model_overrides(manifest["overrides"])
    yield manifest["scenario"], Side(build(config), manifest["replicates"], manifest["seed"], config, folder, overrides)


def _sides_of_sweep(folder: Path) -> Iterator[tuple[str, Side]]:
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
        side = Side(build(source.data), manifest["replicates"], study.seed, source.data, folder, overrides)
        yield source.scenario, side


def has_several_points(name: str) -> bool:
    """Whether a name is the folder of a sweep with several points."""
    from atmis.storage.folders import holds_sweep
    from atmis.sweep import identity

    return holds_sweep(Path(name)) and _varies(identity.load(Path(name))[0])


def _varies(study: Any) -> bool:
    """Whether a sweep has several points: parameters or choices of groups."""
    return study.cases > len(study.sources) or bool(study.labels or study.columns)
