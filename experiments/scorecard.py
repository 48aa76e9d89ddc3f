"""atmis scorecard: every regularity of the facts ledger beside what runs give, failures first."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .composing import Composing
from .hydra_app import composed_alone, own_folder
from .room import check_folder
from .terminal import bar, print_place, print_scorecard


class _Job(NamedTuple):
    """What is scored."""

    scenario: Any
    settings: Any
    config: dict[str, Any]
    words: list[str]
    handovers: Any  # the scenario of R17, or None


def main(arguments: list[str]) -> int:
    """Score one scenario; rows that fail are no error."""
    started = datetime.now(UTC)
    job = composed_alone(arguments, "scorecard", "scorecard judges one scenario at a time; -m is not for it")
    if job is not None:
        _score(_built(*job, own_folder(arguments)), ["atmis", "scorecard", *arguments], started)
    return 0


def _built(data: dict[str, Any], origin: Any, own: Path | None) -> _Job:
    from atmis.analysis import scorecard
    from atmis.scenario.build import build, build_all
    from atmis.scenario.settings import ScorecardSettings

    scenario, settings = build_all(data, origin, ScorecardSettings)
    scorecard.check(scenario)
    check_folder(Path(settings.results) / "scorecard" / scenario.scenario.name, origin.lead("results"))
    other = None
    if settings.handovers is not None:
        other = build(Composing(data, origin, own)({"scenario": settings.handovers}))
    return _Job(scenario, settings, data, origin.words, other)


def _score(job: _Job, command: list[str], started: datetime) -> None:
    from atmis.analysis import scorecard
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance

    name, settings = job.scenario.scenario.name, job.settings
    rows = scorecard.score(scorecard.targets(), _runs(job))
    folder = new_folder(Path(settings.results), "scorecard", name, started)
    about = {"scored": name, "handovers": settings.handovers, "seed": settings.seed, "replicates": settings.replicates}
    scorecard.write_outputs(rows, folder, about, Provenance(command, job.config, job.words, started))
    if settings.figures:
        from atmis.plots.scorecard import draw

        draw(rows, folder / "figures")
    print_scorecard(rows)
    print_place(folder, settings.figures)


def _runs(job: _Job) -> list[Any]:
    from atmis.analysis import scorecard

    made = [(job.scenario, scorecard.PATTERNS)]
    if job.handovers is not None:
        made.append((job.handovers, scorecard.HANDOVERS))
    found, settings = [], job.settings
    for scenario, measures in made:
        with bar(settings.replicates, scenario.scenario.name) as advance:
            how = (settings.replicates, settings.seed, settings.workers, advance)
            found.append(scorecard.measure(scenario, measures, *how))
    return found
