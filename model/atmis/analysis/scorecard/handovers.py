"""R17: attacks on a base in the 90 days before and after its handover, in a scenario that hands bases over."""

from collections.abc import Mapping

import numpy as np

from atmis.analysis.scorecard import shapes
from atmis.analysis.scorecard.attacks import Attacks
from atmis.runs.ensemble import Ensemble

DAYS = 90
CASES = 7  # handovers of which R17 tells
_OF_ONE = "geriley"


def measured(one: Ensemble, attacks: Attacks) -> dict[str, float]:
    """The pattern of a run: for as many handovers as R17 tells of, and of one base by its name."""
    first = int(np.datetime64(one.scenario.period.start, "D").astype(int))
    handed = dict(zip(one.scenario.theatre.bases, (one.bases["handed"][0] + first).tolist()))
    inside = {
        base: day for base, day in handed.items() if first + DAYS <= day <= first + one.scenario.period.days - DAYS
    }
    around = before_and_after(attacks, inside)
    found = {}
    for k, part in enumerate(("before", "after")):
        found[f"r17_handover_10_km.{part}"] = CASES * shapes.mean(np.array([pair[k] for pair in around.values()]))
        found[f"r17_geriley.{part}"] = float(around[_OF_ONE][k]) if _OF_ONE in around else np.nan
    return found


def before_and_after(attacks: Attacks, handed: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Attacks on each base in the days before it is handed over on a day, and from that day on."""
    found = {}
    for base, day in handed.items():
        since = attacks.on_bases((base,)).day - day
        found[base] = (int(((since >= -DAYS) & (since < 0)).sum()), int(((since >= 0) & (since < DAYS)).sum()))
    return found
