"""atmis backtest: a scenario against observed counts, beside simple forecasts from history."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from atmis.scenario.compose import quoted
from atmis.scenario.errors import InputError

from .hydra_app import composed, composed_alone, own_folder
from .room import check_folder, check_memory
from .terminal import bar, print_backtest, print_place

_LATER = "actual"  # the scenario of windows after the years of `history`, when none is named


_TEXTS = ("observed", "history", "window", "fit_to", "actor")


class _Job(NamedTuple):
    """What is scored."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    origin: Any


class _Asked(NamedTuple):
    """What it is scored on: counts with their history, and windows."""

    observed: Any
    windows: list[Any]
    borrowed: list[str]  # zones whose history is that of another table


def main(arguments: list[str]) -> int:
    """Score one scenario; all that is asked is checked before anything is simulated."""
    started, command = datetime.now(UTC), ["atmis", "backtest", *arguments]
    words = [_as_text(word) for word in arguments]
    found = composed_alone(words, "backtest", "backtest scores one scenario at a time; -m is not for it")
    if found is None:
        return 0
    job = _built(*found)
    asked = _asked(job)
    if not _says(job, "scenario") and _is_after(asked):
        words.append(f"scenario={_LATER}")
        job = _built(*composed(words, "backtest")[0])
    _check(job, asked)
    _backtest(job, asked, _with_draws(job, asked, words), command, started)
    return 0


def _as_text(word: str) -> str:
    """A word in quotes where its value is a text, as names of files and months are, whatever signs are in it."""
    key, equals, value = word.partition("=")
    if key not in _TEXTS or not value or value in ("null", "''") or (value[0] == value[-1] and value[0] in "'\""):
        return word
    return f"{key}{equals}{quoted(value)}"


def _built(data: dict[str, Any], origin: Any) -> _Job:
    from atmis.scenario.build import build_all
    from atmis.scenario.settings import BacktestSettings

    return _Job(*build_all(data, origin, BacktestSettings), data, origin)


def _says(job: _Job, key: str) -> bool:
    from atmis.scenario.conf_files import key_of

    return any(key_of(word).split(".")[0] == key for word in job.origin.words)


def _with_draws(job: _Job, asked: _Asked, words: list[str]) -> list[Any]:
    """The scenario for each window: with the draws that were named, else with the latest that were fitted before it."""
    from atmis.analysis.backtest import fitted_before

    if _says(job, "draws"):
        return [job.scenario] * len(asked.windows)
    own = own_folder(words)
    choices = [fitted_before(one, own) for one in asked.windows]
    built = {name: _built(*composed([*words, f"draws={name}"], "backtest")[0]) for name in choices if name}
    return [built[name].scenario if name else job.scenario for name in choices]


def _is_after(asked: _Asked) -> bool:
    from atmis.analysis.backtest import FREEZE

    return all(one.first > FREEZE for one in asked.windows)


def _asked(job: _Job) -> _Asked:
    from atmis.analysis import backtest

    settings = job.settings
    observed = _observed(settings.observed, job)
    if settings.origins:
        windows = backtest.rolling(settings.origins, settings.months, observed.months[-1])
    else:
        windows = [backtest.window(settings.window, settings.fit_to)]
    _check_observed(observed, windows)
    history = _observed(settings.history, job, "history")
    observed, borrowed = backtest.with_history(observed, history, min(one.fit_to for one in windows))
    return _Asked(observed, windows, borrowed)


def _check_observed(observed: Any, windows: Sequence[Any]) -> None:
    for one in windows:
        if not len(observed.between(one.first, one.last).months):
            there = f"{observed.months[0]}..{observed.months[-1]}"
            raise InputError(f"window: nothing is observed in {one.first}..{one.last}, only in {there}")


def _observed(name: str, job: _Job, key: str = "observed") -> Any:
    """Counts by month and zone from a file, or from what comes with atmis."""
    from atmis.analysis import observed
    from atmis.scenario.errors import nearest, shortened

    theatre = job.scenario.theatre
    if Path(name).is_file():
        made = observed.read(Path(name), theatre, job.settings.actor)
    elif name in observed.shipped_names():
        made = observed.shipped(name, theatre)
    else:
        hint = nearest(name, observed.shipped_names())
        raise InputError(f"{key}: '{shortened(name)}' is neither a file nor counts that come with atmis{hint}")
    if made.of != "zone":
        raise InputError(f"{key}: '{shortened(name)}' holds counts of countries; allowed: counts of zones")
    return made


def _check(job: _Job, asked: _Asked) -> None:
    from atmis.analysis.backtest import check_within

    for one in asked.windows:
        check_within(job.scenario, one)
    check_memory([(job.scenario, job.settings.replicates)], job.origin.lead("replicates"))
    check_folder(Path(job.settings.results) / "backtest" / job.scenario.scenario.name, job.origin.lead("results"))
    _warn(asked.observed.account)


def _warn(account: Any) -> None:
    """Say what of a table of counts is not scored."""
    left_out = {
        "of what is no zone of the theatre": "zones",
        "columns that are no zone of the theatre, left out": "columns",
    }
    for what, kind in left_out.items():
        if what in {*account.dropped, *account.noted}:
            such = "; ".join(account.examples.get(what, []))
            print(f"atmis: warning: {kind} that the theatre does not know are left out: {such}", file=sys.stderr)


def _backtest(job: _Job, asked: _Asked, scenarios: Sequence[Any], command: Sequence[str], started: datetime) -> None:
    from atmis.analysis import backtest
    from atmis.analysis.backtest.outputs import tables
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, write_manifest
    from atmis.storage.tables import save_rows

    scenario, settings = job.scenario, job.settings
    said = _forecasts(scenarios, settings)
    windows = [
        backtest.score(asked.observed, said[one.draws.name], window, scenario.theatre)
        for one, window in zip(scenarios, asked.windows, strict=True)
    ]
    made = tables(windows, backtest.Resampling(settings.block, settings.resamples, settings.seed))
    folder = new_folder(Path(settings.results), "backtest", scenario.scenario.name, started)
    provenance = Provenance(command, job.config, job.origin.words, started)
    write_manifest(folder, "backtest", _about(job, asked, scenarios), save_rows(folder, made), provenance)
    if settings.figures:
        from atmis.plots.backtest.observed import draw

        draw(windows, folder / "figures", scenario.scenario.name)
    print_backtest(made["scores"][0])
    _say(settings, asked, scenarios, folder)


def _forecasts(scenarios: Sequence[Any], settings: Any) -> dict[str, Any]:
    """A forecast for each choice of draws."""
    from atmis.analysis import backtest

    different = {one.draws.name: one for one in scenarios}
    made = {}
    for name, scenario in different.items():
        with bar(settings.replicates, f"{scenario.scenario.name}, draws {name}") as advance:
            made[name] = backtest.forecast(scenario, settings.replicates, settings.seed, settings.workers, advance)
    return made


def _say(settings: Any, asked: _Asked, scenarios: Sequence[Any], folder: Path) -> None:
    """What a reader must know of the table, and where the files are."""
    from atmis.analysis.backtest import seen

    for one, window in zip(scenarios, asked.windows, strict=True):
        print(seen(one.draws, window))
    if asked.borrowed:
        name = Path(settings.observed).name
        print(f"{name} begins with the window; history of {', '.join(asked.borrowed)}: {Path(settings.history).name}.")
    print_place(folder, settings.figures)


def _about(job: _Job, asked: _Asked, scenarios: Sequence[Any]) -> dict[str, Any]:
    windows = [
        {"first": str(one.first), "last": str(one.last), "fit_to": str(one.fit_to), "draws": scenario.draws.name}
        for one, scenario in zip(asked.windows, scenarios, strict=True)
    ]
    names = {"scenario": job.scenario.scenario.name, "seed": job.settings.seed, "replicates": job.settings.replicates}
    return {**names, "observed": asked.observed.about, "history_borrowed": asked.borrowed, "windows": windows}
