"""Figures with a row for each parameter: its name and range on the left, panels on the right; a page wide."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from atmis.analysis.sensitivity import Index, IndexTarget, TargetIndices
from atmis.plots.common import words
from atmis.plots.common.canvas import MARGIN, Canvas, line_height, new_canvas
from atmis.plots.common.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, TEXT_PT, clean, tint, truncate, wrap

MOST_PARAMETERS = 12  # most parameters that are shown
ROW, HEAD, AXIS = 0.36, 0.26, 0.4
LEFT = 2.75  # inches for the names
_HEADLINES = {
    "attacks_total": "attacks, all zones",
    "attacks_kenyan_border_total": "attacks, Kenyan border counties",
    "attacks_jubaland_total": "attacks, Jubaland",
    "attacks_rest_total": "attacks, rest of south-central Somalia",
    "attacks_over_border_total": "attacks from over the border",
    "deaths_mission_people": "mission troops killed",
    "deaths_host_people": "Somali forces killed",
    "deaths_kenya_people": "Kenyan forces killed",
    "deaths_civilians_people": "civilians killed",
    "handed_over_bases_fallen": "handed-over bases that fell",
    "displaced_people_new": "people newly displaced",
    "host_shortfall_mean_troops": "host-force shortfall",
    "border_could_open_share": "days on which the border could open",
    "control_somalia_end_share": "government control at the end",
}


def headline(name: str) -> str:
    """The name of a headline in words."""
    return _HEADLINES.get(name, name.replace("_", " "))


def describe_target(target: IndexTarget) -> str:
    """The target of an analysis in words: extended less planned."""
    name = words.scenario_name(target.scenario)
    return name if target.baseline is None else f"{name} less {words.scenario_name(target.baseline)}"


def parameter_canvas(indices: TargetIndices, rows: Sequence[Index], top: float, notes: Sequence[str]) -> Canvas:
    """A canvas with a title and a row for each of the given indices; `top` inches are left for a legend."""
    target, first = indices.target, indices.rows[0]
    runs = "1 replicate" if first.replicates == 1 else f"{first.replicates} replicates"
    point_noun = "base points" if first.method == "sobol" else "trajectories"
    omitted = len(indices.rows) - len(rows)
    omitted_note = f"The {omitted} parameters that do least are left out." if omitted else ""
    title = f"What drives {headline(target.headline)}: {describe_target(target)}"
    design = f"{first.points:,} {point_noun}, {runs} of each point"
    subtitle = f"{target.unit}, whole run · mean {words.format_short(first.mean)} · {design}"
    labels = [(index.words, f"{index.range} {index.parameter_unit}".strip()) for index in rows]
    all_notes = [indices.reliability, *notes, *([omitted_note] if omitted_note else [])]
    return row_canvas(title, subtitle, labels, all_notes, top)


def row_canvas(
    title: str, subtitle: str, labels: Sequence[tuple[str, str]], notes: Sequence[str], top: float | None = None
) -> Canvas:
    """A canvas with a row for each label, a name and a detail below it; `top` inches are left for a legend."""
    axis = 0.05 if top is None else AXIS
    canvas = new_canvas((PAGE_IN, (top or 0.0) + HEAD + ROW * len(labels) + axis), title, subtitle, notes)
    for row, (name, detail) in enumerate(labels):
        _label(canvas, name, detail, (top or 0.0) + HEAD + row * ROW)
    return canvas


def panel(canvas: Canvas, box: tuple[float, float, float], title: str, rows: int) -> Axes:
    """Empty axes with a band behind every other row. `box`: left, top of the panels, width, inches."""
    left, top, width = box
    canvas.text(left, top + 0.06, title, fontsize=TEXT_PT, fontweight="bold")
    axes = canvas.axes(left, top + HEAD, width, ROW * rows)
    axes.set(ylim=(rows - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=tint(LIGHT, 0.35), linewidth=0, zorder=0)
    return axes


def _label(canvas: Canvas, name: str, detail: str, top: float) -> None:
    """Write the name of a parameter in one line or two, and its range below."""
    width = LEFT - MARGIN - 0.1
    name_lines = wrap(words.capitalise(clean(name, 150)), width, SMALL_PT)
    if len(name_lines) > 2:
        name_lines = [name_lines[0], truncate(f"{name_lines[1]} …", width, SMALL_PT)]
    start = top + (ROW - (len(name_lines) + 1) * line_height(SMALL_PT)) / 2
    for k, line in enumerate([*name_lines, truncate(clean(detail, 80), width, SMALL_PT)]):
        canvas.text(MARGIN, start + k * line_height(SMALL_PT), line, color=INK if k < len(name_lines) else GREY)
