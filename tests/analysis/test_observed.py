"""Observed events: read in the formats of data sets, placed, counted by month and zone, written in the tidy form."""

import csv
import hashlib
import json
from functools import cache
from pathlib import Path

import cli
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atmis import load
from atmis.analysis import observed
from atmis.analysis.observed import dates, names, places
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

GED = ("id", "type_of_violence", "dyad_name", "side_a", "side_b", "date_start", "date_end", "where_prec", "country",
       "adm_1", "latitude", "longitude", "best")  # fmt: skip
SHABAAB, KENYA, SOMALIA = "Al-Shabaab", "Government of Kenya", "Government of Somalia"
# Ten rows counted by hand: seven are of al-Shabaab, four of them can be placed.
GED_ROWS = (
    ("1", 1, "x", KENYA, SHABAAB, "2020-01-05", "2020-01-05", 1, "Kenya", "Mandera county", 3.94, 41.85, 4),
    ("2", 3, "x", SHABAAB, "Civilians", "2020-01-31", "2020-02-01", 1, "Kenya", "Mandera county", 3.94, 41.85, 0),
    ("3", 1, "x", KENYA, SHABAAB, "2020-03-01 00:00:00.000", "2020-03-02", 4, "Kenya", "Lamu county", 9.0, 9.0, 2),
    ("3", 1, "x", KENYA, SHABAAB, "2020-03-01", "2020-03-02", 4, "Kenya", "Lamu county", 9.0, 9.0, 2),
    ("4", 1, "x", SOMALIA, SHABAAB, "2020-02-10", "2020-02-10", 1, "Somalia", "Jubbada Hoose region", -0.36, 42.5, 9),
    ("5", 1, "x", KENYA, SHABAAB, "2020-02-10", "2020-02-10", 1, "Kenya", "Kwale county", -4.3, 39.56, 1),
    ("6", 1, "x", KENYA, SHABAAB, "2020-02-11", "2020-02-11", 6, "Kenya", "", 1.0, 38.0, 1),
    ("7", 1, "x", KENYA, SHABAAB, "soon", "2020-02-11", 1, "Kenya", "Mandera county", 3.94, 41.85, 1),
    ("8", 2, "x", "Clan", "Other clan", "2020-05-11", "2020-05-11", 1, "Somalia", "Gedo region", 3.0, 42.0, 7),
    ("9", 1, "x", "Government of Ethiopia", SHABAAB, "2020-02-11", "2020-02-11", 1, "Ethiopia", "", 5.0, 44.0, 7),
)
ACLED = ("event_id_cnty", "event_date", "event_type", "actor1", "actor2", "country", "admin1", "latitude", "longitude",
         "geo_precision", "notes", "fatalities")  # fmt: skip
GROUP, BOMB = "Al Shabaab", "Explosions/Remote violence"
ACLED_ROWS = (
    ("SOM1", "30 March 2020", "Battles", GROUP, "AMISOM", "Somalia", "Gedo", 3.0, 42.0, 1, "a\nb", 3),
    ("SOM2", "2020-04-01", BOMB, GROUP, "", "Somalia", "Lower Juba", -0.36, 42.5, 1, "", 0),
    ("KEN1", "30-Apr-20", "Battles", "Military Forces of Kenya", GROUP, "Kenya", "Garissa", -0.45, 39.65, 1, "", 1),
    ("SOM3", "1 May 2020", "Strategic developments", GROUP, "", "Somalia", "Gedo", 3.0, 42.0, 1, "", 0),
    ("SOM4", "2 May 2020", "Battles", "Clan Militia", "Police", "Somalia", "Gedo", 3.0, 42.0, 1, "", 5),
)


@cache
def theatre() -> Theatre:
    return load("history").theatre


def write(path: Path, heading, rows, delimiter=",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([heading, *rows])
    return path


def nonzero_counts(counts: observed.ObservedCounts) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Counts above zero: events, deaths and lethal events by month and zone."""
    values = np.stack([counts.events, counts.deaths, counts.lethal], axis=2)
    return {
        (str(counts.months[m]), counts.zones[z]): tuple(values[m, z])
        for m, z in np.argwhere(np.nan_to_num(values).any(axis=2))
    }


# --- Events ---


def test_ged_by_hand(tmp_path):
    counts = observed.read(write(tmp_path / "GEDEvent_v24_1.csv", GED, GED_ROWS), theatre())
    assert nonzero_counts(counts) == {
        ("2020-01", "mandera"): (2, 4, 1),
        ("2020-03", "lamu"): (1, 2, 1),
        ("2020-02", "lower_juba"): (1, 9, 1),
    }
    import_log = counts.import_log
    assert (import_log.read, import_log.kept) == (10, 4)
    assert dict(import_log.dropped) == {
        "of other actors than Al-Shabaab": 1,
        "ids that stand twice": 1,
        "outside the zones of the theatre": 1,
        "known by country only": 1,
        "without a date that can be read": 1,
        "in another country": 1,
    }
    assert import_log.read == import_log.kept + import_log.dropped.total()
    assert import_log.noted["last into another month; counted in the month of their first day"] == 1
    assert (counts.about["format"], counts.about["version"], counts.about["licence"]) == (
        "UCDP GED",
        "24.1",
        "CC BY 4.0",
    )


def test_recording_is_not_zero_outside(tmp_path):
    """Kenya from its first event to the last month of the file, which is of another actor; Somalia from its own."""
    counts = observed.read(write(tmp_path / "ged.csv", GED, GED_ROWS), theatre())
    assert [str(month) for month in counts.months[[0, -1]]] == ["2020-01", "2020-05"]
    assert set(counts.zones) == set(theatre().zones)
    assert [str(month) for month in counts.recording("wajir")] == ["2020-01", "2020-05"]
    assert [str(month) for month in counts.recording("bay")] == ["2020-02", "2020-05"]
    assert np.isnan(counts.events[0, counts.zones.index("bay")])
    assert counts.events[1:, counts.zones.index("bay")].tolist() == [0, 0, 0, 0]


def test_a_country_without_events_is_not_recorded(tmp_path):
    kenyan = [row for row in GED_ROWS if row[8] == "Kenya"]
    counts = observed.read(write(tmp_path / "ged.csv", GED, kenyan), theatre())
    assert set(counts.zones) == {"mandera", "wajir", "garissa", "lamu", "tana_river"}


def test_recording_as_the_user_says(tmp_path):
    bounds = np.datetime64("2019-11"), np.datetime64("2020-02")
    counts = observed.read(write(tmp_path / "ged.csv", GED, GED_ROWS), theatre(), recorded=bounds)
    assert [str(month) for month in counts.months[[0, -1]]] == ["2019-11", "2020-02"]
    assert counts.events[0].tolist() == [0.0] * 16
    assert counts.import_log.dropped["outside the months of recording"] == 1
    assert ("2020-03", "lamu") not in nonzero_counts(counts)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_acled_by_hand(tmp_path, delimiter):
    counts = observed.read(write(tmp_path / "export.csv", ACLED, ACLED_ROWS, delimiter), theatre())
    assert nonzero_counts(counts) == {
        ("2020-03", "gedo"): (1, 3, 1),
        ("2020-04", "lower_juba"): (1, 0, 0),
        ("2020-04", "garissa"): (1, 1, 1),
    }
    assert counts.import_log.dropped == {"of other actors than Al-Shabaab": 1, "not violent: strategic developments": 1}
    assert str(counts.months[-1]) == "2020-05"


def test_actor(tmp_path):
    path = write(tmp_path / "ged.csv", GED, GED_ROWS)
    assert nonzero_counts(observed.read(path, theatre(), "clan")) == {("2020-05", "gedo"): (1, 7, 1)}
    assert nonzero_counts(observed.read(path, theatre(), "any"))["2020-05", "gedo"] == (1, 7, 1)
    with pytest.raises(
        InputError, match="no party is called 'nobody'; named most: 'Al-Shabaab', 'Government of Kenya'"
    ):
        observed.read(path, theatre(), "nobody")


def test_possible_duplicates_are_noted_and_counted(tmp_path):
    twins = [("20", *GED_ROWS[0][1:]), GED_ROWS[0], ("21", *GED_ROWS[1][1:]), GED_ROWS[1]]
    counts = observed.read(write(tmp_path / "ged.csv", GED, twins), theatre())
    assert nonzero_counts(counts)["2020-01", "mandera"] == (4, 8, 2)
    (remark,) = [remark for remark in counts.import_log.noted if remark.startswith("perhaps one event")]
    assert (counts.import_log.noted[remark], counts.import_log.examples[remark]) == (1, ["20 and 1"])


# --- Where ---


def place_event(country="Kenya", names=(), at=(3.94, 41.85), precision="fine"):
    return places.ZoneFinder(theatre())(places.Location(country, tuple(names), at, precision))


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ({}, "mandera"),
        ({"names": ["Mandera County"]}, "mandera"),
        ({"names": ["North Eastern", "Mandera district"]}, "mandera"),
        ({"country": "Somalia", "at": (3.0, 42.0)}, "gedo"),
        # Kutulo: by the simplified outline in Wajir, 3.5 km from Mandera.
        ({"names": ["Mandera county"], "at": (2.460268, 40.591054)}, "mandera"),
        ({"names": ["Wajir county"], "at": (2.460268, 40.591054)}, "wajir"),
        # A stretch of the border has its middle in Somalia.
        ({"names": ["Mandera county"], "at": (3.107394, 41.283172), "precision": "coarse"}, "mandera"),
        ({"names": ["Lamu county"], "at": None}, "lamu"),
        # The point is right and the name is not.
        ({"names": ["Lamu county"], "at": (3.5, 41.0)}, "mandera"),
        ({"country": "Somalia", "names": ["Shabeellaha Hoose"], "at": None}, "lower_shabelle"),
        ({"country": "Somalia", "names": ["BENADIR region"], "at": None}, "banadir"),
        ({"country": "Somalia", "names": ["Hiiraan"], "at": None}, "hiraan"),
        ({"country": "", "names": ["tana-river"], "at": None}, "tana_river"),
    ],
)
def test_zone(place, zone):
    assert place_event(**place).zone == zone


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"country": "Ethiopia"}, "in another country"),
        ({"at": (-4.3, 39.5)}, "outside the zones of the theatre"),
        ({"names": ["Lamu county"], "at": (-4.3, 35.0)}, "name and coordinates disagree"),
        ({"precision": "country"}, "known by country only"),
        ({"names": ["Kwale"], "precision": "coarse"}, "known by an area that is no zone"),
        ({"at": None}, "without coordinates or a known name"),
        ({"country": "Somalia", "names": ["Mandera"], "at": (3.5, 41.0)}, "outside the zones of the theatre"),
    ],
)
def test_no_zone(place, reason):
    assert place_event(**place) == places.Placement(None, reason)


@pytest.mark.parametrize("zone", theatre().zones)
def test_centroids_and_names_lead_to_their_zone(zone):
    area = theatre().zones[zone]
    assert place_event(area.country, at=tuple(area.centroid)).zone == zone
    for name in (zone, area.name, f"{area.name} County", area.name.upper()):
        assert place_event(area.country, [name], None).zone == zone


def test_normalisation():
    assert names.normalise("Jubbada-Hoose  (région)") == "jubada hose region"
    assert {names.squash(name) for name in ("Al-Shabaab", "al Shabab", "AL SHABAAB")} == {"alshabab"}


@given(st.text())
@settings(max_examples=50)
def test_any_text_can_be_a_name_or_a_date(text):
    assert names.place_name(text) == names.place_name(text.upper()) or not text.isascii()
    month = dates.parse_month(text)
    assert month is None or dates.parse_month(str(month)) == month
    assert set(dates.read_dates([text], "day_first").by_text) <= {text}


@pytest.mark.parametrize("text", ["2020-03", "2020-03-01", "2020-3", "202003", "2020m3", "March 2020", "Mar 2020",
                                  "2020-03-31 00:00:00", "2020/03"])  # fmt: skip
def test_months(text):
    assert str(dates.parse_month(text)) == "2020-03"


@pytest.mark.parametrize("text", ["", "2020", "2020-13", "2020-00", "0000-01", "3", "=1+1"])
def test_texts_that_are_no_months(text):
    assert dates.parse_month(text) is None


# --- Counts ---


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_tidy_and_wide_forms_agree(tmp_path):
    tidy = text(tmp_path / "t.csv", "month,zone,events\n2020-01,Mandera,2\n2020-01,Tana River,0\n2020-03,mandera,1\n")
    wide = text(tmp_path / "w.csv", "month,Mandera,Tana River,total\n2020-01,2,0,2\n2020-03,1,,1\n")
    from_tidy, from_wide = observed.read(tidy, theatre()), observed.read(wide, theatre())
    assert from_tidy.zones == from_wide.zones == ("mandera", "tana_river")
    np.testing.assert_array_equal(from_tidy.events, [[2, 0], [np.nan, np.nan], [1, np.nan]])
    np.testing.assert_array_equal(from_tidy.events, from_wide.events)
    assert np.isnan(from_tidy.deaths).all()
    assert from_wide.import_log.examples["columns that are no zone of the theatre, left out"] == ["total"]


def test_unknown_zones_are_left_out_and_logged(tmp_path):
    path = text(tmp_path / "t.csv", "month,zone,events\n2020-01,Mandera,2\n2020-01,Mandra,1\n2020-01,=1+1,1\n")
    counts = observed.read(path, theatre())
    assert counts.zones == ("mandera",)
    assert counts.import_log.dropped == {"of what is no zone of the theatre": 2}
    assert "did you mean 'mandera'?" in counts.import_log.examples["of what is no zone of the theatre"][0]


def test_country_months(tmp_path):
    path = text(tmp_path / "c.csv", "isocode,month,deaths_best_all_violence\nSOM,2020-01,5.0\nUGA,2020-01,1\n")
    counts = observed.read(path, theatre())
    assert (counts.kind, counts.zones, counts.deaths.tolist()) == ("country", ("somalia",), [[5.0]])


@pytest.mark.parametrize("heading", ["\ufeffmonth,zone,events", " Month , ZONE,Events "])
def test_headings_as_spreadsheets_write_them(tmp_path, heading):
    assert observed.read(text(tmp_path / "t.csv", f"{heading}\r\n2020-01,lamu,3\r\n"), theatre()).events == [[3]]


BAD = {
    "no such file": (None, "there is no such file"),
    "empty": ("", "is empty"),
    "unknown": ("a,b\n1,2\n", "columns are those of no known table"),
    "nearly GED": (",".join(GED[:-1]) + "\n", "nearest is UCDP GED, of which it lacks best"),
    "no rows": ("month,zone,events\n", "no row can be used"),
    "no zone": ("month,zone,events\n2020-01,nowhere,1\n", "of what is no zone of the theatre: line 2: nowhere"),
    "negative": ("month,zone,events\n2020-01,lamu,-1\n", "line 2: events: '-1' is not a count"),
    "half": ("month,zone,events\n2020-01,lamu,.5\n", "line 2: events: '.5' is not a count"),
    "infinite": ("month,zone,events\n2020-01,lamu,inf\n", "line 2: events: 'inf' is not a count"),
    "text": ("month,lamu\n2020-01,many\n", "line 2: lamu: 'many' is not a count"),
    "month": ("month,zone,events\n2020-01,lamu,1\n2020-13,lamu,1\n", "line 3: '2020-13' is not a month"),
    "twice": ("month,zone,events\n2020-01,lamu,1\n2020-01,Lamu,1\n", "lines 2 and 3 are both of lamu in 2020-01"),
    "column twice": ("month,zone,events,Zone\n2020-01,lamu,1,x\n", "stands twice"),
    "ragged": ("month,zone,events\n2020-01,lamu\n", "no row can be used; with fewer cells than the heading: line 2"),
    "cut": ('month,zone,events\n2020-01,"lamu', "cannot be read as CSV: line 2: unexpected end of data"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_give_one_sentence(tmp_path, name):
    content, sentence = BAD[name]
    path = tmp_path / "bad.csv"
    if content is not None:
        text(path, content)
    with pytest.raises(InputError) as caught:
        observed.read(path, theatre())
    message = str(caught.value)
    assert message.startswith(str(path))
    assert sentence in message
    assert "\n" not in message


def test_no_text_in_any_encoding(tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"month,zone,events\n2020-01,\x81\x8d,1\n")
    with pytest.raises(InputError, match="is no text in UTF-8 or Windows-1252"):
        observed.read(tmp_path / "bad.csv", theatre())


# --- What comes with atmis ---


def test_shipped_counties_are_those_of_the_regularities():
    """R1, R2 and R3 of the facts."""
    counts = observed.shipped("kenya_border_counties", theatre())
    order = [counts.zones.index(zone) for zone in ("mandera", "lamu", "garissa", "wajir", "tana_river")]
    assert counts.events.sum(axis=0)[order].tolist() == [85, 72, 47, 16, 2]
    assert counts.deaths.sum(axis=0)[order].tolist() == [199, 246, 259, 60, 3]
    assert (len(counts.months), str(counts.months[0]), str(counts.months[-1])) == (85, "2015-03", "2022-03")
    ratios = counts.events.var(axis=0, ddof=1) / counts.events.mean(axis=0)
    assert ratios[order].round(2).tolist() == [1.52, 1.81, 1.79, 1.33, 0.99]
    together = counts.events.sum(axis=1)
    assert round(together.var(ddof=1) / together.mean(), 2) == 1.95
    assert (100 * (counts.events == 0).mean(axis=0)[order]).round().tolist() == [45, 59, 67, 85, 98]
    assert counts.lethal.sum() / 222 > 0.79
    assert "262213 and 265445" in str(counts.about["noted"])


def test_shipped_country_months():
    counts = observed.shipped("country_months", theatre())
    assert (counts.kind, counts.zones) == ("country", ("kenya", "somalia"))
    assert (str(counts.months[0]), str(counts.months[-1]), len(counts.months)) == ("2010-01", "2022-03", 147)
    assert counts.deaths.sum(axis=0).tolist() == [2610, 25120]
    assert np.isnan(counts.events).all()


@pytest.mark.parametrize("name", observed.shipped_names())
def test_shipped_counts_name_their_source_and_end_before_the_hold_out(name):
    counts = observed.shipped(name, theatre())
    assert counts.about["licence"] == "CC BY 4.0"
    assert {"citation", "version", "file_sha256", "note", "recording"} <= set(counts.about)
    assert counts.months[-1] == np.datetime64("2022-03")


@pytest.mark.parametrize("name", observed.shipped_names())
def test_tidy_form_read_again_is_the_same(tmp_path, name):
    counts = observed.shipped(name, theatre())
    table, _ = observed.write_outputs(counts, tmp_path, name)
    again = observed.read(table, theatre())
    for field in ("months", "events", "deaths", "lethal"):
        np.testing.assert_array_equal(getattr(again, field), getattr(counts, field))
    assert again.zones == counts.zones


def test_no_shipped_counts_of_that_name():
    with pytest.raises(InputError, match="did you mean 'country_months'"):
        observed.shipped("country_month", theatre())


# --- The command ---


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_import(place):
    write(place / "GEDEvent_v24_1.csv", GED, GED_ROWS)
    result = cli.call("data", "import", "GEDEvent_v24_1.csv", "note=mine", "end=2020-03")
    assert (result.code, result.err) == (0, "")
    assert "UCDP GED: 10 rows read, 4 kept" in result.out
    assert "5: Kwale county" in result.out
    assert cli.paths_below(place / "results") == {"data", "data/gedevent_v24_1.csv", "data/gedevent_v24_1.json"}
    lines = (place / "results/data/gedevent_v24_1.csv").read_text().splitlines()
    assert lines[0] == "month,zone,events,deaths,lethal_events"
    assert "2020-01-01,mandera,2,4,1" in lines
    assert len(lines) == 1 + 5 * 3 + 11 * 2
    about = json.loads((place / "results/data/gedevent_v24_1.json").read_text())
    assert about["file_sha256"] == hashlib.sha256((place / "GEDEvent_v24_1.csv").read_bytes()).hexdigest()
    assert about["file"] == "GEDEvent_v24_1.csv"
    assert (about["note"], about["rows_kept"], about["totals"]["lower_juba"]["deaths"]) == ("mine", 4, 9)
    assert str(place) not in json.dumps(about)


def test_import_again_gives_the_same_bytes_and_another_file_does_not_take_its_place(place):
    text(place / "one.csv", "month,zone,events\n2020-01,lamu,3\n")
    text(place / "two.csv", "month,zone,events\n2020-01,lamu,4\n")
    assert cli.call("data", "import", "one.csv", "name=mine").code == 0
    before = (place / "results/data/mine.json").read_bytes()
    assert cli.call("data", "import", "one.csv", "name=mine").code == 0
    assert (place / "results/data/mine.json").read_bytes() == before
    result = cli.call("data", "import", "two.csv", "name=mine")
    assert (result.code, "was made from another file" in result.err) == (2, True)
    assert (place / "results/data/mine.json").read_bytes() == before


def test_hostile_names_stay_inert(place):
    file = "=1+1 <script>;\n$(rm).csv"
    text(place / file, 'month,zone,events\n2020-01,lamu,3\n2020-01,"=1+1 <script>\n[bold]",3\n')
    result = cli.call("data", "import", file, "note==1+1 <script>")
    assert (result.code, result.err) == (0, "")
    assert cli.paths_below(place / "results") == {"data", "data/1_1_script_rm.csv", "data/1_1_script_rm.json"}
    assert "[bold]" in result.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "data needs a command and a file"),
        ("imprt x.csv", "did you mean 'import'?"),
        ("import", "data import needs a file"),
        ("import nothing.csv", "there is no such file"),
        ("import good.csv other.csv", "data import takes one file"),
        ("import good.csv nam=x", "did you mean 'name'?"),
        ("import good.csv name=../x", "name: '../x' cannot name a file"),
        ("import good.csv start=then", "start: 'then' is not a month"),
        ("import good.csv start=2020-05 end=2020-01", "start: 2020-05 is after end, 2020-01"),
        ("import good.csv start=2021-01", "the months of the file are 2020-01 to 2020-01"),
        ("import good.csv host=weak", "'host' has no meaning here"),
        ("import good.csv results=good.csv", "a file stands where a folder is needed"),
    ],
)
def test_bad_words(place, words, sentence):
    text(place / "good.csv", "month,zone,events\n2020-01,lamu,3\n")
    result = cli.call("data", *words.split())
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert result.err.count("\n") == 1
    assert cli.paths_below(place) == {"good.csv"}
