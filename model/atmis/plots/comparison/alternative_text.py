"""What figures say to a reader who cannot see them: title, caption and alternative text, written from the numbers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from atmis.analysis.comparison import Difference, Paired, Regret, Spread, curves, pair, paired
from atmis.analysis.comparison.survival import YEAR
from atmis.plots.comparison import change_map, troop_steps, variance_shares
from atmis.plots.comparison.forest import HEADLINES
from atmis.plots.kit import words
from atmis.runs.ensemble import Ensemble
from atmis.runs.summary import Group, group_of_zones

Named = tuple[str, Ensemble]
_SIDES: tuple[Group, ...] = ("kenyan_border", "jubaland", "rest")
_FEW = 4  # scenarios, or panels, that are told one by one


class Told(NamedTuple):
    """A figure in words."""

    title: str
    caption: str  # explains bands and marks
    alt: str  # one to three sentences with its numbers


def differences(rows: Sequence[Difference], holds: str = "") -> Told:
    """The forest plot."""
    whole = [row for row in rows if row.period == "whole_run"]
    panels = [[row for row in whole if (row.indicator, row.group) == one] for one in HEADLINES]
    shown = [panel for panel in panels if panel]
    told = "; ".join(_panel(panel) for panel in shown[:_FEW])
    more = f" Other panels: {', '.join(_what(panel[0]) for panel in shown[_FEW:])}." if shown[_FEW:] else ""
    baseline = words.scenario(whole[0].baseline) if whole else "the baseline"
    told_of_interval = f" The interval holds {holds}, and one in twenty misses." if holds else ""
    return Told(
        f"Differences from {baseline}",
        "Points: mean of scenario minus baseline over pairs of replicates that share all their luck; hollow: the 95 % "
        "interval (thick line) spans zero; cross: no difference in any pair. Thin line: 90 % of the pairs. "
        f"Right of zero is more than the baseline.{told_of_interval}",
        f"Mean differences from {baseline} over the whole run. {told}.{more}",
    )


def _held(*ensembles: Ensemble) -> str:
    return f"Bands and intervals hold {words.held(one.scenario for one in ensembles)}."


def _what(row: Difference) -> str:
    return words.place(row.indicator, row.group)


def _panel(panel: Sequence[Difference]) -> str:
    return f"{_what(panel[0])}: {_each({row.scenario: row for row in panel})}"


def _each(found: Mapping[str, Paired]) -> str:
    """Differences by scenario in words: each where they are few, else the lowest and the highest."""
    told = {name: f"{words.scenario(name)} {words.difference(one)}" for name, one in found.items()}
    if len(found) <= _FEW:
        return ", ".join(told.values())
    ordered = sorted(found, key=lambda name: found[name].mean_difference or 0.0)
    return f"from {told[ordered[0]]} to {told[ordered[-1]]}"


def months(ensembles: Mapping[str, Ensemble], baseline: str, indicator: str, group: Group) -> Told:
    """Small multiples by month."""
    found = {
        name: _total(pair(ensembles[baseline], one), indicator, group)
        for name, one in ensembles.items()
        if name != baseline
    }
    what = words.place(indicator, group)
    return Told(
        f"{what}, by month",
        f"A panel for each scenario. Grey: mean, middle 50 % and middle 90 % of {words.scenario(baseline)}; colour: "
        f"mean of the scenario, and the bounds of its middle 90 %. {_held(*ensembles.values())}",
        f"A panel for each of {len(ensembles)} scenarios shows {what} by month against {words.scenario(baseline)}. "
        f"Mean difference over the whole run: {_each(found)}.",
    )


def _total(both: tuple[Ensemble, Ensemble], indicator: str, group: Group) -> Paired:
    zones = group_of_zones(both[0], group)
    before, after = (one.indicator(indicator)[:, :, zones].sum(axis=(1, 2)) for one in both)
    return paired(before, after)


def fan(baseline: Named, scenario: Named, indicator: str) -> Told:
    """A fan chart of a scenario against the baseline."""
    both = pair(baseline[1], scenario[1])
    groups = [group for group in _SIDES if group_of_zones(both[0], group).any()]
    told = "; ".join(f"{words.GROUPS[group]} {_share(_total(both, indicator, group))}" for group in groups)
    names = f"{words.scenario(scenario[0])} against {words.scenario(baseline[0])}"
    what = words.first_up(words.indicator(indicator))
    return Told(
        f"{what} by month: {names}",
        "Left: both by month, medians with the middle 50 % and 90 % of replicates. Right: scenario minus baseline, "
        "replicate by replicate, added up since the first day. Dashed lines: documented dates, numbered in the notes. "
        f"{_held(baseline[1], scenario[1])}",
        f"{what} by month in {len(groups)} groups of zones, {names}. Added up over the whole run the difference is, on "
        f"average: {told}.",
    )


def _share(found: Paired) -> str:
    """A difference, and what part of the baseline it is."""
    part = found.relative_difference
    return words.difference(found) + (f", {words.signed(100 * part, 1)} %" if part else "")


def change(baseline: Named, scenario: Named) -> Told:
    """The map of changes."""
    both = pair(baseline[1], scenario[1])
    names = [zone.name for zone in both[0].scenario.theatre.zones.values()]
    zones = sorted(zip(change_map.by_zone(*both), names, strict=True), key=lambda one: one[0].mean_difference or 0.0)
    least, most = (f"{words.scenario(name)} {words.difference(one)}" for one, name in (zones[0], zones[-1]))
    untold = sum(one.verdict == "cannot tell" for one, _ in zones)
    falls = change_map.falls(*both)
    marked = [change_map.mark(one) for one in falls]
    title = f"Change in attacks: {words.scenario(scenario[0])} against {words.scenario(baseline[0])}"
    return Told(
        title,
        "Zones shaded by the mean difference in attacks a year: orange more, purple fewer, hatched where the 95 % "
        "interval spans zero. Triangles: bases that fall in more (black, up) or fewer (white, down) replicates.",
        f"Map of {len(zones)} zones. Change in attacks a year from {least} to {most}; cannot be told from zero in "
        f"{untold}. Bases that fall in more replicates: {marked.count('more')}, in fewer {marked.count('fewer')}.",
    )


def troops(ensembles: Mapping[str, Ensemble], baseline: str) -> Told:
    """Ceilings and troops."""
    last = {name: (troop_steps.ceiling(one)[-1], troop_steps.troops(one)[-1]) for name, one in ensembles.items()}
    told = "; ".join(f"{words.scenario(name)} {own:,.0f} and {sent:,.0f}" for name, (own, sent) in last.items())
    return Told(
        "Ceilings and troops",
        f"A panel for each scenario, medians over replicates. Thick line: its ceiling of uniformed personnel; dashed: "
        f"its troops; grey: the ceiling of {words.scenario(baseline)}; diamonds: ceilings that were documented.",
        f"Ceilings of uniformed personnel and troops step down with the phases of each plan. On the last day they are: "
        f"{told}.",
    )


def survival(ensembles: Mapping[str, Ensemble]) -> Told:
    """Survival of bases handed over."""
    found = {name: curve for name, ensemble in ensembles.items() for curve in curves(ensemble)}
    shares = {name: curve.at(YEAR)[0] for name, curve in found.items()}
    told = [f"{words.scenario(name)} {100 * share:.1f} %" for name, share in shares.items() if np.isfinite(share)]
    held = f"hold for a year (Kaplan-Meier): {', '.join(told)}" if told else "hold for a year cannot be told"
    without = [words.scenario(name) for name in ensembles if name not in found]
    return Told(
        "How long bases hold after a handover",
        "Steps: share of bases handed over that never fell (Kaplan-Meier, pooled over replicates); shaded: 95 % "
        "interval, bases and replicates as if independent. A base leaves the count when it is closed and at the end of "
        "the run.",
        f"Shares of bases handed over that {held}."
        + (f" No base is handed over in {', '.join(without)}." if without else ""),
    )


def spread(rows: Sequence[Spread]) -> Told:
    """The split of the spread."""
    told = [
        f"{title}, {', '.join(f'{part} {_percent(row, part)}' for part in variance_shares.parts(row))}"
        for title, panel in variance_shares.shown(rows).items()
        for row in panel[:1]
    ]
    return Told(
        "What the spread is made of",
        "Bars: shares of the variance of each headline that are chance (replicates, with the parameters that these "
        "draw), parameters (points of the design) "
        "and evidence (readings of it, with equal weights), for the level of the baseline and for differences from it; "
        "σ: standard deviation of all together.",
        f"Shares of the variance of {words.place(*variance_shares.SHOWN[0])}: {'; '.join(told)}.",
    )


def _percent(row: Spread, part: str) -> str:
    share = getattr(row, f"share_{part}")
    return "none" if share is None else f"{100 * share:.0f} %"


def regret(found: Regret) -> Told:
    """The heat map of regret."""
    plan, world = np.unravel_index(int(found.regret.argmax()), found.regret.shape)
    largest = words.amount(float(found.regret.max()), float(found.regret.max()) or 1.0)
    least = " and ".join(words.scenario(name) for name in found.least)
    what = words.place(found.indicator, found.group)
    return Told(
        f"Regret: {what}",
        "A cell: by how much a plan is worse than the best plan in that state of the world, mean over replicates; "
        "≈: cannot be told from the best. Last column: the largest of a row.",
        f"Regret of {len(found.plans)} plans in {len(found.worlds)} states of the world, in {found.unit}. The largest "
        f"is {largest}, of {words.scenario(found.plans[plan])} under {words.scenario(found.worlds[world], 60)}; "
        f"the plan whose largest regret is least is {least}.",
    )
