"""R1 to R7 and R18: the five Kenyan border counties, as an event data set holds them. M months, Z zones, E events."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from atmis import facts
from atmis.analysis.scorecard import metrics
from atmis.analysis.scorecard.attack_log import AttackLog, day_range
from atmis.kernel.arrays import Floats, Ints
from atmis.runs.ensemble import Ensemble
from atmis.runs.patterns import Window, autocorrelation, dispersion
from atmis.scenario.ground import Theatre

FIRST, LAST = "2015-03", "2022-03"


def county_names() -> tuple[str, ...]:
    """Names of the counties of R1."""
    return tuple(facts.facts()["r1_events_by_county"].value)


def counties(theatre: Theatre) -> dict[str, str]:
    """Keys of the zones that are these counties, by name."""
    return zones_by_name(theatre, county_names())


def zones_by_name(theatre: Theatre, names: Collection[str]) -> dict[str, str]:
    """Keys of the zones with some names, by name."""
    return {zone.name: key for key, zone in theatre.zones.items() if zone.name in names}


def measure_run(run: Ensemble, attacks: AttackLog) -> dict[str, float]:
    """The patterns R1 to R7 and R18 of a run."""
    theatre = run.scenario.theatre
    zones = counties(theatre)
    window = Window(FIRST, LAST, tuple(zones.values()))
    events, all_events, deaths = (
        window.of(run, name)[0] for name in ("recorded_attacks", "attacks", "recorded_deaths")
    )
    recorded = attacks.where(attacks.recorded > 0).within(FIRST, LAST).in_zones(tuple(zones.values()))
    bursty_zones = zones_by_name(theatre, facts.facts()["r6_burstiness_by_county"].value)
    days_by_county = {name: recorded.in_zones((key,)).day for name, key in bursty_zones.items()}
    return {
        **measure_counts(tuple(zones), events, deaths),
        **measure_days(recorded.day, days_by_county),
        **measure_deaths(recorded.deaths),
        "r18_detection": metrics.ratio(events.sum(), all_events.sum()),
        "r18_monthly_correlation": metrics.correlation(events.sum(axis=1), all_events.sum(axis=1)),
    }


def measure_counts(zones: Sequence[str], events: Floats, deaths: Floats) -> dict[str, float]:
    """R1, R2, R3 and the monthly part of R4, from events and deaths [M, Z]."""
    total = events.sum(axis=1)[None]
    patterns = {"r1_events_total": float(events.sum()), "r2_dispersion_five": float(dispersion(total)[0])}
    for k, name in enumerate(zones):
        patterns[f"r1_events_by_county.{name}"] = float(events[:, k].sum())
        patterns[f"r1_deaths_by_county.{name}"] = float(deaths[:, k].sum())
        patterns[f"r2_dispersion_by_county.{name}"] = float(dispersion(events[None, :, k])[0])
        patterns[f"r3_zero_months.{name}"] = float((events[:, k] == 0).mean())
    for lag in (1, 2, 3):
        patterns[f"r4_monthly_autocorrelation.lag {lag}"] = float(autocorrelation(total, lag)[0])
    return patterns


def measure_days(days: Ints, days_by_county: Mapping[str, Ints]) -> dict[str, float]:
    """The weekly parts of R2 and R4, and R6, from the days [E] of events."""
    weekly, gaps = metrics.weekly_counts(days, *day_range(FIRST, LAST))[None], metrics.gaps(days)
    patterns = {
        "r2_dispersion_five_weekly": float(dispersion(weekly)[0]),
        "r6_burstiness_five": metrics.burstiness(gaps),
        "r6_gap_mean": metrics.mean(gaps),
        "r6_gap_median": metrics.median(gaps),
    }
    for lag in range(1, 7):
        patterns[f"r4_weekly_autocorrelation.lag {lag}"] = float(autocorrelation(weekly, lag)[0])
    for name, county_days in days_by_county.items():
        patterns[f"r6_burstiness_by_county.{name}"] = metrics.burstiness(metrics.gaps(county_days))
    return patterns


def measure_deaths(deaths: Ints) -> dict[str, float]:
    """R7, from the deaths [E] of each event."""
    lethal = deaths[deaths > 0]
    logs = np.log(lethal)
    patterns = {
        "r7_zero_share": metrics.mean(deaths == 0),
        "r7_lethal_mean": metrics.mean(lethal),
        "r7_largest": float(lethal.max()) if len(lethal) else 0.0,
        "r7_tail_exponent": metrics.tail_exponent(deaths),
        "r7_lognormal_mu": metrics.mean(logs),
        "r7_lognormal_sigma": float(logs.std()) if len(logs) else np.nan,
    }
    for percent in (50, 90, 95, 99):
        quantile = float(np.quantile(lethal, percent / 100)) if len(lethal) else np.nan
        patterns[f"r7_lethal_quantiles.q{percent}"] = quantile
    return patterns
