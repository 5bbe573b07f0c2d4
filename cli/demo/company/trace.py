"""The headers that the company's mail server puts on top of what it takes in: who brought it, and whether to believe it.

Sample messages and mail that the demo's sink delivers get the same ones, because Mailsync reads the recipient and the
sender's authenticity (RFC 8601) from them.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Literal

Verdict = Literal["pass", "fail", "none"]


@dataclass(frozen=True)
class Arrival:
    """One delivery: envelope, the domain in From, and what the server found out about it."""

    server: str
    mail_from: str
    recipient: str
    from_domain: str
    at: datetime
    verdict: Verdict = "pass"


def trace_headers(arrival: Arrival) -> bytes:
    """Return-Path, Delivered-To, Received and Authentication-Results, with CRLF, in the order a server prepends them."""
    sender, server = arrival.from_domain or "unknown.example", arrival.server
    helo = f"mail.{sender}"
    mark = hashlib.sha256(f"{arrival.mail_from}{arrival.recipient}{arrival.at}".encode()).hexdigest()
    lines = [
        f"Return-Path: <{arrival.mail_from}>",
        f"Delivered-To: {arrival.recipient}",
        f"Received: from {helo} ({helo} [{_address(sender)}])",
        f"\tby {server} with ESMTPS id {mark[:12].upper()}",
        f"\tfor <{arrival.recipient}>; {format_datetime(arrival.at)}",
        f"Authentication-Results: {server};",
        f"\tspf={arrival.verdict} smtp.mailfrom={arrival.mail_from.rpartition('@')[2] or helo};",
        f"\tdmarc={arrival.verdict} header.from={sender}",
    ]
    return "".join(line + "\r\n" for line in lines).encode()


def _address(domain: str) -> str:
    """A documentation address (RFC 5737) that a domain keeps."""
    return f"198.51.100.{hashlib.sha256(domain.encode()).digest()[0] % 250 + 2}"
