"""The ground as arrays: zones, borders, contingents, bases. Nothing here changes during a run.

Z zones, K ordered pairs of neighbours, S border segments, R regions, C contingents, F host forces, B bases.
A holder is an index: contingents first (0 .. C-1), then host forces (C .. C+F-1), then Kenya at home (C+F).
"""

import hashlib
import math
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from atmis.scenario.ground import KENYA_HOME, Theatre
from atmis.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

SOMALIA, KENYA = 0, 1
MISSION_BASE, HOST_BASE, BORDER_BASE = 0, 1, 2
KINDS = {"mission_base": MISSION_BASE, "host_base": HOST_BASE, "border_base": BORDER_BASE}
KM_PER_DEGREE = 111.195


class Ground(NamedTuple):
    """Arrays of the theatre."""

    country: Ints  # [Z] SOMALIA or KENYA
    region: Ints  # [Z]
    population: Floats  # [Z] people
    control: Floats  # [Z] share, on the first day
    exposure: Floats  # [Z] relative attacks
    pair_first: Ints  # [Z+1] pairs of zone z are pair_first[z] .. pair_first[z+1]-1
    pair_to: Ints  # [K] the neighbour
    pair_border: Ints  # [K] border segment between them, or -1
    pair_km: Floats  # [K] between centroids
    steps: Ints  # [Z, Z] fewest borders to cross
    region_key: Words  # [R]
    segment_somalia: Ints  # [S] zone
    segment_kenya: Ints  # [S] zone
    segment_open: Ints  # [S] 1 open, 0 closed, on the first day
    troops: Ints  # [C] on the first day
    staff: Ints  # [2] police, other uniformed personnel
    force_pool: Floats  # [F] host troops not yet at a base on the first day
    force_rate: Floats  # [F] new host troops a day
    base_key: Words  # [B]
    base_kind: Ints  # [B] on the first day
    base_holder: Ints  # [B] on the first day
    base_zone: Ints  # [B]
    base_segment: Ints  # [B] border segment watched, or -1
    base_weight: Floats  # [B]
    base_need: Floats  # [B] garrison that the base asks of a host force, or own troops of a border base
    base_reach: Floats  # [B, Z] weight of the base's troops in each zone, 1 at home
    cell_zone: Ints  # [N] zone of each cell on the first day
    cell_slot: Ints  # [N] number of the cell in its zone: spreads the stock-takings
    cell_key: Words  # [N]


def build(scenario: Scenario) -> Ground:
    """Lay out a scenario's theatre as arrays."""
    theatre = scenario.theatre
    zones, bases, segments = list(theatre.zones), list(theatre.bases), list(theatre.borders)
    regions = list(theatre.regions)
    holders = holder_ids(theatre)
    pairs = _pairs(theatre)
    first = np.searchsorted([p[0] for p in pairs], np.arange(len(zones) + 1))
    cell_zone, cell_slot, cell_key = _cells(scenario)
    base_list = list(theatre.bases.values())
    return Ground(
        country=_ints(KENYA if z.country == "kenya" else SOMALIA for z in theatre.zones.values()),
        region=_ints(regions.index(z.region) for z in theatre.zones.values()),
        population=_floats(z.population for z in theatre.zones.values()),
        control=_floats(z.control for z in theatre.zones.values()),
        exposure=_floats(z.exposure for z in theatre.zones.values()),
        pair_first=first.astype(np.int64),
        pair_to=_ints(p[1] for p in pairs),
        pair_border=_ints(p[2] for p in pairs),
        pair_km=_floats(p[3] for p in pairs),
        steps=_steps(len(zones), pairs),
        region_key=_words(f"region:{r}" for r in regions),
        segment_somalia=_ints(zones.index(b.somalia) for b in theatre.borders.values()),
        segment_kenya=_ints(zones.index(b.kenya) for b in theatre.borders.values()),
        segment_open=_ints(int(b.open) for b in theatre.borders.values()),
        troops=_ints(c.troops for c in theatre.contingents.values()),
        staff=_ints([theatre.mission.police, theatre.mission.unassigned]),
        force_pool=_floats(scenario.host.generation[f].pool for f in theatre.host_forces),
        force_rate=_floats(scenario.host.generation[f].rate for f in theatre.host_forces),
        base_key=_words(f"base:{b}" for b in bases),
        base_kind=_ints(KINDS[b.kind] for b in base_list),
        base_holder=_ints(holders.index(b.holder) for b in base_list),
        base_zone=_ints(zones.index(b.zone) for b in base_list),
        base_segment=_ints(segments.index(b.border) if b.border else -1 for b in base_list),
        base_weight=_floats(b.weight for b in base_list),
        base_need=_floats(
            scenario.host.garrisons.handover * b.weight if b.kind == "mission_base" else b.garrison for b in base_list
        ),
        base_reach=_reach(theatre, scenario.society.presence.reach_km),
        cell_zone=cell_zone,
        cell_slot=cell_slot,
        cell_key=cell_key,
    )


def holder_ids(theatre: Theatre) -> list[str]:
    """Names of the holders in the order of their indices."""
    return [*theatre.contingents, *theatre.host_forces, KENYA_HOME]


def stable_key(name: str) -> int:
    """A number that belongs to a name: draws follow the name, not its place in a list."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "big")


def to_km(points: Any, latitude: float) -> Floats:
    """Degrees [n, (lat, lon)] to kilometres [n, (x, y)] on a plane that is true at a latitude."""
    degrees = np.asarray(points, dtype=float).reshape(-1, 2)
    scale = KM_PER_DEGREE * np.array([math.cos(math.radians(latitude)), 1.0])
    return degrees[:, ::-1] * scale


def _pairs(theatre: Theatre) -> list[tuple[int, int, int, float]]:
    zones = list(theatre.zones)
    centroids = to_km([z.centroid for z in theatre.zones.values()], _middle_latitude(theatre))
    border_of = {frozenset((b.kenya, b.somalia)): k for k, b in enumerate(theatre.borders.values())}
    both_ways = {(a, b) for a, b in theatre.neighbours} | {(b, a) for a, b in theatre.neighbours}
    pairs = []
    for a, b in both_ways:
        i, j = zones.index(a), zones.index(b)
        km = float(np.hypot(*(centroids[i] - centroids[j])))
        pairs.append((i, j, border_of.get(frozenset((a, b)), -1), km))
    return sorted(pairs)


def _steps(n: int, pairs: list[tuple[int, int, int, float]]) -> Ints:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    graph = coo_array((np.ones(len(pairs)), ([p[0] for p in pairs], [p[1] for p in pairs])), shape=(n, n))
    steps = shortest_path(graph.tocsr(), unweighted=True)
    return np.where(np.isfinite(steps), steps, n).astype(np.int64)


def _reach(theatre: Theatre, reach_km: float) -> Floats:
    """exp(-distance / reach) from each base to each zone's outline, 1 in the zone it stands in."""
    latitude = _middle_latitude(theatre)
    areas = [shapely.Polygon(to_km(z.outline, latitude)) for z in theatre.zones.values()]
    zones = list(theatre.zones)
    reach = np.empty((len(theatre.bases), len(areas)))
    for row, base in zip(reach, theatre.bases.values(), strict=True):
        km = shapely.distance(areas, shapely.Point(to_km([base.at], latitude)[0]))
        row[:] = [math.exp(-d / reach_km) for d in km]
        row[zones.index(base.zone)] = 1.0
    return reach


def _cells(scenario: Scenario) -> tuple[Ints, Ints, Words]:
    """Cells of each zone, in proportion to its share of the fighters. A cell's key is its zone's name and its number."""
    cells, zones = scenario.opposition.cells, scenario.theatre.zones
    whole = sum(z.fighters for z in zones.values()) or 1.0
    zone_index, slot, key = [], [], []
    for index, (name, zone) in enumerate(zones.items()):
        count = round(cells.fighters * zone.fighters / whole / cells.size)
        zone_index += [index] * count
        slot += range(count)
        key += [(stable_key(f"zone:{name}") << 32) | k for k in range(count)]
    return _ints(zone_index), _ints(slot), np.array(key, dtype=np.uint64)


def _middle_latitude(theatre: Theatre) -> float:
    return float(np.mean([z.centroid[0] for z in theatre.zones.values()]))


def _ints(values: Any) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _floats(values: Any) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _words(names: Any) -> Words:
    return np.array([stable_key(name) for name in names], dtype=np.uint64)
