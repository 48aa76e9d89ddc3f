"""atmis run: one scenario, some replicates."""

import sys
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

    started = datetime.now(UTC)
    folder = store.new_folder(Path(settings.results), "run", scenario.scenario.name, started)
    with bar(settings.replicates, scenario.scenario.name) as advance:
        ensemble = simulate(scenario, settings.replicates, settings.seed, settings.workers, advance)
    store.write(
        ensemble,
        folder,
        store.Provenance(
            command=["atmis", "run", *arguments],
            config=data,
            overrides=[str(o) for o in HydraConfig.get().overrides.task],
            started=started,
        ),
    )
    print_headline(ensemble)
    print(f"Files: {folder}", file=sys.stdout)
