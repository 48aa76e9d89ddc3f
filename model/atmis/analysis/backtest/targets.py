"""What is scored: each observed zone, and sums over groups of zones."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from atmis.kernel.arrays import AnyArray
from atmis.kernel.theatre import groups
from atmis.runs.summary import PARTS, Group
from atmis.scenario.ground import Theatre

ALL = "observed_zones"  # the sum over all of them
_GROUPS: tuple[Group, ...] = ("kenyan_border", "jubaland", "somalia")


class ScoreTarget(NamedTuple):
    """A zone, or zones whose counts are added up."""

    name: str
    kind: Literal["zone", "aggregate"]
    zones: tuple[str, ...]

    def sum(self, values: AnyArray, names: Sequence[str]) -> AnyArray:
        """Counts [..., zones] summed over the zones; NaN where one of them is not recorded."""
        columns = [list(names).index(zone) for zone in self.zones]
        return np.asarray(values[..., columns].sum(axis=-1))


def targets(zones: Sequence[str], theatre: Theatre) -> list[ScoreTarget]:
    """Single zones, then sums over each group of which at least two zones are observed, then the sum over all."""
    zone_targets = [ScoreTarget(zone, "zone", (zone,)) for zone in zones]
    part_of = dict(zip(theatre.zones, groups(theatre), strict=True))
    sums = [
        ScoreTarget(group, "aggregate", tuple(zone for zone in zones if part_of[zone] in PARTS[group]))
        for group in _GROUPS
    ]
    sums.append(ScoreTarget(ALL, "aggregate", tuple(zones)))
    return [*zone_targets, *(target for target in sums if len(target.zones) > 1)]
