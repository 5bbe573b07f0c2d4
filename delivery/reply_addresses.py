"""Addresses for answers that name the mail they answer: `sales+m.0102…@example.com`.

What stands behind the plus is the left side of the mail's signed Message-ID (`delivery.message_ids`). So an answer finds its
conversation though its program, or a gateway before it, has dropped References and In-Reply-To.
"""

import re

LONGEST_LOCAL_PART = 64
"""Octets (RFC 5321 §4.5.3.1.1)."""
_NAMES = re.compile(r"([^@]+)\+(m\.[0-9a-f]{8,200})@([^@]+)", re.IGNORECASE)


def reply_address(mailbox: str, message_id: str) -> str | None:
    """Where answers to the mail of that Message-ID go; None where the mailbox's name leaves no room for it."""
    local, _, domain = mailbox.rpartition("@")
    name = message_id.partition("@")[0]
    whole = f"{local}+{name}"
    if not local or not domain or len(whole.encode()) > LONGEST_LOCAL_PART:
        return None
    return f"{whole}@{domain}"


def named_message(address: str) -> str | None:
    """The Message-ID that an address names, whoever has signed it; None for others."""
    found = _NAMES.fullmatch(address.strip().strip("<>"))
    return f"{found[2]}@{found[3]}".lower() if found else None


def mailbox_of(address: str) -> str:
    """The address of the mailbox as such; others as they are."""
    found = _NAMES.fullmatch(address.strip())
    return f"{found[1]}@{found[3]}" if found else address
