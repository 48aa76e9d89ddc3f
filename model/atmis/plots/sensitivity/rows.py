"""Figures with a row for each parameter: its words and range on the left, panels on the right. For a page."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from atmis.analysis.sensitivity import Analysed, Index, Target
from atmis.plots.kit import words
from atmis.plots.kit.sheet import EDGE, Sheet, line_height, sheet
from atmis.plots.kit.style import GREY, INK, LIGHT, PAGE_IN, SMALL_PT, TEXT_PT, clean, fit, tint, wrap

MOST = 12  # parameters that are shown
ROW, HEAD, AXIS = 0.36, 0.26, 0.4
LEFT = 2.75  # inches for the words
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
    """A headline in words."""
    return _HEADLINES.get(name, name.replace("_", " "))


def of_what(target: Target) -> str:
    """A target in words, to begin with: extended less planned."""
    name = words.scenario(target.scenario)
    return name if target.baseline is None else f"{name} less {words.scenario(target.baseline)}"


def frame(one: Analysed, shown: Sequence[Index], top: float, notes: Sequence[str]) -> Sheet:
    """A sheet with its title, the words of each parameter, and room of `top` inches for a legend."""
    target, first = one.target, one.rows[0]
    runs = "1 replicate" if first.replicates == 1 else f"{first.replicates} replicates"
    base = "base points" if first.method == "sobol" else "trajectories"
    left_out = len(one.rows) - len(shown)
    more = f"The {left_out} parameters that do least are left out." if left_out else ""
    title = f"What drives {headline(target.headline)}: {of_what(target)}"
    about = f"{target.unit}, whole run · mean {words.short(first.mean)} · {first.points:,} {base}, {runs} of each point"
    told = [(index.words, f"{index.range} {index.parameter_unit}".strip()) for index in shown]
    return lines(title, about, told, [one.in_words, *notes, *([more] if more else [])], top)


def lines(
    title: str, about: str, told: Sequence[tuple[str, str]], notes: Sequence[str], top: float | None = None
) -> Sheet:
    """A sheet with a row for each of some words and what stands below them; `top`: room for a legend, inches."""
    axis = 0.05 if top is None else AXIS
    made = sheet((PAGE_IN, (top or 0.0) + HEAD + ROW * len(told) + axis), title, about, notes)
    for row, (what, aside) in enumerate(told):
        _label(made, what, aside, (top or 0.0) + HEAD + row * ROW)
    return made


def panel(made: Sheet, box: tuple[float, float, float], title: str, rows: int) -> Axes:
    """Empty axes with a band behind every other row. `box`: left, top of the sheet's panels, width, inches."""
    left, top, width = box
    made.text(left, top + 0.06, title, fontsize=TEXT_PT, fontweight="bold")
    axes = made.axes(left, top + HEAD, width, ROW * rows)
    axes.set(ylim=(rows - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    for row in range(0, rows, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=tint(LIGHT, 0.35), linewidth=0, zorder=0)
    return axes


def _label(made: Sheet, what: str, aside: str, top: float) -> None:
    """The words of a parameter in one line or two, and its range below them."""
    width = LEFT - EDGE - 0.1
    above = wrap(words.first_up(clean(what, 150)), width, SMALL_PT)
    if len(above) > 2:
        above = [above[0], fit(f"{above[1]} …", width, SMALL_PT)]
    start = top + (ROW - (len(above) + 1) * line_height(SMALL_PT)) / 2
    for k, line in enumerate([*above, fit(clean(aside, 80), width, SMALL_PT)]):
        made.text(EDGE, start + k * line_height(SMALL_PT), line, color=INK if k < len(above) else GREY)
