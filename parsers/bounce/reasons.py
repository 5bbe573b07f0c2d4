"""Why a recipient was refused: what the server's words mean, and what its codes mean where the words are silent."""

import re

from parsers.bounce.failure import Failure
from parsers.model import Recipient
from parsers.phrases.certain_refusals import CERTAIN
from parsers.phrases.refusals import REASONS
from parsers.phrases.status_codes import PERMANENT, STATUS

STATUS_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")
REPLY_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
LONGEST = 2_000
_CERTAIN = tuple((reason, re.compile("|".join(patterns))) for reason, patterns in CERTAIN.items())
_LIKELY = tuple((reason, re.compile("|".join(patterns))) for reason, patterns in REASONS.items())
ADDRESS_OR_ANCHOR = re.compile(r"<[^<>\s]{1,320}>|#\S{1,200}")
AFTER_DATA = re.compile(
    r"(?:reply to|after|response to) (?:the )?(?:end of )?(?:data|message body)"
    r"|text command|\[data\]|>>> data|command data|body of message"
)
AT_SENDER = re.compile(r"after mail from|reply to (?:the )?mail from|>>> mail from|sender was rejected")
SURE_STATUS = (
    "mailboxfull",
    "mesgtoobig",
    "hasmoved",
    "requireptr",
    "authfailure",
    "notaccept",
    "exceedlimit",
)
ABOUT_RECIPIENT = ("userunknown", "hostunknown", "securityerror", "onhold", "undefined")

VAGUE = ("onhold", "undefined", "expired")
"""Reasons that give way to what the whole report says."""
REFUSING_DOMAINS = {"googlegroups.com": "rejected"}
"""Their reports say in thirty languages what is always the same."""


def judged(failure: Failure) -> Recipient:
    """What became of the recipient: status, reason and whether the address itself is bad, of what the report tells."""
    address = failure.address
    words = failure.diagnostic.replace(address, "")
    status = status_of(failure.status, failure.diagnostic) or status_of("", failure.around)
    reason = reason_of(status, words, failure.around)
    if reason in VAGUE:
        reason = reason_of(status, failure.around.replace(address, "") or words, failure.around)
    if reason in ("onhold", "undefined"):
        reason = REFUSING_DOMAINS.get(address.rpartition("@")[2].lower(), reason)
    action = "failed" if failure.action == "delayed" and reason != "expired" and not failure.status else failure.action
    permanent = is_permanent(reason, status, action)
    return Recipient(address, status, action, reason, permanent, failure.diagnostic)


def status_of(field: str, diagnostic: str) -> str:
    """The enhanced status (RFC 3463): the field's own, unless it is general and the server's words hold a better one."""
    own, told = STATUS_CODE.search(field), STATUS_CODE.search(diagnostic)
    if told is not None and (own is None or own[0].endswith(".0.0")) and told[1] != "2":
        return told[0]
    return own[0] if own is not None else ""


def reason_of(status: str, diagnostic: str, around: str = "") -> str:
    """The reason in Sisimai's vocabulary; `undefined` where nothing tells, `onhold` where something is said but unknown.

    `around` may tell at what point of the dialogue it was said: a user who is "unknown" only after the whole mail was
    taken was refused by a filter; words said about the sender are a rejection.
    """
    words = " ".join(ADDRESS_OR_ANCHOR.sub("", diagnostic[:LONGEST]).lower().split())
    stage = f"{words} {around[:LONGEST].lower()}"
    reason = _by_words(words, STATUS.get(status.partition(".")[2], ""))
    if reason == "userunknown" and not status.endswith(".1.1") and AFTER_DATA.search(stage):
        return "filtered"
    return "rejected" if reason in ABOUT_RECIPIENT and AT_SENDER.search(stage) else reason


def _by_words(words: str, by_status: str) -> str:
    for reason, pattern in _CERTAIN:
        if pattern.search(words):
            return reason
    if by_status in SURE_STATUS:
        return by_status
    for reason, pattern in _LIKELY:
        if pattern.search(words):
            return reason
    return by_status or ("onhold" if words else "undefined")


def is_permanent(reason: str, status: str, action: str) -> bool:
    """Whether the address itself is bad: trying it again, with any other mail, can not help."""
    if action == "delayed" or status.startswith("4"):
        return False
    return reason in PERMANENT
