"""Numbers as people of all countries write them, and as the program writes them so that nobody can read another one.

    1200   1200.50   1200,50   1 200,50   1'200.50   1.200,50   1,200.50   1.200.000   12,50,000.00   0,125   -5   1.2E+06

Of both signs the last one is the decimal one. A single sign before exactly three digits (`1,200`, `1.200`) stands between
thousands in one country and before decimals in the next: it is refused, with both ways to write it, unless it is known which
sign whoever wrote it puts before decimals.
"""

import math
import re
from decimal import Decimal
from typing import Final

from core.currencies import USUAL, minor_digits, smallest_units
from core.errors import UsageError

LARGEST: Final = 2**53
"""Beyond it JSON and a double do not hold every whole number."""
NO_NUMBER = "“{}” is no number: write it as 1200 or 1200.50."
TWO_NUMBERS = "“{}” may be {} or {}: write it in one of these ways."
TOO_LARGE = "“{}” is too large a number."
SHOWN = 80
_SPACES: Final = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
"""Between thousands, no-break and narrow ones too. Between the digits of a group there are none."""
_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_COMMAS: Final = r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}"
"""Thousands; in India groups of two digits stand before the last one."""
_POINTS: Final = r"[+-]?[0-9]{1,3}(?:[.][0-9]{3})*[.][0-9]{3}"
_GROUPED: Final = re.compile(rf"{_COMMAS}[.][0-9]*|{_POINTS},[0-9]*|{_COMMAS}|{_POINTS}")
"""`number_in` has refused a single group of three before it asks this."""
_EITHER: Final = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")


def number_in(text: str, decimal: str = "") -> Decimal:
    """The number in a text. Raises `UsageError` for what is none, could be two, or is beyond `LARGEST`.

    `decimal` is the sign that the writer puts before decimals, where that is known.
    """
    given = text.strip()
    signed = given.replace("−", "-")
    plain = _SPACES.sub("", signed)
    if plain == signed and _EITHER.fullmatch(plain):
        whole, part = plain.replace(",", ".").split(".")
        if decimal:
            return Decimal(f"{whole}.{part}" if decimal in plain else f"{whole}{part}")
        raise UsageError(TWO_NUMBERS.format(given, f"{whole}{part}", number_text(float(f"{whole}.{part}"))))
    if _GROUPED.fullmatch(plain):
        last = max(plain.rfind("."), plain.rfind(","))
        is_thousands = plain.count(plain[last]) > 1
        digits = re.sub(r"[.,]", "", plain if is_thousands else plain[:last])
        plain = digits if is_thousands else f"{digits}.{plain[last + 1 :]}"
    if not _PLAIN.fullmatch(plain):
        raise UsageError(NO_NUMBER.format(given[:SHOWN]))
    number = Decimal(plain.replace(",", "."))
    if abs(number) > LARGEST:
        raise UsageError(TOO_LARGE.format(given[:SHOWN]))
    return number


def amount_in(text: str, currency: str, decimal: str = "") -> int:
    """An amount in the smallest unit of its currency, half of one rounded up. Raises as `number_in`."""
    amount = smallest_units(number_in(text, decimal), currency)
    if abs(amount) > LARGEST:
        raise UsageError(TOO_LARGE.format(text.strip()[:SHOWN]))
    return amount


def amount_text(amount: int, currency: str) -> str:
    """An amount in the smallest unit as text in whole ones: `1200.50` of 120050 cents; `number_in` reads it as the same."""
    digits = minor_digits(currency)
    text = f"{Decimal(amount).scaleb(-digits):f}"
    return number_text(float(text)) if digits > USUAL else text


def number_text(value: float) -> str:
    """A number as text that `number_in` reads as the same one: `1.234` as `1.2340`."""
    if not math.isfinite(value):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    text = text.removesuffix(".0")
    return f"{text}0" if _EITHER.fullmatch(text) else text
