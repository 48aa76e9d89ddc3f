"""Where events took place, as their source says: country, areas, a point, and how precise it is."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from atmis.analysis.observed.cells import is_missing, parse_count, parse_degrees
from atmis.analysis.observed.dialects import EventDialect
from atmis.analysis.observed.import_log import OpenRows
from atmis.analysis.observed.places import Location, Precision
from atmis.analysis.observed.table import Column, joint_codes
from atmis.kernel.arrays import AnyArray, Bools, Floats, Ints

_AREAS = ("area_1", "area_2", "area_3")


@dataclass(frozen=True)
class Locations:
    """The K distinct locations of N events; each is made when it is asked for, as a file may have a million."""

    index: AnyArray  # [N] the location of each event; 0 for rows that are not open
    rows: Ints  # [K] an event at each location
    columns: Mapping[str, Column]
    dialect: EventDialect

    def __iter__(self) -> Iterator[Location]:
        """Each location once, in the order of `index`."""
        return map(self.of, self.rows)

    def points(self) -> Floats:
        """Latitude and longitude of each location [K, 2]; NaN where not known."""
        read = {"latitude": _latitude, "longitude": _longitude}
        columns = [self.columns[name]._replace(codes=self.columns[name].codes[self.rows]) for name in read]
        return np.column_stack([column.map(parse, float) for column, parse in zip(columns, read.values(), strict=True)])

    def of(self, row: int) -> Location:
        """The location of an event."""
        texts = {name: column.text(row) for name, column in self.columns.items()}
        names = tuple(texts[area] for area in _AREAS if not is_missing(texts.get(area, "")))
        point = _latitude(texts["latitude"]), _longitude(texts["longitude"])
        country = "" if is_missing(texts["country"]) else texts["country"]
        precision = _precision(texts.get("precision", ""), self.dialect)
        return Location(country, names, None if np.isnan(point).any() else point, precision)


def read_locations(rows: OpenRows, fields: Mapping[str, Column], dialect: EventDialect) -> Locations:
    """The locations of the rows that are open; remarks on codes of precision that are none."""
    names = ["country", "latitude", "longitude", *(name for name in ("precision", *_AREAS) if name in fields)]
    opened = np.flatnonzero(rows.mask)
    joint = joint_codes(fields[name].codes[opened] for name in names)
    _, first = np.unique(joint, return_index=True)
    index = np.zeros(len(rows.mask), dtype=np.int32)
    index[opened] = joint
    if "precision" in fields:
        column = fields["precision"]
        rows.note(column.map(is_missing, bool), "without a code of precision: taken for precise")
        unknown = column.map(lambda text: not is_missing(text) and parse_count(text) not in dialect.precision, bool)
        with rows.described_by(column.text):
            rows.note(unknown, "with a code of precision that the data set does not have: placed by name only")
    return Locations(index, opened[first], {name: fields[name] for name in names}, dialect)


def fine_rows(fields: Mapping[str, Column], dialect: EventDialect) -> Bools:
    """Whether the point of each row [N] is that of the place itself."""
    some = fields.get("precision")
    if some is None:
        return np.ones(len(fields["country"].codes), dtype=bool)
    return some.map(lambda text: _precision(text, dialect) == "fine", bool)


def _latitude(text: str) -> float:
    """A latitude in degrees; NaN where there is none."""
    degrees = parse_degrees(text, 90)
    return math.nan if degrees is None else degrees


def _longitude(text: str) -> float:
    """A longitude in degrees; NaN where there is none."""
    degrees = parse_degrees(text, 180)
    return math.nan if degrees is None else degrees


def _precision(code: str, dialect: EventDialect) -> Precision:
    """What a code such as 6, 6.0 or 06 stands for: no code for the place itself, an unknown one for an area."""
    number = parse_count(code)
    if number is None:
        return "fine" if is_missing(code) else "coarse"
    return dialect.precision.get(number, "coarse")
