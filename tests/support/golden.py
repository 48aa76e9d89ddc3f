"""Golden scenarios: sums of what some scenarios gave when numbers last moved, and who said so in CHANGELOG.md.

    .venv/bin/python tests/support/golden.py    renews golden.txt, if CHANGELOG.md has a new line that begins **Numbers

Counts are compared to the last one, and by a hash of all of them by replicate, month and zone; what flows in shares
(displaced people, control, effective troops) to 1e-9 of its sum. Another processor or mathematical library may round
the last bit otherwise (1e-16), which adds up to some 1e-13 over a run. A count would follow only if one of the million
draws of these runs lay that near its threshold.
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
MOST_APART = 1e-9  # of a sum that is not of whole numbers
MARK = "**Numbers"
HOW = f"say so in CHANGELOG.md, in a line that begins with {MARK}, and renew: .venv/bin/python tests/support/golden.py"


class Golden(NamedTuple):
    """The line of CHANGELOG.md that last moved numbers, and the numbers by scenario and indicator."""

    moved: str
    sums: dict[tuple[str, str], str]


def scenarios() -> Iterator[tuple[str, Scenario]]:
    """Those that are held."""
    yield "planned_with_draws", atmis.load("planned")
    for name in ("actual", "pause_90_days", "history"):
        yield name, helpers.scenario(name)
    yield "everything", helpers.build(helpers.everything())


def is_whole(indicator: int) -> bool:
    """Whether an indicator counts; the others flow in shares."""
    return (indicator <= recorder.MOVES_IN and indicator != recorder.CLAIMED_DEATHS) or indicator == recorder.FIGHTERS


def found() -> dict[tuple[str, str], str]:
    """The sums as they are now."""
    return {(name, what): value for name, inputs in scenarios() for what, value in _sums(inputs)}


def _sums(inputs: Scenario) -> Iterator[tuple[str, str]]:
    made = ensemble.simulate(inputs, REPLICATES, SEED, workers=1)
    whole = [k for k in range(len(recorder.NAMES)) if is_whole(k)]
    counts = [made.monthly[..., whole].astype("<i8"), made.deployed.astype("<i8"), made.days.ceiling.astype("<i8")]
    yield "hash_of_counts", hashlib.sha256(b"".join(part.tobytes() for part in counts)).hexdigest()[:16]
    yield "troops_deployed", str(int(made.deployed.sum()))
    for k, name in enumerate(recorder.NAMES):
        total = float(made.monthly[..., k].sum())
        yield name, str(int(total)) if is_whole(k) else repr(total)


def read() -> Golden:
    """What is recorded."""
    first, *lines = (line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    rows = [line.split() for line in lines]
    return Golden(first.removeprefix("moved by: "), {(name, what): value for name, what, value in rows})


def last_move(changelog: str) -> str:
    """The last line of a change log that says that numbers moved."""
    return [line for line in changelog.splitlines() if line.startswith(MARK)][-1]


def apart(recorded: dict[tuple[str, str], str], now: dict[tuple[str, str], str]) -> list[str]:
    """What differs, in words."""
    keys = [*recorded, *(key for key in now if key not in recorded)]
    pairs = ((key, recorded.get(key, "none"), now.get(key, "none")) for key in keys)
    return [f"{name}: {what} was {was}, is {is_}" for (name, what), was, is_ in pairs if not _same(was, is_)]


def _same(was: str, now: str) -> bool:
    if "." in was and "." in now:
        return bool(np.isclose(float(was), float(now), rtol=MOST_APART, atol=0))
    return was == now


def renewed(golden: Golden, now: dict[tuple[str, str], str], changelog: str) -> Golden:
    """The new record. Ends with a sentence when numbers moved and the change log does not say so."""
    moved, differing = last_move(changelog), apart(golden.sums, now)
    if differing and moved == golden.moved:
        sys.exit(f"Numbers moved ({differing[0]}; {len(differing)} in all) and CHANGELOG.md does not say so: {HOW}")
    return Golden(moved, now)


def text(golden: Golden) -> Iterable[str]:
    """The record as lines."""
    yield f"# Sums over {REPLICATES} replicates, seed {SEED}; made by golden.py. When a test says they moved:"
    yield f"# {HOW}"
    yield f"moved by: {golden.moved}"
    yield from (f"{name} {what} {value}" for (name, what), value in golden.sums.items())


def main() -> None:
    """Renew the record, or say why not."""
    changelog = CHANGELOG.read_text(encoding="utf-8")
    golden = read() if FILE.exists() else Golden("", {})
    FILE.write_text("\n".join(text(renewed(golden, found(), changelog))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
