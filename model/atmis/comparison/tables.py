"""Rows of results as Arrow tables: a column for each field, with its unit and what it is."""

import types
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

_KINDS = {str: pa.string(), int: pa.int64(), float: pa.float64(), date: pa.date32(), bool: pa.bool_()}


def column(unit: str, what: str) -> dict[str, str]:
    """Metadata of a field of a row: its unit and what it is."""
    return {"unit": unit, "what": what}


def table(rows: Sequence[Any], kind: type | None = None) -> pa.Table:
    """Rows of one dataclass as a table; `kind` tells which when there may be none. None becomes null."""
    kind = kind or type(rows[0])
    schema = pa.schema(_fields(kind))
    columns = [pa.array([getattr(row, name) for row in rows], schema.field(name).type) for name in schema.names]
    return pa.table(columns, schema=schema)


def _fields(kind: type) -> list[pa.Field]:
    hints = get_type_hints(kind)
    return [pa.field(one.name, _arrow(hints[one.name]), metadata=dict(one.metadata)) for one in fields(kind)]


def _arrow(hint: Any) -> pa.DataType:
    """The Arrow type of a type hint: X, X | None, or Literal of texts."""
    if get_origin(hint) is Literal:
        return pa.string()
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
        return _arrow(hint)
    return _KINDS[hint]
