"""atmis show: the composed configuration, and how it differs from `planned` or another scenario."""

from typing import Any

from atmis.scenario.errors import InputError, shorten, suggest

from .hydra_app import compose_jobs, parse_config_dir, split_names
from .terminal import print_table

_BASELINE = "baseline="
_IMPLIED_BY_FILE = "draws.instead_of."  # for each parameter in a table of draws


def main(arguments: list[str]) -> int:
    """Print what `atmis run` with the same words would run."""
    from atmis.scenario.build import build_all
    from atmis.scenario.compose import compose
    from atmis.scenario.difference import iter_differences
    from atmis.scenario.drawn import describe_fixed

    baseline = next((word.removeprefix(_BASELINE) for word in arguments if word.startswith(_BASELINE)), "planned")
    parts, words = split_names([word for word in arguments if not word.startswith(_BASELINE)])
    jobs = [(data, build_all(data, origin)[0]) for data, origin in compose_jobs(words)]
    other = compose([f"scenario={baseline}"], parse_config_dir(words))[0] if jobs else {}
    for data, scenario in jobs:
        for part in parts:
            if part not in data:
                raise InputError(f"'{shorten(part)}' is not part of a configuration{suggest(part, data)}")
        _print({part: data[part] for part in parts or data})
        print(f"\n{scenario.scenario.name}: {scenario.scenario.assumes} {describe_fixed(scenario)}".rstrip() + "\n")
        rows = [
            [key, *values] for key, *values in iter_differences(other, data) if not key.startswith(_IMPLIED_BY_FILE)
        ]
        if rows:
            print_table(f"Differences from {baseline}", [("key", "left"), (baseline, "left"), ("here", "left")], rows)
        else:
            print(f"No difference from {baseline}.")
        if "plan" in parts:
            _print_departures(scenario)
    return 0


def _print_departures(scenario: Any) -> None:
    """Print who leaves in which phase, with totals divided, and dates before any pause, slip or rule."""
    from atmis.scenario.timetable import build_timetable

    print()
    leaving = build_timetable(scenario.plan, scenario.theatre).withdrawals
    rows = [[step.phase, f"{step.start} to {step.date}", step.contingent, f"{step.troops:,}"] for step in leaving]
    columns = [("phase", "left"), ("dates", "left"), ("contingent", "left"), ("troops", "right")]
    print_table("Who leaves, before pauses, slips and rules", columns, rows)


def _print(data: dict[str, Any]) -> None:
    """Print the configuration without the outlines of zones, which fill pages; `--cfg job` prints them."""
    import yaml

    if "theatre" in data:
        data = {**data, "theatre": {**data["theatre"], "zones": _zones(data)}}
    print(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120), end="")


def _zones(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {key: f"{len(value)} points" if key == "outline" else value for key, value in zone.items()}
        for name, zone in data["theatre"]["zones"].items()
    }
