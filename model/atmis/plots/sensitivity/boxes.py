"""The limits of a box on the ranges of their parameters: where a scenario makes things worse. For a page."""

from typing import Any

from matplotlib.figure import Figure

from atmis.analysis.sensitivity import Discovery, Found
from atmis.plots.kit import words
from atmis.plots.kit.sheet import message
from atmis.plots.kit.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, VERMILION, clean
from atmis.plots.sensitivity import rows

_QUASI = 0.8  # width for the quasi-p, inches
_LINE: dict[str, Any] = {"linewidth": 5.0, "solid_capstyle": "butt"}


def figure(one: Discovery) -> Figure:
    """A line for the range of each parameter that the box limits, and on it what is inside."""
    first = one.rows[0]
    if first.parameter is None:
        return message(PAGE_IN, _title(first), _subtitle(first), " ".join(one.sentences)).figure
    made = rows.lines(_title(first), _subtitle(first), [_line(row) for row in one.rows], one.sentences[1:])
    width = PAGE_IN - rows.LEFT - _QUASI - 0.2
    axes = rows.panel(made, (rows.LEFT, 0.0, width), "Where it is so", len(one.rows))
    made.text(rows.LEFT + width + 0.1, 0.06, "quasi-p", fontweight="bold")
    for place, row in enumerate(one.rows):
        _limit(axes, row, place)
        made.text(rows.LEFT + width + 0.1, rows.HEAD + (place + 0.5) * rows.ROW, _quasi(row), va="center")
    axes.set(xlim=(-0.06, 1.06), xticks=[])
    axes.spines["bottom"].set_visible(False)
    return made.figure


def _limit(axes: Any, row: Found, place: int) -> None:
    if row.choices is not None:
        axes.text(0.0, place, clean(row.choices, 60), fontsize=SMALL_PT, va="center", color=INK)
        return
    assert row.range_low is not None
    assert row.range_high is not None
    low, high = (row.range_low if row.low is None else row.low), (row.range_high if row.high is None else row.high)
    ends = [(end - row.range_low) / (row.range_high - row.range_low) for end in (low, high)]
    axes.plot([0.0, 1.0], [place, place], color=LIGHT, zorder=2, **_LINE)
    axes.plot(ends, [place, place], color=VERMILION, zorder=3, **_LINE)
    for at, value, is_limit in ((ends[0], low, row.low is not None), (ends[1], high, row.high is not None)):
        axes.text(at, place + 0.17, f"{value:.3g}", fontsize=SMALL_PT, ha="center", va="top",
                  color=INK if is_limit else GREY, fontweight="bold" if is_limit else "normal")  # fmt: skip


def _line(row: Found) -> tuple[str, str]:
    return row.words or "", f"{row.range or ''} {row.parameter_unit or ''}".strip()


def _quasi(row: Found) -> str:
    return "" if row.quasi_p is None else "below .001" if row.quasi_p < 0.001 else f"{row.quasi_p:.3f}"


def _title(one: Found) -> str:
    what = f"{words.scenario(one.scenario)} less {words.scenario(one.baseline)}"
    return f"{words.first_up(rows.headline(one.headline))}: {what} {one.sense} {one.threshold:.3g}"


def _subtitle(one: Found) -> str:
    return f"{100 * one.share_bad:.0f} % of {one.cases:,} cases; box by PRIM (patient rule induction)"
