"""What the words of `atmis compare` stand for: scenarios, folders of `atmis run`, folders of `atmis sweep`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError, nearest, shortened

from .composing import Composing

ALL = "all"  # every scenario of the theatre and period


@dataclass(frozen=True)
class Side:
    """One of the things that are compared: a scenario, its replicates and its seed."""

    scenario: Any
    replicates: int
    seed: int
    config: Mapping[str, Any]  # as composed
    folder: Path | None = None  # where it comes from; None: named by its scenario
    overrides: frozenset[str] = frozenset()  # of a folder: what its command said of the model, but for the scenario


class Naming:
    """Finds what names stand for. `settings`: with the seed and the replicates of scenarios that are named."""

    def __init__(self, composing: Composing, settings: Any) -> None:
        self.composing, self.settings = composing, settings

    def __call__(self, names: Sequence[str]) -> dict[str, Side]:
        """Sides by the labels under which they are shown, the baseline first."""
        sides: dict[str, Side] = {}
        for name in names:
            for label, side in self._of_name(name):
                sides[_free(label, sides)] = side
        baseline = self.settings.baseline
        if baseline not in sides:
            sides = self._with_baseline(sides)
            baseline = next(iter(sides))
        if len(sides) == 1:
            raise InputError(f"compare: '{baseline}' alone cannot be compared; name another, or give baseline=")
        return {baseline: sides[baseline], **sides}

    def _with_baseline(self, sides: dict[str, Side]) -> dict[str, Side]:
        """Sides with the baseline, which none of them is so far, in front: run here, if it is a scenario."""
        found = list(self._of_name(self.settings.baseline))
        if len(found) != 1:
            raise InputError(
                f"baseline: '{shortened(self.settings.baseline)}' stands for {len(found)} scenarios; name one"
            )
        label, side = found[0]
        here = of_model(self.composing.words)
        for other in sides.values():
            if side.folder is None and other.folder is not None and other.overrides != here:
                raise InputError(_unlike(label, other, here))
        made = {label: side}
        for name, other in sides.items():
            made[_free(name, made)] = other
        return made

    def _of_name(self, name: str) -> Iterator[tuple[str, Side]]:
        known = self.composing.scenarios()
        if name == ALL:
            for each in self.composing.alike():
                yield from self._of_name(each)
        elif name in known:
            from atmis.scenario.build import build

            config = self.composing({"scenario": name})
            yield name, Side(build(config), self.settings.replicates, self.settings.seed, config)
        elif Path(name).is_dir():
            yield from _of_folder(Path(name))
        else:
            raise InputError(f"'{shortened(name)}' is neither a scenario nor a folder{nearest(name, known)}")


def _free(label: str, taken: Mapping[str, Side]) -> str:
    """A label, with a number behind it where it is taken: planned (2)."""
    number = 2
    shown = label
    while shown in taken:
        shown, number = f"{label} ({number})", number + 1
    return shown


def check_kin(sides: Mapping[str, Side]) -> None:
    """Raise InputError when one of the sides has no replicates in common with the first, the baseline."""
    from atmis.analysis.comparison.spans import unlike

    first = next(iter(sides.values()))
    for side in sides.values():
        reason = unlike((first.scenario, first.seed), (side.scenario, side.seed))
        if reason:
            raise InputError(f"compare: {reason}")


def of_model(words: Iterable[str]) -> frozenset[str]:
    """Of the overrides of a command those that change the model, but for the choice of the scenario."""
    from atmis.scenario.conf_files import key_of
    from atmis.scenario.scenario import Scenario

    roots = {word: key_of(word).split(".")[0] for word in words}
    return frozenset(
        word for word, root in roots.items() if root in Scenario.model_fields and key_of(word) != "scenario"
    )


def _unlike(label: str, side: Side, here: frozenset[str]) -> str:
    """The sentence for a baseline that would be run under other assumptions than the folder it is compared with."""
    there, missing = sorted(side.overrides - here), sorted(here - side.overrides)
    what = f"with {', '.join(map(shortened, there))}" if there else f"without {', '.join(map(shortened, missing))}"
    return (
        f"{side.folder} was made {what}, and the baseline '{label}' would not be; say the same here, or give baseline="
    )


def _of_folder(folder: Path) -> Iterator[tuple[str, Side]]:
    from atmis.storage.folders import MANIFEST, kind_of

    kind = kind_of(folder)
    if kind is None:
        raise InputError(f"{folder} holds neither a finished run nor a sweep: {MANIFEST} is missing")
    if kind not in ("run", "sweep"):
        raise InputError(f"{folder} holds no run of atmis run and no sweep, so there is nothing in it to compare")
    return _of_sweep(folder) if kind == "sweep" else _of_run(folder)


def _of_run(folder: Path) -> Iterator[tuple[str, Side]]:
    """The scenario of a folder, with its seed and replicates: the same numbers, made again."""
    from atmis.kernel.compiled import source_hash
    from atmis.scenario.build import build
    from atmis.scenario.scenario import Scenario
    from atmis.storage.files import unsealed
    from atmis.storage.folders import MANIFEST

    manifest = unsealed(folder / MANIFEST)
    if manifest["source_hash"] != source_hash():
        raise InputError(f"{folder} was made by other rules than these; run it again, then compare")
    config = {key: manifest["config"][key] for key in Scenario.model_fields}
    said = of_model(manifest["overrides"])
    yield manifest["scenario"], Side(build(config), manifest["replicates"], manifest["seed"], config, folder, said)


def _of_sweep(folder: Path) -> Iterator[tuple[str, Side]]:
    """The scenarios of a sweep in which nothing else varies, as those of runs."""
    from atmis.scenario.build import build
    from atmis.sweep import collect
    from atmis.sweep.study import code_hash

    study, _, manifest = collect.finished(folder)
    if _varies(study):
        raise InputError(
            f"{folder} holds several points of a design, which only compare with each other: name it alone"
        )
    if manifest["code"] != code_hash():
        raise InputError(f"{folder} was made by other rules than these; sweep again, then compare")
    if manifest["failed"]:
        raise InputError(
            f"{folder}: {manifest['failed']:,} of its runs failed (failures.csv), and would fail again here"
        )
    said = of_model(manifest["overrides"])
    for source in study.sources:
        side = Side(build(source.data), manifest["replicates"], study.seed, source.data, folder, said)
        yield source.scenario, side


def is_of_points(name: str) -> bool:
    """Whether a name is the folder of a sweep with several points."""
    from atmis.storage.folders import holds_sweep
    from atmis.sweep import identity

    return holds_sweep(Path(name)) and _varies(identity.load(Path(name))[0])


def _varies(study: Any) -> bool:
    """Whether a sweep has several points: parameters or choices of groups."""
    return study.cases > len(study.sources) or bool(study.labels or study.columns)
