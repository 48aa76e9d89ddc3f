"""atmis sensitivity: which parameters drive a result, and the difference that a scenario makes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .asking import Asked, asked, only
from .hydra_app import composed, own_folder
from .sweep import run, study_of, tell
from .terminal import print_place, print_sensitivity

_KEYS = ("headline", "scenario", "baseline", "results", "figures")
_DRY = "--dry-run"
_HEADLINES = (
    "attacks_kenyan_border_total", "attacks_jubaland_total", "attacks_rest_total", "deaths_host_people",
    "handed_over_bases_fallen", "displaced_people_new",
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Analyse a finished sweep, or sweep first."""
    started, found = datetime.now(UTC), asked(arguments, _KEYS)
    command = ["atmis", "sensitivity", *arguments]
    if found.folder is not None:
        return _analyse(only("sensitivity", found, _KEYS), found, command, started)
    _check_names(found)
    words = [word for word in arguments if word != _DRY and not word.startswith(("headline=", "scenario="))]
    jobs = composed(words, "sensitivity")
    if not jobs:
        return 0
    _check_design(jobs)
    study, settings = study_of(jobs, own_folder(words))
    folder = Path(settings.results) / "sweep" / settings.sweep.name
    if _DRY in arguments:
        tell(study, settings, folder)
        return 0
    code = run(folder, study, settings, jobs[0][0], command)
    return _analyse(folder, found, command, started) or code


def _check_design(jobs: Sequence[tuple[dict[str, Any], Any]]) -> None:
    """Raise InputError before anything is composed or run for nothing."""
    from atmis.analysis.sensitivity import check_design

    for data, _ in jobs:
        check_design(str(data["sweep"]["design"]))


def _check_names(found: Asked) -> None:
    """Raise InputError before anything is run."""
    from atmis.analysis.sensitivity import HEADLINES, check_name

    for headline in found.several("headline"):
        check_name("headline", headline, list(HEADLINES))


def _analyse(folder: Path, found: Asked, command: Sequence[str], started: datetime) -> int:
    from atmis.analysis import sensitivity
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, write_manifest
    from atmis.storage.tables import save_rows

    figures = found.flag("figures")
    finished = sensitivity.read(folder)
    sensitivity.check_design(finished.sweep.design)
    wanted = sensitivity.targets(
        finished,
        found.several("headline", _HEADLINES),
        found.several("scenario"),
        found.keys.get("baseline", "planned"),
    )
    made = list(sensitivity.analysed(finished, wanted))
    place = new_folder(Path(found.keys.get("results", "results")), "sensitivity", finished.study.name, started)
    about: dict[str, Any] = {"sweep": finished.study.name, "identity": finished.study.identity}
    rows = [row for one in made for row in one.rows]
    provenance = Provenance(command, {}, [word for word in command if "=" in word], started)
    written = save_rows(place, {"sensitivity": (rows, sensitivity.Index)})
    write_manifest(place, "sensitivity", about, written, provenance)
    if figures:
        from atmis.plots.sensitivity.figures import draw

        draw(made, place / "figures")
    print_sensitivity(made)
    print_place(place, figures)
    return 0
