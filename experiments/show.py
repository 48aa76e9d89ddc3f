"""atmis show: the composed configuration, and how it differs from `planned` or another scenario."""

from typing import Any

from atmis.scenario.errors import InputError, nearest, shortened

from .hydra_app import composed, names_apart, own_folder
from .terminal import table

_BASELINE = "baseline="
_SAID_BY_FILE = "draws.instead_of."  # of each parameter that a table of draws holds


def main(arguments: list[str]) -> int:
    """Show what `atmis run` with the same words would run."""
    from atmis.scenario.build import build_all
    from atmis.scenario.compose import compose
    from atmis.scenario.difference import difference

    baseline = next((word.removeprefix(_BASELINE) for word in arguments if word.startswith(_BASELINE)), "planned")
    parts, words = names_apart([word for word in arguments if not word.startswith(_BASELINE)])
    made = [(data, build_all(data, origin)[0]) for data, origin in composed(words)]
    other = compose([f"scenario={baseline}"], own_folder(words))[0] if made else {}
    for data, scenario in made:
        for part in parts:
            if part not in data:
                raise InputError(f"'{shortened(part)}' is no part of a configuration{nearest(part, data)}")
        _print({part: data[part] for part in parts or data})
        print(f"\n{scenario.scenario.name}: {scenario.scenario.assumes}\n")
        rows = [[key, *values] for key, *values in difference(other, data) if not key.startswith(_SAID_BY_FILE)]
        if rows:
            table(f"Differences from {baseline}", [("key", "left"), (baseline, "left"), ("here", "left")], rows)
        else:
            print(f"No difference from {baseline}.")
        if "plan" in parts:
            _print_departures(scenario)
    return 0


def _print_departures(scenario: Any) -> None:
    """Who leaves in which phase, as totals are divided; the dates before any pause, slip and rule."""
    from atmis.scenario.timetable import lay

    print()
    leaving = lay(scenario.plan, scenario.theatre).withdrawals
    rows = [[one.phase, f"{one.start} to {one.date}", one.contingent, f"{one.troops:,}"] for one in leaving]
    columns = [("phase", "left"), ("dates", "left"), ("contingent", "left"), ("troops", "right")]
    table("Who leaves, before pauses, slips and rules", columns, rows)


def _print(data: dict[str, Any]) -> None:
    """The configuration without the outlines of zones, which fill pages; `--cfg job` prints them."""
    import yaml

    if "theatre" in data:
        data = {**data, "theatre": {**data["theatre"], "zones": _zones(data)}}
    print(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120), end="")


def _zones(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: f"{len(value)} points" if key == "outline" else value for key, value in zone.items()}
        for name, zone in data["theatre"]["zones"].items()
    }
