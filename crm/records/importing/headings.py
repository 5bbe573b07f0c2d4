"""What headers of columns mean, by the words of `heading_words`.

A header is compared in lower case, without signs and numbers: `E-mail 2 Address` is `e mail address`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from crm.records.importing.heading_words import FURTHER_WORDS, OWN_WORDS, WHOLE, WORDS
from crm.records.importing.kinds import CONTACTS, KINDS, Kind, further_fields
from parsers.tables.several import emails_in, is_address
from storage.models import RecordType

SEVERAL: Final = frozenset({BuiltIn.EMAIL, BuiltIn.PHONE, BuiltIn.TAGS})
"""Fields that more than one column may give."""
SAMPLE: Final = 50
_SIGNS = re.compile(r"[^\w']+|[\d_]+")
_NUMBER = re.compile(r" \(\d+\)$")
"""By which columns of one name are told apart (`parsers/tables/opening.py`)."""
_SEPARATOR = re.compile(r"\s*[|\n]\s*")


def guess_mapping(
    header: Sequence[str],
    sample: Iterable[Sequence[str]] = (),
    custom: CustomFields = MappingProxyType({}),
    kind: Kind = CONTACTS,
) -> list[Meaning]:
    """A field of records of that kind for each column; a custom one by its name, which counts more than what the word means to
    everybody else.

    Where a name comes twice, the first column is what everybody calls so: files that were exported here end with custom fields.
    Where no header says e-mail, the column of `sample` that holds the most addresses does, of records that have addresses.
    """
    words, meaning = [plain(name) for name in header], _meaning(kind.type)
    fields = [
        _own(name, header, custom, meaning) or meaning.get(word) or _alike(word, custom)
        for name, word in zip(header, words, strict=True)
    ]
    fields = _each_once(_whole_names(fields, words))
    if kind.has_channels and BuiltIn.EMAIL not in fields:
        place = _column_of_addresses(list(sample)[:SAMPLE], fields)
        if place is not None:
            fields[place] = BuiltIn.EMAIL
    return fields


def plain(name: str) -> str:
    """A header without signs, numbers and capitals."""
    return " ".join(_SIGNS.sub(" ", name.lower().replace("’", "'")).split())


@cache
def _meaning(record_type: RecordType) -> Mapping[str, Meaning]:
    """What a word means in lists of that kind, of the fields that such records have."""
    known = KINDS[record_type].labels.keys() | further_fields(record_type).keys()
    meaning: dict[str, Meaning] = {}
    for words in (WORDS, FURTHER_WORDS, OWN_WORDS[record_type]):
        for column, said in reversed([*words.items()]):
            if column in known:
                meaning |= {word: column for word in _SEPARATOR.split(said) if word}
    return meaning


def _own(name: str, header: Sequence[str], custom: CustomFields, meaning: Mapping[str, Meaning]) -> Meaning | None:
    """The custom field that is called exactly so."""
    called = {field.name.casefold(): key for key, field in custom.items()}
    numbered = _NUMBER.sub("", name)
    is_second = numbered != name and numbered in header
    if is_second and name.casefold() not in called:
        return called.get(numbered.casefold())
    comes_again = any(_NUMBER.sub("", other) == name for other in header if other != name)
    return None if comes_again and plain(name) in meaning else called.get(name.casefold())


def _alike(word: str, custom: CustomFields) -> Meaning:
    """The custom field that is called so but for signs and numbers."""
    return next((key for key, field in custom.items() if plain(field.name) == word), BuiltIn.SKIP)


def _whole_names(fields: list[Meaning], words: list[str]) -> list[Meaning]:
    for part, other in ((BuiltIn.GIVEN, BuiltIn.FAMILY), (BuiltIn.FAMILY, BuiltIn.GIVEN)):
        if part in fields and other not in fields and BuiltIn.NAME not in fields:
            place = fields.index(part)
            if words[place] in WHOLE[part]:
                fields[place] = BuiltIn.NAME
    return fields


def _each_once(fields: list[Meaning]) -> list[Meaning]:
    """Of a field that has one value, the first column counts."""
    return [
        BuiltIn.SKIP if field not in SEVERAL and field in fields[:place] else field
        for place, field in enumerate(fields)
    ]


def _column_of_addresses(sample: list[Sequence[str]], fields: list[Meaning]) -> int | None:
    counts = {
        place: sum(all(map(is_address, found)) for row in sample if (found := emails_in(row[place])))
        for place, field in enumerate(fields)
        if field == BuiltIn.SKIP
    }
    best = max(counts, key=lambda place: counts[place], default=None)
    return best if best is not None and counts[best] else None
