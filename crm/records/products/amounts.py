"""What a line and a deal come to, exactly: whole numbers of the smallest units, each line rounded by itself, as on an invoice."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Protocol

from core.errors import UsageError

QUANTITY_UNIT = 1_000
"""A quantity is stored in thousandths: 1.5 hours are 1,500."""
DISCOUNT_UNIT = 100
"""A discount is stored in hundredths of a percent: 12.5 % are 1,250."""
WHOLE = 100 * DISCOUNT_UNIT
LARGEST_QUANTITY = Decimal(10**9)
LARGEST_PRICE = 10**14
"""Of one unit; with the largest quantity the sum of many lines still fits into 64 bits only below `LARGEST_TOTAL`."""
LARGEST_TOTAL = 10**16


class Priced(Protocol):
    """A line as it is stored."""

    @property
    def quantity(self) -> int: ...
    @property
    def price(self) -> int: ...
    @property
    def discount(self) -> int: ...


def line_total(line: Priced) -> int:
    """What one line comes to, in the currency's smallest unit, half a unit rounded up (away from nothing)."""
    exact = Decimal(line.quantity * line.price * (WHOLE - line.discount)) / (QUANTITY_UNIT * WHOLE)
    return int(exact.to_integral_value(ROUND_HALF_UP))


def total(lines: Iterable[Priced]) -> int:
    """What they come to together. Raises `UsageError` where that is beyond every amount."""
    summed = sum(map(line_total, lines))
    if abs(summed) > LARGEST_TOTAL:
        raise UsageError("That comes to more than a deal can hold: look at quantities and prices.")
    return summed


def stored_quantity(quantity: Decimal) -> int:
    """Thousandths. Raises `UsageError` for less than one of them, for finer ones and for what is no quantity."""
    stored = _scaled(quantity, QUANTITY_UNIT)
    if stored is None or stored < 1 or quantity > LARGEST_QUANTITY:
        raise UsageError("A quantity is a number above nothing with three decimals at most, such as 2 or 1.5.")
    return stored


def stored_discount(discount: Decimal) -> int:
    """Hundredths of a percent. Raises `UsageError` outside of 0 to 100."""
    stored = _scaled(discount, DISCOUNT_UNIT)
    if stored is None or not 0 <= stored <= WHOLE:
        raise UsageError("A discount is a percentage from 0 to 100 with two decimals at most, such as 10 or 12.5.")
    return stored


def _scaled(number: Decimal, unit: int) -> int | None:
    """The number in such units, None where it is none of them."""
    if not number.is_finite() or abs(number) > LARGEST_QUANTITY:
        return None
    try:
        scaled = number * unit
        return int(scaled) if scaled == scaled.to_integral_value() else None
    except InvalidOperation:
        return None
