"""The lines of a deal: read, and written all at once by whoever saw what stood there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from core.versions import version_of
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.access.viewer import Viewer
from crm.records.products.amounts import (
    DISCOUNT_UNIT,
    LARGEST_PRICE,
    QUANTITY_UNIT,
    line_total,
    stored_discount,
    stored_quantity,
    total,
)
from crm.records.products.catalogue import LONGEST, LONGEST_WORD
from crm.records.products.views import DealLines, LineView
from crm.records.repository import fields, reading, writing
from crm.records.repository import products as rows
from storage.models import Deal, DealLine, Product, RecordChange, RecordType
from storage.sessions import ReadSession, WriteSession

MOST_LINES = 200
AMOUNT = "amount"
"""The field that the lines are summed up to: whoever may not see or change it may not do so with them."""
ONE = Decimal(1)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be: a product of the catalogue, or a `name` of one's own.

    `price` in the smallest unit of the deal's currency; None takes the catalogue's. `discount` in percent.
    """

    product_id: int | None = None
    name: str = ""
    unit: str = ""
    quantity: Decimal = ONE
    price: int | None = None
    discount: Decimal = NOTHING


def deal_lines(session: ReadSession, viewer: Viewer, deal_id: int) -> DealLines:
    """What a deal is made of; nothing for whom its amount is hidden from. Raises `NotFound`."""
    deal = reading.deal(session, viewer, deal_id)
    if viewer.hides(RecordType.DEAL, AMOUNT):
        return DealLines((), 0, deal.currency, "")
    lines = rows.lines_of(session, deal_id)
    shown = tuple(
        LineView(
            line.product_id,
            line.name,
            line.unit,
            Decimal(line.quantity) / QUANTITY_UNIT,
            line.price,
            Decimal(line.discount) / DISCOUNT_UNIT,
            line_total(line),
        )
        for line in lines
    )
    return DealLines(shown, sum(line.total for line in shown), deal.currency, _version(lines))


def put_lines(
    session: WriteSession, viewer: Viewer, deal_id: int, new: Sequence[NewLine], *, version: str | None = None
) -> int:
    """Let these be the lines of a deal, and their sum its amount; the amount.

    With the `version` of what was seen, lines that somebody else changed meanwhile are not overwritten: `Conflict`.
    Raises `Forbidden`, `NotFound`, and `UsageError` for a line that can not be, with its number.
    """
    viewer.require_write()
    require(session, viewer, Act.EDIT, (RecordType.DEAL, deal_id))
    if not viewer.may_edit_field(RecordType.DEAL, AMOUNT):
        raise Forbidden("Your role does not let you change the amount of a deal, which its products are summed up to.")
    deal = writing.deal_for_change(session, deal_id)
    before = rows.lines_of(session, deal_id)
    if version is not None and version != _version(before):
        raise Conflict(
            "Somebody else changed the products of this deal meanwhile: look at them again, then write yours."
        )
    if len(new) > MOST_LINES:
        raise UsageError(f"A deal has {MOST_LINES} lines at most.")
    lines = _lines(session, deal, new)
    amount = total(lines) if lines else deal.amount
    if _content(lines) == _content(before):
        return deal.amount
    rows.replace_lines(session, deal_id, lines)
    if amount != deal.amount:
        _note(session, viewer, deal, amount)
    deal.amount, deal.updated_at = amount, utcnow()
    return amount


def _lines(session: WriteSession, deal: Deal, new: Sequence[NewLine]) -> list[DealLine]:
    known = rows.known_products(session, [one.product_id for one in new if one.product_id is not None])
    lines = []
    for position, one in enumerate(new):
        try:
            lines.append(_line(deal, position, one, known))
        except UsageError as error:
            raise UsageError(f"Line {position + 1}: {error}") from None
    return lines


def _line(deal: Deal, position: int, new: NewLine, known: Mapping[int, Product]) -> DealLine:
    product = known.get(new.product_id) if new.product_id is not None else None
    if new.product_id is not None and product is None:
        raise UsageError(rows.NOT_THERE)
    name = " ".join(new.name.split()) or (product.name if product else "")
    if not name or len(name) > LONGEST:
        raise UsageError(f"Choose a product, or write what it is in {LONGEST} characters at most.")
    price = new.price
    if price is None and product is not None:
        if product.currency != deal.currency:
            raise UsageError(f"{product.name} has its price in {product.currency}: write one in {deal.currency}.")
        price = product.price
    if price is None or not 0 <= price <= LARGEST_PRICE:
        raise UsageError("A price is an amount that is not negative, such as 1200 or 1200.50.")
    return DealLine(
        deal_id=deal.id,
        position=position,
        product_id=new.product_id,
        name=name,
        unit=" ".join(new.unit.split())[:LONGEST_WORD] or (product.unit if product else ""),
        quantity=stored_quantity(new.quantity),
        price=price,
        discount=stored_discount(new.discount),
    )


def _note(session: WriteSession, viewer: Viewer, deal: Deal, amount: int) -> None:
    fields.add_change(
        session,
        RecordChange(
            record_type=RecordType.DEAL,
            record_id=deal.id,
            at=utcnow(),
            user_id=viewer.user_id,
            changes={"amount": [deal.amount, amount]},
        ),
    )


def _content(lines: Sequence[DealLine]) -> list[list[object]]:
    return [[one.product_id, one.name, one.unit, one.quantity, one.price, one.discount] for one in lines]


def _version(lines: Sequence[DealLine]) -> str:
    return version_of(_content(lines))
