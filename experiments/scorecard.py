"""atmis scorecard: every regularity in the facts ledger beside the results of runs, failures first."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .hydra_app import compose_job, parse_config_dir
from .recomposer import Recomposer
from .resources import check_folder
from .terminal import print_place, print_scorecard, progress_bar


class _ScorecardJob(NamedTuple):
    """The scenario that is scored."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    words: list[str]
    handovers: Any  # the scenario of R17, or None


def main(arguments: list[str]) -> int:
    """Score one scenario; rows that fail are not an error."""
    started = datetime.now(UTC)
    job = compose_job(arguments, "scorecard", "scorecard judges one scenario at a time; it takes no -m")
    if job is not None:
        _score(_build_job(*job, parse_config_dir(arguments)), ["atmis", "scorecard", *arguments], started)
    return 0


def _build_job(data: dict[str, Any], origin: Any, config_dir: Path | None) -> _ScorecardJob:
    from atmis.analysis import scorecard
    from atmis.scenario.build import build, build_all
    from atmis.scenario.settings import ScorecardSettings

    scenario, settings = build_all(data, origin, ScorecardSettings)
    scorecard.check(scenario)
    check_folder(Path(settings.results) / "scorecard" / scenario.scenario.name, origin.location_prefix("results"))
    other = None
    if settings.handovers is not None:
        other = build(Recomposer(data, origin, config_dir)({"scenario": settings.handovers}))
    return _ScorecardJob(scenario, settings, data, origin.words, other)


def _score(job: _ScorecardJob, command: list[str], started: datetime) -> None:
    from atmis.analysis import scorecard
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, add_files

    name, settings = job.scenario.scenario.name, job.settings
    rows = scorecard.score(scorecard.regularity_figures(), _measure_runs(job))
    folder = new_folder(Path(settings.results), "scorecard", name, started)
    about = {"scored": name, "handovers": settings.handovers, "seed": settings.seed, "replicates": settings.replicates}
    scorecard.write_outputs(rows, folder, about, Provenance(command, job.config, job.words, started))
    if settings.figures:
        from atmis.plots.scorecard import draw

        add_files(folder, draw(rows, folder / "figures"))
    print_scorecard(rows)
    print_place(folder, settings.figures)


def _measure_runs(job: _ScorecardJob) -> list[Any]:
    from atmis.analysis import scorecard

    measured = [(job.scenario, scorecard.PATTERNS)]
    if job.handovers is not None:
        measured.append((job.handovers, scorecard.HANDOVERS))
    runs, settings = [], job.settings
    for scenario, measures in measured:
        with progress_bar(settings.replicates, scenario.scenario.name) as advance:
            options = (settings.replicates, settings.seed, settings.workers, advance)
            runs.append(scorecard.measure(scenario, measures, *options))
    return runs
