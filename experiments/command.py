"""The command `atmis`: one verb, then Hydra's own grammar. Everything slow is imported by the verb that needs it."""

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

_GRACE_SECONDS = 1.2  # that what is at work gets after a signal, before it is cut off
_LONGEST_SENTENCE = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code. Without arguments it is the command line itself and heeds signals."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    if arguments is None:
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
    code = 0
    try:
        code = _dispatch(words)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        _came.append(signal.SIGINT)  # where atmis heeds no signals itself; else it is there already
    except _Ended:
        pass
    except BaseException as error:
        if not _came:  # else a library has made an error of its own of what the signal raised
            return _of_error(error, debug)
    if _came:
        _say(_ENDINGS[_came[0]])
        code = 128 + _came[0]
        _came.clear()
    return code


def _of_error(error: BaseException, debug: bool) -> int:
    """Say what went wrong; returns the exit code."""
    from atmis.scenario.errors import InputError

    if isinstance(error, BrokenPipeError):  # whoever read the output has had enough
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else 2 if error.code else 0
    if debug or not isinstance(error, Exception):
        raise error
    if isinstance(error, InputError):
        _say(str(error))
        return 2
    _say(f"something went wrong ({type(error).__name__}: {error}); run again with --debug to see where")
    return 1


def _dispatch(words: list[str]) -> int:
    from atmis.scenario.errors import InputError, nearest, shortened

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
        hint = f"; a verb comes first, for example: atmis run {verb}" if "=" in verb else nearest(verb, VERBS)
        raise InputError(f"'{shortened(verb)}' is not a verb{hint}")
    if "-h" in words or "--help" in words:
        print(VERBS[verb].usage)
        return 0
    module: Any = import_module(f".{VERBS[verb].module}", package=__package__)
    main_of_verb: Callable[[list[str]], int] = module.main
    return main_of_verb(words[1:])


def _say(sentence: str) -> None:
    """One line on stderr, without signs that a terminal would obey."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(sentence.split()))
    if len(line) > _LONGEST_SENTENCE:
        line = f"{line[:_LONGEST_SENTENCE]}..."
    with suppress(OSError, ValueError):
        print(f"atmis: {line}", file=sys.stderr, flush=True)


# --- Tab completion ---

# Verbs that are followed by settings and choices; each but `show`, which shows a run, has a configuration of its own.
_COMPOSING = (
    "run", "show", "sweep", "compare", "sensitivity", "attribute", "calibrate", "backtest", "scorecard", "explore",
)  # fmt: skip


def _complete(words: list[str]) -> int:
    """Complete verbs here, and leave what follows a verb to Hydra. What cannot be completed passes in silence."""
    from atmis.scenario.errors import InputError

    asked = [word for word in words if "=" in word]
    if len(asked) != 1 or not re.fullmatch(r"(query|install|uninstall)=(bash|zsh|fish)", asked[0]):
        raise InputError("option -sc: allowed: install=bash, uninstall=bash (or zsh, fish)")
    from .hydra_app import let_hydra_print

    if not asked[0].startswith("query"):
        let_hydra_print(["-sc", asked[0]], [], None)
        return 0
    line = os.environ.get("COMP_LINE", "")
    command, _, rest = line.lstrip().partition(" ")
    verb, more, typed = rest.lstrip().partition(" ")
    if not more:
        print(" ".join(name for name in VERBS if name.startswith(verb)))
    elif verb == "compare" and "=" not in typed.split(" ")[-1]:
        from atmis.scenario.conf_files import conf_folder, options

        print(" ".join(name for name in options("scenario", [conf_folder()]) if name.startswith(typed.split(" ")[-1])))
    elif verb in _COMPOSING:
        before, os.environ["COMP_LINE"] = os.environ.get("COMP_LINE"), f"{command} {typed}"
        own = re.search(r"(?:--config-dir|-cd)[ =](\S+) ", typed)
        with (
            suppress(Exception, SystemExit),
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            redirect_stderr(nowhere),
        ):
            words = ["-sc", asked[0], *(["--config-dir", own[1]] if own else [])]
            let_hydra_print(words, [], None, "run" if verb == "show" else verb)
        if before is not None:
            os.environ["COMP_LINE"] = before
    elif verb == "list":
        from atmis.scenario.conf_files import EVERY_GROUP

        print(" ".join(group for group in EVERY_GROUP if group.startswith(typed.split(" ")[-1])))
    return 0


# --- Signals ---


class _Ended(BaseException):
    """SIGTERM has come."""


_ENDINGS = {signal.SIGINT: "interrupted", signal.SIGTERM: "ended by SIGTERM"}
_came: list[signal.Signals] = []  # signals that have come


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Let what is at work tidy up, but not for long: compiling the rules would go on for half a minute."""
    signal.signal(number, signal.SIG_IGN)
    _came.append(signal.Signals(number))
    cut_off = threading.Timer(_GRACE_SECONDS, _cut_off, [number])
    cut_off.daemon = True
    cut_off.start()
    raise KeyboardInterrupt if number == signal.SIGINT else _Ended


def _cut_off(number: int) -> None:
    _say(_ENDINGS[signal.Signals(number)])
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
