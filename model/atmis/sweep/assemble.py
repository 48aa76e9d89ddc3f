"""From composed configurations to a study: which scenarios, which points, and that every value can be."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from atmis.scenario.conf_files import GROUPS
from atmis.scenario.errors import InputError, nearest
from atmis.scenario.source import Source
from atmis.scenario.sweep import SweepSettings, Value
from atmis.sweep import design

if TYPE_CHECKING:
    from atmis.sweep.study import Study

_MOST_CASES = 1_000_000


class Composing(Protocol):
    """Composes a configuration again."""

    def __call__(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """With other choices of groups."""
        ...

    def alike(self) -> list[str]:
        """Names of all scenarios of the same theatre and period."""
        ...


@dataclass(frozen=True)
class Job:
    """One composed configuration of a sweep; `labels`: what tells it from the others of a multirun."""

    settings: SweepSettings
    scenario: str
    compose: Composing
    labels: Mapping[str, str]


def assemble(jobs: Sequence[Job]) -> "Study":
    """The study of some jobs. Raises InputError for scenarios, keys and values that cannot be."""
    settings = jobs[0].settings
    sources: list[Source] = []
    index: dict[tuple[Any, ...], int] = {}
    rows: list[tuple[int, tuple[Any, ...], design.Point, dict[str, str]]] = []
    _check_size(jobs)
    for number, job in enumerate(jobs):
        _check(job.settings)
        if not _scenarios(job):
            raise InputError("sweep.scenarios: there is none of this theatre and period")
        _check_values(job)
        for name, point in product(_scenarios(job), design.points(job.settings.sweep, settings.seed)):
            choices = {path: str(value) for path, value in point.items() if path in GROUPS}
            key = (number, name, *sorted(choices.items()))
            if key not in index:
                index[key] = len(sources)
                sources.append(_source(job, name, choices))
            values = {path: value for path, value in point.items() if path not in GROUPS}
            labels = {**job.labels, **choices}
            rows.append((index[key], (*sorted(labels.items()), *sorted(values.items())), values, labels))
    from atmis.sweep.study import Study  # loads much: after what is wrong with a word has been told

    rows.sort(key=lambda row: row[0])  # cases of one source together
    points: dict[tuple[Any, ...], int] = {}
    study = Study(
        name=settings.sweep.name,
        seed=settings.seed,
        replicates=settings.replicates,
        sources=sources,
        source_of=[row[0] for row in rows],
        point_of=[points.setdefault(row[1], len(points)) for row in rows],
        columns=design.as_columns([row[2] for row in rows]),
        labels=design.as_columns([dict(row[3]) for row in rows]),
        direct=_direct(jobs, sources),
    )
    if settings.precision > 0:
        _check_precision(study, settings)
    return study


def _source(job: Job, name: str, choices: dict[str, str]) -> Source:
    """A scenario under some choices. Raises InputError that names what in the sweep asks for it."""
    try:
        return Source(name, job.compose({"scenario": name} | choices))
    except InputError as error:
        for group, choice in {"scenario": name, **choices}.items():
            said = f"override '{group}={choice}': "
            if str(error).startswith(said) and (group != "scenario" or job.settings.sweep.scenarios):
                key = "sweep.scenarios" if group == "scenario" else f"sweep.parameters.{group}"
                raise InputError(f"{key}: {str(error).removeprefix(said)}") from None
        raise


def _check_size(jobs: Sequence[Job]) -> None:
    """Raise InputError for more cases than can be, before any point is made: a grid over many parameters is endless."""
    cases = sum(len(_scenarios(job)) * design.count(job.settings.sweep) for job in jobs)
    if cases > _MOST_CASES:
        raise InputError(f"sweep.parameters: these make {cases:,} cases; allowed: at most {_MOST_CASES:,}")


def _scenarios(job: Job) -> Sequence[str]:
    named = job.settings.sweep.scenarios
    if named == "all":
        return job.compose.alike()
    return list(dict.fromkeys(named)) or [job.scenario]


def _check(settings: SweepSettings) -> None:
    paths = [*settings.sweep.parameters, *(path for case in settings.sweep.cases for path in case)]
    for path in paths:
        root = path.split(".")[0]
        if root in ("period", "scenario") or path in SweepSettings.model_fields:
            raise InputError(f"sweep.parameters: '{path}' cannot vary within a sweep; give it on the command line")
        if "." not in path and path not in GROUPS:
            raise InputError(f"sweep.parameters: '{path}' is neither a key nor a group{nearest(path, GROUPS)}")


def _check_values(job: Job) -> None:
    """Raise InputError for a value that cannot be in the first scenario, before points are made and much is loaded."""
    values = dict.fromkeys(_values(job.settings))
    if values and not {path for path, _ in values} & set(GROUPS):  # what is chosen may be what a value needs
        source = _source(job, _scenarios(job)[0], {})
        for path, value in values:
            with _told(path, [job]):
                source.with_values({path: value})


def _direct(jobs: Sequence[Job], sources: Sequence[Source]) -> frozenset[str]:
    """Parameters that can be put straight into the tables. Builds both ends of each range: wrong values show here."""
    from atmis.runs.inputs import RunInputs, is_direct

    found: dict[str, bool] = {}
    for source in sources:
        values: dict[str, list[Value]] = {}
        for job in jobs:
            for path, value in _values(job.settings):
                values.setdefault(path, []).append(value)
        plain = RunInputs.of(source.with_values({}))
        for path, several in values.items():
            if path in GROUPS:
                continue
            with _told(path, jobs):
                tried = {value: source.with_values({path: value}) for value in dict.fromkeys(several)}
            inputs = {value: RunInputs.of(scenario) for value, scenario in tried.items()}
            if any(one.shape() != plain.shape() for one in inputs.values()):
                raise InputError(
                    f"sweep.parameters: '{path}' changes what the tables hold; sweep it one by one with -m"
                )
            direct = all(is_direct(plain, path, value, whole) for value, whole in inputs.items())
            found[path] = found.get(path, True) and direct
    return frozenset(path for path, is_so in found.items() if is_so)


@contextmanager
def _told(path: str, jobs: Sequence[Job]) -> Iterator[None]:
    """Name the part of the sweep that a wrong value of a parameter stands in."""
    try:
        yield
    except InputError as error:
        in_a_range = any(path in job.settings.sweep.parameters for job in jobs)
        raise InputError(f"sweep.{'parameters' if in_a_range else 'cases'}: {error}") from None


def _values(settings: SweepSettings) -> list[tuple[str, Value]]:
    """Values of each parameter that tell whether it can be set at all."""
    listed = [(path, value) for case in settings.sweep.cases for path, value in case.items()]
    return [*design.extremes(settings.sweep.parameters), *listed]


def _check_precision(study: "Study", settings: SweepSettings) -> None:
    from atmis.runs.summary import HEADLINES

    names = [headline.name for headline in HEADLINES if headline.unit != "date"]
    if settings.headline not in names:
        raise InputError(
            f"headline: '{settings.headline}' is no number of the summary{nearest(settings.headline, names)}"
        )
    scenarios = {source.scenario for source in study.sources}
    if settings.baseline not in scenarios or len(scenarios) < 2:
        raise InputError(
            f"precision: is about differences from the baseline '{settings.baseline}', which needs that scenario and "
            "another in the sweep; add them to sweep.scenarios"
        )
