"""How many decimals amounts in a currency have (ISO 4217, list one): a yen has none, a Kuwaiti dinar 1,000 fils.

The standard and not CLDR, whose figures are those of daily cash: by it a Serbian dinar could not be written with its para.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_NONE: Final = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
        "XPF",
    }
)  # fmt: skip
_THREE: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
MINOR_DIGITS: Final = {**dict.fromkeys(_NONE, 0), **dict.fromkeys(_THREE, 3), "CLF": 4, "UYW": 4}
"""Those that do not have two."""
USUAL: Final = 2
UNUSUAL: Final[Mapping[int, frozenset[str]]] = {
    digits: frozenset(currency for currency, has in MINOR_DIGITS.items() if has == digits)
    for digits in sorted(set(MINOR_DIGITS.values()))
}
"""The same by decimals."""


def minor_digits(currency: str) -> int:
    """Decimals of an amount: 2 for EUR, 0 for JPY, 3 for KWD; 2 for what is not in the list."""
    return MINOR_DIGITS.get(currency, USUAL)


def smallest_units(amount: Decimal, currency: str) -> int:
    """An amount in whole units as one in the currency's smallest, half of one rounded up."""
    return int(amount.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_UP))


def is_currency(text: str) -> bool:
    """Whether it looks like a currency's code: three capital letters."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
