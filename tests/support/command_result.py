"""The result of a command, whether it was called in this process or in another."""

from typing import NamedTuple


class CommandResult(NamedTuple):
    """Exit code and output of a command."""

    code: int  # negative: the signal that killed it
    out: str
    err: str
