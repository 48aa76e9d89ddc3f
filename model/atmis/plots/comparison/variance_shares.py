"""What of the spread of each headline is chance, parameters and evidence: its level, and its difference from the
baseline side by side. For the full width of a page."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from atmis.analysis.comparison import Spread
from atmis.analysis.comparison.pooled import FROM_SUMMARY
from atmis.plots.kit import words
from atmis.plots.kit.sheet import EDGE, legend_height, message, sheet
from atmis.plots.kit.style import BLUE, GREY, INK, ORANGE, PAGE_IN, SMALL_PT, TEXT_PT, fit, text_width, tint
from atmis.runs.summary import Group

COLUMNS = 3  # panels: a level, and two differences
SHOWN: tuple[tuple[str, Group], ...] = (
    ("attacks", "kenyan_border"), ("attacks", "jubaland"), ("attacks", "rest"), ("deaths_mission", "all"),
    ("deaths_host", "all"), ("deaths_civilians", "all"), ("overruns", "all"), ("displaced", "all"),
    ("host_shortfall", "all"), ("border_could_open_share", "kenyan_border"),
)  # fmt: skip
_ROW, _HEAD, _GAP, _AXIS = 0.2, 0.3, 0.42, 0.34
_PARTS: dict[str, dict[str, Any]] = {
    "chance": {"facecolor": tint(GREY, 0.35), "hatch": ""},
    "parameters": {"facecolor": tint(BLUE, 0.55), "hatch": "////"},
    "evidence": {"facecolor": tint(ORANGE, 0.75), "hatch": "...."},
}
_LEAST = 0.3  # inches that a number needs inside its bar


def figure(rows: Sequence[Spread]) -> Figure:
    """Stacked bars of shares of the variance; beside each its standard deviation. `rows`: comparison.shares.spread."""
    panels = shown(rows)
    if not panels:
        return message(PAGE_IN, "Spread", "", "There is no spread to split.").figure
    one = rows[0]
    names = [words.place(*what) for what in SHOWN]
    left = max(text_width(name, SMALL_PT) for name in names) + EDGE + 0.06
    width = (PAGE_IN - left - COLUMNS * _GAP) / COLUMNS
    handles = [Patch(edgecolor=INK, linewidth=0.3, **_PARTS[part]) for part in parts(one)]
    head = legend_height(list(_PARTS), PAGE_IN) + 0.08
    made = sheet(
        (PAGE_IN, head + _HEAD + len(names) * _ROW + _AXIS),
        "What the spread is made of",
        _about(one),
        _notes(panels, rows),
    )
    made.legend(handles, parts(one), top=0.02)
    for column, (title, panel) in enumerate(panels.items()):
        at = left + column * (width + _GAP)
        made.text(at, head, fit(title, 0.87 * (width + _GAP), TEXT_PT), fontsize=TEXT_PT, fontweight="bold")
        made.text(at + width + 0.05, head + 0.14, "σ", color=GREY)
        axes = made.axes(at, head + _HEAD, width, len(names) * _ROW)
        for place, row in enumerate(panel):
            _bar(axes, row, place, width)
        _finish(axes, len(names))
    for place, name in enumerate(names):
        made.text(left - 0.06, head + _HEAD + (place + 0.5) * _ROW, name, ha="right", va="center")
    return made.figure


def shown(rows: Sequence[Spread]) -> dict[str, list[Spread]]:
    """The panels by their titles: the level of the baseline, and the differences of the first scenarios from it."""
    found = {(row.scenario, str(row.quantity), row.headline): row for row in rows}
    if not rows:
        return {}
    baseline = rows[0].baseline
    others = list(dict.fromkeys(row.scenario for row in rows if row.quantity == "difference"))
    wanted = [(baseline, "level"), *((name, "difference") for name in others[: COLUMNS - 1])]
    return {
        f"{words.first_up(quantity)}: {words.scenario(name)}": [
            found[name, quantity, FROM_SUMMARY[one][0]] for one in SHOWN
        ]
        for name, quantity in wanted
    }


def parts(row: Spread) -> list[str]:
    """What is varied, in order."""
    return [part for part in _PARTS if getattr(row, f"deviation_{part}") is not None]


def _bar(axes: Axes, row: Spread, place: int, width: float) -> None:
    start = 0.0
    for part in parts(row):
        share = getattr(row, f"share_{part}")
        if share:
            axes.barh(place, share, 0.74, left=start, edgecolor=INK, linewidth=0.3, **_PARTS[part])
            if share * width >= _LEAST:
                box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
                text = f"{100 * share:.0f} %"
                axes.text(start + share / 2, place, text, ha="center", va="center", fontsize=SMALL_PT, bbox=box)
            start += share
    if not start:
        axes.text(0.02, place, "no spread", va="center", fontsize=SMALL_PT, color=GREY)
    axes.text(1.0 + 0.05 / width, place, words.plain(row.deviation), va="center", fontsize=SMALL_PT, color=GREY)


def _finish(axes: Axes, count: int) -> None:
    axes.set(xlim=(0.0, 1.0), ylim=(count - 0.5, -0.5), yticks=[])
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "50", "100 %"])
    axes.set_xlabel("share of the variance", fontsize=SMALL_PT, labelpad=1.0)
    axes.spines["left"].set_visible(False)


def _about(row: Spread) -> str:
    counted = ((row.readings, "reading of the evidence", "readings of the evidence"), (row.points, "point", "points"),
               (row.replicates, "replicate", "replicates"))  # fmt: skip
    return " × ".join(f"{count:,} {one if count == 1 else more}" for count, one, more in counted)


def _notes(panels: dict[str, list[Spread]], rows: Sequence[Spread]) -> list[str]:
    others = {row.scenario for row in rows if row.quantity == "difference"}
    left_out = len(others) - (COLUMNS - 1)
    zero = any(row.set_to_zero for panel in panels.values() for row in panel)
    return [
        "Chance: over replicates within a point, with the parameters that these draw. Parameters: over points within a "
        "reading of the evidence. Evidence: "
        "over readings, with equal weights. σ: standard deviation of all together, in the unit of the headline.",
        "A difference is from the baseline at the same point and replicate; what both share falls out of it.",
        *(
            ["Estimates below zero, of nothing but for luck, are shown as zero (spread.csv names them)."]
            if zero
            else []
        ),
        *([f"Of {left_out} more the shares are in spread.csv."] if left_out > 0 else []),
    ]
