"""By which columns a list is sorted: what the heads of its columns link to, and what its filter offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.access.viewer import Viewer
from crm.records.repository.sorting import ORDERS, order_for
from crm.records.views import Order
from storage.models import RecordType

UP_AND_DOWN: Mapping[str, tuple[Order, Order]] = {
    "name": (Order.NAME, Order.NAME_DOWN),
    "title": (Order.NAME, Order.NAME_DOWN),
    "created_at": (Order.OLDEST, Order.NEWEST),
    "responsible_id": (Order.RESPONSIBLE, Order.RESPONSIBLE_DOWN),
    "stage": (Order.STAGE, Order.STAGE_DOWN),
    "amount": (Order.AMOUNT, Order.AMOUNT_DOWN),
    "closes_on": (Order.CLOSES_ON, Order.CLOSES_ON_DOWN),
    "updated_at": (Order.UPDATED_AT, Order.UPDATED_AT_DOWN),
}
"""By a column, first its smallest or its largest."""
LARGEST_FIRST = ("created_at", "amount", "updated_at")
"""Columns of which one looks for the largest: the first touch of their head begins with it."""
LABELS: Mapping[Order, str] = {
    Order.NEWEST: "newest first",
    Order.OLDEST: "oldest first",
    Order.NAME: "by name",
    Order.NAME_DOWN: "by name, from Z to A",
    Order.RESPONSIBLE: "by responsible person",
    Order.RESPONSIBLE_DOWN: "by responsible person, nobody first",
    Order.STAGE: "by stage",
    Order.STAGE_DOWN: "by stage, last stage first",
    Order.AMOUNT: "smallest amount first",
    Order.AMOUNT_DOWN: "largest amount first",
    Order.CLOSES_ON: "expected soonest first",
    Order.CLOSES_ON_DOWN: "expected latest first",
    Order.UPDATED_AT: "longest unchanged first",
    Order.UPDATED_AT_DOWN: "last changed first",
}


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a list is sorted, and how it can be."""

    now: Order
    possible: tuple[tuple[Order, str], ...]

    def by(self, column: str) -> Order | None:
        """What touching the head of a column asks for; None where the list is not sorted by that."""
        ways = UP_AND_DOWN.get(column)
        if ways is None or ways[0] not in dict(self.possible):
            return None
        up, down = reversed(ways) if column in LARGEST_FIRST else ways
        return down if self.now is up else up

    def words(self, order: Order) -> str:
        """What an order is called."""
        return LABELS[order]

    def direction(self, column: str) -> str:
        """`ascending` or `descending` for the column that the list is sorted by, else nothing."""
        up, down = UP_AND_DOWN.get(column, (None, None))
        return "ascending" if self.now is up else "descending" if self.now is down else ""


def sorting_of(viewer: Viewer, kind: RecordType, wanted: Order) -> Sorting:
    """The order that a list has and all that the viewer can choose."""
    return Sorting(order_for(viewer, kind, wanted), _possible(viewer, ORDERS[kind], kind))


def _possible(viewer: Viewer, orders: Sequence[Order], kind: RecordType) -> tuple[tuple[Order, str], ...]:
    return tuple((order, LABELS[order]) for order in orders if order_for(viewer, kind, order) is order)
