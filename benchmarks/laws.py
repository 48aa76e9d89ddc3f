"""Conservation over many generated worlds (S2): the long version of tests/kernel/test_conservation.py.

    python benchmarks/laws.py                 10,000 worlds: some minutes
    python benchmarks/laws.py --worlds 500    as many as the tests try
    python benchmarks/laws.py --from 10001    others

Prints Markdown. Ends with status 1 when a law is broken, and names the world:
`generated_worlds.run_world(number)` makes it again.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from rich.progress import track

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))
import generated_worlds


def main() -> None:
    """Run the worlds, and count the events in them and the laws that they break."""
    options = _options()
    events: Counter[str] = Counter()
    broken: dict[int, list[str]] = {}
    start = time.process_time()
    for number in track(range(options.first, options.first + options.worlds), "worlds"):
        run = generated_worlds.run_world(number)
        events.update(generated_worlds.events_that_happened(run))
        if laws_broken := generated_worlds.broken_laws(run):
            broken[number] = laws_broken
    seconds = time.process_time() - start
    laws = "\n".join(f"- {law.__name__.replace('_', ' ')}: {law.__doc__}" for law in generated_worlds.LAWS)
    rows = "\n".join(f"| {what} | {count:,} |" for what, count in events.items())
    print(
        f"## S2: conservation over generated worlds\n\n{laws}\n\n| in {options.worlds:,} worlds | |\n|---|---:|\n{rows}"
    )
    print(f"\n**{len(broken):,} breaks in {options.worlds:,}** ({seconds:.0f} s of one core).")
    for number, laws_broken in broken.items():
        print(f"\n**Broken**: world {number}: {'; '.join(laws_broken)}")
    sys.exit(1 if broken else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--from", type=int, default=1, dest="first", help="number of the first (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
