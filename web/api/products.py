"""The catalogue of products, and the lines of deals, over the API."""

from decimal import Decimal
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from crm.records.products.catalogue import NewProduct, add_product, change_product, offer_again, retire_product
from crm.records.products.lines import NewLine, deal_lines, put_lines
from crm.records.products.views import DealLines, ProductView
from crm.records.repository import products as rows
from storage.writer_lock import Urgency
from web.api.callers import RecordReader, RecordWriter
from web.api.paging import After, Limit, Listing, after_id, id_behind
from web.api.records import Made
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["products"])


class ProductIn(BaseModel):
    """A product; `price` of one unit, in the smallest unit of the currency."""

    name: str
    price: int
    currency: Annotated[str, Field(description="Three letters; the company's where it is empty.")] = ""
    code: str = ""
    unit: str = ""


class LineIn(BaseModel):
    """A line: a product of the catalogue, or a name of one's own. Without `price` the catalogue's; `discount` in percent."""

    product_id: RowId | None = None
    name: str = ""
    unit: str = ""
    quantity: Decimal = Decimal(1)
    price: int | None = None
    discount: Decimal = Decimal(0)


class LinesIn(BaseModel):
    """All lines of a deal, and the `version` of those that were read: what somebody else made of them meanwhile is answered
    with 409."""

    lines: list[LineIn] = Field(max_length=1000)
    version: str


@router.get("/products")
def products(
    request: Request, viewer: RecordReader, retired: bool = False, after: After = None, limit: Limit = 50
) -> Listing[ProductView]:
    """Products by name."""
    with services_of(request).store.database.reading() as session:
        found = rows.products(session, viewer, retired=retired, after=after_id(after), limit=limit)
    return Listing(items=found, next=id_behind(found, limit))


@router.post("/products", status_code=201)
def new_product(request: Request, viewer: RecordWriter, new: ProductIn) -> Made:
    """Add a product."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return Made(id=add_product(session, viewer, NewProduct(**new.model_dump())))


@router.put("/products/{product_id}", status_code=204)
def write_product(request: Request, viewer: RecordWriter, product_id: RowId, new: ProductIn) -> None:
    """Write a product anew; deals keep what they have."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_product(session, viewer, product_id, NewProduct(**new.model_dump()))


@router.post("/products/{product_id}/retire", status_code=204)
def retire(request: Request, viewer: RecordWriter, product_id: RowId) -> None:
    """Offer a product no more; deals keep it."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        retire_product(session, viewer, product_id)


@router.post("/products/{product_id}/offer", status_code=204)
def offer(request: Request, viewer: RecordWriter, product_id: RowId) -> None:
    """Offer a retired product again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        offer_again(session, viewer, product_id)


@router.get("/deals/{deal_id}/products")
def lines_of_deal(request: Request, viewer: RecordReader, deal_id: RowId) -> DealLines:
    """What a deal is made of."""
    with services_of(request).store.database.reading() as session:
        return deal_lines(session, viewer, deal_id)


@router.put("/deals/{deal_id}/products")
def write_lines(request: Request, viewer: RecordWriter, deal_id: RowId, new: LinesIn) -> DealLines:
    """Write all lines of a deal; their sum is its amount. Without lines the amount stays, to be written by hand again."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        lines = [NewLine(**line.model_dump()) for line in new.lines]
        put_lines(session, viewer, deal_id, lines, version=new.version)
        return deal_lines(session, viewer, deal_id)
