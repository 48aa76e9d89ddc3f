"""Rendering of the page: templates with everything escaped, and nothing for a browser to fetch or to run."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from atmis.analysis.comparison import STAGES
from atmis.plots.common import words
from atmis.report.scorecard import shipped_summary
from atmis.storage.folders import Kind

# Characters that are not allowed in HTML but may occur in a user's text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("atmis.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"STAGES": STAGES, "scorecard": shipped_summary}
    environment.filters |= {"first_up": words.capitalise, "in_one_line": _in_one_line, "breakable": _breakable}
    return environment


def render(kind: Kind, data: Mapping[str, Any]) -> bytes:
    """The page of a folder as UTF-8, from the variables of its template."""
    name = kind if kind in ("compare", "run") else "judged"
    page = _environment().get_template(f"{name}.html").render(data)
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", page).encode()


def _breakable(text: str) -> Markup:
    """A name or key with possible line breaks after each point and underscore."""
    return Markup("<wbr>").join(re.split(r"(?<=[._])(?=.)", text))


def _in_one_line(text: str) -> str:
    """A text for the title of the window: one line, without control characters, not too long."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= 120 else f"{line[:119]}…"
