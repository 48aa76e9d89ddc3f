"""From composed configurations to a study: its scenarios and points, with every value checked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from atmis.scenario.conf_files import GROUPS
from atmis.scenario.errors import InputError, suggest
from atmis.scenario.source import ScenarioSource
from atmis.scenario.sweep import SweepSettings, Value
from atmis.sweep import design

if TYPE_CHECKING:
    from atmis.sweep.study import Study

_MOST_CASES = 1_000_000
MOST_RUNS = 999_999_999  # names of chunks have nine digits


class Composer(Protocol):
    """Composes a configuration again with other choices of groups."""

    def __call__(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """The composed configuration with these choices, by group."""
        ...

    def comparable_scenarios(self) -> list[str]:
        """Names of all scenarios with the same theatre and period."""
        ...


@dataclass(frozen=True)
class Job:
    """One composed configuration of a sweep; `labels` distinguish it from the others of a multirun."""

    settings: SweepSettings
    scenario: str
    compose: Composer
    labels: Mapping[str, str]


def assemble(jobs: Sequence[Job]) -> "Study":
    """The study of one or more jobs. Raises InputError for scenarios, keys and values that are not allowed."""
    settings = jobs[0].settings
    sources: list[ScenarioSource] = []
    index: dict[tuple[Any, ...], int] = {}
    rows: list[tuple[int, tuple[Any, ...], design.Point, dict[str, str]]] = []
    _check_size(jobs)
    for number, job in enumerate(jobs):
        _check_keys(job.settings)
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
    from atmis.sweep.study import Study  # slow to load: after the input has been checked

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


def _source(job: Job, name: str, choices: dict[str, str]) -> ScenarioSource:
    """A scenario with some choices of groups. Raises InputError that names the key of the sweep at fault."""
    try:
        return ScenarioSource(name, job.compose({"scenario": name} | choices))
    except InputError as error:
        for group, choice in {"scenario": name, **choices}.items():
            prefix = f"override '{group}={choice}': "
            if str(error).startswith(prefix) and (group != "scenario" or job.settings.sweep.scenarios):
                key = "sweep.scenarios" if group == "scenario" else f"sweep.parameters.{group}"
                raise InputError(f"{key}: {str(error).removeprefix(prefix)}") from None
        raise


def _check_size(jobs: Sequence[Job]) -> None:
    """Raise InputError for too many cases or runs, before any point is made: a grid over many parameters is endless."""
    cases = sum(len(_scenarios(job)) * design.count(job.settings.sweep) for job in jobs)
    if cases > _MOST_CASES:
        raise InputError(f"sweep.parameters: these make {cases:,} cases; allowed: at most {_MOST_CASES:,}")
    replicates = jobs[0].settings.replicates
    if cases * replicates > MOST_RUNS:
        raise InputError(
            f"replicates: {replicates:,} of each of {cases:,} cases make {cases * replicates:,} runs; "
            f"allowed: at most {MOST_RUNS:,} runs, here {MOST_RUNS // cases:,} replicates"
        )


def _scenarios(job: Job) -> Sequence[str]:
    """Names of the scenarios of a job, each once."""
    named = job.settings.sweep.scenarios
    if named == "all":
        return job.compose.comparable_scenarios()
    return list(dict.fromkeys(named)) or [job.scenario]


def _check_keys(settings: SweepSettings) -> None:
    """Raise InputError for what cannot vary within a sweep."""
    paths = [*settings.sweep.parameters, *(path for case in settings.sweep.cases for path in case)]
    for path in paths:
        root = path.split(".")[0]
        if root in ("period", "scenario") or path in SweepSettings.model_fields:
            raise InputError(f"sweep.parameters: '{path}' cannot vary within a sweep; give it on the command line")
        if "." not in path and path not in GROUPS:
            raise InputError(f"sweep.parameters: '{path}' is neither a key nor a group{suggest(path, GROUPS)}")


def _check_values(job: Job) -> None:
    """Raise InputError for a value not allowed in the first scenario, before points are made and much is loaded."""
    values = dict.fromkeys(_values(job.settings))
    if values and not {path for path, _ in values} & set(GROUPS):  # a value may depend on the choice
        source = _source(job, _scenarios(job)[0], {})
        for path, value in values:
            with _name_key(path, [job]):
                source.with_values({path: value})


def _direct(jobs: Sequence[Job], sources: Sequence[ScenarioSource]) -> frozenset[str]:
    """Parameters that can be written straight into the input tables. Builds both ends of each range, to check them."""
    from atmis.runs.inputs import RunInputs, is_direct

    direct: dict[str, bool] = {}
    for source in sources:
        values: dict[str, list[Value]] = {}
        for job in jobs:
            for path, value in _values(job.settings):
                values.setdefault(path, []).append(value)
        base = RunInputs.of(source.with_values({}))
        for path, path_values in values.items():
            if path in GROUPS:
                continue
            with _name_key(path, jobs):
                scenarios = {value: source.with_values({path: value}) for value in dict.fromkeys(path_values)}
            inputs = {value: RunInputs.of(scenario) for value, scenario in scenarios.items()}
            if any(varied.shape() != base.shape() for varied in inputs.values()):
                raise InputError(
                    f"sweep.parameters: '{path}' changes what the tables hold; sweep it one by one with -m"
                )
            is_direct_here = all(is_direct(base, path, value, varied) for value, varied in inputs.items())
            direct[path] = direct.get(path, True) and is_direct_here
    return frozenset(path for path, flag in direct.items() if flag)


@contextmanager
def _name_key(path: str, jobs: Sequence[Job]) -> Iterator[None]:
    """Add to an InputError about a value of a parameter the key of the sweep that holds it."""
    try:
        yield
    except InputError as error:
        is_range = any(path in job.settings.sweep.parameters for job in jobs)
        raise InputError(f"sweep.{'parameters' if is_range else 'cases'}: {error}") from None


def _values(settings: SweepSettings) -> list[tuple[str, Value]]:
    """The values of each parameter that are checked: both ends of a range, and all that are listed."""
    listed = [(path, value) for case in settings.sweep.cases for path, value in case.items()]
    return [*design.extremes(settings.sweep.parameters), *listed]


def _check_precision(study: "Study", settings: SweepSettings) -> None:
    """Raise InputError where the settings of a precision do not fit the study."""
    from atmis.runs.summary import HEADLINES

    names = [headline.name for headline in HEADLINES if headline.unit != "date"]
    if settings.headline not in names:
        raise InputError(
            f"headline: '{settings.headline}' is no number of the summary{suggest(settings.headline, names)}"
        )
    scenarios = {source.scenario for source in study.sources}
    if settings.baseline not in scenarios or len(scenarios) < 2:
        raise InputError(
            f"precision: is about differences from the baseline '{settings.baseline}', which needs that scenario and "
            "another in the sweep; add them to sweep.scenarios"
        )
