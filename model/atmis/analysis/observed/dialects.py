"""The dialects of data sets, as one table: what their releases call their columns, and what their codes mean.

A field of a dialect has every name that any release gives it, in small letters and without signs (`column_name`); the
first is the usual one. What a code or type stands for is said here too. No other module knows a data set by its name.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from atmis.analysis.observed.names import normalise
from atmis.analysis.observed.places import Precision

_UCDP_TERMS = (
    "CC BY 4.0",
    "Davies, Engström, Pettersson & Öberg 2024 and Sundberg & Melander 2013, or as the release says",
)
_ACLED_TERMS = ("rows may not be redistributed; see the terms of use of ACLED", "as the terms of use of ACLED say")
_NO_TERMS = ("not known", "not known")

Names = Mapping[str, tuple[str, ...]]  # of columns, by field
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class EventDialect(NamedTuple):
    """A data set of single events."""

    name: str
    required: Names  # key, start, country, latitude, longitude, party_a, party_b, deaths; type where events have one
    optional: Names  # end, status, precision, year, and areas area_1, area_2, area_3 from the largest on
    precision: Mapping[int, Precision]  # of the place, by its code
    violent: frozenset[str]  # the types that count, normalised; empty where all do
    licence: str
    citation: str


class PanelDialect(NamedTuple):
    """A table of counts by month and area."""

    name: str
    kind: Literal["zone", "country"]  # of its areas
    required: Names  # month and area; events or deaths
    optional: Names = _NOTHING
    only: Mapping[str, frozenset[str]] = _NOTHING  # values that count, by field, normalised
    summed: bool = False  # rows are of parts of an area
    remark: str = ""
    licence: str = _NO_TERMS[0]
    citation: str = _NO_TERMS[1]


def _normalised(*names: str) -> frozenset[str]:
    return frozenset(map(normalise, names))


# UCDP GED. Releases 1.0 to 5.0 and 17.1 write best_est; shapefiles cut names to ten letters; some extracts write adm1.
UCDP_GED = EventDialect(
    "UCDP GED",
    required={
        "key": ("id", "event_id"),
        "party_a": ("side_a",),
        "party_b": ("side_b",),
        "start": ("date_start",),
        "country": ("country",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "deaths": ("best", "best_est"),
    },
    optional={
        "end": ("date_end",),
        "year": ("year",),
        "status": ("code_status",),
        "precision": ("where_prec", "where_precision"),
        "area_1": ("adm_1", "adm1"),
        "area_2": ("county_assigned",),
        "area_3": ("adm_2", "adm2"),
    },
    # 1 the place, 2 within 25 km, 3 the district; 4 the region, 5 a line such as a border; 6 the country, 7 beyond it
    precision={1: "fine", 2: "fine", 3: "fine", 4: "coarse", 5: "coarse", 6: "country", 7: "country"},
    violent=frozenset(),
    licence=_UCDP_TERMS[0],
    citation=_UCDP_TERMS[1],
)

# ACLED. Types were merged in March 2019: the last line of them is of releases since then.
ACLED = EventDialect(
    "ACLED",
    required={
        "key": ("event_id_cnty", "data_id", "event_id_no_cnty"),
        "start": ("event_date",),
        "type": ("event_type",),
        "party_a": ("actor1",),
        "party_b": ("actor2",),
        "country": ("country",),
        "latitude": ("latitude",),
        "longitude": ("longitude",),
        "deaths": ("fatalities",),
    },
    optional={
        "year": ("year",),
        "precision": ("geo_precision", "geo_precis", "geo_precisi", "geoprecision"),
        "area_1": ("admin1",),
        "area_2": ("admin2",),
        "area_3": ("admin3",),
    },
    precision={1: "fine", 2: "fine", 3: "coarse"},  # 1 the place, 2 near it, 3 the region
    violent=_normalised(
        "Battle-No change of territory", "Battle-Government regains territory", "Battle-Rebels overtake territory",
        "Battle-Non-state actor overtakes territory", "Remote violence",
        "Battles", "Explosions/Remote violence", "Violence against civilians",
    ),
    licence=_ACLED_TERMS[0],
    citation=_ACLED_TERMS[1],
)  # fmt: skip

EVENTS: Sequence[EventDialect] = (UCDP_GED, ACLED)

_MONTH = ("month", "month_start", "year_month", "yearmonth", "month_year", "period")
_REGION = ("admin1", "adm1", "adm_1", "admin_1", "admin1_name", "adm1_en", "adm1_name")
_DISTRICT = ("admin2", "adm2", "adm_2", "admin_2", "admin2_name", "adm2_en", "adm2_name")
_EVENTS = ("events", "event_count", "n_events", "attacks", "incidents")
_DEATHS = ("deaths", "fatalities", "deaths_best", "best")
_ALL_ACTORS = "the table does not say whose events these are: those of all actors are counted"

PANELS: Sequence[PanelDialect] = (
    PanelDialect(
        "UCDP country months",
        "country",
        required={"area": ("isocode",), "month": ("month",), "deaths": ("deaths_best_all_violence",)},
        licence=_UCDP_TERMS[0],
        citation=_UCDP_TERMS[1],
    ),
    # Rows of several levels hold the same events, and attacks on civilians are political violence too.
    PanelDialect(
        "HDX HAPI conflict events",
        "zone",
        required={
            "country": ("location_code",),
            "area": ("provider_admin1_name", "admin1_name"),
            "month": ("reference_period_start",),
            "type": ("event_type",),
            "level": ("admin_level",),
            "events": ("events",),
            "deaths": ("fatalities",),
        },
        only={"type": _normalised("political_violence"), "level": _normalised("2")},
        summed=True,
        remark=_ALL_ACTORS,
        licence=_ACLED_TERMS[0],
        citation=_ACLED_TERMS[1],
    ),
    PanelDialect(
        "monthly counts of HDX",
        "zone",
        required={
            "country": ("country", "iso3"),
            "area": _REGION,
            "district": _DISTRICT,
            "month": _MONTH,
            "events": _EVENTS,
            "deaths": _DEATHS,
        },
        optional={"year": ("year",)},
        summed=True,
        remark=_ALL_ACTORS,
        licence=_ACLED_TERMS[0],
        citation=_ACLED_TERMS[1],
    ),
    PanelDialect(
        "tidy zone months",
        "zone",
        required={"area": ("zone", *_REGION, "region", "county"), "month": _MONTH, "events": _EVENTS},
        optional={
            "year": ("year",),
            "country": ("country", "iso3", "isocode"),
            "deaths": _DEATHS,
            "lethal_events": ("lethal_events",),
        },
    ),
    PanelDialect(
        "tidy country months",
        "country",
        required={"area": ("country", "iso3", "isocode"), "month": _MONTH, "deaths": _DEATHS},
        optional={"year": ("year",), "events": _EVENTS, "lethal_events": ("lethal_events",)},
    ),
)

# Tables that no month can be counted from, and why.
REFUSED: Mapping[str, tuple[frozenset[str], str]] = {
    "weekly counts of ACLED": (
        frozenset(("week", "admin1", "event_type", "events")),
        "counts by week cannot be divided into months; ask the source for events or counts by month",
    ),
}


def find_columns(fields: Names, names: Sequence[str]) -> dict[str, str]:
    """The column of each field that a table with some names of columns has."""
    found = {field: [name for name in known if name in names] for field, known in fields.items()}
    return {field: hits[0] for field, hits in found.items() if hits}
