"""Is this an address that mail can be sent to? Syntax first, then what the name system says, each with a reason.

Syntax is email-validator's (RFC 5321, 5322, 6531, IDNA) plus what it leaves out: the 64 octets of a local part as it
travels, quoted pairs that SMTP does not know, and literals that lead back to the asking machine. Nobody is asked over
SMTP: providers take that for an attack.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from disposable_email_domains import blocklist
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from core.addresses import is_no_reply, is_role, organisational_domain
from core.errors import Transient
from delivery.dns import Resolver
from delivery.typos import suggest_domain

MAX_LOCAL = 64
_BAD_PAIR = re.compile(r"\\[^ -~]")


@dataclass(frozen=True, slots=True)
class Syntax:
    """An address taken apart. `normal` is how it is to be written, `domain` its domain as A-label."""

    normal: str
    domain: str
    literal: bool
    utf8: bool
    """Whether it can only be reached through servers with SMTPUTF8."""


@dataclass(frozen=True, slots=True)
class AddressVerdict:
    """What is known of one address. `reason` is a sentence, empty where it is valid without a remark."""

    valid: bool
    reason: str
    normal: str | None
    suggestion: str | None
    role: bool
    disposable: bool


def check_syntax(address: str, *, quoted: bool = True, literals: bool = True) -> Syntax:
    """Take `address` apart. `quoted` allows `"a b"@example.org`, `literals` allows `user@[192.0.2.1]`.

    Raises `ValueError` with the sentence to show.
    """
    try:
        found = validate_email(
            address,
            check_deliverability=False,
            allow_quoted_local=quoted,
            allow_domain_literal=literals,
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    _check_what_travels(address, found)
    domain = found.ascii_domain or found.domain
    return Syntax(found.normalized, domain, found.domain.startswith("["), found.ascii_email is None)


def _check_what_travels(address: str, found: ValidatedEmail) -> None:
    local = address.strip().rpartition("@")[0]
    if len(local.encode("utf-8", "replace")) > MAX_LOCAL:
        raise ValueError("The part before the @-sign is longer than 64 characters.")
    if local.startswith('"') and _BAD_PAIR.search(local):
        raise ValueError("A backslash in quotes stands only before plain characters.")
    literal = getattr(found, "domain_address", None)
    if isinstance(literal, (IPv4Address, IPv6Address)) and literal.is_loopback:
        raise ValueError("The address in brackets is every machine's own; no mail can be sent there.")


async def check_address(address: str, resolver: Resolver | None) -> AddressVerdict:
    """Judge one address; without a resolver by its text alone. Never raises for what the address is.

    A name server that does not answer leaves the address valid, with a remark.
    """
    try:
        syntax = check_syntax(address)
    except ValueError as error:
        return AddressVerdict(False, str(error), None, _suggestion(address), False, False)
    key = syntax.normal.lower()
    reason = ""
    if resolver is not None and not syntax.literal:
        reason, valid = await _ask(syntax.domain, resolver)
    else:
        valid = True
    return AddressVerdict(
        valid=valid,
        reason=reason,
        normal=syntax.normal,
        suggestion=_suggestion(syntax.normal),
        role=is_role(key) or is_no_reply(key),
        disposable=syntax.domain in blocklist or organisational_domain(syntax.domain) in blocklist,
    )


async def _ask(domain: str, resolver: Resolver) -> tuple[str, bool]:
    try:
        route = await resolver.mail_route(domain)
    except Transient:
        return "The name servers did not answer, so the domain could not be checked.", True
    if not route.exists:
        return "The domain does not exist.", False
    if route.null_mx:
        return "The domain says that it takes no mail.", False
    if not route.takes_mail:
        return "The domain has no mail server.", False
    return "", True


def _suggestion(address: str) -> str | None:
    local, at, domain = address.strip().rpartition("@")
    better = suggest_domain(domain.lower()) if at and local else None
    return f"{local}@{better}" if better else None
