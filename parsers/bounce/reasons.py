"""Why a recipient was refused: what the server's words mean, and what its codes mean where the words are silent."""

import re

from parsers.phrases.refusals import PERMANENT, REASONS, STATUS

STATUS_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")
REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
LONGEST = 2_000
_PATTERNS = tuple((reason, re.compile("|".join(patterns))) for reason, patterns in REASONS.items())


def status_of(field: str, diagnostic: str) -> str:
    """The enhanced status (RFC 3463): the field's own, unless it is general and the server's words hold a better one."""
    own, told = STATUS_CODE.search(field), STATUS_CODE.search(diagnostic)
    if told is not None and (own is None or own[0].endswith(".0.0")) and told[1] != "2":
        return told[0]
    return own[0] if own is not None else ""


def reason_of(status: str, diagnostic: str) -> str:
    """The reason in Sisimai's vocabulary; `undefined` where nothing tells, `onhold` where only "temporary" is known."""
    words = " ".join(diagnostic[:LONGEST].lower().split())
    by_status = STATUS.get(status.partition(".")[2], "")
    if by_status in ("mailboxfull", "mesgtoobig", "hasmoved", "requireptr", "authfailure", "notaccept"):
        return by_status
    for reason, pattern in _PATTERNS:
        if pattern.search(words):
            return reason
    return by_status or ("onhold" if words else "undefined")


def is_permanent(reason: str, status: str, action: str) -> bool:
    """Whether the address itself is bad: trying it again, with any other mail, can not help."""
    if action == "delayed" or (status.startswith("4") and reason != "hostunknown"):
        return False
    return reason in PERMANENT
