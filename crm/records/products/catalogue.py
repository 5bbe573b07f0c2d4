"""The catalogue: products added, changed, retired and offered again by who oversees colleagues."""

from dataclasses import dataclass

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.office.settings import known_currency
from crm.records.products.amounts import LARGEST_PRICE
from crm.records.repository import products as rows
from storage.models import Product
from storage.sessions import WriteSession

LONGEST = 200
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to be; `price` of one unit, in the smallest unit of `currency` (three letters; empty: the company's)."""

    name: str
    price: int
    currency: str = ""
    code: str = ""
    unit: str = ""


def add_product(session: WriteSession, viewer: Viewer, new: NewProduct) -> int:
    """A new product; its id. Raises `Forbidden`, `UsageError`, and `Conflict` for a name that is taken."""
    require_steering(viewer)
    row = Product(name="", created_at=utcnow())
    _fill(session, row, new)
    session.add(row)
    session.flush()
    record_act(session, viewer, "product.add", product_id=row.id)
    return row.id


def change_product(session: WriteSession, viewer: Viewer, product_id: int, new: NewProduct) -> None:
    """Write a product anew; deals keep what they have. Raises as `add_product`, and `NotFound`."""
    require_steering(viewer)
    _fill(session, rows.product_for_change(session, product_id), new)
    record_act(session, viewer, "product.change", product_id=product_id)


def retire_product(session: WriteSession, viewer: Viewer, product_id: int) -> None:
    """Offer a product no more; deals keep it. Raises `Forbidden`, `NotFound`."""
    require_steering(viewer)
    row = rows.product_for_change(session, product_id)
    row.retired_at = row.retired_at or utcnow()
    record_act(session, viewer, "product.retire", product_id=product_id)


def offer_again(session: WriteSession, viewer: Viewer, product_id: int) -> None:
    """Offer a retired product again. Raises as `retire_product`, and `Conflict` where another has its name by now."""
    require_steering(viewer)
    row = rows.product_for_change(session, product_id)
    _demand_free(session, row.name, product_id)
    row.retired_at = None
    record_act(session, viewer, "product.offer_again", product_id=product_id)


def require_steering(viewer: Viewer) -> None:
    """Raises `Forbidden` for whoever may not change the catalogue."""
    viewer.require_write()
    if not viewer.may_oversee:
        raise Forbidden("Your role does not let you change the catalogue: ask a manager or an administrator.")


def _fill(session: WriteSession, row: Product, new: NewProduct) -> None:
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST:
        raise UsageError(f"A product needs a name of at most {LONGEST} characters.")
    if not 0 <= new.price <= LARGEST_PRICE:
        raise UsageError("A price is an amount that is not negative, such as 1200 or 1200.50.")
    code, unit = " ".join(new.code.split()), " ".join(new.unit.split())
    if max(len(code), len(unit)) > LONGEST_WORD:
        raise UsageError(f"Code and unit have {LONGEST_WORD} characters at most.")
    currency = known_currency(session, new.currency)
    if name.casefold() != row.name.casefold():
        _demand_free(session, name, row.id)
    row.name, row.code, row.unit, row.price, row.currency = name, code, unit, new.price, currency


def _demand_free(session: WriteSession, name: str, but: int | None) -> None:
    if rows.name_is_taken(session, name, but=but):
        raise Conflict(f"There is a product {name} already: choose another name.")
