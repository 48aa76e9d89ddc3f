"""atmis run: one scenario, some replicates."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .hydra_app import hydra_app
from .terminal import bar, print_headline


def main(arguments: list[str]) -> int:
    """Run a scenario for each composed configuration."""
    hydra_app(lambda config: _run(config, arguments), arguments, prog="atmis run")
    return 0


def _run(config: Any, arguments: list[str]) -> None:
    from hydra.core.hydra_config import HydraConfig

    from atmis.scenario.build import build_all
    from atmis.scenario.compose import plain
    from atmis.scenario.origin import Origin

    data = plain(config)
    scenario, settings = build_all(data, Origin.of(HydraConfig.instance().cfg))
    assert settings is not None
    from atmis import store
    from atmis.ensemble import simulate
    from atmis.manifest import Provenance

    started = datetime.now(UTC)
    with bar(settings.replicates, scenario.scenario.name) as advance:
        ensemble = simulate(scenario, settings.replicates, settings.seed, settings.workers, advance)
    folder = store.new_folder(Path(settings.results), "run", scenario.scenario.name, started)
    overrides = [str(override) for override in HydraConfig.get().overrides.task]
    store.write(ensemble, folder, Provenance(["atmis", "run", *arguments], data, overrides, started))
    if settings.figures:
        from atmis.plots import draw

        draw(ensemble, folder / "figures")
    print_headline(ensemble)
    print(f"\nFiles and figures: {folder}" if settings.figures else f"\nFiles: {folder}")
