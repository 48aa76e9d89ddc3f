"""atmis discover: under which assumptions a scenario makes things worse than the baseline."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atmis.scenario.errors import InputError

from .asking import Asked, asked, only
from .terminal import print_place

_KEYS = ("headline", "scenario", "baseline", "above", "below", "density", "results", "figures")
_HEADLINE = "attacks_kenyan_border_total"


def main(arguments: list[str]) -> int:
    """Look for boxes in a finished sweep; one for each scenario and headline that is asked for."""
    started, found = datetime.now(UTC), asked(arguments, _KEYS)
    folder = only("discover", found, _KEYS)
    sense, bound = _bound(found)
    density, figures = found.number("density", 0.8), found.flag("figures")
    if not 0 < density <= 1:
        raise InputError(f"density: {density:g} is out of range; allowed: more than 0 and at most 1")
    from atmis.analysis import sensitivity

    finished, baseline = sensitivity.read(folder), found.keys.get("baseline", "planned")
    sensitivity.check_name("baseline", baseline, finished.scenarios)
    scenarios = found.several("scenario") or [name for name in finished.scenarios if name != baseline]
    if not scenarios:
        raise InputError(f"{folder} holds the scenario '{baseline}' alone; there is nothing to compare it with")
    wanted = [(scenario, baseline, one) for one in found.several("headline", [_HEADLINE]) for scenario in scenarios]
    made = [sensitivity.discover(finished, names, sense, bound, density) for names in wanted]
    _leave(finished, made, found, figures, (["atmis", "discover", *arguments], started))
    return 0


def _bound(found: Asked) -> tuple[Any, float | str]:
    """Whether more or less is bad, and from which difference on."""
    if "above" in found.keys and "below" in found.keys:
        raise InputError("above= and below= cannot both be said: either more or less is bad")
    sense = "below" if "below" in found.keys else "above"
    return sense, "quarter" if found.keys.get(sense) == "quarter" else found.number(sense, 0.0)


def _leave(
    finished: Any, made: Sequence[Any], found: Asked, figures: bool, told: tuple[Sequence[str], datetime]
) -> None:
    from atmis.analysis.sensitivity import Found, Step
    from atmis.storage.folders import new_folder
    from atmis.storage.manifest import Provenance, write_manifest
    from atmis.storage.tables import save_rows

    command, started = told
    place = new_folder(Path(found.keys.get("results", "results")), "discover", finished.study.name, started)
    rows, steps = [row for one in made for row in one.rows], [step for one in made for step in one.steps]
    about = {"sweep": finished.study.name, "identity": finished.study.identity}
    provenance = Provenance(command, {}, [word for word in command if "=" in word], started)
    written = save_rows(place, {"discover": (rows, Found), "peeling": (steps, Step)})
    write_manifest(place, "discover", about, written, provenance)
    if figures:
        from atmis.plots.sensitivity.discovery import draw

        draw(made, place / "figures")
    print("\n\n".join("\n".join(one.sentences) for one in made))
    print_place(place, figures)
