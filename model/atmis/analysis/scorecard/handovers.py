"""R17: attacks on a base in the 90 days before and after its handover, in a scenario with handovers."""

from collections.abc import Mapping

import numpy as np

from atmis.analysis.scorecard import metrics
from atmis.analysis.scorecard.attack_log import AttackLog
from atmis.runs.ensemble import Ensemble

DAYS = 90
CASES = 7  # handovers of which R17 speaks
_SINGLE_BASE = "geriley"  # which has a figure of its own


def measure_run(run: Ensemble, attacks: AttackLog) -> dict[str, float]:
    """The pattern R17 of a run: for as many handovers as R17 speaks of, and for the one base that it names."""
    first = int(np.datetime64(run.scenario.period.start, "D").astype(int))
    handover_days = dict(zip(run.scenario.theatre.bases, (run.bases["handed"][0] + first).tolist()))
    start, end = first + DAYS, first + run.scenario.period.days - DAYS
    inside = {base: day for base, day in handover_days.items() if start <= day <= end}
    counts = before_and_after(attacks, inside)
    patterns = {}
    for k, part in enumerate(("before", "after")):
        mean = metrics.mean(np.array([pair[k] for pair in counts.values()]))
        patterns[f"r17_handover_10_km.{part}"] = CASES * mean
        patterns[f"r17_geriley.{part}"] = float(counts[_SINGLE_BASE][k]) if _SINGLE_BASE in counts else np.nan
    return patterns


def before_and_after(attacks: AttackLog, handover_days: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Attacks on each base in the days before its handover, and from the day of its handover on."""
    counts = {}
    for base, day in handover_days.items():
        since = attacks.on_bases((base,)).day - day
        before, after = (since >= -DAYS) & (since < 0), (since >= 0) & (since < DAYS)
        counts[base] = int(before.sum()), int(after.sum())
    return counts
