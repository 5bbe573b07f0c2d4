"""The shape of every list: some items and the cursor of the next page."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from web.forms import row_id

T = TypeVar("T")
MOST = 200


class Listing(BaseModel, Generic[T]):
    """One page. `next` goes into `after` of the next request; null at the end."""

    items: list[T]
    next: str | None = None


After = Annotated[str | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


def after_id(after: str | None) -> int | None:
    """The id in the cursor of a list that is ordered by id."""
    return row_id(after or "")
