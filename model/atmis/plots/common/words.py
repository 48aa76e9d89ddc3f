"""Labels for figures, tables and reports: names of indicators and groups of zones, and formatted numbers."""

import math
from collections.abc import Iterable

from atmis.analysis.comparison import INDICATORS, Paired
from atmis.plots.common.style import clean
from atmis.runs.summary import Group
from atmis.scenario.scenario import Scenario

GROUP_NAMES: dict[Group, str] = {
    "all": "all zones",
    "kenyan_border": "Kenyan border counties",
    "jubaland": "Jubaland",
    "rest": "rest of south-central Somalia",
    "somalia": "south-central Somalia",
}
_INDICATOR_NAMES = {
    "recorded_attacks": "attacks on record",
    "recorded_lethal": "lethal attacks on record",
    "recorded_deaths": "deaths on record",
    "deaths_without_group": "people killed",
    "deaths_mission": "mission troops killed",
    "deaths_host": "Somali forces killed",
    "deaths_kenya": "Kenyan forces killed",
    "deaths_civilians": "civilians killed",
    "deaths_group": "fighters killed in attacks",
    "overruns": "bases overrun",
    "displaced": "people displaced",
    "displaced_attacks": "people displaced by attacks",
    "displaced_overruns": "people displaced by fallen bases",
    "displaced_offensive": "people displaced by offensives",
    "crossed": "people who crossed the border",
    "host_shortfall": "host-force shortfall",
    "border_could_open_share": "days on which the border could open",
    "border_could_open_months": "months until the border could open",
    "border_all_open_months": "months to an open border",
    "handed_over_bases_held_share": "bases held for a year",
}


def indicator_name(name: str) -> str:
    """The name of an indicator in words: people displaced."""
    return _INDICATOR_NAMES.get(name, name.replace("_", " "))


def heading(name: str, group: Group) -> str:
    """An indicator and its group of zones in words: Attacks, Jubaland."""
    return f"{capitalise(indicator_name(name))}, {GROUP_NAMES[group]}"


def short_heading(name: str, group: Group) -> str:
    """The same, without the group where it is obvious: all zones, or the border for indicators of the border."""
    return capitalise(indicator_name(name)) if group == "all" or name.startswith("border_") else heading(name, group)


def capitalise(text: str) -> str:
    """A text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def indicator_unit(name: str) -> str:
    """The unit of an indicator."""
    return INDICATORS[name].unit


def format_signed(value: float, digits: int = 0) -> str:
    """A number with its sign, and zero without one: +1,200, −0.3, 0."""
    text = f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return text if any(c in text for c in "123456789") else f"{0:.{digits}f}"


def format_short(value: float) -> str:
    """A number with its sign, to about two digits: +1.5M, −15.0k."""
    size = abs(value)
    if size >= 999_500:
        return f"{format_signed(value / 1e6, 1)}M"
    if size >= 9950:
        return f"{format_signed(value / 1000.0, 0 if size >= 99_500 else 1)}k"
    if 0 < size < 0.995:
        return f"{value:+.2g}".replace("-", "\N{MINUS SIGN}")
    return format_signed(value, 0 if size >= 9.95 or not size else 1)


def format_plain(value: float) -> str:
    """A number of zero or more to about two digits, without a sign."""
    return format_short(value).lstrip("+")


def format_amount(value: float, largest: float) -> str:
    """A number of zero or more among others up to `largest`, which gets about three digits."""
    digits = min(max(2 - math.floor(math.log10(largest)), 0), 4)
    return f"{value:,.{digits}f}" if value else "0"


def count_pairs(low: int, high: int = 0) -> str:
    """The number of pairs of replicates in words, as one count or a range: 60 to 100 pairs of replicates."""
    count = f"{low:,} to {high:,}" if high > low else f"{low:,}"
    return f"{count} {'pair' if max(low, high) == 1 else 'pairs'} of replicates"


def format_tick(value: float) -> str:
    """A round number with its sign, for a tick of an axis."""
    thousands = abs(value) >= 10_000
    text = f"{value / 1000 if thousands else value:+,.10g}".replace("-", "\N{MINUS SIGN}")
    return "0" if value == 0 else f"{text}k" if thousands else text


def scenario_name(name: str, max_length: int = 30) -> str:
    """The name of a scenario as text that can be drawn, shortened to a number of characters."""
    return clean(name, max_length)


def uncertainty_included(scenarios: Iterable[Scenario]) -> str:
    """Which uncertainty varies between replicates, and is therefore included in bands and intervals."""
    return uncertainty_text(all(scenario.draws.file for scenario in scenarios))


def uncertainty_text(parameters_drawn: bool) -> str:
    """The same for replicates whose parameters are drawn or not."""
    if parameters_drawn:
        return "chance and drawn parameters, not the uncertainty of evidence"
    return "chance only, not the uncertainty of parameters or evidence"


def format_difference(row: Paired) -> str:
    """A mean difference with its interval and, where it has no direction, its verdict."""
    if row.verdict in ("no difference", "undefined") or row.mean_difference is None:
        return row.verdict
    if row.low_95 is None or row.high_95 is None:
        return f"{format_short(row.mean_difference)} (one pair: cannot tell)"
    interval = f"{format_short(row.mean_difference)} ({format_short(row.low_95)} to {format_short(row.high_95)})"
    return f"{interval}, cannot tell" if row.verdict == "cannot tell" else interval
