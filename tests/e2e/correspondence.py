"""Thousands of plausible mails between a company and its customers, the same ones at every call.

Threads of one to eight messages with References, answers of ours among them, strangers, newsletters, attachments, and
mails that lie in two folders: enough for every step of intake to have something to do.
"""

import random
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

OURS = "sales@ourhouse.example"
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
WORDS = [
    "order",
    "invoice",
    "delivery",
    "machine",
    "coffee",
    "filter",
    "price",
    "offer",
    "tomorrow",
    "service",
    "question",
    "thanks",
    "part",
    "repair",
]


@dataclass(frozen=True, slots=True)
class Letter:
    """One raw mail and the folder it lies in."""

    folder: str
    raw: bytes


def correspondence(count: int, *, customers: int = 60, seed: int = 7) -> Iterator[Letter]:
    """Exactly `count` letters, oldest first."""
    chance = random.Random(seed)
    at, number = START, 0
    while number < count:
        at += timedelta(minutes=chance.randint(1, 40))
        customer = f"person{chance.randint(1, customers)}@client{chance.randint(1, customers)}.example"
        kind = chance.random()
        letters = _newsletter(chance, number, at) if kind < 0.08 else _thread(chance, number, at, customer)
        for letter in letters:
            if number == count:
                return
            number += 1
            yield letter


def _thread(chance: random.Random, number: int, at: datetime, customer: str) -> Iterator[Letter]:
    subject = " ".join(chance.sample(WORDS, 3)) + f" {number}"
    references: list[str] = []
    for position in range(chance.choice([1, 1, 2, 2, 3, 5, 8])):
        ours = position % 2 == 1
        headers = {
            "From": OURS if ours else f"Customer <{customer}>",
            "To": customer if ours else OURS,
            "Subject": subject if position == 0 else f"Re: {subject}",
            "Date": format_datetime(at + timedelta(hours=position)),
            "Message-ID": f"<{number}.{position}@{'ourhouse' if ours else 'client'}.example>",
        }
        if references:
            headers |= {"In-Reply-To": references[-1], "References": "\r\n ".join(references)}
        references.append(headers["Message-ID"])
        text = "\r\n".join(" ".join(chance.choices(WORDS, k=12)) for _ in range(chance.randint(2, 20)))
        attached = chance.randbytes(chance.randint(100, 20_000)) if chance.random() < 0.1 else None
        yield Letter("Sent" if ours else "INBOX", _mail(headers, text, attached, f"offer {number}.pdf"))


def _newsletter(chance: random.Random, number: int, at: datetime) -> Iterator[Letter]:
    headers = {
        "From": f"News <news@shop{chance.randint(1, 9)}.example>",
        "To": OURS,
        "Subject": f"Offers of the week {number}",
        "Date": format_datetime(at),
        "Message-ID": f"<news.{number}@shop.example>",
        "List-Unsubscribe": "<https://shop.example/leave>",
        "Precedence": "bulk",
    }
    yield Letter("INBOX", _mail(headers, " ".join(chance.choices(WORDS, k=80)), None, ""))


def _mail(headers: dict[str, str], text: str, attached: bytes | None, filename: str) -> bytes:
    """Put together by hand: the standard library takes three milliseconds for each of tens of thousands."""
    plain = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{text}\r\n"
    if attached is None:
        body = plain
    else:
        file = encodebytes(attached).decode().replace("\n", "\r\n")
        body = (
            'Content-Type: multipart/mixed; boundary="the-parts"\r\n\r\n'
            f"--the-parts\r\n{plain}--the-parts\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{filename}"\r\n\r\n{file}--the-parts--\r\n'
        )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}MIME-Version: 1.0\r\n{body}".encode()
