"""Addresses as reports write them: `rfc822; <ann@example.org>`, `"ann"@example.org (Ann)`, `ann+2Bnews@example.org`."""

import re
from typing import Final

from parsers.phrases.bounces import DAEMON_NAMES, DAEMONS

PLAIN = (
    r"(?<![A-Za-z0-9.!#$%&*+^_`~-])"
    r"(?:[A-Za-z0-9!#$%&*+?^_`~.-]|(?<=[A-Za-z])['/](?=[A-Za-z])){1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}\.){0,10}[A-Za-z0-9_-]{1,62}(?![A-Za-z0-9_-]|\.[A-Za-z0-9])"
)
"""An address in running text. What may only stand in brackets, such as `=`, ends it."""
ADDRESS = re.compile(PLAIN)
BRACKETED = re.compile(r"<([^\s<>@]{1,64}@[^\s<>@]{1,255})>")
TYPED = re.compile(r"^[A-Za-z0-9-]{1,20}\s{0,4};\s{0,4}")
QUOTED = re.compile(r'("[^"\x00-\x1f]{1,64}"@[^\s<>@"]{1,255})')
WORD = re.compile(r"[^\s<>@;,()\"]{1,64}@[^\s<>@;,()\"]{1,255}")
XTEXT = re.compile(r"\+(2B|3D)")
UNICODE_POINT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
ENCAPSULATED = re.compile(r"^imceasmtp-(.{3,300})@", re.IGNORECASE)
HEXADECIMAL = re.compile(r"\+([0-9A-Fa-f]{2})")
DAEMONS_BY_HEAD: Final = {
    head: tuple(name for name in DAEMONS if name.startswith(head)) for head in {name[:4] for name in DAEMONS}
}
NAMES: Final = tuple(name.replace("-", " ") for name in DAEMON_NAMES)
NAMES_BEGIN: Final = frozenset(name[:4] for name in NAMES)
OPENING: Final = " \"'\\"
LONGEST_FIELD = 1_000
HIDDEN = re.compile(r"(?<!\.)\.\.\.@|\u2026")
"""What shows that somebody shortened the address to protect it. Dots in a row alone do not: Japanese phones have them."""


def address_in(value: str) -> str:
    """The first address of a running text; empty if there is none."""
    for match in ADDRESS.finditer(value[:LONGEST_FIELD]):
        if address := usable(match[0]):
            return address
    return ""


def address_of_field(value: str) -> str:
    """The address of a field such as Final-Recipient (RFC 3464 §2.3.2, RFC 6533 §3), any of whose letters may be odd.

    Empty for other kinds of addresses, and for one that somebody shortened.
    """
    value = TYPED.sub("", value[:LONGEST_FIELD].strip(), count=1)
    match = QUOTED.search(value) or BRACKETED.search(value) or WORD.search(value)
    return _decoded(usable(match[match.lastindex or 0])) if match else ""


def usable(address: str) -> str:
    """The address without what clings to it, or nothing if it is none that mail could be sent to."""
    address = address.strip("'").rstrip(".,:;'*!").removeprefix("mailto:")
    local, _, domain = address.partition("@")
    return "" if not local or not domain or HIDDEN.search(address) else address


def _decoded(address: str) -> str:
    """Without the ways to write it for machines: xtext (RFC 3461 §4), RFC 6533 §3, and Exchange's capsules."""
    if match := ENCAPSULATED.match(address):
        inner = HEXADECIMAL.sub(lambda found: chr(int(found[1], 16)), match[1])
        return inner if ADDRESS.fullmatch(inner) else address
    if "\\x{" in address:
        address = UNICODE_POINT.sub(_character, address)
    return XTEXT.sub(lambda found: "+" if found[1] == "2B" else "=", address)


def _character(match: re.Match[str]) -> str:
    point = int(match[1], 16)
    return chr(point) if 0x20 < point < 0x110000 and not 0xD800 <= point < 0xE000 else match[0]


def is_daemon(address: str) -> bool:
    """Whether mail servers themselves write from this address."""
    if address[:1] in OPENING:
        address = address.lstrip(OPENING)
    daemons = DAEMONS_BY_HEAD.get(address[:4].lower())
    return daemons is not None and address.lower().startswith(daemons)


def is_daemon_name(name: str) -> bool:
    """Whether mail servers write under this name."""
    return name[:4].lower().replace("-", " ") in NAMES_BEGIN and name.lower().replace("-", " ").startswith(NAMES)
