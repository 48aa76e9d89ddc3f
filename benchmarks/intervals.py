"""Coverage of the intervals of Sobol indices at small designs (4.5c): how many of 95 % intervals hold the exact index.

    python benchmarks/intervals.py                 150 designs of each size: some minutes
    python benchmarks/intervals.py --designs 40    fewer

Prints Markdown: the share over all indices of a function, and that of the index that is missed most often. The last
parameter of each function does nothing.
"""

import argparse

import numpy as np

from atmis.analysis.sensitivity import sobol
from atmis.scenario.sweep import Sweep
from atmis.sweep import design

SIZES, REPLICATES = (16, 32, 64, 128, 256), 4
NEAR = 1e-5  # of the variance: a miss that no reader sees, where polynomials fit so well that intervals are as narrow
_ONE, _TWO, _BOTH = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 7**2 / 8, 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
_WHOLE = _ONE + _TWO + _BOTH  # of Ishigami's function (Ishigami and Homma 1990)


def ishigami(u: np.ndarray) -> np.ndarray:
    a, b, c = ((2 * u - 1) * np.pi).T[:3]
    return np.asarray(np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))


FUNCTIONS = {  # of shares of ranges; exact first order and total
    "a sum": (lambda u: u @ [3.0, 2.0, 1.0, 0.0], np.array([9, 4, 1, 0]) / 14, np.array([9, 4, 1, 0]) / 14),
    "steps": (
        lambda u: (u[:, 0] > 0.5) * 1.0 + (u[:, 1] > 0.9),
        np.array([0.25, 0.09, 0, 0]) / 0.34,
        np.array([0.25, 0.09, 0, 0]) / 0.34,
    ),
    "a product": (
        lambda u: u[:, 0] - 0.5 + 12**0.5 * (u[:, 0] - 0.5) * (u[:, 1] - 0.5),
        np.array([0.5, 0, 0, 0]),
        np.array([1, 0.5, 0, 0]),
    ),
    "Ishigami": (
        ishigami,
        np.array([_ONE, _TWO, 0, 0]) / _WHOLE,
        np.array([_ONE + _BOTH, _TWO, _BOTH, 0]) / _WHOLE,
    ),
}


def main() -> None:
    """Print the coverage of each function, size and size of luck."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--designs", type=int, default=150, help="of each size (default: %(default)s)")
    designs = parser.parse_args().designs
    print("## 4.5c: intervals of Sobol indices\n")
    print("| function | base points | luck | held, % | least, % |\n|---|---|---|---|---|")
    for name in FUNCTIONS:
        for points in SIZES:
            for luck in (0.0, 0.7):
                held = np.mean([hits(name, points, luck, seed) for seed in range(designs)], axis=0) * 100
                print(f"| {name} | {points} | {luck} | {held.mean():.1f} | {held.min():.0f} |", flush=True)


def hits(name: str, points: int, luck: float, seed: int) -> np.ndarray:
    """Which intervals of a design hold the exact index [order, parameters]; `luck`: in standard deviations."""
    function, *exact = FUNCTIONS[name]
    spread = {f"a.x{k}": {"low": 0.0, "high": 1.0} for k in range(4)}
    about = {"name": "t", "assumes": "T.", "scenarios": [], "cases": [], "design": "sobol", "points": points}
    unit = design.unit(Sweep.model_validate({**about, "parameters": spread}), seed)
    signal = np.asarray(function(unit))[:, None]
    noise = np.random.default_rng(seed).normal(0, luck * signal.std(), (len(unit), REPLICATES))
    found = sobol.indices(signal + noise, unit)
    ends = ((found.first_low, found.first_high), (found.total_low, found.total_high))
    return np.array(
        [(low - NEAR <= index) & (index <= high + NEAR) for index, (low, high) in zip(exact, ends, strict=True)]
    )


if __name__ == "__main__":
    main()
