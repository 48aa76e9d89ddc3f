"""Install the lowest versions that pyproject.toml allows, extra by extra, and use what they bring: `make bounds`.

Other versions: make bounds ARGS="--python 3.13 --resolution highest". uv must be on the PATH.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
QUICK = "replicates=2 period.end=2022-05-15"
DESIGN = f"sweep {QUICK} sweep=difference_sobol sweep.points=32 figures=false"
EVERYWHERE = (
    "list",
    f"run {QUICK}",
    f"compare planned extended {QUICK}",
    f"sweep {QUICK} sweep.scenarios=[planned,extended]",
    f"{DESIGN} --dry-run",
    "verify results/sweep/one",
    "show extended",
    "facts",
)
COMMANDS = {
    "": EVERYWHERE,
    "cluster": (f"sweep {QUICK} sweep.scenarios=[planned,extended] executor=dask",),
    "explore": (),  # is served
    "discover": (DESIGN, "discover results/sweep/difference_sobol"),
    "viz": (),  # is rendered
    "dev": EVERYWHERE,
}
RENDER = "import solara; from atmis.experiments import app; solara.render(app.page, handle_error=False)[1].close()"
SHELVES = (
    "kernel/test_golden.py", "kernel/test_code_cache.py", "kernel/test_mission.py", "analysis", "runs", "storage",
    "plots", "project/test_readme.py", "explore/test_explore.py",
)  # fmt: skip


def main() -> int:
    """Try each extra in an environment of its own, which is thrown away."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="3.11")
    parser.add_argument("--resolution", default="lowest-direct")
    parser.add_argument("--extra", choices=COMMANDS, action="append", help="only this one")
    given = parser.parse_args()
    if shutil.which("uv") is None:
        sys.exit("make bounds needs uv: pip install uv")
    for extra in given.extra or COMMANDS:
        with tempfile.TemporaryDirectory(prefix="atmis-bounds-") as folder:
            print(f"--- {extra or 'no extra'}", flush=True)
            _try(extra, Path(folder), given.python, given.resolution)
    print("All of it works.")
    return 0


def _try(extra: str, folder: Path, python: str, resolution: str) -> None:
    """Install atmis with an extra, and use it; ends the program where something fails."""
    own = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    _call("uv", "venv", "--quiet", "--python", python, str(folder / "venv"))
    install = ("uv", "pip", "install", "--quiet", "--python", str(own / "python"), "--resolution", resolution)
    _call(*install, f"{ROOT}[{extra}]" if extra else str(ROOT))
    for command in COMMANDS[extra]:
        _call(str(own / "atmis"), *command.split(), cwd=folder)
    if extra == "explore":
        _visit(str(own / "atmis"), folder)
    if extra == "viz":
        _call(str(own / "python"), "-c", RENDER, cwd=folder)
    if extra == "dev":  # libraries below old ones have moved on, and warn
        quiet = ("-W", "ignore::DeprecationWarning", "-m", "not slow", "-p", "no:cacheprovider")
        shelves = [str(ROOT / "tests" / shelf) for shelf in SHELVES]
        _call(str(own / "python"), "-m", "pytest", "-q", "-n", "auto", *quiet, *shelves, cwd=ROOT)


def _call(*words: str, cwd: Path | None = None) -> None:
    """Call a program, and end where it fails, with what it said."""
    done = subprocess.run(words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-4000:]}")


def _visit(atmis: str, folder: Path) -> None:
    """Serve the explorer, and fetch its page and what it shows first."""
    words = [atmis, "explore", "open=false", "replicates=2", "period.end=2022-05-15"]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address is not None, "no address is printed"
            for path in ("/?", "/api/setting?", "/api/course/a?a=actual&", "/api/compared?a=actual&b=planned&"):
                with urlopen(address[0].replace("/?", path), timeout=120) as answer:
                    assert b'"error"' not in answer.read()
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
