"""Addresses and phones as people and programs give them to records: refused where nothing could ever reach them.

What came by mail is not asked: it may carry addresses that nobody would type, and they stay as they are.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.addresses import host_in
from core.errors import UsageError
from crm.office.phones import full_number
from delivery.address_check import check_syntax

NO_ADDRESS: Final = "“{}” is no e-mail address: it looks like name@example.com."
NO_PHONE: Final = "“{}” is no phone number: write it as +48 601 234 567, or as it is dialled at home."
NO_DOMAIN: Final = "“{}” is no domain: it looks like example.com."
FEWEST_DIGITS, MOST_DIGITS = 3, 18
"""From the short numbers of a switchboard to an international one (E.164: 15 digits) behind three that dial out."""
_EXTENSION = re.compile(r"[\s,;]*(?:#|x|ext\.?|extension|wew\.?|int\.?|dw\.?)\s*[0-9]{1,8}$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()\d]*\)")
"""Whose it is, or what for: `(mobile)`."""
_NUMBER = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u00a0]+")
_SHOWN = 80


def typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values of a new record that are kept in another form than they were typed: the domain.

    Raises `UsageError` for an address, phone or domain that can not be one.
    """
    require_addresses(values.get("emails") or ())
    require_phones(values.get("phones") or ())
    domain = values.get("domain")
    return {"domain": require_domain(domain)} if domain else {}


def require_addresses(given: Iterable[str]) -> None:
    """Raises `UsageError` for the first one to which no mail could be sent, by its text alone."""
    for value in given:
        try:
            check_syntax(value.strip())
        except ValueError:
            raise UsageError(NO_ADDRESS.format(_short(value))) from None


def require_phones(given: Iterable[str]) -> None:
    """Raises `UsageError` for the first one that nobody could dial; an extension may follow, and a remark in brackets."""
    for value in filter(str.strip, given):
        if not _can_be_dialled(_EXTENSION.sub("", _REMARK.sub("", value)).strip()):
            raise UsageError(NO_PHONE.format(_short(value)))


def require_domain(given: str) -> str:
    """The host name of a domain as it was typed, or of the address of a page. Raises `UsageError` for what is neither."""
    if host := host_in(given):
        return host
    raise UsageError(NO_DOMAIN.format(_short(given)))


def _can_be_dialled(number: str) -> bool:
    digits = sum(character.isdecimal() for character in number)
    if not _NUMBER.fullmatch(number) or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        return False
    from_abroad = number.startswith(("+", "00"))
    return not from_abroad or bool(full_number(re.sub(r"[\u2010-\u2015]", "-", number), ""))


def _short(value: str) -> str:
    text = value.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
