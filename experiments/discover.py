"""atmis discover: under which assumptions a scenario makes things worse than the baseline."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .terminal import print_place
from .verb_words import VerbWords, parse_words, require_folder

_KEYS = ("headline", "scenario", "baseline", "above", "below", "density", "results", "figures")
_HEADLINE = "attacks_kenyan_border_total"


def main(arguments: list[str]) -> int:
    """Look for boxes in a finished sweep, one for each requested scenario and headline."""
    started, request = datetime.now(UTC), parse_words(arguments, _KEYS)
    folder = require_folder("discover", request, _KEYS)
    sense, bound = _threshold(request)
    density, figures = request.number("density", 0.8), request.flag("figures")
    if not 0 < density <= 1:
        raise InputError(f"density: {density:g} is out of range; allowed: more than 0 and at most 1")
    from atmis.analysis import sensitivity

    finished, baseline = sensitivity.read_sweep(folder), request.keys.get("baseline", "planned")
    sensitivity.check_name("baseline", baseline, finished.scenarios)
    scenarios = request.names("scenario") or [name for name in finished.scenarios if name != baseline]
    if not scenarios:
        raise InputError(f"{folder} holds the scenario '{baseline}' alone; there is nothing to compare it with")
    comparisons = [
        (scenario, baseline, headline) for headline in request.names("headline", [_HEADLINE]) for scenario in scenarios
    ]
    discoveries = [sensitivity.discover(finished, names, sense, bound, density) for names in comparisons]
    _write_outputs(finished, discoveries, request, figures, (["atmis", "discover", *arguments], started))
    return 0


def _threshold(request: VerbWords) -> tuple[Any, float | str]:
    """Whether more or less is worse, and the difference beyond which a case is bad."""
    if "above" in request.keys and "below" in request.keys:
        raise InputError("above= and below= cannot be given together: either more or less is bad")
    sense = "below" if "below" in request.keys else "above"
    return sense, "quarter" if request.keys.get(sense) == "quarter" else request.number(sense, 0.0)


def _write_outputs(
    finished: Any, discoveries: Sequence[Any], request: VerbWords, figures: bool, record: tuple[Sequence[str], datetime]
) -> None:
    from atmis.analysis.sensitivity import BoxRow, Step
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, add_files, write_manifest
    from atmis.storage.tables import save_rows

    command, started = record
    place = new_folder(Path(request.keys.get("results", "results")), "discover", finished.study.name, started)
    rows = [row for discovery in discoveries for row in discovery.rows]
    steps = [step for discovery in discoveries for step in discovery.steps]
    about = {"sweep": finished.study.name, "identity": finished.study.identity}
    provenance = Provenance(command, {}, [word for word in command if "=" in word], started)
    written = save_rows(place, {"discover": (rows, BoxRow), "peeling": (steps, Step)})
    write_manifest(place, "discover", about, written, provenance)
    if figures:
        from atmis.plots.sensitivity.discovery import draw

        add_files(place, draw(discoveries, place / "figures"))
    print("\n\n".join("\n".join(discovery.sentences) for discovery in discoveries))
    print_place(place, figures)
