"""Bounces told in JSON: Amazon SES publishes them by SNS, whose mails carry the notification as text."""

import json
import re
from typing import Any

from parsers.bounce.addresses import address_of_field
from parsers.bounce.dialogue import host_in, host_told, spoken_in
from parsers.bounce.failure import Failure

NAMES = ("notificationType", "eventType")
LONGEST = 512 * 1024
MOST_RECIPIENTS = 1_000
BROKEN_LINE = "!\n "
"""How sendmail breaks lines that are too long for it."""
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")

Object = dict[str, Any]


def notification_in(text: str) -> Object | None:
    """The notification of a mail's text, or None where there is none, or none that can be read."""
    if not any(name in text[:LONGEST] for name in NAMES):
        return None
    outer = _object(text[:LONGEST])
    told = _object(outer["Message"]) if isinstance(outer.get("Message"), str) else outer
    return told if any(name in told for name in NAMES) else None


def type_of(told: Object) -> str:
    """`bounce`, `complaint`, `delivery` or another event, lower case."""
    return next((str(told[name]).lower() for name in NAMES if name in told), "")


def failures_told(told: Object) -> tuple[Failure, ...]:
    """The bounced recipients."""
    bounce = _child(told, "bounce")
    return tuple(
        _failure(each, address, bounce)
        for each in _children(bounce, "bouncedRecipients")
        if (address := address_of_field(_text(each, "emailAddress")))
    )


def complainers_told(told: Object) -> tuple[str, ...]:
    """The addresses of those who complained."""
    recipients = _children(_child(told, "complaint"), "complainedRecipients")
    return tuple(address for each in recipients if (address := address_of_field(_text(each, "emailAddress"))))


def message_id_told(told: Object) -> str:
    """The Message-ID of the mail that is told of, as its own header has it; SES's own number of it is another one."""
    mail = _child(told, "mail")
    headers = {_text(each, "name").lower(): _text(each, "value") for each in _children(mail, "headers")}
    return headers.get("message-id", "") or _text(_child(mail, "commonHeaders"), "messageId")


def _failure(recipient: Object, address: str, bounce: Object) -> Failure:
    kind, subtype = _text(bounce, "bounceType"), _text(bounce, "bounceSubType")
    words = _text(recipient, "diagnosticCode").removeprefix("smtp;").strip()
    spoken = spoken_in(words, "")
    return Failure(
        address,
        (_text(recipient, "action") or "failed").lower(),
        status=_text(recipient, "status"),
        reply_code=spoken.reply_code,
        diagnostic=words or HUMP.sub(" ", f"{kind} {subtype}").strip(),
        command=spoken.command,
        remote_mta=_text(bounce, "remoteMtaIp") or host_told(words),
        reporting_mta=host_in(_text(bounce, "reportingMTA")),
    )


def _object(text: str) -> Object:
    """The JSON object that stands in the text; empty where it is damaged."""
    inner = text[text.find("{") : text.rfind("}") + 1].replace(BROKEN_LINE, "")
    try:
        found = json.loads(inner, strict=False)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _child(of: Object, name: str) -> Object:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _children(of: Object, name: str) -> list[Object]:
    value = of.get(name)
    return [each for each in value[:MOST_RECIPIENTS] if isinstance(each, dict)] if isinstance(value, list) else []


def _text(of: Object, name: str) -> str:
    """A string of the object, storable: JSON may spell NUL and lone surrogates."""
    value = of.get(name)
    text = value if isinstance(value, str) else ""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
