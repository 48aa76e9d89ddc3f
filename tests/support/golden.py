"""Golden scenarios: results of some scenarios when numbers last moved, and the line of CHANGELOG.md that says so.

    .venv/bin/python tests/support/golden.py    renews golden.txt if CHANGELOG.md has a new line that begins **Numbers

Counts must be equal, in total and in a hash over replicates, months and zones; sums of shares (displaced people,
control, effective troops) must agree to 1e-9. Another processor or mathematical library may round the last bit (1e-16)
differently, which adds up to some 1e-13 over a run. A count would change only if one of the million draws of these
runs lay that close to its threshold.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import helpers
import numpy as np

import atmis
from atmis.kernel import recorder
from atmis.runs import ensemble
from atmis.scenario.scenario import Scenario

HERE = Path(__file__).resolve().parent
FILE, CHANGELOG = HERE / "golden.txt", HERE.parents[1] / "CHANGELOG.md"
REPLICATES, SEED = 2, 1
TOLERANCE = 1e-9  # relative, for sums that are not whole numbers
MARK = "**Numbers"
HOW = f"say so in CHANGELOG.md, in a line that begins with {MARK}, and renew: .venv/bin/python tests/support/golden.py"


class Golden(NamedTuple):
    """The line of CHANGELOG.md that last moved numbers, and the numbers by scenario and indicator."""

    moved: str
    sums: dict[tuple[str, str], str]


def scenarios() -> Iterator[tuple[str, Scenario]]:
    """The golden scenarios by name."""
    yield "planned_with_draws", atmis.load("planned")
    for name in ("actual", "pause_90_days", "history"):
        yield name, helpers.scenario(name)
    yield "everything", helpers.build(helpers.everything())


def is_whole(indicator: int) -> bool:
    """Whether an indicator is a count; the others are real numbers."""
    return (indicator <= recorder.MOVES_IN and indicator != recorder.CLAIMED_DEATHS) or indicator == recorder.FIGHTERS


def current_sums() -> dict[tuple[str, str], str]:
    """The sums by scenario and indicator, as simulated now."""
    return {(name, what): value for name, inputs in scenarios() for what, value in _sums(inputs)}


def _sums(inputs: Scenario) -> Iterator[tuple[str, str]]:
    runs = ensemble.simulate(inputs, REPLICATES, SEED, workers=1)
    whole = [k for k in range(len(recorder.NAMES)) if is_whole(k)]
    counts = [runs.monthly[..., whole].astype("<i8"), runs.deployed.astype("<i8"), runs.days.ceiling.astype("<i8")]
    yield "hash_of_counts", hashlib.sha256(b"".join(part.tobytes() for part in counts)).hexdigest()[:16]
    yield "troops_deployed", str(int(runs.deployed.sum()))
    for k, name in enumerate(recorder.NAMES):
        total = float(runs.monthly[..., k].sum())
        yield name, str(int(total)) if is_whole(k) else repr(total)


def read_golden() -> Golden:
    """The recorded sums."""
    first, *lines = (line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = [line.split() for line in lines]
    return Golden(first.removeprefix("moved by: "), {(name, what): value for name, what, value in rows})


def last_move(changelog: str) -> str:
    """The last line of a change log that says that numbers moved."""
    return [line for line in changelog.splitlines() if line.startswith(MARK)][-1]


def differences(recorded: dict[tuple[str, str], str], now: dict[tuple[str, str], str]) -> list[str]:
    """Differences between recorded and current sums, one sentence each."""
    keys = [*recorded, *(key for key in now if key not in recorded)]
    pairs = ((key, recorded.get(key, "none"), now.get(key, "none")) for key in keys)
    return [f"{name}: {what} was {was}, is {is_}" for (name, what), was, is_ in pairs if not _same(was, is_)]


def _same(was: str, now: str) -> bool:
    if "." in was and "." in now:
        return bool(np.isclose(float(was), float(now), rtol=TOLERANCE, atol=0))
    return was == now


def renew(golden: Golden, now: dict[tuple[str, str], str], changelog: str) -> Golden:
    """The new record. Exits with a sentence if numbers moved and the change log does not say so."""
    moved, differing = last_move(changelog), differences(golden.sums, now)
    if differing and moved == golden.moved:
        sys.exit(f"Numbers moved ({differing[0]}; {len(differing)} in all) and CHANGELOG.md does not say so: {HOW}")
    return Golden(moved, now)


def format_record(golden: Golden) -> Iterable[str]:
    """The record as lines of text."""
    yield f"# Sums over {REPLICATES} replicates, seed {SEED}; made by golden.py. When a test says they moved:"
    yield f"# {HOW}"
    yield f"moved by: {golden.moved}"
    yield from (f"{name} {what} {value}" for (name, what), value in golden.sums.items())


def main() -> None:
    """Renew the record, or say why it cannot be renewed."""
    changelog = CHANGELOG.read_text(encoding="utf-8")
    golden = read_golden() if FILE.exists() else Golden("", {})
    FILE.write_text("\n".join(format_record(renew(golden, current_sums(), changelog))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
