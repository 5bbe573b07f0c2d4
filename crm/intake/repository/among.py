"""`column IN (many values)` as one parameter, so that statements stay the same (and cached) for any number of values."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, any_, bindparam, func, select

from storage.sessions import WriteSession


def among(session: WriteSession, column: Any, values: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """A condition that holds where `column` (integers or text) is one of `values`."""
    if session.on_postgresql:
        kind = BigInteger() if values and isinstance(next(iter(values)), int) else Text()
        array: ColumnElement[bool] = column == any_(bindparam(None, list(values), ARRAY(kind)))
        return array
    each = func.json_each(bindparam(None, json.dumps(list(values)), Text())).table_valued("value")
    condition: ColumnElement[bool] = column.in_(select(each.c.value))
    return condition
