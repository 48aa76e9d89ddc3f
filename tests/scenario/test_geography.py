"""Places lie where they can: coordinates in another order or unit, or left empty, are refused with both numbers."""

from pathlib import Path

import cli
import helpers
import numpy as np
import pytest
import yaml

from atmis.scenario.build import build, build_all
from atmis.scenario.errors import InputError
from atmis.scenario.geography import km
from atmis.scenario.origin import Origin

FROM_FILES = Origin([], {}, [], "run.yaml")
MASLAH, GEDO, OUTLINE = "theatre.bases.maslah.at", "theatre.zones.gedo.centroid", "theatre.zones.gedo.outline"
ALLOWED = "the middle of the theatre; allowed: [latitude, longitude] in degrees, at most 1,500 km from it"
GEOJSON = "? GeoJSON has longitude first"
FAR = {
    "centroid, longitude first": (GEDO, [41.982, 2.897], "5,897 km", f"; did you mean [2.897, 41.982]{GEOJSON}"),
    "base, longitude first": (MASLAH, [45.35, 2.07], "6,179 km", f"; did you mean [2.07, 45.35]{GEOJSON}"),
    "null island": (MASLAH, [0, 0], "4,732 km", "km from it"),
    "radians": (MASLAH, [0.0362, 0.791], "4,644 km", "; did you mean [2.074, 45.321]? These are radians"),
    "west for east": (GEDO, [2.897, -41.982], "9,381 km", "km from it"),
    "another continent": (MASLAH, [-22.5, 45.3], "2,796 km", "km from it"),
}  # fmt: skip


def refusal(changes, origin=None):
    with pytest.raises(InputError) as caught:
        build_all(helpers.change(helpers.composed(), changes), origin)
    return str(caught.value)


@pytest.mark.parametrize("origin", [FROM_FILES, None])
@pytest.mark.parametrize("case", FAR)
def test_a_place_far_away(case, origin):
    key, point, distance, end = FAR[case]
    sentence = refusal({key: point}, origin)
    given = f"[{point[0]:g}, {point[1]:g}]"
    assert sentence.startswith(f"{key}: {given} lies ")
    assert ALLOWED in sentence
    assert sentence.endswith(end)
    if origin is not None:
        assert f"{given} lies {distance} from [2.5, 42.5], the middle" in sentence


def test_one_corner_is_enough_and_all_of_them_too():
    outline = helpers.composed()["theatre"]["zones"]["gedo"]["outline"]
    swapped = [[lon, lat] for lat, lon in outline]
    for given in (swapped, [*outline[:-1], swapped[-1]]):
        sentence = refusal({OUTLINE: given}, FROM_FILES)
        first = next(point for point in given if point[0] > 30)
        assert sentence.startswith(f"{OUTLINE}: [{first[0]:g}, {first[1]:g}] lies ")
        assert f"did you mean [{first[1]:g}, {first[0]:g}]?" in sentence


def test_a_whole_theatre_in_the_order_of_geojson():
    """Its places agree with each other; files are about Kenya and Somalia all the same."""
    theatre = helpers.composed()["theatre"]
    zones = {
        name: zone | {"centroid": zone["centroid"][::-1], "outline": [point[::-1] for point in zone["outline"]]}
        for name, zone in theatre["zones"].items()
    }
    bases = {name: base | {"at": base["at"][::-1]} for name, base in theatre["bases"].items()}
    changes = {"theatre.zones": zones, "theatre.bases": bases}
    assert "GeoJSON has longitude first" in refusal(changes, FROM_FILES)
    assert build(helpers.change(helpers.composed(), changes)).theatre.zones["gedo"].centroid == [41.982, 2.897]


@pytest.mark.parametrize("point", [[225_000, 5_030_000], [91, 41], [41, 181], [-90.5, 0]])
def test_no_degrees(point):
    given = f"[{point[0]:.10g}, {point[1]:.10g}] is not [latitude (-90 to 90), longitude (-180 to 180)] in degrees"
    assert refusal({MASLAH: point}) == f"{MASLAH}: {given}"
    assert given in refusal({OUTLINE: [[2.0, 42.0], [3.0, 42.0], point]})


def test_a_base_lies_near_its_zone():
    """Maslah belongs to Banadir; from its corners to Garissa are 600 km."""
    sentence = refusal({MASLAH: [-1, 40]})
    assert sentence == (
        f"{MASLAH}: [-1, 40] lies 672 km from its zone 'banadir', around [2.106, 45.426]; "
        "allowed: at most 300 km from its centroid or nearest corner"
    )
    assert build(helpers.change(helpers.composed(), {MASLAH: [4.1, 44.4]})).theatre.bases["maslah"].at == [4.1, 44.4]
    assert "lies 3" in refusal({MASLAH: [4.8, 44.2]})


def test_distances():
    assert km((0, 0), (0, 90)) == pytest.approx(np.pi / 2 * 6371)
    assert km((90, 0), (0, 77)) == pytest.approx(np.pi / 2 * 6371)
    assert km((0, 0), (0, 180)) == pytest.approx(np.pi * 6371)
    assert km((2.5, 42.5), (2.5, 42.5)) == 0


@pytest.mark.parametrize("name", ["planned", "history"])
def test_the_theatres_of_atmis_lie_well_within(name):
    """A third of the way below each bound, so that a finer theatre has room."""
    theatre = helpers.scenario(name).theatre
    assert max(km(point, (2.5, 42.5)) for zone in theatre.zones.values() for point in zone.outline) < 1000
    for base in theatre.bases.values():
        zone = theatre.zones[base.zone]
        assert min(km(base.at, point) for point in (zone.centroid, *zone.outline)) < 100


def test_files_are_named(tmp_path, monkeypatch):
    """A zone in the order of GeoJSON: `validate` called it fine, and every verb ran it."""
    monkeypatch.chdir(tmp_path)
    cli.forbid_runs(monkeypatch)
    outline = [[41.903, 3.982], [41.312, 3.141], [40.989, 2.828]]
    text = "zones:\n  gedo:\n    outline: " + yaml.safe_dump(outline, default_flow_style=True)
    header = "defaults: [small, _self_]\nname: odd\n"
    mine = cli.SCENARIO.replace("theatre: small", "theatre: odd")
    cli.own_folder(Path("my"), {"theatre/odd.yaml": header + text, "scenario/mine.yaml": mine})
    parts = (f"my/theatre/odd.yaml: {OUTLINE}: [41.903, 3.982] lies 5,8", "did you mean [3.982, 41.903]?")
    config = ("--config-dir", "my")
    for words in (
        ("validate", "my/theatre/odd.yaml"), ("run", *config, "scenario=mine"), ("show", *config, "scenario=mine"),
        ("sweep", *config, "scenario=mine"), ("compare", *config, "mine", "planned"),
    ):  # fmt: skip
        cli.assert_refused(words, parts)
    override = f"{MASLAH}=[45.35, 2.07]"
    cli.assert_refused(["run", override], [f"override '{override}': {MASLAH}: [45.35, 2.07] lies 6,179 km"])
