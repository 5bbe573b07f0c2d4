"""Thousands of plausible mails between a company and its customers, the same ones at every call.

Threads of one to eight messages with References, answers of ours among them, strangers, newsletters, attachments, and
mails that lie in two folders: enough for every step of intake to have something to do.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
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
        mail = EmailMessage(policy=SMTP)
        mail["From"] = OURS if ours else f"Customer <{customer}>"
        mail["To"] = customer if ours else OURS
        mail["Subject"] = subject if position == 0 else f"Re: {subject}"
        mail["Date"] = format_datetime(at + timedelta(hours=position))
        mail["Message-ID"] = f"<{number}.{position}@{'ourhouse' if ours else 'client'}.example>"
        if references:
            mail["In-Reply-To"] = references[-1]
            mail["References"] = " ".join(references)
        references.append(str(mail["Message-ID"]))
        mail.set_content("\n".join(" ".join(chance.choices(WORDS, k=12)) for _ in range(chance.randint(2, 20))))
        if chance.random() < 0.1:
            data = chance.randbytes(chance.randint(100, 20_000))
            mail.add_attachment(data, maintype="application", subtype="pdf", filename=f"offer {number}.pdf")
        yield Letter("Sent" if ours else "INBOX", mail.as_bytes())


def _newsletter(chance: random.Random, number: int, at: datetime) -> Iterator[Letter]:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"News <news@shop{chance.randint(1, 9)}.example>"
    mail["To"] = OURS
    mail["Subject"] = f"Offers of the week {number}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<news.{number}@shop.example>"
    mail["List-Unsubscribe"] = "<https://shop.example/leave>"
    mail["Precedence"] = "bulk"
    mail.set_content(" ".join(chance.choices(WORDS, k=80)))
    yield Letter("INBOX", mail.as_bytes())
