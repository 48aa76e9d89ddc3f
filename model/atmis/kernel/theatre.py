"""The ground on the first day: zones, borders, contingents, forces, bases and cells as tables.

Z zones, K ordered pairs of neighbours, B bases.
A holder is an index: contingents first (0 .. C-1), then host forces (C .. C+F-1), then Kenya at home (C+F).
"""

import hashlib
import math
from typing import Any

import numpy as np
import shapely

from atmis.kernel.arrays import Floats, Ints
from atmis.kernel.state import (
    BASE,
    CELL,
    CONTINGENT,
    DRAW_DAYS,
    FORCE,
    KENYA,
    PAIR,
    REGION,
    SEGMENT,
    SIDES,
    SOMALIA,
    ZONE,
    rows,
)
from atmis.scenario.ground import KENYA_HOME, Theatre
from atmis.scenario.scenario import Scenario

KM_PER_DEGREE = 111.195
JUBALAND = "jubaland"  # region
GROUPS = ("kenyan_border", "jubaland", "rest")  # of zones: those of Kenya, those of Jubaland, all others
NEVER = 10**6  # stands for a day that does not come

Pairs = list[tuple[int, int, int, float]]


def tables(scenario: Scenario) -> dict[str, Any]:
    """The tables of the ground, by name."""
    theatre, pairs = scenario.theatre, _pairs(scenario.theatre)
    bases, cells = _bases(scenario), _cells(scenario)
    return {
        "zones": _zones(theatre, pairs, np.sort(bases.zone)),
        "troops": np.zeros((len(SIDES), len(theatre.zones))),
        "pairs": rows(
            PAIR, len(pairs), to=[p[1] for p in pairs], border=[p[2] for p in pairs], km=[p[3] for p in pairs]
        ),
        "segments": _segments(scenario),
        "regions": rows(REGION, len(theatre.regions), key=[stable_key(f"region:{r}") for r in theatre.regions]),
        "contingents": _contingents(scenario),
        "forces": rows(
            FORCE,
            len(theatre.host_forces),
            pool=[scenario.host.generation[f].pool for f in theatre.host_forces],
            rate=[scenario.host.generation[f].rate for f in theatre.host_forces],
        ),
        "bases": bases,
        "sites": np.argsort(bases.zone, kind="stable").astype(np.uint32),
        "cells": cells,
        "uniforms": np.zeros((DRAW_DAYS, len(cells)), dtype=np.uint32),
        "active": np.zeros(len(cells), dtype=np.int64),
        "queue": np.zeros(len(cells), dtype=np.int64),
    }


def _zones(theatre: Theatre, pairs: Pairs, base_zones: Any) -> Any:
    zones, regions = list(theatre.zones.values()), list(theatre.regions)
    first = np.searchsorted([p[0] for p in pairs], np.arange(len(zones) + 1))
    site = np.searchsorted(base_zones, np.arange(len(zones) + 1))
    return rows(
        ZONE,
        len(zones),
        country=[KENYA if z.country == "kenya" else SOMALIA for z in zones],
        region=[regions.index(z.region) for z in zones],
        population=[z.population for z in zones],
        control_first=[z.control for z in zones],
        control=[z.control for z in zones],
        exposure=[z.exposure for z in zones],
        pair_first=first[:-1],
        pair_end=first[1:],
        site_first=site[:-1],
        site_end=site[1:],
        home=[z.population for z in zones],
    )


def _segments(scenario: Scenario) -> Any:
    theatre, steps = scenario.theatre, scenario.kenya.reopening.steps
    zones, borders = list(theatre.zones), theatre.borders
    return rows(
        SEGMENT,
        len(borders),
        somalia=[zones.index(b.somalia) for b in borders.values()],
        kenya=[zones.index(b.kenya) for b in borders.values()],
        open=[int(b.open) for b in borders.values()],
        next_try=[scenario.day(steps[name]) if name in steps else NEVER for name in borders],
    )


def _contingents(scenario: Scenario) -> Any:
    contingents, successor = scenario.theatre.contingents, scenario.plan.successor
    troops = [c.troops for c in contingents.values()]
    later = [successor.troops.get(name, 0) if successor else 0 for name in contingents]
    return rows(CONTINGENT, len(troops), authorised=troops, deployed=troops, sent=troops, successor=later)


def _bases(scenario: Scenario) -> Any:
    theatre, host = scenario.theatre, scenario.host
    zones, segments, holders = list(theatre.zones), list(theatre.borders), holder_ids(theatre)
    bases = list(theatre.bases.values())
    readiness = {
        "mission_base": 1.0,
        "host_base": host.readiness.start,
        "border_base": scenario.kenya.home.readiness,
    }
    return rows(
        BASE,
        len(bases),
        key=[stable_key(f"base:{name}") for name in theatre.bases],
        zone=[zones.index(b.zone) for b in bases],
        segment=[segments.index(b.border) if b.border else -1 for b in bases],
        weight=[b.weight for b in bases],
        need=[host.garrisons.handover * b.weight if b.kind == "mission_base" else b.garrison for b in bases],
        holder=[holders.index(b.holder) for b in bases],
        garrison=[b.garrison for b in bases],
        readiness=[readiness[b.kind] for b in bases],
        exposure=1.0,
        handed=-1,
        back=-1,
    )


def _cells(scenario: Scenario) -> Any:
    """Cells of each zone, in proportion to its weight. A cell's key is its zone's name and its number there."""
    cells, zones = scenario.opposition.cells, scenario.theatre.zones
    whole = sum(z.fighters for z in zones.values()) or 1.0
    home, review_day, key = [], [], []
    for index, (name, zone) in enumerate(zones.items()):
        count = round(cells.fighters * zone.fighters / whole / cells.mean_size)
        home += [index] * count
        review_day += [-k % scenario.opposition.recruitment.review_days for k in range(count)]
        first = stable_key(f"zone:{name}", size=4) << 32
        key += [first | k for k in range(count)]
    return rows(CELL, len(home), home=home, zone=home, review_day=review_day, key=np.array(key, dtype=np.uint64))


def groups(theatre: Theatre) -> Ints:
    """Which of GROUPS each zone belongs to [Z]."""
    somali = [GROUPS.index(JUBALAND if zone.region == JUBALAND else "rest") for zone in theatre.zones.values()]
    kenyan = [zone.country == "kenya" for zone in theatre.zones.values()]
    return np.where(kenyan, GROUPS.index("kenyan_border"), somali)


def holder_ids(theatre: Theatre) -> list[str]:
    """Names of the holders in the order of their indices."""
    return [*theatre.contingents, *theatre.host_forces, KENYA_HOME]


def stable_key(name: str, size: int = 8) -> int:
    """A number of some bytes that belongs to a name: draws follow the name, not its place in a list."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=size).digest(), "big")


def to_km(points: Any, latitude: float) -> Floats:
    """Degrees [n, (lat, lon)] to kilometres [n, (x, y)] on a plane that is true at a latitude."""
    degrees = np.asarray(points, dtype=float).reshape(-1, 2)
    scale = KM_PER_DEGREE * np.array([math.cos(math.radians(latitude)), 1.0])
    return degrees[:, ::-1] * scale


def _pairs(theatre: Theatre) -> Pairs:
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


def steps(theatre: Theatre) -> Ints:
    """Fewest borders to cross from each zone to each other [Z, Z]; Z where there is no way."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    n, pairs = len(theatre.zones), _pairs(theatre)
    graph = coo_array((np.ones(len(pairs)), ([p[0] for p in pairs], [p[1] for p in pairs])), shape=(n, n))
    fewest = shortest_path(graph.tocsr(), unweighted=True)
    return np.where(np.isfinite(fewest), fewest, n).astype(np.int64)


def reach(theatre: Theatre, reach_km: float) -> Floats:
    """exp(-distance / reach) from each base to each zone's outline [B, Z], 1 in the zone it stands in."""
    latitude = _middle_latitude(theatre)
    areas = [shapely.Polygon(to_km(z.outline, latitude)) for z in theatre.zones.values()]
    places = shapely.points(to_km([base.at for base in theatre.bases.values()], latitude))
    zones = list(theatre.zones)
    km = shapely.distance(places[:, np.newaxis], np.array(areas))
    weights = np.array([[math.exp(-d / reach_km) for d in row] for row in km]).reshape(km.shape)
    weights[np.arange(len(places)), [zones.index(base.zone) for base in theatre.bases.values()]] = 1.0
    return weights


def _middle_latitude(theatre: Theatre) -> float:
    return float(np.mean([z.centroid[0] for z in theatre.zones.values()]))
