"""Title, caption and alternative text of each figure of a comparison, written from its numbers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.comparison import Difference, Paired, Regret, VarianceShares, pair, paired, survival_curves
from atmis.analysis.comparison.survival import YEAR
from atmis.plots.common import words
from atmis.plots.comparison import change_map, troop_steps, variance_shares
from atmis.plots.comparison.forest import HEADLINES
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group, group_of_zones

Named = tuple[str, Ensemble]
_GROUPS: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")
_MAX_LISTED = 4  # scenarios, or panels, that are described one by one


class FigureText(NamedTuple):
    """A figure in words, for its list entry and for readers who cannot see it."""

    title: str
    caption: str  # explains bands and marks
    alt: str  # one to three sentences with its numbers


def differences(rows: Sequence[Difference], holds: str = "") -> FigureText:
    """Text of the forest plot; `holds`: which uncertainty the interval includes."""
    whole_run = [row for row in rows if row.period == "whole_run"]
    panels = [[row for row in whole_run if (row.indicator, row.group) == headline] for headline in HEADLINES]
    filled = [panel for panel in panels if panel]
    text = "; ".join(_describe_panel(panel) for panel in filled[:_MAX_LISTED])
    others = ", ".join(_heading(panel[0]) for panel in filled[_MAX_LISTED:])
    more = f" Other panels: {others}." if others else ""
    baseline = words.scenario_name(whole_run[0].baseline) if whole_run else "the baseline"
    interval_note = f" The interval holds {holds}, and one in twenty misses." if holds else ""
    return FigureText(
        f"Differences from {baseline}",
        "Points: mean of scenario minus baseline over pairs of replicates that share all their luck; hollow: the 95 % "
        "interval (thick line) spans zero; cross: no difference in any pair. Thin line: 90 % of the pairs. "
        f"Right of zero is more than the baseline.{interval_note}",
        f"Mean differences from {baseline} over the whole run. {text}.{more}",
    )


def _uncertainty_note(*ensembles: Ensemble) -> str:
    return f"Bands and intervals hold {words.uncertainty_included(run.scenario for run in ensembles)}."


def _heading(row: Difference) -> str:
    return words.short_heading(row.indicator, row.group)


def _describe_panel(panel: Sequence[Difference]) -> str:
    return f"{_heading(panel[0])}: {_describe_differences({row.scenario: row for row in panel})}"


def _describe_differences(rows: Mapping[str, Paired]) -> str:
    """Differences by scenario in words: each of a few, else the lowest and the highest."""
    texts = {name: f"{words.scenario_name(name)} {words.format_difference(row)}" for name, row in rows.items()}
    if len(rows) <= _MAX_LISTED:
        return ", ".join(texts.values())
    ordered = sorted(rows, key=lambda name: rows[name].mean_difference or 0.0)
    return f"from {texts[ordered[0]]} to {texts[ordered[-1]]}"


def months(ensembles: Mapping[str, Ensemble], baseline: str, indicator: str, group: Group) -> FigureText:
    """Text of the small multiples by month."""
    rows = {
        name: _total(pair(ensembles[baseline], run), indicator, group)
        for name, run in ensembles.items()
        if name != baseline
    }
    heading, baseline_name = words.short_heading(indicator, group), words.scenario_name(baseline)
    return FigureText(
        f"{heading}, by month",
        f"A panel for each scenario. Grey: mean, middle 50 % and middle 90 % of {baseline_name}; colour: "
        f"mean of the scenario, and the bounds of its middle 90 %. {_uncertainty_note(*ensembles.values())}",
        f"A panel for each of {len(ensembles)} scenarios shows {heading} by month against {baseline_name}. "
        f"Mean difference over the whole run: {_describe_differences(rows)}.",
    )


def _total(both: tuple[Ensemble, Ensemble], indicator: str, group: Group) -> Paired:
    zones = group_of_zones(both[0], group)
    before, after = (run.indicator(indicator)[:, :, zones].sum(axis=(1, 2)) for run in both)
    return paired(before, after)


def fan(baseline: Named, scenario: Named, indicator: str) -> FigureText:
    """Text of the fan chart of a scenario against the baseline."""
    both = pair(baseline[1], scenario[1])
    groups = [group for group in _GROUPS if group_of_zones(both[0], group).any()]
    text = "; ".join(
        f"{words.GROUP_NAMES[group]} {_describe_total(_total(both, indicator, group))}" for group in groups
    )
    names = f"{words.scenario_name(scenario[0])} against {words.scenario_name(baseline[0])}"
    heading = words.capitalise(words.indicator_name(indicator))
    return FigureText(
        f"{heading} by month: {names}",
        "Left: both by month, medians with the middle 50 % and 90 % of replicates. Right: scenario minus baseline, "
        "replicate by replicate, added up since the first day. Dashed lines: documented dates, numbered in the notes. "
        f"{_uncertainty_note(baseline[1], scenario[1])}",
        f"{heading} by month in {len(groups)} groups of zones, {names}. Added up over the whole run the difference is, "
        f"on average: {text}.",
    )


def _describe_total(row: Paired) -> str:
    """A difference, also in percent of the baseline."""
    relative = row.relative_difference
    return words.format_difference(row) + (f", {words.format_signed(100 * relative, 1)} %" if relative else "")


def change(baseline: Named, scenario: Named) -> FigureText:
    """Text of the map of changes."""
    both = pair(baseline[1], scenario[1])
    names = [zone.name for zone in both[0].scenario.theatre.zones.values()]
    pairs = zip(change_map.by_zone(*both), names, strict=True)
    zones = sorted(pairs, key=lambda entry: entry[0].mean_difference or 0.0)
    least, most = (f"{words.scenario_name(name)} {words.format_difference(row)}" for row, name in (zones[0], zones[-1]))
    uncertain = sum(row.verdict == "cannot tell" for row, _ in zones)
    falls = change_map.falls(*both)
    marks = [change_map.mark(row) for row in falls]
    title = f"Change in attacks: {words.scenario_name(scenario[0])} against {words.scenario_name(baseline[0])}"
    return FigureText(
        title,
        "Zones shaded by the mean difference in attacks a year: orange more, purple fewer, hatched where the 95 % "
        "interval spans zero. Triangles: bases that fall in more (black, up) or fewer (white, down) replicates.",
        f"Map of {len(zones)} zones. Change in attacks a year from {least} to {most}; cannot be told from zero in "
        f"{uncertain}. Bases that fall in more replicates: {marks.count('more')}, in fewer {marks.count('fewer')}.",
    )


def troops(ensembles: Mapping[str, Ensemble], baseline: str) -> FigureText:
    """Text of the figure of ceilings and troops."""
    last = {name: (troop_steps.ceiling(run)[-1], troop_steps.troops(run)[-1]) for name, run in ensembles.items()}
    text = "; ".join(f"{words.scenario_name(name)} {top:,.0f} and {sent:,.0f}" for name, (top, sent) in last.items())
    return FigureText(
        "Ceilings and troops",
        f"A panel for each scenario, medians over replicates. Thick line: its ceiling of uniformed personnel; dashed: "
        f"its troops; grey: the ceiling of {words.scenario_name(baseline)}; diamonds: ceilings that were documented.",
        f"Ceilings of uniformed personnel and troops step down with the phases of each plan. On the last day they are: "
        f"{text}.",
    )


def survival(ensembles: Mapping[str, Ensemble]) -> FigureText:
    """Text of the survival curves of bases handed over."""
    curves = {name: curve for name, ensemble in ensembles.items() for curve in survival_curves(ensemble)}
    shares = {name: curve.estimate_at(YEAR)[0] for name, curve in curves.items()}
    texts = [f"{words.scenario_name(name)} {100 * share:.1f} %" for name, share in shares.items() if np.isfinite(share)]
    statement = f"hold for a year (Kaplan-Meier): {', '.join(texts)}" if texts else "hold for a year cannot be told"
    without = [words.scenario_name(name) for name in ensembles if name not in curves]
    return FigureText(
        "How long bases hold after a handover",
        "Steps: share of bases handed over that never fell (Kaplan-Meier, pooled over replicates); shaded: 95 % "
        "interval, bases and replicates as if independent. A base leaves the count when it is closed and at the end of "
        "the run.",
        f"Shares of bases handed over that {statement}."
        + (f" No base is handed over in {', '.join(without)}." if without else ""),
    )


def spread(rows: Sequence[VarianceShares]) -> FigureText:
    """Text of the figure of variance shares."""
    texts = [
        f"{title}, {', '.join(f'{part} {_percent(row, part)}' for part in variance_shares.varied_parts(row))}"
        for title, panel in variance_shares.select_panels(rows).items()
        for row in panel[:1]
    ]
    return FigureText(
        "What the spread is made of",
        "Bars: shares of the variance of each headline that are chance (replicates, with the parameters that these "
        "draw), parameters (points of the design) "
        "and evidence (readings of it, with equal weights), for the level of the baseline and for differences from it; "
        "σ: standard deviation of all together.",
        f"Shares of the variance of {words.short_heading(*variance_shares.SHOWN[0])}: {'; '.join(texts)}.",
    )


def _percent(row: VarianceShares, part: str) -> str:
    share = getattr(row, f"share_{part}")
    return "none" if share is None else f"{100 * share:.0f} %"


def regret(matrix: Regret) -> FigureText:
    """Text of the heat map of regret."""
    plan, world = np.unravel_index(int(matrix.regret.argmax()), matrix.regret.shape)
    plan_name, world_name = words.scenario_name(matrix.plans[plan]), words.scenario_name(matrix.worlds[world], 60)
    largest = words.format_amount(float(matrix.regret.max()), float(matrix.regret.max()) or 1.0)
    least = " and ".join(words.scenario_name(name) for name in matrix.minimax_plans)
    heading = words.short_heading(matrix.indicator, matrix.group)
    return FigureText(
        f"Regret: {heading}",
        "A cell: by how much a plan is worse than the best plan in that state of the world, mean over replicates; "
        "≈: cannot be told from the best. Last column: the largest of a row.",
        f"Regret of {len(matrix.plans)} plans in {len(matrix.worlds)} states of the world, in {matrix.unit}. The "
        f"largest is {largest}, of {plan_name} under {world_name}; "
        f"the plan whose largest regret is least is {least}.",
    )
