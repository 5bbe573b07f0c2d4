"""The products of a deal: what its amount is made of."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import UsageError
from crm.access.rights import Act
from crm.access.rights.repository import require
from crm.records.products.lines import NewLine, deal_lines, put_lines
from crm.records.repository import products as rows
from crm.records.repository import reading
from parsers.numbers import number_in
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.forms import RowId, amount, row_id
from web.rendering import render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/deals/{deal_id}/products")
EMPTY_LINES = 2
OFFERED = 500
"""Names to choose from; others can be typed whole."""
Column = Annotated[list[str], Form()]


@router.get("")
def lines_form(request: Request, me: Me, deal_id: RowId) -> Response:
    """The lines as a form, with some empty ones below."""
    me.viewer.require_write()
    with services_of(request).store.database.reading() as session:
        require(session, me.viewer, Act.EDIT, (RecordType.DEAL, deal_id))
        deal = reading.deal(session, me.viewer, deal_id)
        shown = deal_lines(session, me.viewer, deal_id)
        offered = rows.products(session, me.viewer, limit=OFFERED)
    return render_overlay(
        request, me, "deals/_lines_form.html", deal=deal, made_of=shown, offered=offered, empty=EMPTY_LINES
    )


@router.post("")
def save_lines(
    request: Request,
    me: Me,
    deal_id: RowId,
    version: Annotated[str, Form()],
    name: Column,
    quantity: Column,
    unit: Column,
    price: Column,
    discount: Column,
    product: Column,
) -> Response:
    """Write all lines; one without a name is none."""
    columns = (name, quantity, unit, price, discount, product)
    if len({len(column) for column in columns}) != 1:
        raise UsageError("This form is damaged: load the page again.")
    typed = [line for line in zip(*columns, strict=True) if line[0].strip()]
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        lines = _lines(session, me, reading.deal(session, me.viewer, deal_id).currency, typed)
        put_lines(session, me.viewer, deal_id, lines, version=version)
    return RedirectResponse(f"/deals/{deal_id}", 303)


def _lines(session: ReadSession, me: SignedIn, currency: str, typed: Sequence[tuple[str, ...]]) -> list[NewLine]:
    """Whoever writes a product's name means the product; a line keeps the one that it had while it keeps its name."""
    names = [" ".join(line[0].split()) for line in typed]
    offered = rows.offered_by_name(session, names)
    kept_ids = [number for line in typed if (number := row_id(line[5])) is not None]
    kept = {product.id: product.name for product in rows.known_products(session, kept_ids).values()}
    lines = []
    for name, (_, quantity, unit, price, discount, product) in zip(names, typed, strict=True):
        number = row_id(product)
        same = number if number is not None and kept.get(number) == name else None
        lines.append(
            NewLine(
                product_id=offered.get(name, same),
                name=name,
                unit=unit,
                quantity=_decimal(quantity, "1", me),
                price=amount(price, currency, me) if price.strip() else None,
                discount=_decimal(discount, "0", me),
            )
        )
    return lines


def _decimal(text: str, otherwise: str, me: SignedIn) -> Decimal:
    return number_in(text.strip().removesuffix("%") or otherwise, me.formats.sure_decimal)
