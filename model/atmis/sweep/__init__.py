"""Run a study into a folder: what is there is kept, what is missing is run, what fails becomes a row.

The folder is known by the hash of its study. Everything finished survives whatever happens to the process; the same
command goes on where the last one stopped.
"""

from atmis.sweep.alone import HOLDER, LOCK, held
from atmis.sweep.faults import damaged, failures
from atmis.sweep.identity import STUDY, load, prepare, series_every
from atmis.sweep.loop import LARGE, SMALL, Executors, Outcome, Progress, chunk_size, run

__all__ = [
    "HOLDER",
    "LARGE",
    "LOCK",
    "SMALL",
    "STUDY",
    "Executors",
    "Outcome",
    "Progress",
    "chunk_size",
    "damaged",
    "failures",
    "held",
    "load",
    "prepare",
    "run",
    "series_every",
]
