"""R1 to R7 and R18: the five Kenyan border counties, as an event data set holds them. M months, Z zones, E events."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from atmis import facts
from atmis.analysis.scorecard import shapes
from atmis.analysis.scorecard.attacks import Attacks, days
from atmis.kernel.arrays import Floats, Ints
from atmis.runs.ensemble import Ensemble
from atmis.runs.patterns import Window, autocorrelation, dispersion
from atmis.scenario.ground import Theatre

FIRST, LAST = "2015-03", "2022-03"


def names() -> tuple[str, ...]:
    """Names of the counties of R1."""
    return tuple(facts.facts()["r1_events_by_county"].value)


def counties(theatre: Theatre) -> dict[str, str]:
    """Zones of these counties, by name."""
    return named(theatre, names())


def named(theatre: Theatre, wanted: Collection[str]) -> dict[str, str]:
    """Zones by name, of those that are wanted."""
    return {zone.name: key for key, zone in theatre.zones.items() if zone.name in wanted}


def measured(one: Ensemble, attacks: Attacks) -> dict[str, float]:
    """All patterns of a run."""
    zones = counties(one.scenario.theatre)
    window = Window(FIRST, LAST, tuple(zones.values()))
    events, all_events, killed = (
        window.of(one, name)[0] for name in ("recorded_attacks", "attacks", "recorded_deaths")
    )
    seen = attacks.where(attacks.recorded > 0).within(FIRST, LAST).in_zones(tuple(zones.values()))
    gaps_of = named(one.scenario.theatre, facts.facts()["r6_burstiness_by_county"].value)
    by_county = {name: seen.in_zones((key,)).day for name, key in gaps_of.items()}
    return {
        **of_counts(tuple(zones), events, killed),
        **of_days(seen.day, by_county),
        **of_deaths(seen.deaths),
        "r18_detection": shapes.ratio(events.sum(), all_events.sum()),
        "r18_monthly_correlation": shapes.correlation(events.sum(axis=1), all_events.sum(axis=1)),
    }


def of_counts(zones: Sequence[str], events: Floats, killed: Floats) -> dict[str, float]:
    """R1, R2, R3 and the monthly part of R4, of events and deaths [M, Z]."""
    together = events.sum(axis=1)[None]
    found = {"r1_events_total": float(events.sum()), "r2_dispersion_five": float(dispersion(together)[0])}
    for k, name in enumerate(zones):
        found[f"r1_events_by_county.{name}"] = float(events[:, k].sum())
        found[f"r1_deaths_by_county.{name}"] = float(killed[:, k].sum())
        found[f"r2_dispersion_by_county.{name}"] = float(dispersion(events[None, :, k])[0])
        found[f"r3_zero_months.{name}"] = float((events[:, k] == 0).mean())
    for lag in (1, 2, 3):
        found[f"r4_monthly_autocorrelation.lag {lag}"] = float(autocorrelation(together, lag)[0])
    return found


def of_days(together: Ints, by_county: Mapping[str, Ints]) -> dict[str, float]:
    """The weekly parts of R2 and R4, and R6, of days [E] of events."""
    weekly, between = shapes.by_week(together, *days(FIRST, LAST))[None], shapes.gaps(together)
    found = {
        "r2_dispersion_five_weekly": float(dispersion(weekly)[0]),
        "r6_burstiness_five": shapes.burstiness(between),
        "r6_gap_mean": shapes.mean(between),
        "r6_gap_median": shapes.median(between),
    }
    for lag in range(1, 7):
        found[f"r4_weekly_autocorrelation.lag {lag}"] = float(autocorrelation(weekly, lag)[0])
    for name, mine in by_county.items():
        found[f"r6_burstiness_by_county.{name}"] = shapes.burstiness(shapes.gaps(mine))
    return found


def of_deaths(deaths: Ints) -> dict[str, float]:
    """R7, of the deaths [E] of each event."""
    lethal = deaths[deaths > 0]
    logs = np.log(lethal)
    found = {
        "r7_zero_share": shapes.mean(deaths == 0),
        "r7_lethal_mean": shapes.mean(lethal),
        "r7_largest": float(lethal.max()) if len(lethal) else 0.0,
        "r7_tail_exponent": shapes.tail_exponent(deaths),
        "r7_lognormal_mu": shapes.mean(logs),
        "r7_lognormal_sigma": float(logs.std()) if len(logs) else np.nan,
    }
    for percent in (50, 90, 95, 99):
        found[f"r7_lethal_quantiles.q{percent}"] = float(np.quantile(lethal, percent / 100)) if len(lethal) else np.nan
    return found
