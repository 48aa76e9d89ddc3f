"""What is scored: each observed zone, and sums over groups of them."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from atmis.kernel.arrays import AnyArray
from atmis.kernel.theatre import groups
from atmis.runs.summary import PARTS, Group
from atmis.scenario.ground import Theatre

ALL = "observed_zones"  # the sum over all of them
_GROUPS: tuple[Group, ...] = ("kenyan_border", "jubaland", "somalia")


class Target(NamedTuple):
    """A zone, or zones whose counts are added up."""

    name: str
    kind: Literal["zone", "aggregate"]
    zones: tuple[str, ...]

    def sum(self, values: AnyArray, names: Sequence[str]) -> AnyArray:
        """Counts [..., zones] added up; not recorded where one of the zones is not."""
        columns = [list(names).index(zone) for zone in self.zones]
        return np.asarray(values[..., columns].sum(axis=-1))


def targets(zones: Sequence[str], theatre: Theatre) -> list[Target]:
    """Zones one by one, then sums over those of a group of which two or more are observed, then over all."""
    found = [Target(zone, "zone", (zone,)) for zone in zones]
    part_of = dict(zip(theatre.zones, groups(theatre), strict=True))
    for group in _GROUPS:
        found.append(Target(group, "aggregate", tuple(zone for zone in zones if part_of[zone] in PARTS[group])))
    found.append(Target(ALL, "aggregate", tuple(zones)))
    return [target for target in found if target.kind == "zone" or len(target.zones) > 1]
