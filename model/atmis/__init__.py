"""atmis: a scenario simulation model of the drawdown of the African Union mission in Somalia.

>>> import atmis
>>> mission = atmis.Mission("planned", rng=1)   # a mesa.Model: one step is one day
>>> mission.step()
"""

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_LAZY = {
    "Ensemble": "runs.ensemble",
    "HEADLINES": "runs.summary",
    "INDICATORS": "kernel.recorder",
    "InputError": "scenario.errors",
    "Mission": "mission",
    "Scenario": "scenario.scenario",
    "load": "scenario.compose",
    "observed": "analysis.observed",
    "simulate": "runs.ensemble",
}
__all__ = [  # made on first use
    "HEADLINES",
    "INDICATORS",
    "Ensemble",
    "InputError",
    "Mission",
    "Scenario",
    "__version__",
    "load",
    "observed",
    "simulate",
]


_top = Path(__file__).resolve().parents[2]


def _find_spec(name: str, path: Any = None, target: Any = None) -> Any:
    """Find conf/ and experiments/ where they stand in a checkout: at the top, not inside model/atmis/.

    In a wheel they are sub-packages. One import name serves both, and nothing else of the checkout can be imported.
    """
    from importlib.machinery import PathFinder

    return PathFinder.find_spec(name, [str(_top)]) if name in ("atmis.conf", "atmis.experiments") else None


if (_top / "pyproject.toml").is_file() and (_top / "conf" / "scenario").is_dir():
    sys.meta_path.append(SimpleNamespace(find_spec=_find_spec))  # a class would take longer


def __getattr__(name: str) -> Any:
    """Import on first use: numba and mesa take seconds, `atmis --help` must not wait for them."""
    if name == "__version__":
        return _version()
    if name in _LAZY:
        module = import_module(f"{__name__}.{_LAZY[name]}")
        return getattr(module, name, module)  # `observed` is a module itself
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def _version() -> str:
    from importlib import metadata  # takes as long to load as the rest of `atmis --help`

    try:
        return metadata.version("atmis")
    except metadata.PackageNotFoundError:  # a bare checkout on PYTHONPATH
        return "0+checkout"
