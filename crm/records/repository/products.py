"""Rows of the catalogue and of the lines of deals."""

from collections.abc import Sequence

from sqlalchemy import delete, func, literal, select, tuple_

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.products.views import ProductView
from storage.models import Deal, DealLine, Product
from storage.sessions import ReadSession, WriteSession

NOT_THERE = "There is no such product."


def products(
    session: ReadSession, viewer: Viewer, *, retired: bool = False, after: int | None = None, limit: int = 200
) -> list[ProductView]:
    """Products by name, those that are offered or those that are not any more, from behind the product `after`."""
    del viewer  # The catalogue is the same for everybody.
    held = Product.retired_at.is_not(None) if retired else Product.retired_at.is_(None)
    deals = select(func.count(func.distinct(DealLine.deal_id))).where(DealLine.product_id == Product.id)
    living = deals.join(Deal, Deal.id == DealLine.deal_id).where(Deal.deleted_at.is_(None)).scalar_subquery()
    query = select(Product, living).where(held).order_by(Product.name, Product.id).limit(limit)
    if after is not None:
        last = select(Product.name).where(Product.id == after).scalar_subquery()
        query = query.where(tuple_(Product.name, Product.id) > tuple_(last, literal(after)))
    return [_view(row, count) for row, count in session.execute(query)]


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


def name_is_taken(session: ReadSession, name: str, *, but: int | None) -> bool:
    """Whether a product that is offered has this name, another one than `but`."""
    query = select(Product.id).where(Product.name == name, Product.retired_at.is_(None), Product.id != (but or 0))
    return session.execute(query.limit(1)).scalar() is not None


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


def _view(row: Product, deals: int) -> ProductView:
    return ProductView(row.id, row.name, row.code, row.unit, row.price, row.currency, row.retired_at, deals)
