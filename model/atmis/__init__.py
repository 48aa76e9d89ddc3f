"""atmis: a scenario simulation model of the drawdown of the African Union mission in Somalia.

>>> import atmis
>>> mission = atmis.Mission("planned", rng=1)   # a mesa.Model: one step is one day
>>> mission.step()
"""

from importlib import import_module
from pathlib import Path
from typing import Any

# In a checkout conf/ and experiments/ stand at the top of the repository, not inside model/atmis/;
# in a wheel they are sub-packages. One import name serves both.
_top = Path(__file__).resolve().parents[2]
if (_top / "pyproject.toml").is_file() and (_top / "conf" / "scenario").is_dir():
    __path__.append(str(_top))

_LAZY = {"Mission": "mission", "load": "scenario.compose", "simulate": "ensemble"}
__all__ = ["Mission", "__version__", "load", "simulate"]


def __getattr__(name: str) -> Any:
    """Import on first use: numba and mesa take seconds, `atmis --help` must not wait for them."""
    if name == "__version__":
        return _version()
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib import metadata  # takes as long to load as the rest of `atmis --help`

    try:
        return metadata.version("atmis")
    except metadata.PackageNotFoundError:  # a bare checkout on PYTHONPATH
        return "0+checkout"
