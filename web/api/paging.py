"""The shape of every list: some items and the cursor of the next page."""

from collections.abc import Sequence
from typing import Annotated, Generic, Protocol, TypeVar

from fastapi import Query
from pydantic import BaseModel

from web.forms import row_id

T = TypeVar("T")
MOST = 200


class Listing(BaseModel, Generic[T]):
    """One page. `next` goes into `after` of the next request; null at the end."""

    items: list[T]
    next: str | None = None


class Numbered(Protocol):
    """What a list that is ordered by id holds."""

    @property
    def id(self) -> int: ...


After = Annotated[str | None, Query(description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


def after_id(after: str | None) -> int | None:
    """The id in the cursor of a list that is ordered by id."""
    return row_id(after or "")


def id_behind(rows: Sequence[Numbered], limit: int) -> str | None:
    """The cursor of the page behind these, of a list that is ordered by id; None at the end."""
    return str(rows[-1].id) if len(rows) == limit else None
