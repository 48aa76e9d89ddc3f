"""R4 to R6, R8, R10 to R12, R15, R16 and R19 where they are of Somalia: all attacks, as ACLED aims to hold them."""

import numpy as np

from atmis import facts
from atmis.analysis.scorecard import excitation, shapes
from atmis.analysis.scorecard.attacks import Attacks
from atmis.analysis.scorecard.kenya import counties, named
from atmis.kernel.rules.attacks import CIVILIANS, CLASH, HOST_BASE, IED, MISSION_BASE, RAID, SECURITY, SUICIDE
from atmis.runs.ensemble import Ensemble
from atmis.runs.patterns import Window, autocorrelation
from atmis.runs.summary import group_of_zones

LEVELS = ("2015-01", "2019-12")  # of R10 and R11
CAUSES = 0.49  # share of deaths of which R8 asks for the attacks that cause them
_FORCE = "jubaland_forces"


def names() -> tuple[str, ...]:
    """Names of the regions of R10."""
    return tuple(facts.facts()["r10_events_by_region"].value)


def measured(one: Ensemble, attacks: Attacks) -> dict[str, float]:
    """All patterns of a run."""
    theatre = one.scenario.theatre
    somali = attacks.where(group_of_zones(one, "somalia")[attacks.zone])
    jubaland = attacks.where(group_of_zones(one, "jubaland")[attacks.zone])
    kenyan = attacks.in_zones(tuple(counties(theatre).values())).within(*LEVELS)
    return {
        **_levels(one),
        **_in_time(one, somali, jubaland),
        **of_deaths(somali),
        "r8_zero_share_jubaland": jubaland.share(jubaland.deaths == 0),
        **{f"r11_mix_kenya.{kind}": share for kind, share in mix(kenyan).items() if kind != "suicide"},
        **{f"r11_mix_jubaland.{kind}": share for kind, share in mix(jubaland).items()},
        **targets(jubaland),
        **_by_holder(jubaland),
        "r16_overrun_au": _overrun(somali.where(somali.target == MISSION_BASE)),
        "r16_overrun_somali": _overrun(somali.where(somali.target == HOST_BASE)),
    }


def _levels(one: Ensemble) -> dict[str, float]:
    """R10 and R19."""
    zones = named(one.scenario.theatre, names())
    levels = Window(*LEVELS, tuple(zones.values())).of(one, "attacks")[0].mean(axis=0)
    found = {f"r10_events_by_region.{name}": float(level) for name, level in zip(zones, levels)}
    counts = one.indicator("attacks")[0][:, group_of_zones(one, "somalia")]
    return {**found, "r19_mean_variance_exponent": shapes.mean_variance_exponent(counts)}


def _in_time(one: Ensemble, somali: Attacks, jubaland: Attacks) -> dict[str, float]:
    """R4 in Somalia, R5 and R6 in Jubaland."""
    first = int(np.datetime64(one.scenario.period.start, "D").astype(int))
    last = first + one.scenario.period.days - 1
    daily = np.bincount(jubaland.day - first, minlength=last - first + 1).astype(float)
    fitted = excitation.fit(daily)
    weekly = shapes.by_week(somali.day, first, last)[None]
    return {
        "r4_somalia_weekly_lag_1": float(autocorrelation(weekly, 1)[0]),
        "r5_jubaland_share": fitted.share,
        "r5_jubaland_decay": fitted.decay,
        "r6_burstiness_jubaland": shapes.burstiness(shapes.gaps(jubaland.day)),
    }


def of_deaths(attacks: Attacks) -> dict[str, float]:
    """R8."""
    deaths = attacks.deaths
    least = facts.facts()["r8_ccdf"].value
    return {
        "r8_zero_share": attacks.share(deaths == 0),
        "r8_concentration": shapes.share_of_attacks(deaths, CAUSES),
        "r8_tail_exponent": shapes.tail_exponent(deaths),
        **{f"r8_ccdf.{n}": attacks.share(deaths >= n) for n in least},
    }


def mix(attacks: Attacks) -> dict[str, float]:
    """Kinds of attacks as ACLED sorts them: by means where a bomb is used, else by whom they hit."""
    by_hand, on_civilians = np.isin(attacks.mode, (CLASH, RAID)), attacks.target == CIVILIANS
    return {
        "clash": attacks.share(by_hand & ~on_civilians),
        "civilians": attacks.share(by_hand & on_civilians),
        "ied": attacks.share(attacks.mode == IED),
        "suicide": attacks.share(attacks.mode == SUICIDE),
    }


def targets(attacks: Attacks) -> dict[str, float]:
    """R12; the forces of the two Somali sides together, for the model does not tell them apart outside bases."""
    return {
        "r12_targets_jubaland.au": attacks.share(attacks.target == MISSION_BASE),
        "r12_targets_jubaland.civilians": attacks.share(attacks.target == CIVILIANS),
        "r12_targets_jubaland.somali_forces": attacks.share(np.isin(attacks.target, (HOST_BASE, SECURITY))),
    }


def _by_holder(jubaland: Attacks) -> dict[str, float]:
    """R15: deaths of an attack on a base, by who held it on the first day."""
    held = [key for key, base in jubaland.theatre.bases.items() if base.holder == _FORCE]
    by_holder = {"au": jubaland.where(jubaland.target == MISSION_BASE), _FORCE: jubaland.on_bases(held)}
    return {f"r15_deaths_by_holder.{name}": shapes.mean(mine.deaths) for name, mine in by_holder.items()}


def _overrun(attacks: Attacks) -> float:
    return attacks.share(attacks.overrun > 0)
