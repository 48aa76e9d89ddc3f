"""atmis show: the composed configuration, and how it differs from `planned`."""

from typing import Any

from .hydra_app import hydra_app
from .terminal import table


def main(arguments: list[str]) -> int:
    """Show what `atmis run` with the same words would run."""
    hydra_app(_show, arguments, prog="atmis show")
    return 0


def _show(config: Any) -> None:
    import yaml
    from hydra.core.hydra_config import HydraConfig

    from atmis.scenario.build import build_all
    from atmis.scenario.compose import compose, plain
    from atmis.scenario.difference import difference
    from atmis.scenario.origin import Origin

    data = plain(config)
    scenario, _ = build_all(data, Origin.of(HydraConfig.instance().cfg))
    planned, _ = compose(["scenario=planned"])
    print(yaml.safe_dump(_without_outlines(data), sort_keys=False, allow_unicode=True, width=120), end="")
    print()
    print(f"{scenario.scenario.name}: {scenario.scenario.assumes}\n")
    rows = [[key, before, after] for key, before, after in difference(planned, data)]
    if rows:
        table("Differences from planned", [("key", "left"), ("planned", "left"), ("here", "left")], rows)
    else:
        print("No difference from planned.")


def _without_outlines(data: dict[str, Any]) -> dict[str, Any]:
    """The same without the outlines of zones, which fill pages; `--cfg job` prints them."""
    zones = {
        name: {key: f"{len(value)} points" if key == "outline" else value for key, value in zone.items()}
        for name, zone in data["theatre"]["zones"].items()
    }
    return {**data, "theatre": {**data["theatre"], "zones": zones}}
