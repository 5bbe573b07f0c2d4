"""Rows of the catalogue and of the lines of deals."""

from collections.abc import Sequence

from sqlalchemy import delete, func, literal, select, tuple_

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.products.views import ProductView
from storage.held_keys import hold_keys
from storage.models import Deal, DealLine, Product, RecordType
from storage.sessions import ReadSession, WriteSession

NOT_THERE = "There is no such product."
MOST_COUNTED = 100
"""Deals of a product: whether there are more is all that anybody wants to know."""


def products(
    session: ReadSession, viewer: Viewer, *, retired: bool = False, after: int | None = None, limit: int = 200
) -> list[ProductView]:
    """Products by name, those that are offered or those that are not any more, from behind the product `after`."""
    del viewer  # The catalogue is the same for everybody.
    held = Product.retired_at.is_not(None) if retired else Product.retired_at.is_(None)
    query = select(Product).where(held).order_by(Product.name, Product.id).limit(limit)
    if after is not None:
        last = select(Product.name).where(Product.id == after).scalar_subquery()
        query = query.where(tuple_(Product.name, Product.id) > tuple_(last, literal(after)))
    return [
        ProductView(row.id, row.name, row.code, row.unit, row.price, row.currency, row.retired_at)
        for row in session.execute(query).scalars()
    ]


def on_deals(session: ReadSession, viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
    """How many deals have each of these products, `MOST_COUNTED` at most; nothing for who does not see all deals."""
    if not viewer.reaches_all(RecordType.DEAL):
        return {}
    lines = select(DealLine.deal_id).join(Deal, Deal.id == DealLine.deal_id).distinct().limit(MOST_COUNTED)
    living = lines.where(DealLine.product_id == Product.id, Deal.deleted_at.is_(None)).correlate(Product).subquery()
    number = select(func.count()).select_from(living).scalar_subquery()
    return {row[0]: row[1] for row in session.execute(select(Product.id, number).where(Product.id.in_(ids)))}


def known_products(session: ReadSession, ids: Sequence[int]) -> dict[int, Product]:
    """Those of these products that there are."""
    query = select(Product).where(Product.id.in_(ids))
    return {row.id: row for row in session.execute(query).scalars()}


def offered_by_name(session: ReadSession, names: Sequence[str]) -> dict[str, int]:
    """The ids of the products that are offered by these names."""
    query = select(Product.name, Product.id).where(Product.name.in_(names), Product.retired_at.is_(None))
    return {row.name: row.id for row in session.execute(query)}


def product_for_change(session: WriteSession, product_id: int) -> Product:
    """A product that nobody else changes until this unit ends. Raises `NotFound`."""
    held = select(Product).where(Product.id == product_id).with_for_update()
    row = session.execute(held.execution_options(populate_existing=True)).scalar()
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def name_is_taken(session: WriteSession, name: str, *, but: int | None) -> bool:
    """Whether a product that is offered has this name, in whatever case, another one than `but`.

    Nobody else asks for the same name until this unit ends. Compared here: SQLite knows no case beyond ASCII.
    """
    wanted = name.casefold()
    hold_keys(session, [f"product {wanted}"])
    others = select(Product.name).where(Product.retired_at.is_(None), Product.id != (but or 0))
    return any(known.casefold() == wanted for known in session.execute(others).scalars())


def lines_of(session: ReadSession, deal_id: int) -> list[DealLine]:
    """The lines of a deal, in their order."""
    query = select(DealLine).where(DealLine.deal_id == deal_id).order_by(DealLine.position)
    return list(session.execute(query).scalars())


def has_lines(session: ReadSession, deal_id: int) -> bool:
    """Whether the deal's amount is the sum of lines."""
    return session.execute(select(DealLine.id).where(DealLine.deal_id == deal_id).limit(1)).scalar() is not None


def replace_lines(session: WriteSession, deal_id: int, lines: Sequence[DealLine]) -> None:
    """Let these be the lines of a deal, and no others."""
    session.execute(delete(DealLine).where(DealLine.deal_id == deal_id))
    session.add_all(lines)
    session.flush()
