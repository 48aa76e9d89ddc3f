"""A tiny theatre with round numbers, as plain data: three square zones in a row on the equator.

    alpha (Kenya)  |  bravo (Somalia)  |  charlie (Somalia)      each 1 degree = 111.195 km wide, 1,000 km2 on paper
      0 .. 1 E     |     1 .. 2 E      |     2 .. 3 E

alpha and bravo are joined by the border segment `line`; bravo and charlie are neighbours; alpha and charlie are not.
Names are in alphabetical order, so that each entity has its position in the lists below as index. Since all centroids
lie on the equator, the projection is simple: 111.195 km for each degree both ways.
"""

import copy
import math
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from atmis.kernel import parameters, recorder
from atmis.kernel import schedule as days
from atmis.kernel.rng import Stream
from atmis.scenario.build import build
from atmis.scenario.scenario import Scenario

DEGREE_KM = 111.195
ALPHA, BRAVO, CHARLIE = 0, 1, 2
EAGLE, FALCON = 0, 1  # contingents
ARMY, GUARD = 0, 1  # host forces
HOLDER = {"eagle": 0, "falcon": 1, "army": 2, "guard": 3, "kenya_home": 4}
# Bases. alpha: a, b of Kenya; bravo: c, d of eagle, g of the army; charlie: e of eagle, f of falcon, h of the guard.
A_POST, B_POST, C_FORT, D_FORT, E_FORT, F_FORT, G_HOLD, H_HOLD = range(8)
BASES = ("a_post", "b_post", "c_fort", "d_fort", "e_fort", "f_fort", "g_hold", "h_hold")

SOURCED = {"class": "assumed", "source": ["judgement"]}


def _zone(
    west: float, country: str, population: int, fighters: int, control: float, force: str | None
) -> dict[str, Any]:
    return {
        "name": "Zone", "country": country, "region": "west" if country == "kenya" else "east",
        "centroid": [0.0, west + 0.5], "area_km2": 1000, "population": population,
        "fighters": fighters, "control": control, "exposure": 1.0,
        "outline": [[-0.5, west], [-0.5, west + 1.0], [0.5, west + 1.0], [0.5, west]],
        "host_force": force, **SOURCED,
    }  # fmt: skip


def _base(kind: str, holder: str, zone: str, longitude: float, weight: float, garrison: int = 0) -> dict[str, Any]:
    return {
        "name": "Base", "kind": kind, "holder": holder, "zone": zone, "at": [0.0, longitude], "placed": "synthetic",
        "weight": weight, "garrison": garrison, "border": "line" if kind == "border_base" else None, **SOURCED,
    }  # fmt: skip


DATA: dict[str, Any] = {
    "scenario": {"name": "tiny", "assumes": "Nothing."},
    "period": {"start": "2022-04-01", "end": "2022-06-29"},  # 90 days: 0 .. 89; April 0-29, May 30-60, June 61-89
    "theatre": {
        "name": "tiny",
        "assumes": "Nothing.",
        "regions": {"east": "East", "west": "West"},
        "zones": {
            "alpha": _zone(0.0, "kenya", 10_000, 1, 0.8, None),
            "bravo": _zone(1.0, "somalia", 20_000, 5, 0.5, "army"),
            "charlie": _zone(2.0, "somalia", 40_000, 4, 0.25, "guard"),
        },
        "neighbours": [["alpha", "bravo"], ["charlie", "bravo"]],
        "borders": {"line": {"kenya": "alpha", "somalia": "bravo", "length_km": 100, "crossing": None, **SOURCED}},
        "sectors": {"one": {"name": "One", "zones": ["bravo", "charlie"], "lead": "eagle", "source": ["judgement"]}},
        "contingents": {
            "eagle": {"name": "Eagle", "troops": 1000, "sectors": ["one"], **SOURCED},
            "falcon": {"name": "Falcon", "troops": 300, "sectors": ["one"], **SOURCED},
        },
        "mission": {"police": 100, "unassigned": 7, **SOURCED},
        "host_forces": {"army": {"name": "Army"}, "guard": {"name": "Guard"}},
        "bases": {
            "a_post": _base("border_base", "kenya_home", "alpha", 0.5, 1, 200),
            "b_post": _base("border_base", "kenya_home", "alpha", 0.5, 3, 100),
            "c_fort": _base("mission_base", "eagle", "bravo", 1.5, 2),
            "d_fort": _base("mission_base", "eagle", "bravo", 1.5, 1),
            "e_fort": _base("mission_base", "eagle", "charlie", 2.5, 1),
            "f_fort": _base("mission_base", "falcon", "charlie", 2.5, 1),
            "g_hold": _base("host_base", "army", "bravo", 1.5, 1, 150),
            "h_hold": _base("host_base", "guard", "charlie", 2.5, 1, 80),
        },
    },
    "plan": {
        "name": "tiny", "assumes": "Nothing.", "phases": {}, "pauses": {}, "slips": {}, "rules": {}, "successor": None,
        "redeployment": {"contingent": "eagle", "share": 0.0}, "incidents": {}, "replacement_days": 0,
    },
    "opposition": {
        "name": "tiny",
        "assumes": "Nothing.",
        "cells": {"fighters": 100, "mean_size": 10, "size_spread": 0.0},  # 1, 5 and 4 cells of 10 fighters each
        "tempo": {"spread": 0.0, "memory_days": 60},
        "relocation": {
            "rate": 0.01, "return_rate": 0.05, "flight": 0.1, "recall": 0.2,
            "opportunity": 1.0, "presence": 0.1, "home": 1.5, "distance": 0.3, "pressure": 2.0,
        },
        "recruitment": {
            "growth": 0.01, "review_days": 10, "control": 0.5, "funds": 0.0, "offensive": 0.3, "remnant": 3,
            "crowding": 0.5,
        },
        "attacks": {
            "rate": 0.01, "strength": 1.0, "opportunity": 0.0, "raids": 0.1, "closed_border": 0.0, "border_troops": 0.0,
            "coordination": 0.0, "spoiling": 0.0, "spoiling_days": 5, "base_spread": 0.0, "highest": 0.5,
            "season": [1.0] * 12,
        },
        "excitation": {"branching": 0.0, "memory_days": 10},
        "targets": {
            "kenya": {"mission_base": 0, "host_base": 0, "border_base": 10, "security": 2, "civilians": 1},
            "somalia": {"mission_base": 4, "host_base": 10, "border_base": 0, "security": 1, "civilians": 2},
        },
        "mix": {
            target: {"clash": 0.4, "ied": 0.3, "raid": 0.2, "suicide": 0.1}
            for target in ("mission_base", "host_base", "border_base", "security", "civilians")
        },
        "severity": {
            "spread": 0.0, "tail": 0.0, "tail_start": 6, "tail_exponent": 3.0, "highest": 600,
            **{
                target: {"lethal": 0.5, "median": median}
                for target, median in (
                    ("mission_base", 2), ("host_base", 3), ("border_base", 4), ("security_kenya", 5),
                    ("security_somalia", 6), ("civilians_kenya", 7), ("civilians_somalia", 8),
                )
            },
        },
        "assault": {
            "massing": 0.0, "odds_low": 2, "odds_high": 5, "commitment": 0.5, "even_odds": 3, "steepness": 2.0,
            "newly_held": 0.0, "newly_held_days": 90, "killed_overrun": 0.4, "killed_repelled": 0.1,
            "attackers_lost": 0.1, "loot": 0.02, "shock": 0.25, "retaken_mission_days": 4, "retaken_host_days": 100,
        },
        "response": {"losses": 0.05, "per_troops": 0.0, "rest_share": 0.3, "rest_days": 20},
    },
    "host": {
        "name": "tiny",
        "assumes": "Nothing.",
        "effect": 0.5,
        "generation": {"army": {"pool": 100, "rate": 5}, "guard": {"pool": 0, "rate": 0}},
        "readiness": {"start": 0.5, "handover": 0.4, "ceiling": 0.7, "growth_days": 100},
        "garrisons": {"handover": 120, "filling_days": 10},
        "offensive": {"ramp_days": 10, "attrition": 0.001, "control": 0.8, "attacks": 0.3},
        "offensives": {},
        "shocks": {},
    },
    "kenya": {
        "name": "tiny",
        "assumes": "Nothing.",
        "agreement": {"start": "2022-04-11", "end": "2022-05-31", "gain": 0.2, "ramp_days": 20},  # days 10 .. 60
        "haiti": {"start": "2022-04-21", "end": "2022-06-10", "officers": 100, "manpower": 1000},  # days 20 .. 70
        "reopening": {
            "steps": {}, "threshold": 3, "window_days": 10, "postponed_days": 15, "unconditional": False,
        },
        "home": {"effect": 1.0, "readiness": 0.8},
    },
    "society": {
        "name": "tiny",
        "assumes": "Nothing.",
        "presence": {"reach_km": DEGREE_KM, "half": 5, "recovery_days": 50},  # reach: 1/e for each degree
        "control": {"relaxation_days": 100, "presence": 1.0, "fighters": 0.5, "governance": 0.4, "tips": 0.2},
        "displacement": {
            "per_attack": 100, "per_overrun": 1000, "offensive": 0.01, "returns": 0.0, "crossing": 0.1, "closed": 0.5,
        },
    },
    "evidence": {
        "name": "tiny", "assumes": "Nothing.", "attacks": 0.0, "civilians": 0.0, "neighbours": 0.0, "spike": 0.0,
        "spike_days": 30, **SOURCED,
    },
    "reporting": {
        "name": "tiny",
        "assumes": "Nothing.",
        "kenya": {"lethal": 0.8, "harmless": 0.4},
        "somalia": {"lethal": 0.6, "harmless": 0.2},
        "inflation": 3.0,
    },
    "draws": {"name": "none", "assumes": "Nothing.", "file": None, "sha256": None, "fitted_to": None,
        "instead_of": {}, **SOURCED},
}  # fmt: skip


def data(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """The tiny scenario as plain data, with changes by dotted key; a value may be a whole block."""
    changed = copy.deepcopy(DATA)
    for path, value in (changes or {}).items():
        *blocks, key = path.split(".")
        place = changed
        for block in blocks:
            place = place[block]
        place[key] = copy.deepcopy(value)  # a later change may be inside it
    return changed


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The tiny scenario, with changes by dotted key."""
    return build(data(changes))


def date_of(day: int) -> str:
    """The date of a day of the run."""
    return date.fromordinal(date(2022, 4, 1).toordinal() + day).isoformat()


def phase(start: int, end: int, troops: Any, **more: Any) -> dict[str, Any]:
    """A phase from one day of the run to another."""
    return {"start": date_of(start), "date": date_of(end), "troops": troops, **more, **SOURCED}


class Run(SimpleNamespace):
    """Parameters, state, record and random stream of a run before its first day."""

    def begin(self) -> "Run":
        """Do what is drawn and derived before day 0."""
        days.begin(self.params, self.state, self.stream)
        return self

    @property
    def all(self) -> tuple[Any, Any, Any, Any]:
        """The arguments of most rules."""
        return self.params, self.state, self.record, self.stream


def new_run(changes: dict[str, Any] | None = None, events: int = 100, seed: int = 1) -> Run:
    """The tiny scenario as tables, with changes by dotted key; nothing is drawn or derived yet."""
    params, state = parameters.build(scenario(changes))
    record = recorder.allocate(params, state, events)
    return Run(params=params, state=state, record=record, stream=Stream(seed, 0, int(params.dates.epoch)))


def begin_run(changes: dict[str, Any] | None = None, events: int = 100, seed: int = 1) -> Run:
    """The same on the morning of day 0."""
    return new_run(changes, events, seed).begin()


def near(value: Any) -> Any:
    """Equal up to rounding."""
    return pytest.approx(value, rel=1e-12, abs=1e-12)


# Two uniform numbers that give the normal number 1: sqrt(-2 ln(1 - u)) cos(2 pi v); with v = 1/2 it is -1.
ONE = (1.0 - math.exp(-0.5), 0.0)
MINUS_ONE = (ONE[0], 0.5)
