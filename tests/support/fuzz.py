"""Mutants of real configuration files, each made again from its number, and what becomes of them."""

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cli
import helpers
from bad_configs import BASED

from atmis.scenario.build import build
from atmis.scenario.compose import compose, conf_folder
from atmis.scenario.conf_files import EVERY_GROUP
from atmis.scenario.errors import InputError
from atmis.scenario.reading import check_own
from atmis.scenario.sweep import SweepSettings

VALUES = (
    "null", "~", "true", "no", "on", "-1", "0", "1", "8", "1.5", "-0.5", "1e308", "1e400", "-.inf", ".nan", "010", "1:30", "0x1F",
    "1_000", "99999999999999999999", "2022-02-30", "2022-04-01", "1066-10-14", "''", "' '", "x", "kenya", "gedo", "all", "[]",
    "[[]]", "[x]", "{}", "{a: null}", "{low: 1, high: 0}", "=1+1", "<script>", "../../x", "???", "'???'", "${seed}", "${a.b}",
    "${oc.env:HOME}", "{{ 7 * 7 }}", "!!python/name:os.system", "&a b", "*a", "|", ">", "'", '"', "[", "{", "é\u202e", "\x00",
    "\u00a0", "%", "@x", "`x`", "# x", "- x", "a: b", "\t1", "🙂", "x" * 3000, "_target_", "[" * 60,
)  # fmt: skip
DATA: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 8, 2**70, -0.5, 1e308, float("nan"), float("inf"), "", "x", "kenya", "gedo", "all", "2022-02-30",
    "2100-12-31", [], [[]], ["x"], [None], {}, {"a": None}, {"low": 1, "high": 0}, "é", "a\nb", "=1+1", b"x", (1,), 1j, {1: 2},
)  # fmt: skip
SIGNS = "\n\n  \t:-#'\"[]{}&*!|>%@`,?$.0123456789eé\u00a0\ufeff\x00\u202e"
CHOSEN = {group: f"{group}/{choice}.yaml" for group, choice in BASED.items() if choice != "small"}


@cache
def texts() -> dict[str, str]:
    """Real files that are mutated, by the place where a user would have one."""
    found = {f"{group}/odd.yaml": (conf_folder() / file).read_text(encoding="utf-8") for group, file in CHOSEN.items()}
    return found | {"scenario/mine.yaml": cli.SCENARIO, "plan/small.yaml": cli.PLAN}


def mutated(text: str, luck: random.Random) -> str:
    """A text with one to three things changed: lines, values, single signs."""
    for _ in range(luck.randint(1, 3)):
        lines = text.splitlines(keepends=True) or ["\n"]
        at, other = luck.randrange(len(lines)), luck.randrange(len(lines))
        key, colon, _ = lines[at].partition(":")
        match luck.randrange(8):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = luck.choice(["  ", "\t", "- ", "\u00a0", "? "]) + lines[at]
            case 4 | 5:
                lines[at] = f"{key}{colon} {luck.choice(VALUES)}\n"
            case 6:
                place = luck.randrange(len(lines[at]))
                lines[at] = lines[at][:place] + luck.choice(SIGNS) + lines[at][place + luck.randrange(2) :]
            case 7:
                lines = lines[:at] + [lines[at][: luck.randrange(len(lines[at]))]] * luck.randrange(2)
        text = "".join(lines)
    return text


def outcome(function: Any, *words: Any) -> str:
    """The sentence by which something is refused, empty when it is not. Any other exception comes through."""
    try:
        function(*words)
    except InputError as error:
        assert "\n" not in str(error), error
        assert len(str(error)) < 1000, error
        return str(error)
    return ""


def read(number: int, folder: Path) -> str:
    """What becomes of a mutated text when it is read."""
    luck = random.Random(number)
    file = folder / luck.choice(sorted(texts()))
    file.parent.mkdir(parents=True, exist_ok=True)
    content = mutated(texts()[file.relative_to(folder).as_posix()], luck).encode("utf-8", "surrogatepass")
    if luck.random() < 0.1:
        place = luck.randrange(len(content) + 1)
        content = content[:place] + luck.randbytes(1) + content[place + 1 :]
    file.write_bytes(content)
    return outcome(check_own, file, EVERY_GROUP)


def composed(number: int, folder: Path) -> str:
    """What becomes of it when it is composed with all else and built, as by a command."""
    luck = random.Random(number)
    name = luck.choice(sorted(texts()))
    group = name.split("/")[0]
    own = cli.own_folder(folder, {name: mutated(texts()[name], luck)})
    words = ["scenario=mine", *([] if "odd" not in name else [f"{group}=odd"])]
    try:
        return outcome(_whole, words, own, "sweep" if group in ("sweep", "executor") else "run")
    finally:
        (own / name).unlink()


def _whole(words: list[str], own: Path, verb: str) -> None:
    from atmis.scenario.build import build_all

    build_all(*compose(words, own, verb), *([SweepSettings] if verb == "sweep" else []))


def built(number: int, data: helpers.Data) -> str:
    """What becomes of composed data of which one to three values are changed, dropped, renamed or doubled."""
    luck = random.Random(number)
    for _ in range(luck.randint(1, 3)):
        path = luck.choice(list(_paths(data)))
        data = helpers.change(data, {".".join(path): luck.choice(DATA)})
        *above, last = path
        place: Any = data
        for part in above:
            place = place[int(part) if isinstance(place, list) else part]
        if isinstance(place, dict) and luck.random() < 0.5:
            value = place.pop(last)
            if luck.random() < 0.5:
                place[f"{last}{luck.choice(['x', '', ' ', '.', '_2'])}"] = value
    return outcome(build, data)


def _paths(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    found = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in found:
        if "." not in str(key):
            yield (*path, str(key))
            yield from _paths(value, (*path, str(key)))
