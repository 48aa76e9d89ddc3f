"""A theatre of any size: a grid of square zones, written as YAML to a user's own folder."""

import json
from pathlib import Path

import atmis
from atmis.scenario.scenario import Scenario

SOURCED = {"class": "assumed", "source": ["judgement"]}
BORDERS = ("mandera_gedo", "garissa_lower_juba", "lamu_lower_juba")  # those with a date in the theatre of atmis


def load(rows: int, columns: int, folder: Path, overrides: list[str]) -> Scenario:
    """A scenario on a grid: Kenya holds three columns of bases and leaves in June 2022."""
    plan = {
        "defaults": ["no_withdrawal", "_self_"],
        "name": "leave",
        "assumes": "Kenya leaves in a month.",
        "phases": {
            "exit": {"start": "2022-06-01", "date": "2022-06-30", "troops": "all", "remaining": "handover", **SOURCED}
        },
    }
    for group, name, content in (("theatre", "grid", theatre(rows, columns)), ("plan", "leave", plan)):
        (folder / group).mkdir(exist_ok=True)
        (folder / group / f"{name}.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")  # JSON is YAML
    nothing = [f"host.generation.{force}=null" for force in ("jubaland_forces", "regional_forces")]
    nothing += ["host.offensives.central_somalia=null", *(f"kenya.reopening.steps.{name}=null" for name in BORDERS)]
    return atmis.load("planned", ["theatre=grid", "plan=leave", *nothing, *overrides], config_dir=folder)


def zone_id(row: int, column: int) -> str:
    """Id of a zone."""
    return f"zone_{row}_{column}"


def zone(row: int, column: int) -> dict[str, object]:
    """A square of half a degree."""
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


def theatre(rows: int, columns: int) -> dict[str, object]:
    """A theatre of rows x columns zones; the westernmost column is Kenyan."""
    cells = [(row, column) for row in range(rows) for column in range(columns)]
    east = [[zone_id(r, c), zone_id(r, c + 1)] for r, c in cells if c + 1 < columns]
    north = [[zone_id(r, c), zone_id(r + 1, c)] for r, c in cells if r + 1 < rows]
    base = {"kind": "mission_base", "holder": "kenya", "placed": "synthetic", **SOURCED}
    return {
        "name": "grid",
        "assumes": "A grid of squares, to test and to measure with.",
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
            for r in range(rows)
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
