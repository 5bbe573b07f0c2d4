"""What makes two e-mail addresses the same person, and what a domain tells.

The *key* of an address is what all look-ups use: lower-cased, domain as A-label (RFC 5890). Dots and plus parts
stay: only Gmail ignores them, and a wrong merge of two customers costs more than a missed one.
"""

import re
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


def is_free_mail(domain: str) -> bool:
    """Whether `domain` (or the registrable domain above it) is a public mail provider."""
    return domain in free_mail_domains() or organisational_domain(domain) in free_mail_domains()


def is_role(key: str) -> bool:
    """Whether the address belongs to a function (`info@`, `support@`), not to a person."""
    return key.partition("@")[0].partition("+")[0] in ROLE_LOCAL_PARTS


def is_no_reply(key: str) -> bool:
    """Whether the address says that nobody reads it."""
    return _NO_REPLY.search(key.partition("@")[0]) is not None
