"""What becomes of a task: its result, or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_LONGEST_MESSAGE = 300


@dataclass(frozen=True)
class Failure:
    """Why a task has no result."""

    kind: Literal["raised", "hung", "killed", "memory"]
    message: str  # one sentence, without a capital letter and a full stop


def attempt(work: Callable[[Task], Result], task: Task) -> Result | Failure:
    """Run a task; whatever it raises becomes a failure."""
    try:
        return work(task)
    except BaseException as error:
        return failure(error)


def failure(error: BaseException) -> Failure:
    """Describe an exception as a failure."""
    try:
        text = f"{type(error).__name__}: {' '.join(str(error).split())}".removesuffix(": ")
    except Exception:  # its own text is faulty
        text = type(error).__name__
    if len(text) > _LONGEST_MESSAGE:
        text = f"{text[:_LONGEST_MESSAGE]}..."
    if isinstance(error, MemoryError):
        return Failure("memory", f"it ran out of memory ({text})")
    return Failure("raised", f"it raised {text}")
