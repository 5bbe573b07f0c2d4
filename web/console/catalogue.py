"""Settings → Products: the catalogue that deals choose from."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.products.catalogue import (
    NewProduct,
    add_product,
    change_product,
    offer_again,
    require_steering,
    retire_product,
)
from crm.records.repository import products as rows
from storage.sessions import WriteSession
from storage.writer_lock import Urgency
from web.forms import RowId, amount
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, services_of

router = page_router(prefix="/settings/products")
SHOWN = 200


class Act(StrEnum):
    """What is done to a product by one press."""

    RETIRE = "retire"
    OFFER = "offer"


ACTS: Mapping[Act, Callable[[WriteSession, Viewer, int], None]] = {Act.RETIRE: retire_product, Act.OFFER: offer_again}


@router.get("")
def catalogue(request: Request, me: Me, retired: bool = False, after: RowId | None = None) -> Response:
    """What is sold, by name."""
    with services_of(request).store.database.reading() as session:
        found = rows.products(session, me.viewer, retired=retired, after=after, limit=SHOWN + 1)
        shown = found[:SHOWN]
        on_deals = rows.on_deals(session, me.viewer, [one.id for one in shown])
    return render(
        request,
        me,
        "settings/products.html",
        products=shown,
        on_deals=on_deals,
        many=rows.MOST_COUNTED,
        retired=retired,
        more=shown[-1].id if len(found) > SHOWN else None,
    )


@router.get("/new")
def product_form(request: Request, me: Me) -> Response:
    """The form of a new product."""
    require_steering(me.viewer)
    return render_overlay(request, me, "settings/_product_form.html", product=None)


@router.get("/{product_id}")
def change_form(request: Request, me: Me, product_id: RowId) -> Response:
    """The form of a product that is there."""
    require_steering(me.viewer)
    with services_of(request).store.database.reading() as session:
        product = rows.known_products(session, [product_id]).get(product_id)
    if product is None:
        raise NotFound(rows.NOT_THERE)
    return render_overlay(request, me, "settings/_product_form.html", product=product)


def _typed(
    me: Me,
    name: Annotated[str, Form()],
    price: Annotated[str, Form()] = "",
    currency: Annotated[str | None, Form()] = None,
    code: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
) -> NewProduct:
    currency = (me.currency if currency is None else currency).strip().upper()
    return NewProduct(name, amount(price, currency, me), currency, code, unit)


Typed = Annotated[NewProduct, Depends(_typed)]


@router.post("")
def new_product(request: Request, me: Me, new: Typed) -> Response:
    """Add a product."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        add_product(session, me.viewer, new)
    return RedirectResponse("/settings/products", 303)


@router.post("/{product_id}")
def change(request: Request, me: Me, product_id: RowId, new: Typed) -> Response:
    """Write a product anew."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_product(session, me.viewer, product_id, new)
    return RedirectResponse("/settings/products", 303)


@router.post("/{product_id}/{act}")
def act_on(request: Request, me: Me, product_id: RowId, act: Act) -> Response:
    """Retire a product, or offer it again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        ACTS[act](session, me.viewer, product_id)
    return RedirectResponse("/settings/products", 303)
