"""The Kenyan side of the border: attacks on record, and when the border could open, for the width of a column."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from atmis.plots.common import documented
from atmis.plots.common.bands import band_legend, draw_bands, quantile_bands, stairs
from atmis.plots.common.canvas import Canvas, legend_height, new_canvas, placeholder, run_subtitle
from atmis.plots.common.dates import (
    date_axis,
    date_key,
    dates_in_period,
    day_numbers,
    mark_dates,
    month_edges,
    partial_month_note,
)
from atmis.plots.common.groups import kenyan_zones
from atmis.plots.common.style import BLUE, COLUMN_IN, GREY, SMALL_PT, VERMILION, tint
from atmis.runs.ensemble import Ensemble

_TITLE = "Attacks on record in the Kenyan border counties, and when the border could open"
_LEFT, _UPPER, _LOWER, _BETWEEN = 0.56, 1.25, 0.75, 0.34
_WIDTH = COLUMN_IN - _LEFT - 0.1


def figure(ensemble: Ensemble) -> Figure:
    """Attacks on record by month above; below, the share of replicates in which the border could open."""
    scenario = ensemble.scenario
    zones = kenyan_zones(scenario.theatre)
    if not zones:
        return placeholder(
            COLUMN_IN, _TITLE, run_subtitle(ensemble), "This theatre has no zones on the Kenyan side."
        ).figure
    marks = dates_in_period(documented.dates(documented.BORDER_DATES), scenario.period)
    handles, labels = band_legend(ensemble.replicates, VERMILION)
    head = legend_height(labels, COLUMN_IN) + 0.3
    canvas = new_canvas(
        (COLUMN_IN, head + _UPPER + _BETWEEN + _LOWER + 0.27),
        _TITLE,
        run_subtitle(ensemble),
        _notes(ensemble, date_key(marks)),
    )
    canvas.legend(handles, labels, top=0.02)
    upper = canvas.axes(_LEFT, head, _WIDTH, _UPPER)
    values = ensemble.indicator("recorded_attacks")[:, :, zones].sum(axis=2)
    draw_bands(upper, quantile_bands(values), month_edges(ensemble), VERMILION)
    upper.set_ylabel("attacks on record\nper month", labelpad=0.0)
    upper.yaxis.set_label_coords(-0.3 / _WIDTH, 0.5)
    date_axis(upper, scenario.period, _WIDTH, labelled=False)
    lower = _draw_open_share(canvas, ensemble, head + _UPPER + _BETWEEN)
    mark_dates([upper, lower], marks, (_WIDTH, _UPPER))
    return canvas.figure


def _draw_open_share(canvas: Canvas, ensemble: Ensemble, top: float) -> Axes:
    policy, days = ensemble.scenario.kenya.reopening, day_numbers(ensemble)
    axes = canvas.axes(_LEFT, top, _WIDTH, _LOWER)
    share = 100.0 * (ensemble.days.could_open > 0).mean(axis=0)
    first_full = min(policy.window_days - 1, len(share))
    if first_full < len(share):
        stairs(axes, share[first_full:], days[first_full:], 0.0, fill=True, color=tint(BLUE, 0.35), linewidth=0)
        stairs(axes, share[first_full:], days[first_full:], color=BLUE, linewidth=0.8)
    axes.axvspan(days[0], days[first_full], facecolor="white", edgecolor=tint(GREY, 0.6), hatch="////", linewidth=0.0)
    axes.set_ylim(0.0, 100.0)
    axes.set_yticks([0, 50, 100])
    axes.set_ylabel("replicates (%)")
    axes.yaxis.set_label_coords(-0.3 / _WIDTH, 0.5)
    date_axis(axes, ensemble.scenario.period, _WIDTH)
    heading = f"Fewer than {policy.threshold:g} attacks in the past {policy.window_days} days: the border could open"
    axes.text(0.0, 1.08, heading, transform=axes.transAxes, fontsize=SMALL_PT, va="bottom")
    return axes


def _notes(ensemble: Ensemble, key: list[str]) -> list[str]:
    days = ensemble.scenario.kenya.reopening.window_days
    return [
        *key,
        "On record: attacks that an event data set would hold.",
        f"Hatched: the first {days} days of the run, too few to tell.",
        *partial_month_note(ensemble.scenario.period),
    ]
