"""atmis calibrate: draws of parameters whose runs look like a record of events, and how far they may be trusted."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .hydra_app import composed_alone
from .sweep import executors_of
from .terminal import bar, print_calibration, print_place


def main(arguments: list[str]) -> int:
    """Calibrate, or go on with it."""
    started = datetime.now(UTC)
    why = "calibrate takes no -m; give another calibration.name for another calibration"
    job = composed_alone(arguments, "calibrate", why)
    if job is not None:
        _calibrate(*job, ["atmis", "calibrate", *arguments], started)
    return 0


def _calibrate(data: dict[str, Any], origin: Any, command: list[str], started: datetime) -> None:
    from atmis.analysis import observed
    from atmis.analysis.calibration import course, target
    from atmis.analysis.calibration.outputs import write_outputs
    from atmis.scenario.build import build_all
    from atmis.scenario.calibration import CalibrateSettings
    from atmis.scenario.scenario import Scenario
    from atmis.scenario.source import Source
    from atmis.storage.manifest import Provenance

    scenario, settings = build_all(data, origin, CalibrateSettings)
    asked = settings.calibration
    record = (
        observed.shipped(asked.observed, scenario.theatre)
        if asked.observed in observed.shipped_names()
        else observed.read(Path(asked.observed), scenario.theatre)
    )
    wanted = target.target(asked, record, scenario)
    source = Source(scenario.scenario.name, {name: data[name] for name in Scenario.model_fields})
    folder = Path(settings.results) / "calibration" / asked.name
    with ExitStack() as bars:
        tell = _progress(bars, {**{f"wave_{k + 1}": asked.runs for k in range(asked.waves)}, "draws": asked.draws})
        run = course.executed(settings, executors_of(settings), data, tell)
        made = course.calibrate(folder, source, wanted, settings, run)
    write_outputs(made, asked, folder, Provenance(command, data, [word for word in command if "=" in word], started))
    if settings.figures:
        from atmis.plots import calibration

        calibration.draw(made, folder / "figures")
    print_calibration(made)
    print_place(folder, settings.figures)


def _progress(bars: ExitStack, totals: dict[str, int]) -> Callable[[str, Any], object]:
    """Tells of progress with a bar for each wave, one after the other."""
    open_: dict[str, Callable[[int], None]] = {}

    def tell(name: str, progress: Any) -> None:
        if name not in open_:
            bars.close()
            open_[name] = bars.enter_context(bar(totals[name], name.replace("_", " ")))
        open_[name](progress.done)

    return tell
