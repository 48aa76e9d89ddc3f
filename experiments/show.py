"""atmis show: the composed configuration, and how it differs from `planned`."""

from typing import Any

from .hydra_app import composed
from .terminal import table


def main(arguments: list[str]) -> int:
    """Show what `atmis run` with the same words would run."""
    from atmis.scenario.build import build_all
    from atmis.scenario.compose import compose
    from atmis.scenario.difference import difference

    made = [(data, build_all(data, origin)[0]) for data, origin in composed(arguments)]
    planned = compose(["scenario=planned"])[0] if made else {}
    for data, scenario in made:
        _print(data)
        print(f"\n{scenario.scenario.name}: {scenario.scenario.assumes}\n")
        rows = [[key, before, after] for key, before, after in difference(planned, data)]
        if rows:
            table("Differences from planned", [("key", "left"), ("planned", "left"), ("here", "left")], rows)
        else:
            print("No difference from planned.")
    return 0


def _print(data: dict[str, Any]) -> None:
    """The configuration without the outlines of zones, which fill pages; `--cfg job` prints them."""
    import yaml

    zones = {
        name: {key: f"{len(value)} points" if key == "outline" else value for key, value in zone.items()}
        for name, zone in data["theatre"]["zones"].items()
    }
    shown = {**data, "theatre": {**data["theatre"], "zones": zones}}
    print(yaml.safe_dump(shown, sort_keys=False, allow_unicode=True, width=120), end="")
