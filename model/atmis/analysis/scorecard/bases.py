"""R13 and R14: attacks on Kenya's bases of the mission, in the last two years of a run. B bases."""

import numpy as np

from atmis.analysis.scorecard import shapes
from atmis.analysis.scorecard.attacks import Attacks
from atmis.kernel.arrays import Ints
from atmis.runs.ensemble import Ensemble

MONTHS = 24
CONTINGENT = "kenya"
MOST = 4  # bases of which R13 tells


def measured(one: Ensemble, attacks: Attacks) -> dict[str, float]:
    """Both patterns of a run."""
    bases = one.scenario.theatre.bases
    mine = attacks.on_bases([key for key, base in bases.items() if base.holder == CONTINGENT])
    last = one.months[-1]
    return of_bases(mine.within(last - np.timedelta64(MONTHS - 1, "M"), last))


def of_bases(attacks: Attacks) -> dict[str, float]:
    """How often bases are attacked, how unevenly, how bloodily, and on the same day."""
    counts = np.bincount(attacks.base, minlength=len(attacks.theatre.bases))
    hit = np.unique(np.stack([attacks.day, attacks.base], axis=1), axis=0)[:, 0]  # a day for each base hit on it
    days, together = np.unique(hit, return_counts=True)
    return {
        "r13_attacks_kenyan_bases": float(len(attacks)),
        "r13_share_of_four_bases": shapes.share_of_most(counts, MOST),
        "r13_gap_median": _gap(attacks, np.argsort(counts)[::-1][:MOST]),
        "r13_deaths_per_attack": shapes.mean(attacks.deaths),
        "r14_attack_days": float(len(days)),
        "r14_coordinated_days": float((together > 1).sum()),
        "r14_coordinated_share": shapes.ratio(float((together > 1).sum()), len(days)),
    }


def _gap(attacks: Attacks, bases: Ints) -> float:
    """Days between attacks on one base: the median at each, and of the bases."""
    medians = [shapes.median(shapes.gaps(attacks.day[attacks.base == base])) for base in bases]
    return float(np.nanmedian(medians)) if not np.isnan(medians).all() else np.nan
