"""Products and lines as pages and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product; `price` in the currency's smallest unit."""

    id: int
    name: str
    code: str
    unit: str
    price: int
    currency: str
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a deal; `price` and `total` in the smallest unit of the deal's currency, `discount` in percent."""

    product_id: int | None
    name: str
    unit: str
    quantity: Decimal
    price: int
    discount: Decimal
    total: int


@dataclass(frozen=True, slots=True)
class DealLines:
    """The lines of a deal in their order. `version` changes whenever one of them does."""

    lines: tuple[LineView, ...]
    total: int
    currency: str
    version: str
