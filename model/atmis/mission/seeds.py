"""Seeds as Mesa and NumPy take them, as the one number that all draws of a run are looked up by."""

import inspect
from types import FrameType
from typing import Any

import mesa
import numpy as np

from atmis.scenario.arguments import is_whole
from atmis.scenario.settings import SEEDS

REPLICATES = 2**31  # numbers of replicates are smaller
ALLOWED = "a whole number from 0 on, a list of them, a SeedSequence, a Generator, or None"


def seed_of(rng: Any, name: str = "rng") -> int:
    """The seed that stands for what a user gave.

    Parameters
    ----------
    rng : int, sequence of int, SeedSequence, BitGenerator, Generator or None
        A number below 2**63 stands for itself; larger ones and sequences are hashed by NumPy's SeedSequence; of a
        generator the next number is taken; None asks the operating system for a new seed.
    name : str
        Name of the parameter, for the error.

    Returns
    -------
    int
        A number from 0 to 2**63 - 1.

    Raises
    ------
    TypeError
        When it is none of these.
    """
    if isinstance(rng, np.ndarray):
        rng = rng.tolist()
    if is_whole(rng) and 0 <= rng < SEEDS:
        return int(rng)
    if isinstance(rng, np.random.BitGenerator):
        rng = np.random.Generator(rng)
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(SEEDS))
    words = [rng] if is_whole(rng) else rng
    if isinstance(words, list | tuple) and words and all(is_whole(word) and word >= 0 for word in words):
        rng = np.random.SeedSequence([int(word) for word in words])
    elif rng is None:
        rng = np.random.SeedSequence()
    if not isinstance(rng, np.random.SeedSequence):
        raise TypeError(f"{name} is the seed of all draws and must be {ALLOWED}, not {rng!r}")
    return int(rng.generate_state(1, np.uint64)[0]) % SEEDS


def replicate_of(rng: Any) -> int:
    """The replicate of a run for which none is given: any one where the seed is new, else the first.

    Iterations of Mesa's batch_run are replicates: before Mesa 3.5 it tells a model neither a seed nor a number, so that
    iterations with one seed would be the same run many times. The number is read where it stands.
    """
    if rng is None:
        return seed_of(None) % REPLICATES
    frame: FrameType | None = inspect.currentframe()
    while frame and not ("run" in frame.f_locals and frame.f_globals.get("__name__") == "mesa.batchrunner"):
        frame = frame.f_back
    has_seeds = "rng" in inspect.signature(mesa.batch_run).parameters
    return 0 if frame is None or has_seeds else int(frame.f_locals["run"][1])
