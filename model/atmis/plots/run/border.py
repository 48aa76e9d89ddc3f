"""The Kenyan side of the border: attacks that an event data set would hold, and when the border could open.

For the width of a column.
"""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.kit import documented
from atmis.plots.kit.bands import band_legend, bands, draw_bands, stairs
from atmis.plots.kit.dates import date_axis, day_numbers, incomplete, key_lines, mark_dates, month_edges, within
from atmis.plots.kit.groups import kenyan
from atmis.plots.kit.sheet import Sheet, about, legend_height, message, sheet
from atmis.plots.kit.style import BLUE, COLUMN_IN, GREY, SMALL_PT, VERMILION, tint
from atmis.runs.ensemble import Ensemble

_TITLE = "Attacks on record in the Kenyan border counties, and when the border could open"
_LEFT, _UPPER, _LOWER, _BETWEEN = 0.56, 1.25, 0.75, 0.34
_WIDTH = COLUMN_IN - _LEFT - 0.1


def figure(ensemble: Ensemble) -> Figure:
    """Recorded attacks per month above; below, the share of replicates quiet enough for the border to open."""
    scenario = ensemble.scenario
    zones = kenyan(scenario.theatre)
    if not zones:
        return message(COLUMN_IN, _TITLE, about(ensemble), "This theatre has no zones on the Kenyan side.").figure
    marks = within(documented.dates(documented.BORDER_DATES), scenario.period)
    handles, labels = band_legend(ensemble.replicates, VERMILION)
    head = legend_height(labels, COLUMN_IN) + 0.3
    made = sheet(
        (COLUMN_IN, head + _UPPER + _BETWEEN + _LOWER + 0.27),
        _TITLE,
        about(ensemble),
        _notes(ensemble, key_lines(marks)),
    )
    made.legend(handles, labels, top=0.02)
    upper = made.axes(_LEFT, head, _WIDTH, _UPPER)
    values = ensemble.indicator("recorded_attacks")[:, :, zones].sum(axis=2)
    draw_bands(upper, bands(values), month_edges(ensemble), VERMILION)
    upper.set_ylabel("attacks on record\nper month", labelpad=0.0)
    upper.yaxis.set_label_coords(-0.3 / _WIDTH, 0.5)
    date_axis(upper, scenario.period, _WIDTH, labelled=False)
    lower = _quiet(made, ensemble, head + _UPPER + _BETWEEN)
    mark_dates([upper, lower], marks, (_WIDTH, _UPPER))
    return made.figure


def _quiet(made: Sheet, ensemble: Ensemble, top: float) -> Axes:
    policy, days = ensemble.scenario.kenya.reopening, day_numbers(ensemble)
    axes = made.axes(_LEFT, top, _WIDTH, _LOWER)
    share = 100.0 * (ensemble.days.could_open > 0).mean(axis=0)
    first = min(policy.window_days - 1, len(share))
    if first < len(share):
        stairs(axes, share[first:], days[first:], 0.0, fill=True, color=tint(BLUE, 0.35), linewidth=0)
        stairs(axes, share[first:], days[first:], color=BLUE, linewidth=0.8)
    axes.axvspan(days[0], days[first], facecolor="white", edgecolor=tint(GREY, 0.6), hatch="////", linewidth=0.0)
    axes.set_ylim(0.0, 100.0)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("replicates (%)")
    axes.yaxis.set_label_coords(-0.3 / _WIDTH, 0.5)
    date_axis(axes, ensemble.scenario.period, _WIDTH)
    quiet = f"Fewer than {policy.threshold:g} attacks in the past {policy.window_days} days: the border could open"
    axes.text(0.0, 1.08, quiet, transform=axes.transAxes, fontsize=SMALL_PT, va="bottom")
    return axes


def _notes(ensemble: Ensemble, key: list[str]) -> list[str]:
    days = ensemble.scenario.kenya.reopening.window_days
    return [
        *key,
        "On record: attacks that an event data set would hold.",
        f"Hatched: the first {days} days of the run, too few to tell.",
        *incomplete(ensemble.scenario.period),
    ]
