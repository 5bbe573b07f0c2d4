"""What makes two e-mail addresses the same person, and what a domain tells.

The *key* of an address is what all look-ups use: lower-cased, domain as A-label (RFC 5890). Dots and plus parts
stay: only Gmail ignores them, and a wrong merge of two customers costs more than a missed one.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib import resources

from publicsuffixlist import PublicSuffixList

ROLE_LOCAL_PARTS = frozenset(
    {
        "abuse", "admin", "administrator", "billing", "contact", "enquiries", "hello", "help", "hostmaster",
        "info", "mail", "marketing", "news", "newsletter", "office", "postmaster", "root", "sales", "security",
        "service", "support", "team", "webmaster",
    }
)  # fmt: skip
_NO_REPLY = re.compile(
    r"(?:^|[-_.+])(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply|nao[-_.]?responda|no[-_.]?responder"
    r"|mailer-daemon|bounces?)(?:[-_.+\d]|$)"
)
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
"""A name with a domain above it, which is not all digits as in the address of a machine (RFC 1123)."""
_LONGEST_HOST = 253


@lru_cache(maxsize=65536)
def address_key(address: str) -> str:
    """The key of `address`: trimmed, lower-cased, domain as A-label. Never raises; odd input is only lower-cased."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not at:
        return domain
    if domain.isascii():
        return f"{local}@{domain}"
    try:
        # What cannot be seen is dropped by IDNA, and may have hidden a blank from the first look.
        return f"{local}@{domain.encode('idna').decode('ascii').strip()}"
    except UnicodeError:
        return f"{local}@{domain}"


def host_in(text: str) -> str:
    """The host name in a domain or the address of a page, lower-cased, as A-labels, without `www.`; empty for what is none."""
    behind_scheme = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower())
    host = re.split("[/?#]", behind_scheme, maxsplit=1)[0].partition(":")[0]
    if "@" in host:
        return ""
    host = domain_of(address_key(f"x@{host.removeprefix('www.').removesuffix('.')}"))
    return host if len(host) <= _LONGEST_HOST and _HOST.fullmatch(host) else ""


def domain_of(key: str) -> str:
    """The domain of an address key, or an empty string."""
    return key.rpartition("@")[2] if "@" in key else ""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=16384)
def organisational_domain(domain: str) -> str:
    """The registrable domain by the public suffix list: `mail.example.co.uk` gives `example.co.uk`."""
    return _suffixes().privatesuffix(domain) or domain


@lru_cache(maxsize=1)
def free_mail_domains() -> frozenset[str]:
    """Domains where anybody can have a mailbox, so that they say nothing about a company."""
    text = resources.files("core").joinpath("free_mail_domains.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


class AddressList(StrEnum):
    """What is known of addresses beforehand, and an administrator extends or shortens."""

    FREE_MAIL = "free_mail"
    ROLES = "roles"
    NO_REPLY = "no_reply"


_REMEMBERED = 65_536


class AddressLists:
    """The lists of this module with what an installation added to them and took out of them.

    Domains are registrable ones or below; of local parts those before a plus.
    """

    def __init__(
        self,
        added: Mapping[AddressList, frozenset[str]] | None = None,
        removed: Mapping[AddressList, frozenset[str]] | None = None,
    ) -> None:
        self._added = {each: (added or {}).get(each, frozenset()) for each in AddressList}
        self._removed = {each: (removed or {}).get(each, frozenset()) for each in AddressList}
        self._organisations: dict[str, str | None] = {}

    def is_free_mail(self, domain: str) -> bool:
        """Whether `domain` (or the registrable domain above it) is a public mail provider."""
        names = {domain, organisational_domain(domain)}
        if not names.isdisjoint(self._removed[AddressList.FREE_MAIL]):
            return False
        return not names.isdisjoint(self._added[AddressList.FREE_MAIL]) or not names.isdisjoint(free_mail_domains())

    def is_role(self, key: str) -> bool:
        """Whether the address belongs to a function (`info@`, `support@`), not to a person."""
        name = key.partition("@")[0].partition("+")[0]
        known = name in ROLE_LOCAL_PARTS and name not in self._removed[AddressList.ROLES]
        return known or name in self._added[AddressList.ROLES]

    def is_no_reply(self, key: str) -> bool:
        """Whether the address says that nobody reads it."""
        local = key.partition("@")[0]
        name = local.partition("+")[0]
        if name in self._removed[AddressList.NO_REPLY]:
            return False
        return name in self._added[AddressList.NO_REPLY] or _NO_REPLY.search(local) is not None

    def organisation(self, domain: str) -> str | None:
        """The registrable domain, unless anybody can have a mailbox there. Asked several times for each mail."""
        if domain not in self._organisations:
            if len(self._organisations) >= _REMEMBERED:
                self._organisations.clear()
            tells = domain and not self.is_free_mail(domain)
            self._organisations[domain] = organisational_domain(domain) if tells else None
        return self._organisations[domain]


BUILT_IN = AddressLists()
"""The lists as they are in an installation that changed nothing."""


def is_free_mail(domain: str) -> bool:
    """Whether `domain` is a public mail provider, by the built-in list."""
    return BUILT_IN.is_free_mail(domain)


def is_role(key: str) -> bool:
    """Whether the address belongs to a function, by the built-in list."""
    return BUILT_IN.is_role(key)


def is_no_reply(key: str) -> bool:
    """Whether the address says that nobody reads it, by the built-in pattern."""
    return BUILT_IN.is_no_reply(key)
