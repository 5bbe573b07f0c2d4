"""A value for each of the further standard fields of each kind of record: a field without one fails the tests that use this."""

from dataclasses import dataclass

from crm.records.fields.standard import FURTHER
from storage.models import RecordType


@dataclass(frozen=True, slots=True)
class Sample:
    """What is typed, what is stored then, what finds it, and what a page shows (days as 31/12/2026)."""

    typed: str
    stored: str
    words: str
    shown: str
    wrong: str = ""
    """What can not stand there; empty where anything can."""


def _text(text: str) -> Sample:
    return Sample(f" {text} ", text, text.split()[-1][:4], text, wrong="x" * 501)


ADDRESS = {
    "street": _text("Długa 7"),
    "postcode": _text("00-238"),
    "city": _text("Warszawa"),
    "region": _text("Mazowieckie"),
    "country": _text("Polska"),
}
WEBSITE = Sample("mill.example/a", "https://mill.example/a", "mill.example", "mill.example/a", wrong="no page")
SAMPLES: dict[RecordType, dict[str, Sample]] = {
    RecordType.CONTACT: {
        "salutation": _text("Hofrätin"),
        "first_name": _text("Żaneta"),
        "last_name": _text("Quux"),
        "birthday": Sample("14/03", "--03-14", "03-14", "14/03", wrong="31/02"),
        "website": WEBSITE,
        "messenger": _text("@telegraph"),
        **ADDRESS,
    },
    RecordType.COMPANY: {
        "website": WEBSITE,
        "industry": _text("Paper goods"),
        "employees": Sample("37", "11–50", "11–50", "11–50", wrong="a few"),
        **ADDRESS,
    },
    RecordType.LEAD: {
        "company_name": _text("Quuxworks"),
        "position": _text("Buyer"),
        "website": WEBSITE,
        **ADDRESS,
    },
}
for _kind, _fields in SAMPLES.items():
    assert [*_fields] == [field.key for field in FURTHER[_kind]]
