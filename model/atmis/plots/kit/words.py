"""Names of what is compared, short enough for a heading, and numbers with their sign."""

import math
from collections.abc import Iterable

from atmis.analysis.comparison import INDICATORS, Paired
from atmis.plots.kit.style import clean
from atmis.runs.summary import Group
from atmis.scenario.scenario import Scenario

GROUPS: dict[Group, str] = {
    "all": "all zones",
    "kenyan_border": "Kenyan border counties",
    "jubaland": "Jubaland",
    "rest": "rest of south-central Somalia",
    "somalia": "south-central Somalia",
}
_INDICATORS = {
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


def indicator(name: str) -> str:
    """An indicator in words."""
    return _INDICATORS.get(name, name.replace("_", " "))


def heading(name: str, group: Group) -> str:
    """An indicator and where, in words: Attacks, Jubaland."""
    return f"{first_up(indicator(name))}, {GROUPS[group]}"


def place(name: str, group: Group) -> str:
    """The same, without what goes without saying: that all zones are meant, or the border."""
    return first_up(indicator(name)) if group == "all" or name.startswith("border_") else heading(name, group)


def first_up(text: str) -> str:
    """A text with a capital."""
    return text[:1].upper() + text[1:]


def unit(name: str) -> str:
    """The unit of an indicator."""
    return INDICATORS[name].unit


def signed(value: float, digits: int = 0) -> str:
    """A number with its sign, zero without: +1,200, −0.3, 0."""
    text = f"{value:+,.{digits}f}".replace("-", "\N{MINUS SIGN}")
    return text if any(c in text for c in "123456789") else f"{0:.{digits}f}"


def short(value: float) -> str:
    """A number with its sign in about two digits."""
    size = abs(value)
    if size >= 999_500:
        return f"{signed(value / 1e6, 1)}M"
    if size >= 9950:
        return f"{signed(value / 1000.0, 0 if size >= 99_500 else 1)}k"
    if 0 < size < 0.995:
        return f"{value:+.2g}".replace("-", "\N{MINUS SIGN}")
    return signed(value, 0 if size >= 9.95 or not size else 1)


def plain(value: float) -> str:
    """A number that is not below zero in about two digits, without a sign."""
    return short(value).lstrip("+")


def amount(value: float, largest: float) -> str:
    """A number that is not below zero, beside others up to the largest: about three digits."""
    digits = min(max(2 - math.floor(math.log10(largest)), 0), 4)
    return f"{value:,.{digits}f}" if value else "0"


def pairs(low: int, high: int = 0) -> str:
    """How many pairs of replicates: 100, or 60 to 100."""
    several = f"{low:,} to {high:,}" if high > low else f"{low:,}"
    return f"{several} {'pair' if max(low, high) == 1 else 'pairs'} of replicates"


def tick(value: float) -> str:
    """A round number with its sign, for an axis."""
    thousands = abs(value) >= 10_000
    text = f"{value / 1000 if thousands else value:+,.10g}".replace("-", "\N{MINUS SIGN}")
    return "0" if value == 0 else f"{text}k" if thousands else text


def scenario(name: str, most: int = 30) -> str:
    """The name of a scenario as text that can be drawn."""
    return clean(name, most)


def held(scenarios: Iterable[Scenario]) -> str:
    """What of the uncertainty differs between replicates, and so is in bands and intervals."""
    return held_by(all(one.draws.file for one in scenarios))


def held_by(drawn: bool) -> str:
    """The same, where it is known whether parameters are drawn."""
    if drawn:
        return "chance and drawn parameters, not the uncertainty of evidence"
    return "chance only, not the uncertainty of parameters or evidence"


def difference(found: Paired) -> str:
    """A mean difference with its interval, or what else there is to say."""
    if found.verdict in ("no difference", "undefined") or found.mean_difference is None:
        return found.verdict
    if found.low_95 is None or found.high_95 is None:
        return f"{short(found.mean_difference)} (one pair: cannot tell)"
    interval = f"{short(found.mean_difference)} ({short(found.low_95)} to {short(found.high_95)})"
    return f"{interval}, cannot tell" if found.verdict == "cannot tell" else interval
