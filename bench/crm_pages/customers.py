"""Who the customers of the large store are: companies, people, deals and leads, as unevenly spread as in a real one.

Everything is drawn from numbers, not in turn: the same id is always the same record, so a store can be filled bit by bit.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bench.reading.mail_company import NOW
from storage.models import LeadState, RecordType, StageKind


def _words(listed: str) -> list[str]:
    return listed.split()


FIRST_NAMES = _words("""
    Anna Boris Clara David Elena Felix Greta Hugo Ines Jonas Karin Leon Marta Nils Olga Paul Rosa Stefan Łukasz Żaneta
    Émile Özlem Çağla İbrahim Åsa Øyvind Светлана Юрий Ольга Дмитро Γιώργος Ελένη 王伟 田中 Zoë Björn Chloé Māris Ştefan Jürgen
""")
SYLLABLES = _words("""
    ka no wi sch mi dt gar cía ler bon ski dub ois vá pet rov ros si sil va jen sen we ber mo reau ya lind ßner ców žić
""")
ENDS = _words("""
    ski ska mann ova son sen ez escu ić oğlu ault berg i a er
""")
COMPANY_WORDS = _words("""
    Stahl Nord Bau Agro Logistik Café Foods Textil Optik Solar Żabka Möbel Druk Pharma Auto Marine
""")
LEGAL = ("GmbH", "Ltd", "S.A.", "Sp. z o.o.", "AG", "ООО", "SARL", "Inc.")
WANTED = _words("""
    Offer Request Order Contract Renewal Machines Delivery Question Trial Service Licences Training
""")
TAGS = ("newsletter", "customer", "fair", "partner", "vip")
TAG_SHARE = (30, 12, 6, 2, 1)
"""How many of a hundred contacts have each."""
RARE_TAG, RARE_EVERY = "zirkonia", 9_001
SOURCES = ("mail", "import", "web form", "fair", "by hand")
SOURCE_SHARE = (60, 25, 10, 4, 1)
SHARE_OF_PERSON = (30, 20, 12, 10, 8, 6, 5, 4, 2, 1.5, 1, 0.5)
"""Of a hundred records, how many each of the twelve people looks after."""
YEARS = 6
CONTACTS_A_COMPANY = 6
BIG = 40
"""The first contacts write most: a fifth of all conversations is with them."""
WON, LOST = 50, 33
"""Of a hundred deals; leads: how many are converted and junk."""
PIPELINES = ("Partners", "Service")
HOT = 70
"""Of a hundred deals how many go through the first pipeline."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of everything."""

    messages: int
    contacts: int
    deals: int
    leads: int

    @property
    def companies(self) -> int:
        """Some people each."""
        return max(self.contacts // CONTACTS_A_COMPANY, 1)


@dataclass(frozen=True, slots=True)
class Stages:
    """Ids of stages by pipeline, open ones first; of leads by state."""

    deals: Sequence[tuple[int, Sequence[tuple[int, StageKind]]]]
    leads: Sequence[tuple[int, LeadState]]


def chance_of(kind: str, number: int) -> random.Random:
    """What decides about one record."""
    return random.Random(f"{kind} {number}")


def person_name(chance: random.Random) -> str:
    """Somebody's name; the first few hundred family names are frequent."""
    family = random.Random(int(chance.paretovariate(0.35)) % 40_000)
    syllables = "".join(family.choices(SYLLABLES, k=family.randint(1, 3)))
    return f"{chance.choice(FIRST_NAMES)} {(syllables + family.choice(ENDS)).capitalize()}"


def address_of(contact: int, companies: int) -> str:
    """The first address of a contact."""
    return f"contact{contact}@firm{company_of(contact, companies) or contact % 800}.example"


def company_of(contact: int, companies: int) -> int | None:
    """Six of ten have one; the first companies have many people."""
    chance = chance_of("company of", contact)
    return int(companies * chance.random() ** 2) + 1 if chance.random() < 0.6 else None


def company_rows(ids: range, users: Sequence[int], sizes: Sizes) -> Iterator[dict[str, Any]]:
    """Organisations."""
    for number in ids:
        chance = chance_of("company", number)
        name = f"{chance.choice(COMPANY_WORDS)} {person_name(chance).split()[-1]} {chance.choice(LEGAL)}"
        yield _common(chance, number / sizes.companies, number, users) | {
            "id": number,
            "name": name,
            "domain": f"firm{number}.example",
        }


def contact_rows(ids: range, users: Sequence[int], sizes: Sizes) -> Iterator[dict[str, Any]]:
    """People."""
    for number in ids:
        chance = chance_of("contact", number)
        row = {"id": number, "name": person_name(chance), "position": chance.choice(("", "", "Buyer", "Head of sales"))}
        row["company_id"] = company_of(number, sizes.companies)
        yield row | _common(chance, number / sizes.contacts, number, users)


def channel_rows(ids: range, sizes: Sizes) -> Iterator[dict[str, Any]]:
    """An address of each contact, and the phone that six of ten have, written in three ways."""
    for number in ids:
        chance = chance_of("channels", number)
        address = address_of(number, sizes.companies)
        yield _channel(number, "email", address, address)
        if chance.random() < 0.6:
            digits = phone_of(number)
            key, value = chance.choice(
                ((f"+48{digits}", f"+48 {digits[:3]} {digits[3:6]} {digits[6:]}"), (digits, digits))
            )
            yield _channel(number, "phone", key, value)


def phone_of(contact: int) -> str:
    """Nine digits."""
    return str(chance_of("phone", contact).randint(500_000_000, 899_999_999))


def deal_rows(ids: range, users: Sequence[int], sizes: Sizes, stages: Stages) -> Iterator[dict[str, Any]]:
    """Deals; most stand in the first pipeline, and most are won or lost."""
    for number in ids:
        chance = chance_of("deal", number)
        hot = chance.random() * 100 < HOT
        pipeline, steps = stages.deals[0] if hot else chance.choice(stages.deals[1:])
        stage, kind = _stage(chance, steps)
        contact = contact_of(chance, sizes)
        row = _common(chance, number / sizes.deals, number, users)
        yield row | {
            "id": number,
            "title": f"{chance.choice(WANTED)} {chance.randint(1, 9999)} {person_name(chance).split()[-1]}",
            "pipeline_id": pipeline,
            "stage_id": stage,
            "stage_kind": kind,
            "contact_id": contact,
            "company_id": company_of(contact, sizes.companies),
            "amount": int(chance.paretovariate(1.2) * 50_000) if chance.random() < 0.8 else 0,
            "currency": "EUR" if chance.random() < 0.85 else chance.choice(("PLN", "USD")),
            "repeat": chance.random() < 0.2,
            "updated_at": row["created_at"],
            "closed_at": None if kind is StageKind.OPEN else row["created_at"],
        }


def lead_rows(ids: range, users: Sequence[int], sizes: Sizes, stages: Stages) -> Iterator[dict[str, Any]]:
    """Leads; half are converted, a third is junk."""
    for number in ids:
        chance = chance_of("lead", number)
        dice = chance.random() * 100
        state = LeadState.CONVERTED if dice < WON else LeadState.JUNK if dice < WON + LOST else LeadState.ACTIVE
        stage = chance.choice([stage for stage, kind in stages.leads if kind is state])
        title = f"{chance.choice(WANTED)} {chance.choice(WANTED).lower()} {person_name(chance).split()[-1]}"
        row = {"id": number, "title": title, "name": person_name(chance), "state": state, "stage_id": stage}
        yield row | {"repeat": chance.random() < 0.1} | _common(chance, number / sizes.leads, number, users)


def contact_of(chance: random.Random, sizes: Sizes) -> int:
    """Whom something is about: one of the big ones in a fifth of all cases."""
    return chance.randint(1, min(BIG, sizes.contacts)) if chance.random() < 0.2 else chance.randint(1, sizes.contacts)


def _stage(chance: random.Random, steps: Sequence[tuple[int, StageKind]]) -> tuple[int, StageKind]:
    dice = chance.random() * 100
    kind = StageKind.WON if dice < WON else StageKind.LOST if dice < WON + LOST else StageKind.OPEN
    return chance.choice([step for step in steps if step[1] is kind])


def _common(chance: random.Random, age: float, number: int, users: Sequence[int]) -> dict[str, Any]:
    """What records of all kinds have; `age` is 0 for the oldest and 1 for the newest."""
    tags = [tag for tag, share in zip(TAGS, TAG_SHARE, strict=True) if chance.random() * 100 < share]
    return {
        "responsible_id": None if chance.random() < 0.05 else chance.choices(users, SHARE_OF_PERSON[: len(users)])[0],
        "tags": [*tags, RARE_TAG] if number % RARE_EVERY == 1 else tags,
        "source": chance.choices(SOURCES, SOURCE_SHARE)[0],
        "created_at": NOW - timedelta(days=YEARS * 365) * (1.001 - age),
    }


def _channel(contact: int, kind: str, key: str, value: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "value": value, "record_type": RecordType.CONTACT, "record_id": contact}
