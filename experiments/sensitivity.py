"""atmis sensitivity: which parameters drive a result, and the difference that a scenario makes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .hydra_app import compose_jobs, parse_config_dir
from .sweep import build_study, check_size, print_estimate, run
from .terminal import print_place, print_sensitivity
from .verb_words import VerbWords, parse_words, require_folder

_KEYS = ("headline", "scenario", "baseline", "results", "figures")
_DRY = "--dry-run"
_HEADLINES = (
    "attacks_kenyan_border_total", "attacks_jubaland_total", "attacks_rest_total", "deaths_host_people",
    "handed_over_bases_fallen", "displaced_people_new",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Analyse a finished sweep, or run one first."""
    started, request = datetime.now(UTC), parse_words(arguments, _KEYS)
    command = ["atmis", "sensitivity", *arguments]
    if request.folder is not None:
        return _analyse(require_folder("sensitivity", request, _KEYS), request, command, started)
    _check_names(request)
    words = [word for word in arguments if word != _DRY and not word.startswith(("headline=", "scenario="))]
    jobs = compose_jobs(words, "sensitivity")
    if not jobs:
        return 0
    _check_design(jobs)
    study, settings = build_study(jobs, parse_config_dir(words))
    folder = Path(settings.results) / "sweep" / settings.sweep.name
    if _DRY in arguments:
        print_estimate(study, settings, folder)
        return 0
    check_size(study, settings, folder)
    code = run(folder, study, settings, jobs[0][0], command)
    return _analyse(folder, request, command, started) or code


def _check_design(jobs: Sequence[tuple[dict[str, Any], Any]]) -> None:
    """Raise InputError for a design without indices, before anything is composed or run in vain."""
    from atmis.analysis.sensitivity import check_design

    for data, _ in jobs:
        check_design(str(data["sweep"]["design"]))


def _check_names(request: VerbWords) -> None:
    """Raise InputError for an unknown headline, before anything is run."""
    from atmis.analysis.sensitivity import HEADLINES, check_name

    for headline in request.names("headline"):
        check_name("headline", headline, list(HEADLINES))


def _analyse(folder: Path, request: VerbWords, command: Sequence[str], started: datetime) -> int:
    from atmis.analysis import sensitivity
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, add_files, write_manifest
    from atmis.storage.tables import save_rows

    figures = request.flag("figures")
    finished = sensitivity.read_sweep(folder)
    sensitivity.check_design(finished.sweep.design)
    targets = sensitivity.targets(
        finished,
        request.names("headline", _HEADLINES),
        request.names("scenario"),
        request.keys.get("baseline", "planned"),
    )
    analyses = list(sensitivity.analyse_targets(finished, targets))
    place = new_folder(Path(request.keys.get("results", "results")), "sensitivity", finished.study.name, started)
    about: dict[str, Any] = {"sweep": finished.study.name, "identity": finished.study.identity}
    rows = [row for analysis in analyses for row in analysis.rows]
    provenance = Provenance(command, {}, [word for word in command if "=" in word], started)
    written = save_rows(place, {"sensitivity": (rows, sensitivity.Index)})
    write_manifest(place, "sensitivity", about, written, provenance)
    if figures:
        from atmis.plots.sensitivity.figures import draw

        add_files(place, draw(analyses, place / "figures"))
    print_sensitivity(analyses)
    print_place(place, figures)
    return 0
