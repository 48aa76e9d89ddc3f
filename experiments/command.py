"""The command `atmis`: a verb, then words in Hydra's grammar. What is slow to import is imported by the verb."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, suppress
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from .usage import HELP, VERBS, VERSION_WORDS

_GRACE_SECONDS = 1.2  # from a signal until the process is ended in any case
_LONGEST_SENTENCE = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code. Without arguments it takes those of the process and handles signals."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if arguments is None:
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them takes time, and none is wanted
        signal.signal(signal.SIGTERM, _handle_signal)
        signal.signal(signal.SIGINT, _handle_signal)
    code = 0
    try:
        code = _dispatch(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        _received.append(signal.SIGINT)  # where atmis does not handle signals itself
    except _Terminated:
        pass
    except BaseException as error:
        if not _received:  # else a library has turned what the signal raised into an error of its own
            return _report_error(error, debug)
    if _received:
        print_error(_SIGNAL_MESSAGES[_received[0]])
        code = 128 + _received[0]
        _received.clear()
    return code


def _report_error(error: BaseException, debug: bool) -> int:
    """Print what went wrong and return the exit code."""
    from atmis.scenario.errors import InputError

    from .limits import sentence_of

    if isinstance(error, BrokenPipeError):  # the reader of the output has stopped reading
        _drop_output()
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 2 if error.code else 0
    if debug or not isinstance(error, Exception):
        raise error
    if isinstance(error, InputError):
        print_error(str(error))
        return getattr(error, "exit_code", 2)
    if (sentence := sentence_of(error)) is not None:
        _drop_output()
        print_error(sentence)
        return 2
    print_error(f"something went wrong ({type(error).__name__}: {error}); run again with --debug to see where")
    return 1


def _drop_output() -> None:
    """Write what is still to be printed to nowhere, where what was printed could not be written."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    from atmis.scenario.errors import InputError, shorten, suggest

    if "-sc" in words or "--shell-completion" in words:
        return _complete(words)
    if not words or words[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    if words[0] in VERSION_WORDS:
        from atmis import __version__

        print(f"atmis {__version__}")
        return 0
    verb = words[0]
    if verb not in VERBS:
        hint = f"; a verb comes first, for example: atmis run {verb}" if "=" in verb else suggest(verb, VERBS)
        raise InputError(f"'{shorten(verb)}' is not a verb{hint}")
    if "-h" in words or "--help" in words:
        print(VERBS[verb].usage)
        return 0
    module: Any = import_module(f".{VERBS[verb].module}", package=__package__)
    main_of_verb: Callable[[list[str]], int] = module.main
    return main_of_verb(words[1:])


def print_error(sentence: str) -> None:
    """Print one line on stderr, without control characters."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(sentence.split()))
    if len(line) > _LONGEST_SENTENCE:
        line = f"{line[:_LONGEST_SENTENCE]}..."
    with suppress(OSError, ValueError):
        print(f"atmis: {line}", file=sys.stderr, flush=True)


# --- Tab completion ---

# Verbs that take settings and choices; each has its own configuration, except `show`, which shows that of `run`.
_COMPOSING_VERBS = (
    "run", "show", "sweep", "compare", "sensitivity", "attribute", "calibrate", "backtest", "scorecard", "explore",
)  # fmt: skip


def _complete(words: list[str]) -> int:
    """Complete verbs, and leave what follows them to Hydra. What cannot be completed is passed over in silence."""
    from atmis.scenario.errors import InputError

    requests = [word for word in words if "=" in word]
    if len(requests) != 1 or not re.fullmatch(r"(query|install|uninstall)=(bash|zsh|fish)", requests[0]):
        raise InputError("option -sc: allowed: install=bash, uninstall=bash (or zsh, fish)")
    from .hydra_app import print_with_hydra

    if not requests[0].startswith("query"):
        print_with_hydra(["-sc", requests[0]], [], None)
        return 0
    line = os.environ.get("COMP_LINE", "")
    command, _, rest = line.lstrip().partition(" ")
    verb, more, typed = rest.lstrip().partition(" ")
    if not more:
        print(" ".join(name for name in VERBS if name.startswith(verb)))
    elif verb == "compare" and "=" not in typed.split(" ")[-1]:
        from atmis.scenario.conf_files import conf_folder, options

        print(" ".join(name for name in options("scenario", [conf_folder()]) if name.startswith(typed.split(" ")[-1])))
    elif verb in _COMPOSING_VERBS:
        before, os.environ["COMP_LINE"] = os.environ.get("COMP_LINE"), f"{command} {typed}"
        config_dir = re.search(r"(?:--config-dir|-cd)[ =](\S+) ", typed)
        with (
            suppress(Exception, SystemExit),
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            redirect_stderr(nowhere),
        ):
            words = ["-sc", requests[0], *(["--config-dir", config_dir[1]] if config_dir else [])]
            print_with_hydra(words, [], None, "run" if verb == "show" else verb)
        if before is not None:
            os.environ["COMP_LINE"] = before
    elif verb == "list":
        from atmis.scenario.conf_files import EVERY_GROUP

        print(" ".join(group for group in EVERY_GROUP if group.startswith(typed.split(" ")[-1])))
    return 0


# --- Signals ---


class _Terminated(BaseException):
    """SIGTERM was received."""


_SIGNAL_MESSAGES = {signal.SIGINT: "interrupted", signal.SIGTERM: "ended by SIGTERM"}
_received: list[signal.Signals] = []  # signals that were received


def _handle_signal(number: int, frame: FrameType | None) -> NoReturn:
    """Let running code clean up, but not for long: compiling the rules could go on for half a minute."""
    signal.signal(number, signal.SIG_IGN)
    _received.append(signal.Signals(number))
    cut_off = threading.Timer(_GRACE_SECONDS, _cut_off, [number])
    cut_off.daemon = True
    cut_off.start()
    raise KeyboardInterrupt if number == signal.SIGINT else _Terminated


def _cut_off(number: int) -> None:
    print_error(_SIGNAL_MESSAGES[signal.Signals(number)])
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
