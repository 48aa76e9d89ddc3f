"""Files of events and counts as other tools write them: read, or one true sentence; an account of every row."""

import csv
import datetime
import re
import zipfile
from functools import cache
from pathlib import Path

import cli
import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atmis import load
from atmis.analysis import observed
from atmis.analysis.observed import actors, cells, dates, dialects, recording
from atmis.scenario.errors import InputError
from atmis.scenario.ground import Theatre

GED = ("id", "year", "side_a", "side_b", "where_prec", "adm_1", "adm_2", "latitude", "longitude", "country",
       "date_start", "date_end", "best")  # fmt: skip
KENYA, SOMALIA, SHABAAB = "Government of Kenya", "Government of Somalia", "Al-Shabaab"
GED_ROWS = tuple(
    line.split(",")
    for line in f"""\
1,2019,{KENYA},{SHABAAB},1,Mandera county,Mandera East,3.93,41.85,Kenya,2019-03-04,2019-03-04,2
2,2019,{KENYA},{SHABAAB},1,Garissa county,Fafi,-0.40,40.32,Kenya,2019-05-06,2019-05-06,0
3,2019,{SHABAAB},Civilians,1,Wajir county,Wajir East,1.75,40.06,Kenya,2019-11-02,2019-11-02,3
4,2019,{SOMALIA},{SHABAAB},1,Gedo region,Luuq,3.80,42.54,Somalia,2019-02-10,2019-02-10,5
5,2019,{SOMALIA},{SHABAAB},6,,,6.0,48.0,Somalia,2019-04-11,2019-04-11,7
6,2019,{SOMALIA},{SHABAAB},1,Banaadir,Hodan,2.04,45.30,Somalia,2019-12-20,2019-12-20,1""".splitlines()
)
GED_COUNTS = {
    ("2019-03", "mandera"): (1, 2),
    ("2019-05", "garissa"): (1, 0),
    ("2019-11", "wajir"): (1, 3),
    ("2019-02", "gedo"): (1, 5),
    ("2019-12", "banadir"): (1, 1),
}


@cache
def theatre() -> Theatre:
    return load("history").theatre


def written(path: Path, heading, rows, delimiter=",", encoding="utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([heading, *rows])
    return path


def read(path: Path, **request) -> observed.ObservedCounts:
    """The counts of a file, every row of which has one line of the account."""
    counts = observed.read(path, theatre(), **request)
    account = counts.import_log.as_dict()
    assert account["rows_read"] == sum(line["rows"] for what in ("kept", "dropped") for line in account[what])
    assert account["rows_kept"] == sum(line["rows"] for line in account["kept"])
    return counts


def counted(counts: observed.ObservedCounts) -> dict[tuple[str, str], tuple[int, int]]:
    """Events and deaths by month and zone, where there are any."""
    return {
        (str(counts.months[m]), counts.zones[z]): (int(counts.events[m, z]), int(np.nan_to_num(counts.deaths[m, z])))
        for m, z in np.argwhere(np.nan_to_num(counts.events) > 0)
    }


def ged(tmp_path, change=lambda row: row, heading=GED, **file) -> Path:
    """The six rows as GED writes them, changed."""
    return written(
        tmp_path / "ged.csv", heading, [change(dict(zip(GED, row, strict=True))).values() for row in GED_ROWS], **file
    )


def with_field(name, function):
    return lambda row: row | {name: function(row[name])}


# --- GED, as it comes and as it is saved again ---


def in_every_date(function):
    return lambda row: row | {name: function(row[name]) for name in ("date_start", "date_end")}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


CHANGES = {
    "as it is": lambda row: row,
    "codes as numbers with a point": lambda row: row | {n: f"{row[n]}.0" for n in ("id", "year", "where_prec", "best")},
    "codes with spaces": with_field("where_prec", lambda text: f" {text} "),
    "country codes": with_field("country", {"Kenya": "KEN", "Somalia": "SOM"}.get),
    "short country codes": with_field("country", {"Kenya": "KE", "Somalia": "so"}.get),
    "Stata dates": in_every_date(lambda text: f"{day(text):%d%b%Y}".lower()),
    "month names": in_every_date(lambda text: f"{day(text):%B %-d, %Y}"),
    "compact dates": in_every_date(lambda text: text.replace("-", "")),
    "dotted dates": in_every_date(lambda text: f"{day(text):%d.%m.%Y}"),
    "American dates": in_every_date(lambda text: f"{day(text):%-m/%-d/%Y}"),
    "days of Excel": in_every_date(lambda text: str((day(text) - day("1899-12-30")).days)),
    "days of Stata": in_every_date(lambda text: str((day(text) - day("1960-01-01")).days)),
    "days of R": in_every_date(lambda text: f"{(day(text) - day('1970-01-01')).days}.0"),
    "missing as R writes it": lambda row: {name: text or "NA" for name, text in row.items()},
    "missing as Stata writes it": lambda row: {name: text or "." for name, text in row.items()},
}


@pytest.mark.parametrize("name", CHANGES)
def test_ged_in_any_form_gives_the_same_counts(tmp_path, name):
    counts = read(ged(tmp_path, CHANGES[name]))
    assert counted(counts) == GED_COUNTS
    assert counts.import_log.dropped == {"known by country only": 1}


@pytest.mark.parametrize(
    ("delimiter", "encoding", "first", "last"),
    [
        (";", "utf-8-sig", "", ""),
        ("\t", "utf-16", "", ""),
        ("|", "utf-8", "", ""),
        (";", "utf-8", "sep=;\r\n", ""),
        (",", "utf-8", "\r\n\r\n", ""),
        (",", "utf-8", ",,,\r\n", ",,,,,,,,,,,,\r\n,,\r\n\r\n"),
    ],
)
def test_csv_as_spreadsheets_write_it(tmp_path, delimiter, encoding, first, last):
    path = ged(tmp_path, delimiter=delimiter, encoding=encoding)
    path.write_text(first + path.read_text(encoding) + last, encoding, newline="")
    counts = read(path)
    assert counted(counts) == GED_COUNTS
    assert counts.import_log.dropped["empty rows"] == (2 if last else 0)


def test_columns_that_are_not_needed_may_be_empty_double_or_nameless(tmp_path):
    heading = [f" {name.upper()}" for name in GED] + ["note", "note", "", ""]
    rows = [(*row, "a", "b", "", "") for row in GED_ROWS]
    assert counted(read(written(tmp_path / "ged.csv", heading, rows))) == GED_COUNTS
    with pytest.raises(InputError, match="the column 'best' stands twice"):
        read(written(tmp_path / "ged.csv", [*GED, "Best"], [(*row, "1") for row in GED_ROWS]))


def test_hxl_tags_are_left_out_and_told(tmp_path):
    tags = ("", "#date+year", "#group", "#group", "#loc", "#adm1", "#adm2", "#geo+lat", "#geo+lon", "#country", "#date",
            "#date+end", "#affected")  # fmt: skip
    counts = read(written(tmp_path / "ged.csv", GED, [tags, *GED_ROWS]))
    assert counted(counts) == GED_COUNTS
    assert counts.import_log.dropped == {"HXL tags": 1, "known by country only": 1}
    assert counts.import_log.examples["HXL tags"] == ["line 2"]


def test_windows_1252_is_read_and_told(tmp_path):
    counts = read(ged(tmp_path, with_field("adm_2", lambda text: f"{text} – Fafi"), encoding="cp1252"))
    assert counted(counts) == GED_COUNTS
    assert counts.import_log.noted["the file is not in UTF-8 and was read as Windows-1252"] == 6


def test_rows_with_other_cells_than_the_heading(tmp_path):
    rows = [GED_ROWS[0], GED_ROWS[1][:-1], (*GED_ROWS[2], "stray"), *GED_ROWS[3:]]
    counts = read(written(tmp_path / "ged.csv", GED, rows))
    assert set(counted(counts)) == {("2019-03", "mandera"), ("2019-02", "gedo"), ("2019-12", "banadir")}
    assert counts.import_log.dropped["with fewer cells than the heading"] == 1
    assert counts.import_log.dropped["with more cells than the heading"] == 1
    assert counts.import_log.examples["with more cells than the heading"] == ["line 4"]


def test_a_workbook(tmp_path):
    """The sheet whose columns are known, with dates and numbers as a spreadsheet has them."""
    book = openpyxl.Workbook()
    book.active.append(["Terms of use", "see the site"])
    sheet = book.create_sheet("Data")
    sheet.append(GED)
    for row in GED_ROWS:
        numbers = {4: int, 7: float, 8: float, 10: datetime.datetime.fromisoformat, 11: day, 12: int}
        sheet.append([numbers.get(index, str)(cell) or None for index, cell in enumerate(row)])
    book.save(tmp_path / "events.xlsx")
    counts = read(tmp_path / "events.xlsx")
    assert counted(counts) == GED_COUNTS | {("2019-05", "garissa"): (1, 0)}
    assert counts.import_log.noted["the sheet 'Data' of the workbook was read"] == 6


def test_a_workbook_that_says_it_is_a_single_cell(tmp_path):
    """Some programs write a wrong size into a sheet; trailing cells may be missing."""
    book = openpyxl.Workbook()
    for row in (
        ("month", "zone", "events", "deaths"),
        ("2020-01", "lamu", 3, 1),
        ("2020-02", "lamu", 2),
        ("2020-03", "lamu", 1),
    ):
        book.active.append(row)
    book.save(tmp_path / "right.xlsx")
    with zipfile.ZipFile(tmp_path / "right.xlsx") as right, zipfile.ZipFile(tmp_path / "wrong.xlsx", "w") as wrong:
        for name in right.namelist():
            text = right.read(name)
            assert (b'ref="A1:D4"' in text) is name.endswith("sheet1.xml")
            wrong.writestr(name, text.replace(b'ref="A1:D4"', b'ref="A1"'))
    counts = read(tmp_path / "wrong.xlsx")
    assert counts.events.tolist() == [[3], [2], [1]]
    assert counts.deaths[0] == 1
    assert np.isnan(counts.deaths[1:]).all()


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (b"\x1f\x8b\x08", "compressed with gzip"),
        (b"\xd0\xcf\x11\xe0", "workbook of an old kind"),
        (b"PAR1", "is a Parquet file"),
        (b'{"status": 200}', "is JSON"),
        (b"\n<!DOCTYPE html>", "is a page or XML"),
    ],
)
def test_files_that_are_no_text(tmp_path, start, sentence):
    (tmp_path / "ged.csv").write_bytes(start)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "ged.csv")


def test_archives(tmp_path):
    with zipfile.ZipFile(tmp_path / "ged241-csv.zip", "w") as archive:
        archive.writestr("GEDEvent_v24_1.csv", "id\n")
    with pytest.raises(InputError, match="is a ZIP file; unpack it"):
        read(tmp_path / "ged241-csv.zip")
    with zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read(tmp_path / "broken.xlsx")


def test_names_of_rows_as_r_writes_them(tmp_path):
    """`write.table` gives the rows one cell more than the heading, `write.csv` an empty heading."""
    rows = [(str(k), *row) for k, row in enumerate(GED_ROWS)]
    for heading in (GED, ("", *GED)):
        counts = read(written(tmp_path / "ged.csv", heading, rows))
        assert counted(counts) == GED_COUNTS


# --- Vintages ---


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("GEDEvent_v24_1.csv", "24.1"),
        ("GEDEvent_v25_0_12.csv", "25.0.12"),
        ("GEDEvent_v24_01_24_12.csv", "24.01.24.12"),
        ("ged50.csv", None),
        ("ucdp_ged171_kenya.csv", "17.1"),
        ("events.csv", None),
    ],
)
def test_the_name_of_a_file_may_tell_the_release(tmp_path, name, version):
    assert read(ged(tmp_path).rename(tmp_path / name)).about["version"] == version


def test_events_of_candidate_releases_that_are_not_cleared_are_told(tmp_path):
    rows = [(*row, "Clear" if row[0] != "3" else "Check actor") for row in GED_ROWS]
    counts = read(written(tmp_path / "ged.csv", [*GED, "code_status"], rows))
    assert counted(counts) == GED_COUNTS
    assert counts.import_log.noted["not cleared by its source yet, and counted"] == 1


def test_ged_of_former_releases(tmp_path):
    heading = [{"best": "best_est", "adm_1": "ADM1"}.get(name, name) for name in GED]
    assert counted(read(ged(tmp_path, heading=heading))) == GED_COUNTS


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("6", set()),
        ("6.0", set()),
        (" 07", set()),
        ("4.0", {"mandera"}),  # by its name
        ("1", {"lower_juba"}),  # by its point
        ("", {"lower_juba"}),
        ("9", {"mandera"}),
        ("exact", {"mandera"}),
    ],
)
def test_codes_of_precision_are_read_as_numbers(tmp_path, code, zones):
    """An event without a country whose point lies in Lower Juba; its name is that of Mandera, if it has any."""
    name = "Mandera" if zones else ""
    row = ("1", "2019", KENYA, SHABAAB, code, name, "", "-0.36", "42.5", "", "2019-03-04", "2019-03-04", "2")
    placed = ("2", "2019", KENYA, SHABAAB, "1", "Lamu", "", "-2.2", "40.9", "Kenya", "2019-03-31", "2019-03-31", "1")
    counts = read(written(tmp_path / "ged.csv", GED, [row, placed]))
    found = {zone for (_, zone) in counted(counts)} - {"lamu"}
    assert found == (zones & set(counts.zones))
    told = "with a code of precision that the data set does not have: placed by name only"
    assert counts.import_log.noted[told] == (code in ("9", "exact"))


ACLED = ("event_id_cnty", "event_date", "event_type", "actor1", "actor2", "country", "admin1", "latitude", "longitude",
         "geo_precision", "fatalities")  # fmt: skip


def acled(kind: str, number: int = 1, actor: str = "Al Shabaab", date: str = "2019-03-04") -> tuple[str, ...]:
    return (f"SOM{number}", date, kind, actor, "Police", "Somalia", "Gedo", "3.80", "42.54", "1", "2")


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("Battle-No change of territory", 1),
        ("Battle-Government regains territory", 1),
        ("Battle-Non-state actor overtakes territory", 1),
        ("Remote violence", 1),
        ("Battles", 1),
        ("BATTLES ", 1),
        ("Explosions/Remote violence", 1),
        ("Violence against civilians", 1),
        ("Strategic development", 0),
        ("Strategic developments", 0),
        ("Headquarters or base established", 0),
        ("Non-violent transfer of territory", 0),
        ("Riots/Protests", 0),
    ],
)
def test_event_types_of_acled_before_and_since_2019(tmp_path, kind, events):
    counts = read(written(tmp_path / "acled.csv", ACLED, [acled(kind), acled("Battles", 2)]))
    assert counted(counts) == {("2019-03", "gedo"): (1 + events, 2 + 2 * events)}
    assert counts.import_log.dropped == ({} if events else {f"not violent: {kind.lower()}": 1})


def test_headings_of_acled_in_its_first_releases(tmp_path):
    heading = [name.upper().replace("GEO_PRECISION", "GEO_PRECIS") for name in ACLED]
    assert counted(read(written(tmp_path / "acled.csv", heading, [acled("Remote violence")]))) == {
        ("2019-03", "gedo"): (1, 2)
    }


def test_every_release_has_the_fields_that_are_needed():
    for dialect in (*dialects.EVENTS, *dialects.PANELS):
        names = [name for columns in dialect.required.values() for name in columns]
        assert len(names) == len(set(names)), dialect.name
        assert all(cells.column_name(name) == name for name in names)


# --- Deaths ---


@pytest.mark.parametrize(
    ("text", "deaths", "remark"),
    [
        ("1,205", 1205, ""),
        ("1 205", 1205, ""),
        ("3.0", 3, ""),
        ("3,0", 3, ""),
        ("1e+05", 100000, ""),
        ("", 0, "without a number of deaths: the event counts, with no death"),
        ("NA", 0, "without a number of deaths: the event counts, with no death"),
        ("12 or more", 0, "deaths are no whole number from 0 up: the event counts, with no death"),
        ("-3", 0, "deaths are no whole number from 0 up: the event counts, with no death"),
        ("2.7", 0, "deaths are no whole number from 0 up: the event counts, with no death"),
        ("1_0", 0, "deaths are no whole number from 0 up: the event counts, with no death"),
        ("inf", 0, "deaths are no whole number from 0 up: the event counts, with no death"),
    ],
)
def test_deaths_that_cannot_be_read_are_told(tmp_path, text, deaths, remark):
    counts = read(ged(tmp_path, lambda row: row | {"best": text if row["id"] == "1" else row["best"]}))
    assert counted(counts)["2019-03", "mandera"] == (1, deaths)
    assert {what for what in counts.import_log.noted if "death" in what} == ({remark} if remark else set())
    if remark:
        assert counts.import_log.noted[remark] == 1
        assert counts.import_log.examples[remark] == ["1" if remark.startswith("without") else f"1: {text}"]


# --- Dates ---


def dates_of(*texts, **request) -> list[str]:
    read = dates.read_dates(texts, **request)
    return [str(read.by_text[text]) for text in texts]


def test_one_order_for_a_file():
    assert dates_of("1/12/2019", "2/13/2019") == ["2019-01-12", "2019-02-13"]
    assert dates_of("1/12/2019", "13/2/2019") == ["2019-12-01", "2019-02-13"]
    assert dates_of("1.12.2019") == ["2019-12-01"]
    assert dates_of("1/12/2019", stated="month_first") == ["2019-01-12"]
    assert dates_of("1-12-19", stated="day_first") == ["2019-12-01"]
    assert dates.read_dates(["1/12/2019", "2/13/2019"]).remarks == [
        "dates are written with the month first, as 2/13/2019 tells"
    ]


@pytest.mark.parametrize(
    ("texts", "request_", "sentence"),
    [
        (
            ["1/12/2019", "2/11/2019"],
            {},
            "'1/12/2019' do not tell day from month.*say dates=day_first or dates=month_first",
        ),
        (["13/2/2019", "2/13/2019"], {}, "dates are in both orders, '13/2/2019' and '2/13/2019'"),
        (["13/2/2019"], {"stated": "month_first"}, "dates=month_first was said, but '13/2/2019' has the day first"),
        (["18300"], {}, "numbers of days.*say dates=stata or dates=r"),
    ],
)
def test_dates_that_cannot_be_told(texts, request_, sentence):
    with pytest.raises(InputError, match=sentence):
        dates.read_dates(texts, **request_)


def test_numbers_of_days_are_told_by_their_years():
    assert dates_of("43528") == ["2019-03-04"]
    assert dates_of("21612") == ["2019-03-04"]  # as R counts them, 2029
    assert dates_of("17959", years={2019}) == ["2019-03-04"]
    assert dates_of("17959", stated="r") == ["2019-03-04"]


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2025, 12, 31)))
def test_a_date_is_read_as_it_was_written(when):
    for form in (
        "%Y-%m-%d",
        "%Y-%m-%d 00:00:00.000",
        "%Y/%m/%d",
        "%Y%m%d",
        "%d %B %Y",
        "%d-%b-%Y",
        "%d%b%Y",
        "%d-%b-%y",
    ):
        assert dates_of(when.strftime(form)) == [str(when)]
    for order, form in (("day_first", "%d/%m/%Y"), ("month_first", "%m/%d/%Y")):
        assert dates_of(when.strftime(form), stated=order) == [str(when)]


@pytest.mark.parametrize("text", ["mar2020", "2020 March", "Mar-20", "2020M03", "03/2020", "2020-03-31T00:00"])
def test_more_months(text):
    assert str(dates.parse_month(text)) == "2020-03"


def test_months_by_their_first_days_tell_the_order():
    months, _ = dates.read_months(["1/3/2020", "1/4/2020"])
    assert [str(month) for month in months.values()] == ["2020-03", "2020-04"]
    months, _ = dates.read_months(["3/1/2020", "4/1/2020"])
    assert [str(month) for month in months.values()] == ["2020-03", "2020-04"]


def test_an_unknown_form_of_dates_is_named(tmp_path):
    with pytest.raises(
        InputError, match="date_start: 'week 9 of 2019' is in no known form of dates; known: 2019-03-04"
    ):
        read(ged(tmp_path, in_every_date(lambda text: "week 9 of 2019")))


def test_the_user_says_how_dates_are_written(tmp_path):
    path = ged(tmp_path, in_every_date(lambda text: f"{day(text).replace(day=5):%-m/%-d/%Y}"))
    with pytest.raises(InputError, match="say dates=day_first or dates=month_first to atmis data import"):
        read(path)
    assert counted(read(path, dates="month_first")) == GED_COUNTS
    assert {month for month, _ in counted(read(path, dates="day_first"))} == {"2019-05"}


# --- Actors ---


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("Al-Shabaab", True),
        ("Harakat al-Shabab al-Mujahideen", True),
        ("AL SHABAAB", True),
        ("Alshabaab", True),
        ("Islamist Militia (Al Shabaab)", True),
        ("Militia (Anti-Al Shabaab)", False),
        ("Anti Al-Shabaab Militia", False),
        ("Former Al Shabaab", False),
        ("AntiAlShabaab", False),
        ("Al-Shabaabiya", False),
        ("Civilians", False),
        ("حركة الشباب", False),
    ],
)
def test_names_of_an_actor(name, matches):
    assert (name in actors.match_names([name], "Al-Shabaab").matched) is matches


def test_whole_words_of_a_name_are_enough():
    assert actors.match_names(["Military Forces of Kenya (2013-)"], "Kenya").matched
    assert actors.match_names(["حركة الشباب المجاهدين"], "الشباب").matched
    assert not actors.match_names(["Kenyans"], "Kenya").matched


def test_names_are_listed_in_the_account(tmp_path):
    rows = [acled("Battles", 1), acled("Battles", 2, "Militia (Anti-Al Shabaab)"), acled("Battles", 3, "AL-SHABAB")]
    counts = read(written(tmp_path / "acled.csv", ACLED, rows))
    assert counted(counts) == {("2019-03", "gedo"): (2, 4)}
    assert {what: rows for what, rows in counts.import_log.noted.items() if "name " in what} == {
        "name taken for the actor: Al Shabaab": 1,
        "name taken for the actor: AL-SHABAB": 1,
        "name of another actor: Militia (Anti-Al Shabaab)": 1,
    }


@pytest.mark.parametrize(
    ("actor", "sentence"), [("حركة الشباب", "no party is called"), ("!?", "has no letter"), ("", "has no letter")]
)
def test_an_actor_of_no_party_is_refused(tmp_path, actor, sentence):
    with pytest.raises(InputError, match=f"actor: .*{sentence}"):
        read(ged(tmp_path), actor=actor)


# --- Months of recording ---


def dated(tmp_path, *days) -> Path:
    rows = [(str(k), "", KENYA, SHABAAB, "1", "Mandera county", "", "3.93", "41.85", "Kenya", when, when, "1")
            for k, when in enumerate(days)]  # fmt: skip
    return written(tmp_path / "ged.csv", GED, rows)


def months_of(counts) -> list[str]:
    return [str(month) for month in counts.months[[0, -1]]]


def test_a_month_that_the_file_holds_in_part_is_left_out_and_told(tmp_path):
    path = dated(tmp_path, "2022-01-05", "2022-01-20", "2022-02-07", "2022-02-23", "2022-03-03")
    counts = read(path)
    assert months_of(counts) == ["2022-01", "2022-02"]
    assert counts.import_log.dropped == {"outside the months of recording": 1}
    told = "the last date is 2022-03-03, so 2022-03 holds 3 days of 31 and is left out; end=2022-03 keeps it"
    assert told in counts.import_log.noted
    counts = read(path, recorded=(None, np.datetime64("2022-03")))
    assert months_of(counts) == ["2022-01", "2022-03"]
    assert counts.import_log.dropped == {}


def test_a_first_month_that_the_file_holds_in_part(tmp_path):
    counts = read(dated(tmp_path, "2022-01-28", "2022-02-03", "2022-02-11", "2022-02-18", "2022-02-25"))
    assert months_of(counts) == ["2022-02", "2022-02"]
    assert any("2022-01 holds 4 days of 31 and is left out; start=2022-01" in what for what in counts.import_log.noted)


def test_a_silence_as_usual_leaves_the_month_in(tmp_path):
    counts = read(dated(tmp_path, "2022-01-01", "2022-02-01", "2022-03-10"))
    assert months_of(counts) == ["2022-01", "2022-03"]
    assert any("2022-03 holds 10 days of 31 and counts as a whole" in what for what in counts.import_log.noted)


@pytest.mark.parametrize("stray", ["1970-01-01", "2017-06-01", "2025-06-01", "2099-12-31", "9999-12-31"])
def test_a_date_far_from_all_others_does_not_stretch_the_record(tmp_path, stray):
    days = [f"{year}-{month:02d}-{number}" for year in (2020, 2021) for month in range(1, 13) for number in (10, 28)]
    counts = read(dated(tmp_path, *days, stray))
    assert months_of(counts) == ["2020-01", "2021-12"]
    assert counts.events.sum() == 48
    assert counts.import_log.dropped.total() == 1


def test_far_dates_by_hand():
    days = np.datetime64("2020-01-01") + np.arange(0, 400, 10)
    lone = np.array(["2010-01-01"], dtype="datetime64[D]")
    assert (recording.without_far_dates(np.sort(np.concatenate([lone, days]))) == days).all()
    few = np.sort(np.concatenate([lone, days[:10]]))
    assert len(recording.without_far_dates(few)) == 11


# --- Panels ---


def test_monthly_counts_of_hdx(tmp_path):
    heading = (
        "Country",
        "Admin1",
        "Admin2",
        "ISO3",
        "Admin2 Pcode",
        "Admin1 Pcode",
        "Month",
        "Year",
        "Events",
        "Fatalities",
    )
    rows = [
        ("Kenya", "Mandera", "Mandera East", "KEN", "", "", "March", "2019", "1", "2"),
        ("Kenya", "Mandera", "Mandera East", "KEN", "", "", "April", "2019", "0", "0"),
        ("Kenya", "Garissa", "Fafi", "KEN", "", "", "March", "2019", "2", "1"),
        ("Kenya", "Garissa", "Dadaab", "KEN", "", "", "March", "2019.0", "1", "0"),
        ("Kenya", "Kwale", "Kinango", "KEN", "", "", "March", "2019", "1", "0"),
        ("Uganda", "Gulu", "Gulu", "UGA", "", "", "March", "2019", "1", "0"),
    ]
    counts = read(written(tmp_path / "hdx.csv", heading, rows))
    assert counted(counts) == {("2019-03", "mandera"): (1, 2), ("2019-03", "garissa"): (3, 1)}
    assert counts.events[1, counts.zones.index("mandera")] == 0
    assert np.isnan(counts.events[1, counts.zones.index("garissa")])
    assert counts.import_log.dropped == {"of what is no zone of the theatre": 1, "in another country": 1}
    assert counts.about["format"] == "monthly counts of HDX"
    assert any(what.startswith("the table does not say whose events") for what in counts.import_log.noted)
    numbered = [(*row[:6], {"March": 3, "April": 4}[row[6]], *row[7:]) for row in rows]
    assert counted(read(written(tmp_path / "hdx.csv", heading, numbered))) == counted(counts)
    dotted = [name.replace(" ", ".") for name in heading]  # as R writes them
    assert counted(read(written(tmp_path / "hdx.csv", dotted, rows))) == counted(counts)


def test_conflict_events_of_hdx_hapi_count_once(tmp_path):
    heading = ("location_code", "provider_admin1_name", "admin_level", "event_type", "events", "fatalities",
               "reference_period_start")  # fmt: skip
    rows = [
        ("#country+code", "#adm1+name", "#meta", "#event+type", "#event+num", "#affected", "#date+start"),
        ("SOM", "Gedo", "2", "political_violence", "2", "3", "2020-01-01 00:00:00"),
        ("SOM", "Gedo", "2", "political_violence", "1", "0", "2020-01-01 00:00:00"),
        ("SOM", "Gedo", "2", "civilian_targeting", "1", "0", "2020-01-01 00:00:00"),
        ("SOM", "Gedo", "2", "demonstration", "5", "0", "2020-01-01 00:00:00"),
        ("SOM", "Gedo", "1", "political_violence", "3", "3", "2020-01-01 00:00:00"),
    ]
    counts = read(written(tmp_path / "hapi.csv", heading, rows))
    assert counted(counts) == {("2020-01", "gedo"): (3, 3)}
    assert counts.import_log.dropped == {"HXL tags": 1, "of another type": 2, "of another level": 1}


def test_weekly_counts_are_refused(tmp_path):
    heading = ("WEEK", "REGION", "COUNTRY", "ADMIN1", "EVENT_TYPE", "EVENTS", "FATALITIES")
    with pytest.raises(InputError, match="weekly counts of ACLED: counts by week cannot be divided into months"):
        read(written(tmp_path / "weekly.csv", heading, []))


def test_a_panel_by_region_with_year_and_month(tmp_path):
    heading = ("region", "year", "month", "attacks", "fatalities")
    rows = [("Gedo", "2019", "3", "2", "1,205"), ("Lower Juba", "2019", "4", "1", "NA")]
    counts = read(written(tmp_path / "panel.csv", heading, rows))
    assert counted(counts) == {("2019-03", "gedo"): (2, 1205), ("2019-04", "lower_juba"): (1, 0)}
    assert np.isnan(counts.deaths[1, counts.zones.index("lower_juba")])


# --- Every row has one line ---

WORDS = (
    "NA 1 6.0 Al-Shabaab Anti-Al-Shabaab Kenya KEN Uganda Mandera Gedo 3.93 41.85 99 2019-03-04 13/2/2019 9999-01-01"
)
TEXTS = st.sampled_from(["", *WORDS.split()])


@given(st.lists(st.lists(TEXTS, min_size=11, max_size=15), min_size=1, max_size=12))
def test_every_row_ends_in_one_line(tmp_path_factory, rows):
    path = written(tmp_path_factory.mktemp("rows") / "ged.csv", GED, [*GED_ROWS, *rows])
    counts = read(path)
    assert counts.import_log.read == 6 + len(rows)
    assert counts.import_log.kept == np.nansum(counts.events)


# --- The command ---


def test_import_tells_what_became_of_every_row(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ged(tmp_path)
    result = cli.call("data", "import", "ged.csv")
    assert (result.code, result.err) == (0, "")
    assert "What became of the 6 rows of ged.csv (UCDP GED)" in result.out
    assert re.search(r"kept +4 +placed by coordinates and name", result.out)
    assert re.search(r"left out +1 +known by country only +5", result.out)
    assert re.search(r"remark +6 +name taken for the actor: Al-Shabaab", result.out)
    result = cli.call("data", "import", "ged.csv", "dates=dayfirst")
    assert (result.code, "dates: 'dayfirst' is unknown; did you mean 'day_first'?" in result.err) == (2, True)


def test_a_large_file_tells_its_progress(tmp_path, monkeypatch):
    """Where there is no terminal, a line for each quarter."""
    from atmis.experiments import import_account

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(import_account, "_LARGE", 1)
    ged(tmp_path)
    assert cli.call("data", "import", "ged.csv").err == "atmis: read 100 % of ged.csv\n"
