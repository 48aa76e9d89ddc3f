"""The Somali parts of R4 to R6, R8, R10 to R12, R15, R16 and R19: all attacks, as ACLED aims to hold them."""

import numpy as np

from atmis import facts
from atmis.analysis.scorecard import hawkes, metrics
from atmis.analysis.scorecard.attack_log import AttackLog
from atmis.analysis.scorecard.kenya import counties, zones_by_name
from atmis.kernel.rules.attacks import CIVILIANS, CLASH, HOST_BASE, IED, MISSION_BASE, RAID, SECURITY, SUICIDE
from atmis.runs.ensemble import Ensemble
from atmis.runs.patterns import Window, autocorrelation
from atmis.runs.summary import group_of_zones

LEVELS = ("2015-01", "2019-12")  # of R10 and R11
CONCENTRATION = 0.49  # share of deaths: R8 asks which share of attacks causes them
_FORCE = "jubaland_forces"


def region_names() -> tuple[str, ...]:
    """Names of the regions of R10."""
    return tuple(facts.facts()["r10_events_by_region"].value)


def measure_run(run: Ensemble, attacks: AttackLog) -> dict[str, float]:
    """The Somali patterns of a run."""
    theatre = run.scenario.theatre
    somali = attacks.where(group_of_zones(run, "somalia")[attacks.zone])
    jubaland = attacks.where(group_of_zones(run, "jubaland")[attacks.zone])
    kenyan = attacks.in_zones(tuple(counties(theatre).values())).within(*LEVELS)
    return {
        **_levels(run),
        **_in_time(run, somali, jubaland),
        **measure_deaths(somali),
        "r8_zero_share_jubaland": jubaland.share(jubaland.deaths == 0),
        **{f"r11_mix_kenya.{kind}": share for kind, share in mix(kenyan).items() if kind != "suicide"},
        **{f"r11_mix_jubaland.{kind}": share for kind, share in mix(jubaland).items()},
        **target_shares(jubaland),
        **_deaths_by_holder(jubaland),
        "r16_overrun_au": _overrun_share(somali.where(somali.target == MISSION_BASE)),
        "r16_overrun_somali": _overrun_share(somali.where(somali.target == HOST_BASE)),
    }


def _levels(run: Ensemble) -> dict[str, float]:
    """R10 and R19."""
    zones = zones_by_name(run.scenario.theatre, region_names())
    levels = Window(*LEVELS, tuple(zones.values())).of(run, "attacks")[0].mean(axis=0)
    patterns = {f"r10_events_by_region.{name}": float(level) for name, level in zip(zones, levels)}
    counts = run.indicator("attacks")[0][:, group_of_zones(run, "somalia")]
    return {**patterns, "r19_mean_variance_exponent": metrics.mean_variance_exponent(counts)}


def _in_time(run: Ensemble, somali: AttackLog, jubaland: AttackLog) -> dict[str, float]:
    """R4 in Somalia, R5 and R6 in Jubaland."""
    first = int(np.datetime64(run.scenario.period.start, "D").astype(int))
    last = first + run.scenario.period.days - 1
    daily = np.bincount(jubaland.day - first, minlength=last - first + 1).astype(float)
    fitted = hawkes.fit(daily)
    weekly = metrics.weekly_counts(somali.day, first, last)[None]
    return {
        "r4_somalia_weekly_lag_1": float(autocorrelation(weekly, 1)[0]),
        "r5_jubaland_share": fitted.share,
        "r5_jubaland_decay": fitted.decay,
        "r6_burstiness_jubaland": metrics.burstiness(metrics.gaps(jubaland.day)),
    }


def measure_deaths(attacks: AttackLog) -> dict[str, float]:
    """R8."""
    deaths = attacks.deaths
    thresholds = facts.facts()["r8_ccdf"].value
    return {
        "r8_zero_share": attacks.share(deaths == 0),
        "r8_concentration": metrics.share_of_attacks(deaths, CONCENTRATION),
        "r8_tail_exponent": metrics.tail_exponent(deaths),
        **{f"r8_ccdf.{n}": attacks.share(deaths >= n) for n in thresholds},
    }


def mix(attacks: AttackLog) -> dict[str, float]:
    """Shares of kinds of attacks as ACLED classifies them: by means where a bomb is used, else by whom they hit."""
    without_bomb, on_civilians = np.isin(attacks.mode, (CLASH, RAID)), attacks.target == CIVILIANS
    return {
        "clash": attacks.share(without_bomb & ~on_civilians),
        "civilians": attacks.share(without_bomb & on_civilians),
        "ied": attacks.share(attacks.mode == IED),
        "suicide": attacks.share(attacks.mode == SUICIDE),
    }


def target_shares(attacks: AttackLog) -> dict[str, float]:
    """R12; the forces of both Somali sides together, since the model does not tell them apart outside bases."""
    return {
        "r12_targets_jubaland.au": attacks.share(attacks.target == MISSION_BASE),
        "r12_targets_jubaland.civilians": attacks.share(attacks.target == CIVILIANS),
        "r12_targets_jubaland.somali_forces": attacks.share(np.isin(attacks.target, (HOST_BASE, SECURITY))),
    }


def _deaths_by_holder(jubaland: AttackLog) -> dict[str, float]:
    """R15: mean deaths of an attack on a base, by the holder of the base on the first day."""
    bases = [key for key, base in jubaland.theatre.bases.items() if base.holder == _FORCE]
    by_holder = {"au": jubaland.where(jubaland.target == MISSION_BASE), _FORCE: jubaland.on_bases(bases)}
    return {f"r15_deaths_by_holder.{name}": metrics.mean(attacks.deaths) for name, attacks in by_holder.items()}


def _overrun_share(attacks: AttackLog) -> float:
    return attacks.share(attacks.overrun > 0)
