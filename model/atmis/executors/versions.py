"""Versions of what a task depends on, which must be the same wherever it is run."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata

PACKAGES = ("atmis", "numba", "numpy", "scipy")

Versions = Mapping[str, str | None]  # by name; None: not installed


@cache
def here() -> dict[str, str | None]:
    """The versions of Python and the packages in this process, and the kind of machine."""
    versions: dict[str, str | None] = {
        "python": _minor(platform.python_version()),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return versions


def of_dask(told: Mapping[str, Mapping[str, object]]) -> dict[str, str | None]:
    """The same, from what Dask tells of a worker."""
    host, packages = told["host"], told["packages"]
    found = {name: packages.get(name) for name in PACKAGES}
    return {"python": _minor(str(host["python"])), "machine": f"{host['OS']} {host['machine']}"} | {
        name: None if version is None else str(version) for name, version in found.items()
    }


def difference(there: Versions, expected: Versions) -> str:
    """How the versions of a worker differ from those that are expected, in words; empty where they do not."""
    differing = [name for name in expected if there.get(name) != expected[name]]
    return ", ".join(f"{name} {there.get(name) or 'missing'} in place of {expected[name]}" for name in differing)


def _minor(version: str) -> str:
    """Major and minor number of a version; patches of Python change no numbers."""
    return ".".join(version.split(".")[:2])


def sentence(differing: str, worker: str = "") -> str:
    """The sentence about a worker that differs; `worker`: its address, where it is known."""
    which = f"the Dask worker {worker}" if worker else "a Dask worker"
    return f"{which} has {differing}; install the same on all workers, then give the same command again"
