"""Which pages are asked for: kinds, and addresses in which somebody or something is drawn each time."""

import random
from collections.abc import Callable, Sequence

from bench.crm_pages.customers import BIG, FIRST_NAMES, RARE_TAG, Sizes, address_of, person_name, phone_of
from bench.reading.mail_company import PEOPLE
from bench.reading.seeding import RARE_WORD

PAGES: dict[str, Sequence[str]] = {
    "stream, mine": ("/stream",),
    "stream, all": ("/stream?whose=all",),
    "stream, calls of all": ("/stream?whose=all&kind=call", "/stream?whose=all&kind=meeting"),
    "stream, mine, tasks": ("/stream?kind=task", "/stream?kind=activities"),
    "stream, one author": ("/stream?whose=all&author={author}",),
    "contact": ("/contacts/{contact}",),
    "contact with most mail": ("/contacts/{busy}",),
    "company": ("/companies/{company}",),
    "company with many": ("/companies/{large}",),
    "deal": ("/deals/{deal}",),
    "lead": ("/leads/{lead}",),
    "search: a name": ("/search?words={name}",),
    "search: frequent": ("/search?words={frequent}",),
    "search: two words": ("/search?words={first}+{beginning}",),
    "search: an address": ("/search?words={address}",),
    "search: a phone": ("/search?words={phone}",),
    "search: nothing": (f"/search?words={RARE_WORD}+nowhere", "/search?words=qqqq"),
    "deals, board": ("/deals", "/deals?pipeline=2", "/deals?pipeline=3"),
    "deals, board, mine": ("/deals?mine=true",),
    "deals, board, words": ("/deals?words=offer", "/deals?words=order", "/deals?words={name}"),
    "deals, list": ("/deals?shape=list", "/deals?shape=list&order=name"),
    "leads, board": ("/leads?shape=board",),
    "leads, list": ("/leads", "/leads?state=converted", "/leads?order=name", "/leads?state=junk&order=name"),
    "contacts, newest": ("/contacts?before={contact}",),
    "contacts, oldest": ("/contacts?order=oldest&before={contact}",),
    "contacts, by name": ("/contacts?order=name",),
    "contacts, by name, far": ("/contacts?order=name&before={contact}",),
    "contacts, mine by name": ("/contacts?mine=true&order=name", "/contacts?mine=true"),
    "contacts, a tag": ("/contacts?tag=vip&order=name", "/contacts?tag=vip", "/contacts?tag=newsletter&order=oldest"),
    "contacts, a rare tag": (f"/contacts?tag={RARE_TAG}", f"/contacts?tag={RARE_TAG}&order=name"),
    "contacts, a source": ("/contacts?source=by+hand&order=name", "/contacts?source=nowhere&order=name"),
    "contacts, a time": ("/contacts?from={year}-03-01&to={year}-03-20",),
    "contacts, words": ("/contacts?words={name}&order=name", "/contacts?words={name}"),
    "contacts, frequent": ("/contacts?words={frequent}&order=name", "/contacts?words={frequent}"),
    "contacts, a phone": ("/contacts?words={phone}",),
    "companies, by name": ("/companies?order=name&before={company}",),
    "new contact": ("/contacts/new",),
    "new deal": ("/deals/new",),
    "typing in a form": ("/choose/contact?words={beginning}",),
    "editing a contact": ("/edit/contact/{contact}",),
    "editing a deal": ("/edit/deal/{deal}",),
    "today": ("/",),
    "tasks": ("/tasks",),
}


def address_in(paths: Sequence[str], chance: random.Random, sizes: Sizes) -> str:
    """One of the addresses, with what is to be drawn for it."""
    digits = phone_of(chance.randint(1, sizes.contacts))
    written = (digits, f"%2B48+{digits[:3]}+{digits[3:6]}+{digits[6:]}")
    draw: dict[str, Callable[[], object]] = {
        "author": lambda: chance.randint(1, PEOPLE),
        "contact": lambda: chance.randint(1, sizes.contacts),
        "busy": lambda: chance.randint(1, min(BIG, sizes.contacts)),
        "company": lambda: chance.randint(1, sizes.companies),
        "large": lambda: chance.randint(1, 20),
        "deal": lambda: chance.randint(1, sizes.deals),
        "lead": lambda: chance.randint(1, sizes.leads),
        "name": lambda: person_name(chance).split()[-1],
        "beginning": lambda: person_name(chance).split()[-1][:3],
        "first": lambda: chance.choice(FIRST_NAMES),
        "frequent": lambda: chance.choice((*FIRST_NAMES, "sch", "off", "an")),
        "address": lambda: address_of(chance.randint(1, sizes.contacts), sizes.companies),
        "phone": lambda: chance.choice(written),
        "year": lambda: chance.randint(2021, 2025),
    }
    path = chance.choice(paths)
    return path.format(**{name: made() for name, made in draw.items() if f"{{{name}}}" in path})
