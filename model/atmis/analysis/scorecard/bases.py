"""R13 and R14: attacks on Kenya's bases of the mission, in the last two years of a run. B bases."""

import numpy as np

from atmis.analysis.scorecard import metrics
from atmis.analysis.scorecard.attack_log import AttackLog
from atmis.kernel.arrays import Ints
from atmis.runs.ensemble import Ensemble

MONTHS = 24
CONTINGENT = "kenya"
TOP_BASES = 4  # most attacked bases, of which R13 speaks


def measure_run(run: Ensemble, attacks: AttackLog) -> dict[str, float]:
    """The patterns R13 and R14 of a run."""
    bases = run.scenario.theatre.bases
    on_contingent = attacks.on_bases([key for key, base in bases.items() if base.holder == CONTINGENT])
    last = run.months[-1]
    return measure_bases(on_contingent.within(last - np.timedelta64(MONTHS - 1, "M"), last))


def measure_bases(attacks: AttackLog) -> dict[str, float]:
    """How often bases are attacked, how unevenly, how deadly, and how many on the same day."""
    counts = np.bincount(attacks.base, minlength=len(attacks.theatre.bases))
    base_days = np.unique(np.stack([attacks.day, attacks.base], axis=1), axis=0)[:, 0]  # a day for each base hit on it
    days, bases_hit = np.unique(base_days, return_counts=True)
    coordinated = float((bases_hit > 1).sum())
    return {
        "r13_attacks_kenyan_bases": float(len(attacks)),
        "r13_share_of_four_bases": metrics.share_of_largest(counts, TOP_BASES),
        "r13_gap_median": _median_gap(attacks, np.argsort(counts)[::-1][:TOP_BASES]),
        "r13_deaths_per_attack": metrics.mean(attacks.deaths),
        "r14_attack_days": float(len(days)),
        "r14_coordinated_days": coordinated,
        "r14_coordinated_share": metrics.ratio(coordinated, len(days)),
    }


def _median_gap(attacks: AttackLog, bases: Ints) -> float:
    """Days between attacks on one base: the median over bases [B] of the median at each."""
    medians = [metrics.median(metrics.gaps(attacks.day[attacks.base == base])) for base in bases]
    return float(np.nanmedian(medians)) if not np.isnan(medians).all() else np.nan
