"""What is sold: the catalogue, and the lines of a deal."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row


class Product(Row):
    """Something in the catalogue; `price` for one unit, in the smallest unit of the currency.

    One that was retired is offered no more and stays on the deals that have it.
    """

    __tablename__ = "product"

    name: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    price: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class DealLine(Row):
    """A line of a deal, in the deal's currency. Name, unit and price are as they were agreed, whatever the catalogue says later.

    `quantity` in thousandths, `discount` in hundredths of a percent, `price` for one unit in the currency's smallest unit.
    """

    __tablename__ = "deal_line"
    constraints = (Index(None, "deal_id", "position"),)

    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id", ondelete="CASCADE"))
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    quantity: Mapped[int] = mapped_column(BigId)
    price: Mapped[int] = mapped_column(BigId)
    discount: Mapped[int] = mapped_column(default=0)
