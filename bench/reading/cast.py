"""Who writes in a seeded store, and what: a few thousand letters in many languages, and people outside."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from bench.reading.mail_company import NOW
from bench.sync.vocabulary import LANGUAGES, SHARE, sentences
from storage.blobs import record
from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import Contact
from storage.sessions import WriteSession
from storage.store import Store

LETTERS = 4000
CONTACTS = 5000
FIRST_NAMES = [
    "Anna",
    "Boris",
    "Clara",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Karin",
    "Leon",
    "Marta",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Stefan",
]
LAST_NAMES = [
    "Nowak",
    "Schmidt",
    "García",
    "Kowalski",
    "Dubois",
    "Novák",
    "Petrov",
    "Rossi",
    "Silva",
    "Jensen",
    "Weber",
    "Moreau",
    "Kaya",
    "Lind",
    "Fischer",
]


@dataclass(frozen=True, slots=True)
class Letter:
    """One text with its raw mail, which many messages share."""

    subject: str
    body: str
    snippet: str
    folded: tuple[str, str]
    head_id: int
    body_id: int
    size: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside."""

    id: int
    name: str
    address: str
    folded: str


def write_letters(store: Store, session: WriteSession, chance: random.Random) -> list[Letter]:
    """Draw the letters and store their raw mails."""
    made = list(_texts(chance))
    raws = [_raw(subject, body) for subject, body in made]
    blobs = store.blobs.prepare([half for raw in raws for half in raw])
    ids = record(session, blobs)
    return [
        Letter(
            subject,
            body,
            " ".join(body.split())[:200],
            (fold(subject), fold(body)),
            ids[2 * at],
            ids[2 * at + 1],
            len(raws[at][0]) + len(raws[at][1]),
        )
        for at, (subject, body) in enumerate(made)
    ]


def add_people(session: WriteSession, chance: random.Random) -> list[Person]:
    """Draw the people and store them as contacts."""
    people = []
    for number in range(1, CONTACTS + 1):
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
        address = f"contact{number}@firm{number % 800}.example"
        people.append(Person(number, name, address, fold(f"{name} {address}")))
    rows = [
        {"id": each.id, "name": each.name, "position": "", "tags": [], "source": "", "created_at": NOW}
        for each in people
    ]
    insert_rows(session, Contact, rows)
    return people


def _texts(chance: random.Random) -> Iterator[tuple[str, str]]:
    for _ in range(LETTERS):
        language = chance.choices(LANGUAGES, SHARE)[0]
        known = sentences(language)
        subject = " ".join(chance.choice(known).split()[:6]).strip(".")
        body = "\n\n".join(" ".join(chance.choices(known, k=chance.randint(2, 5))) for _ in range(chance.randint(1, 4)))
        yield subject, body


def _raw(subject: str, body: str) -> tuple[bytes, bytes]:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Anna <anna@client.example>", "sales@ours.example", subject
    message["Date"] = format_datetime(NOW)
    message.set_content(body)
    head, gap, rest = message.as_bytes().partition(b"\n\n")
    return head + gap, rest
