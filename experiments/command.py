"""The command `atmis`: one verb, then Hydra's own grammar. Everything slow is imported by the verb that needs it."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

# Verb -> module and what it does. The order is that of the help.
VERBS: dict[str, tuple[str, str]] = {
    "run": ("run", "run one scenario: a table, data files and figures"),
    "list": ("listing", "list scenarios, plans, evidence and the other choices, with what each assumes"),
    "show": ("show", "show what a scenario is composed of, and how it differs from `planned`"),
    "validate": ("validate", "check your own YAML, or all that comes with atmis"),
    "facts": ("facts", "show the documented facts with their sources"),
}

HELP = """atmis: a scenario simulation model of the drawdown of the African Union mission in Somalia.
It compares scenarios under stated assumptions. It is not a forecast and not an aid to operations.

Usage: atmis VERB [key=value ...] [options]

{verbs}

Examples:
  atmis run                                       the calendar first planned, 100 replicates
  atmis run scenario=actual replicates=200        another scenario, more replicates
  atmis run evidence=no_effect host=weak          other choices; see `atmis list`
  atmis run opposition.attacks.raids=0.1          any parameter by its name
  atmis run -m scenario=planned,pause_90_days     one after the other
  atmis run --config-dir my_conf scenario=mine    your own YAML
  atmis run scenario=actual --cfg job             only print what would be run
  atmis list scenario; atmis show scenario=actual; atmis facts kenya

Options: --help, --version, --debug (a traceback when something fails)
Tab completion in bash: eval "$(atmis -sc install=bash)"
Exit codes: 0 fine, 1 something failed, 2 usage or configuration, 130 interrupted, 143 ended by a signal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    signal.signal(signal.SIGTERM, _end)
    from atmis.scenario.errors import InputError

    try:
        return _dispatch(words)
    except InputError as error:
        if debug:
            raise
        print(f"atmis: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("atmis: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2 if end.code else 0
    except Exception as error:
        if debug:
            raise
        kind = type(error).__name__
        print(f"atmis: something went wrong ({kind}: {error}); run again with --debug to see where", file=sys.stderr)
        return 1


def _dispatch(words: list[str]) -> int:
    from atmis.scenario.errors import InputError, nearest

    if "-sc" in words or "--shell-completion" in words:
        return _complete(words)
    if not words or words[0] in ("-h", "--help", "help"):
        print(HELP.format(verbs="\n".join(f"  {verb:<10}{what}" for verb, (_, what) in VERBS.items())))
        return 0
    if words[0] in ("--version", "-V", "version"):
        from atmis import __version__

        print(f"atmis {__version__}")
        return 0
    if words[0] not in VERBS:
        hint = (
            "; a verb comes first, for example: atmis run " + words[0] if "=" in words[0] else nearest(words[0], VERBS)
        )
        raise InputError(f"'{words[0]}' is not a verb{hint}")
    module = import_module(f".{VERBS[words[0]][0]}", package=__package__)
    verb: Callable[[list[str]], int] = module.main
    return verb(words[1:])


def _complete(words: list[str]) -> int:
    """Complete verbs here, and leave what follows a verb to Hydra."""
    line = os.environ.get("COMP_LINE", "")
    typed = line.split()
    if any(word.startswith("query") for word in words) and (len(typed) < 2 or (len(typed) == 2 and line[-1] != " ")):
        print(" ".join(verb for verb in VERBS if len(typed) < 2 or verb.startswith(typed[1])))
        return 0
    if len(typed) >= 2:
        os.environ["COMP_LINE"] = line.replace(typed[1], "", 1)
    from .hydra_app import hydra_app

    sys.argv[0] = "atmis"
    hydra_app(lambda config: None, [word for word in words if word not in VERBS], prog="atmis")
    return 0


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
