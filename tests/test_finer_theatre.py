"""A finer theatre needs YAML only: a grid of 60 zones, written to a folder, runs without a line of code."""

import json
from pathlib import Path

import numpy as np

import atmis

ROWS, COLUMNS = 6, 10
SOURCED = {"class": "assumed", "source": ["judgement"]}


def zone_id(row: int, column: int) -> str:
    return f"zone_{row}_{column}"


def zone(row: int, column: int) -> dict[str, object]:
    south, west = row * 0.5, 40 + column * 0.5
    kenyan = column == 0
    return {
        "name": f"Zone {row}.{column}",
        "country": "kenya" if kenyan else "somalia",
        "region": "kenyan_side" if kenyan else "somali_side",
        "centroid": [south + 0.25, west + 0.25],
        "area_km2": 3000,
        "population": 50_000,
        "outline": [[south, west], [south, west + 0.5], [south + 0.5, west + 0.5], [south + 0.5, west]],
        "fighters": 1 if kenyan else 100,
        "control": 0.5,
        "exposure": 0.5,
        "host_force": None if kenyan else "federal_army",
        **SOURCED,
    }


def theatre() -> dict[str, object]:
    cells = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
    east = [[zone_id(r, c), zone_id(r, c + 1)] for r, c in cells if c + 1 < COLUMNS]
    north = [[zone_id(r, c), zone_id(r + 1, c)] for r, c in cells if r + 1 < ROWS]
    base = {"kind": "mission_base", "holder": "kenya", "placed": "synthetic", **SOURCED}
    return {
        "name": "grid",
        "assumes": "A grid of squares, for a test.",
        "regions": {"kenyan_side": "Kenyan side", "somali_side": "Somali side"},
        "zones": {zone_id(r, c): zone(r, c) for r, c in cells},
        "neighbours": east + north,
        "borders": {
            f"border_{r}": {
                "kenya": zone_id(r, 0),
                "somalia": zone_id(r, 1),
                "length_km": 55,
                "crossing": None,
                **SOURCED,
            }
            for r in range(ROWS)
        },
        "sectors": {"all": {"name": "All", "zones": [zone_id(0, 1)], "lead": "kenya", "source": ["judgement"]}},
        "contingents": {"kenya": {"name": "Kenya", "troops": 4000, "sectors": ["all"], **SOURCED}},
        "mission": {"police": 100, "unassigned": 0, **SOURCED},
        "host_forces": {"federal_army": {"name": "Somali federal army"}},
        "bases": {
            f"base_{r}_{c}": {
                "name": f"Base {r}.{c}",
                "zone": zone_id(r, c),
                "at": [r * 0.5 + 0.2, 40.2 + c * 0.5],
                **base,
            }
            for r, c in cells
            if c in (1, 4, 7)
        },
    }


def test_a_grid_of_sixty_zones(tmp_path: Path):
    plan = {
        "defaults": ["no_withdrawal", "_self_"],
        "name": "leave",
        "assumes": "Kenya leaves in a month.",
        "phases": {
            "exit": {"start": "2022-06-01", "date": "2022-06-30", "troops": "all", "remaining": "handover", **SOURCED}
        },
    }
    for group, name, content in (("theatre", "grid", theatre()), ("plan", "leave", plan)):
        (tmp_path / group).mkdir()
        (tmp_path / group / f"{name}.yaml").write_text(json.dumps(content))  # JSON is YAML
    scenario = atmis.load(
        "planned",
        [
            "theatre=grid",
            "plan=leave",
            "host.offensives.central_somalia=null",
            "host.generation.jubaland_forces=null",
            "host.generation.regional_forces=null",
            *(
                f"kenya.reopening.steps.{name}=null"
                for name in ("mandera_gedo", "garissa_lower_juba", "lamu_lower_juba")
            ),
            "period.end=2022-12-31",
        ],
        config_dir=tmp_path,
    )
    ensemble = atmis.simulate(scenario, replicates=4, seed=1)
    attacks = ensemble.indicator("attacks").sum(axis=(0, 1))
    assert attacks.shape == (ROWS * COLUMNS,)
    assert np.count_nonzero(attacks) > 40
    assert (ensemble.deployed[:, -1] == 0).all()
    assert (ensemble.bases["handed"] >= 0).all()
