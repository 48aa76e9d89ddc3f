"""atmis calibrate: draw parameters whose runs resemble a record of events, and check the draws."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .hydra_app import compose_job
from .import_account import print_account, read_file
from .sweep import executor_factory
from .terminal import print_calibration, print_place, progress_bar


def main(arguments: list[str]) -> int:
    """Calibrate, or continue a calibration."""
    started = datetime.now(UTC)
    why = "calibrate takes no -m; give another calibration.name for another calibration"
    job = compose_job(arguments, "calibrate", why)
    if job is not None:
        _calibrate(*job, ["atmis", "calibrate", *arguments], started)
    return 0


def _calibrate(data: dict[str, Any], origin: Any, command: list[str], started: datetime) -> None:
    from atmis.analysis.calibration import calibrate, observed_patterns
    from atmis.analysis.calibration.outputs import write_outputs
    from atmis.scenario.build import build_all
    from atmis.scenario.calibration import CalibrateSettings
    from atmis.scenario.scenario import Scenario
    from atmis.scenario.source import ScenarioSource
    from atmis.storage.manifest import Provenance, add_files

    scenario, settings = build_all(data, origin, CalibrateSettings)
    calibration = settings.calibration
    observations = _read_observed(calibration.observed, scenario.theatre)
    patterns = observed_patterns.observed_patterns(calibration, observations, scenario)
    if Path(calibration.observed).is_file():
        print_account(observations)
        print()
    source = ScenarioSource(scenario.scenario.name, {name: data[name] for name in Scenario.model_fields})
    folder = Path(settings.results) / "calibration" / calibration.name
    with ExitStack() as bars:
        waves = {f"wave_{k + 1}": calibration.runs for k in range(calibration.waves)}
        show_progress = _progress(bars, {**waves, "draws": calibration.draws})
        run = calibrate.study_runner(settings, executor_factory(settings), data, show_progress)
        calibrated = calibrate.calibrate(folder, source, patterns, settings, run)
    provenance = Provenance(command, data, [word for word in command if "=" in word], started)
    write_outputs(calibrated, calibration, folder, provenance)
    if settings.figures:
        from atmis.plots.calibration import draw

        add_files(folder, draw(calibrated, folder / "figures"))
    print_calibration(calibrated)
    print_place(folder, settings.figures)


def _read_observed(name: str, theatre: Any) -> Any:
    """A record that comes with atmis, or that of a file."""
    from atmis.analysis import observed

    if name in observed.shipped_names():
        return observed.shipped(name, theatre)
    return read_file(Path(name), theatre)


def _progress(bars: ExitStack, totals: dict[str, int]) -> Callable[[str, Any], object]:
    """A callback that shows progress with a bar for each wave, one after the other."""
    open_bars: dict[str, Callable[[int], None]] = {}

    def show_progress(name: str, progress: Any) -> None:
        if name not in open_bars:
            bars.close()
            open_bars[name] = bars.enter_context(progress_bar(totals[name], name.replace("_", " ")))
        open_bars[name](progress.done)

    return show_progress
