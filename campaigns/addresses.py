"""Which addresses of an audience no mail can be sent to, told fast enough for a million of them.

Most are plain: a simple part before the @-sign and a domain that many share. The domain is judged once; only what is
not plain goes through the whole check.
"""

import re
from functools import lru_cache

from disposable_email_domains import blocklist

from core.addresses import organisational_domain
from delivery.address_check import check_syntax

INVALID = "invalid_address"
DISPOSABLE = "disposable"
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")
MAX_LOCAL = 64
MAX_ADDRESS = 254


def unusable(address: str) -> str | None:
    """Why nothing can be sent to `address`, in one word; None when it looks well."""
    local, _, domain = address.rpartition("@")
    if len(local) <= MAX_LOCAL and len(address) <= MAX_ADDRESS and _PLAIN_LOCAL.fullmatch(local):
        return _domain_verdict(domain)
    try:
        check_syntax(address, quoted=False, literals=False)
    except ValueError:
        return INVALID
    return _domain_verdict(domain)


@lru_cache(maxsize=65_536)
def _domain_verdict(domain: str) -> str | None:
    try:
        name = check_syntax(f"a@{domain}", quoted=False, literals=False).domain
    except ValueError:
        return INVALID
    return DISPOSABLE if name in blocklist or organisational_domain(name) in blocklist else None
