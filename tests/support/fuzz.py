"""Mutants of real configuration files, each reproducible from its number, and how they are refused."""

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
from atmis.scenario.reading import check_user_file
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
    """Real files to mutate, by the path at which a user would have them."""
    files = {f"{group}/odd.yaml": (conf_folder() / file).read_text(encoding="utf-8") for group, file in CHOSEN.items()}
    return files | {"scenario/mine.yaml": cli.SCENARIO, "plan/small.yaml": cli.PLAN}


def mutate(text: str, rng: random.Random) -> str:
    """Mutate a text in one to three places: lines, values or single characters."""
    for _ in range(rng.randint(1, 3)):
        lines = text.splitlines(keepends=True) or ["\n"]
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        key, colon, _ = lines[at].partition(":")
        match rng.randrange(8):
            case 0:
                del lines[at]
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = rng.choice(["  ", "\t", "- ", "\u00a0", "? "]) + lines[at]
            case 4 | 5:
                lines[at] = f"{key}{colon} {rng.choice(VALUES)}\n"
            case 6:
                place = rng.randrange(len(lines[at]))
                lines[at] = lines[at][:place] + rng.choice(SIGNS) + lines[at][place + rng.randrange(2) :]
            case 7:
                lines = lines[:at] + [lines[at][: rng.randrange(len(lines[at]))]] * rng.randrange(2)
        text = "".join(lines)
    return text


def refusal(function: Any, *words: Any) -> str:
    """The sentence with which input is refused, empty if it is accepted. Any other exception is passed on."""
    try:
        function(*words)
    except InputError as error:
        assert "\n" not in str(error), error
        assert len(str(error)) < 1000, error
        return str(error)
    return ""


def read_mutant(number: int, folder: Path) -> str:
    """Read a mutated file; the sentence that refuses it."""
    rng = random.Random(number)
    file = folder / rng.choice(sorted(texts()))
    file.parent.mkdir(parents=True, exist_ok=True)
    content = mutate(texts()[file.relative_to(folder).as_posix()], rng).encode("utf-8", "surrogatepass")
    if rng.random() < 0.1:
        place = rng.randrange(len(content) + 1)
        content = content[:place] + rng.randbytes(1) + content[place + 1 :]
    file.write_bytes(content)
    return refusal(check_user_file, file, EVERY_GROUP)


def compose_mutant(number: int, folder: Path) -> str:
    """Compose a mutated file with all others and build it, as a command does; the sentence that refuses it."""
    rng = random.Random(number)
    name = rng.choice(sorted(texts()))
    group = name.split("/")[0]
    own = cli.own_folder(folder, {name: mutate(texts()[name], rng)})
    words = ["scenario=mine", *([] if "odd" not in name else [f"{group}=odd"])]
    try:
        return refusal(_compose_and_build, words, own, "sweep" if group in ("sweep", "executor") else "run")
    finally:
        (own / name).unlink()


def _compose_and_build(words: list[str], own: Path, verb: str) -> None:
    from atmis.scenario.build import build_all

    build_all(*compose(words, own, verb), *([SweepSettings] if verb == "sweep" else []))


def build_mutant(number: int, data: helpers.Data) -> str:
    """Build data of which one to three values are changed, dropped, renamed or doubled; the sentence that refuses it."""
    rng = random.Random(number)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(list(_paths(data)))
        data = helpers.change(data, {".".join(path): rng.choice(DATA)})
        *above, last = path
        place: Any = data
        for part in above:
            place = place[int(part) if isinstance(place, list) else part]
        if isinstance(place, dict) and rng.random() < 0.5:
            value = place.pop(last)
            if rng.random() < 0.5:
                place[f"{last}{rng.choice(['x', '', ' ', '.', '_2'])}"] = value
    return refusal(build, data)


def _paths(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if "." not in str(key):
            yield (*path, str(key))
            yield from _paths(value, (*path, str(key)))
