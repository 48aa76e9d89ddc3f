"""atmis backtest: a scenario against observed counts, beside simple forecasts from history."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.compose import quote
from atmis.scenario.errors import InputError

from .hydra_app import compose_job, compose_jobs, parse_config_dir
from .import_account import print_account, read_file
from .resources import check_folder, check_memory
from .terminal import print_backtest, print_place, progress_bar

_LATER = "actual"  # the default scenario for windows after the years of `history`
_TEXTS = ("observed", "history", "window", "fit_to", "actor")


class _BacktestJob(NamedTuple):
    """The scenario that is scored."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    origin: Any


class _ScoringTask(NamedTuple):
    """What the scenario is scored on: observed counts with their history, and windows."""

    observed: Any
    windows: list[Any]
    borrowed: list[str]  # zones whose history comes from another table
    files: list[Any]  # counts that were read from files of the user


def main(arguments: list[str]) -> int:
    """Score one scenario; everything is checked before anything is simulated."""
    started, command = datetime.now(UTC), ["atmis", "backtest", *arguments]
    words = [_as_text(word) for word in arguments]
    composed = compose_job(words, "backtest", "backtest scores one scenario at a time; it takes no -m")
    if composed is None:
        return 0
    job = _build_job(*composed)
    task = _scoring_task(job)
    if not _sets_key(job, "scenario") and _is_after(task):
        words.append(f"scenario={_LATER}")
        job = _build_job(*compose_jobs(words, "backtest")[0])
    _check(job, task)
    for counts in task.files:
        print_account(counts)
        print()
    _backtest(job, task, _scenarios_by_window(job, task, words), command, started)
    return 0


def _as_text(word: str) -> str:
    """A word with its value in quotes where this is a text, such as a file name, which may hold any character."""
    key, equals, value = word.partition("=")
    if key not in _TEXTS or not value or value in ("null", "''") or (value[0] == value[-1] and value[0] in "'\""):
        return word
    return f"{key}{equals}{quote(value)}"


def _build_job(data: dict[str, Any], origin: Any) -> _BacktestJob:
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import BacktestSettings

    return _BacktestJob(*build_all(data, origin, BacktestSettings), data, origin)


def _sets_key(job: _BacktestJob, key: str) -> bool:
    from atmis.scenario.conf_files import key_of

    return any(key_of(word).split(".")[0] == key for word in job.origin.words)


def _scenarios_by_window(job: _BacktestJob, task: _ScoringTask, words: list[str]) -> list[Any]:
    """The scenario for each window: with the draws that were chosen, or else the latest fitted before the window."""
    from atmis.analysis.backtest import latest_unseen_draws

    if _sets_key(job, "draws"):
        return [job.scenario] * len(task.windows)
    config_dir = parse_config_dir(words)
    choices = [latest_unseen_draws(window, config_dir) for window in task.windows]
    built = {name: _build_job(*compose_jobs([*words, f"draws={name}"], "backtest")[0]) for name in choices if name}
    return [built[name].scenario if name else job.scenario for name in choices]


def _is_after(task: _ScoringTask) -> bool:
    from atmis.analysis.backtest import FREEZE

    return all(window.first > FREEZE for window in task.windows)


def _scoring_task(job: _BacktestJob) -> _ScoringTask:
    from atmis.analysis import backtest

    settings = job.settings
    observed = _read_observed(settings.observed, job)
    if settings.origins:
        windows = backtest.rolling_windows(settings.origins, settings.months, observed.months[-1])
    else:
        windows = [backtest.parse_window(settings.window, settings.fit_to)]
    _check_observed(observed, windows)
    history = _read_observed(settings.history, job, "history")
    names = {settings.observed: observed, settings.history: history}
    files = [counts for name, counts in names.items() if Path(name).is_file()]
    observed, borrowed = backtest.borrow_history(observed, history, min(window.fit_to for window in windows))
    return _ScoringTask(observed, windows, borrowed, files)


def _check_observed(observed: Any, windows: Sequence[Any]) -> None:
    for window in windows:
        if not len(observed.between(window.first, window.last).months):
            span = f"{observed.months[0]}..{observed.months[-1]}"
            raise InputError(f"window: nothing is observed in {window.first}..{window.last}, only in {span}")


def _read_observed(name: str, job: _BacktestJob, key: str = "observed") -> Any:
    """Counts by month and zone, from a file or from the tables that come with atmis."""
    from atmis.analysis import observed
    from atmis.scenario.errors import shorten, suggest

    theatre = job.scenario.theatre
    if Path(name).is_file():
        counts = read_file(Path(name), theatre, actor=job.settings.actor)
    elif name in observed.shipped_names():
        counts = observed.shipped(name, theatre)
    else:
        hint = suggest(name, observed.shipped_names())
        raise InputError(f"{key}: '{shorten(name)}' is neither a file nor counts that come with atmis{hint}")
    if counts.kind != "zone":
        raise InputError(f"{key}: '{shorten(name)}' holds counts of countries; allowed: counts of zones")
    return counts


def _check(job: _BacktestJob, task: _ScoringTask) -> None:
    from atmis.analysis.backtest import check_within

    for window in task.windows:
        check_within(job.scenario, window)
    check_memory([(job.scenario, job.settings.replicates)], job.origin.location_prefix("replicates"))
    check_folder(
        Path(job.settings.results) / "backtest" / job.scenario.scenario.name, job.origin.location_prefix("results")
    )


def _backtest(
    job: _BacktestJob, task: _ScoringTask, scenarios: Sequence[Any], command: Sequence[str], started: datetime
) -> None:
    from atmis.analysis import backtest
    from atmis.analysis.backtest.outputs import tables
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, add_files, write_manifest
    from atmis.storage.tables import save_rows

    scenario, settings = job.scenario, job.settings
    forecasts = _simulate_forecasts(scenarios, settings)
    windows = [
        backtest.score(task.observed, forecasts[variant.draws.name], window, scenario.theatre)
        for variant, window in zip(scenarios, task.windows, strict=True)
    ]
    rows = tables(windows, backtest.Resampling(settings.block, settings.resamples, settings.seed))
    folder = new_folder(Path(settings.results), "backtest", scenario.scenario.name, started)
    provenance = Provenance(command, job.config, job.origin.words, started)
    write_manifest(folder, "backtest", _manifest_content(job, task, scenarios), save_rows(folder, rows), provenance)
    if settings.figures:
        from atmis.plots.backtest.observed import draw

        add_files(folder, draw(windows, folder / "figures", scenario.scenario.name))
    print_backtest(rows["scores"][0])
    _print_notes(settings, task, scenarios, folder)


def _simulate_forecasts(scenarios: Sequence[Any], settings: Any) -> dict[str, Any]:
    """A forecast for each choice of draws."""
    from atmis.analysis import backtest

    by_draws = {scenario.draws.name: scenario for scenario in scenarios}
    forecasts = {}
    for name, scenario in by_draws.items():
        with progress_bar(settings.replicates, f"{scenario.scenario.name}, draws {name}") as advance:
            forecasts[name] = backtest.forecast(scenario, settings.replicates, settings.seed, settings.workers, advance)
    return forecasts


def _print_notes(settings: Any, task: _ScoringTask, scenarios: Sequence[Any], folder: Path) -> None:
    """Print what a reader must know about the table, and where the files are."""
    from atmis.analysis.backtest import in_sample_note

    for scenario, window in zip(scenarios, task.windows, strict=True):
        print(in_sample_note(scenario.draws, window))
    if task.borrowed:
        name = Path(settings.observed).name
        print(f"{name} begins with the window; history of {', '.join(task.borrowed)}: {Path(settings.history).name}.")
    print_place(folder, settings.figures)


def _manifest_content(job: _BacktestJob, task: _ScoringTask, scenarios: Sequence[Any]) -> dict[str, Any]:
    windows = [
        {
            "first": str(window.first),
            "last": str(window.last),
            "fit_to": str(window.fit_to),
            "draws": scenario.draws.name,
        }
        for window, scenario in zip(task.windows, scenarios, strict=True)
    ]
    names = {"scenario": job.scenario.scenario.name, "seed": job.settings.seed, "replicates": job.settings.replicates}
    return {**names, "observed": task.observed.about, "history_borrowed": task.borrowed, "windows": windows}
