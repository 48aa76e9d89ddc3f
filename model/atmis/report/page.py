"""The page itself: templates filled in, everything escaped, nothing left for a browser to fetch or to run."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from atmis.analysis.comparison import STAGES
from atmis.plots.kit import words
from atmis.report.scorecard import shipped
from atmis.storage.folders import Kind

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # signs that no page of HTML may hold, but a user's text may


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("atmis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"STAGES": STAGES, "scorecard": shipped}
    made.filters |= {"first_up": words.first_up, "in_one_line": _in_one_line, "breakable": _breakable}
    return made


def render(kind: Kind, told: Mapping[str, Any]) -> bytes:
    """The page of a folder as UTF-8, from what is told of it."""
    name = kind if kind in ("compare", "run") else "judged"
    page = _environment().get_template(f"{name}.html").render(told)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", page).encode()


def _breakable(text: str) -> Markup:
    """A name or key that a line may end in, behind each point and underscore."""
    return Markup("<wbr>").join(re.split(r"(?<=[._])(?=.)", text))


def _in_one_line(text: str) -> str:
    """A text for the title of the window: one line, without signs that would turn it round, not too long."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return shown if len(shown) <= 120 else f"{shown[:119]}…"
