"""What stands in the fields of a record that are no name, as words that each say in which field: `position:head notes:call`.

Records are found by them (`RecordTerm`), as far as somebody may see the field.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from core.currencies import minor_digits
from storage.folding import LONGEST_TEXT_WORD, words_of

MOST_WORDS = 2000
"""Different ones of a field by which a record is found: the first."""
Written = str | int | date | Sequence[str] | None


def field_words(fields: Mapping[str, Written]) -> str:
    """The words of the fields in their order, each once; money is in the smallest unit of the `currency` among the fields, and
    found by its whole and its decimals."""
    digits = minor_digits(str(fields.get("currency", "")))
    return " ".join(word for field, written in fields.items() for word in _of_field(field, written, digits))


def _of_field(field: str, written: Written, digits: int) -> Iterator[str]:
    found = dict.fromkeys(word[:LONGEST_TEXT_WORD] for word in words_of(_as_text(written, digits)))
    return (f"{field}:{word}" for word in list(found)[:MOST_WORDS])


def _as_text(written: Written, digits: int) -> str:
    if isinstance(written, str):
        return written
    if isinstance(written, int):
        whole, decimals = divmod(abs(written), 10**digits)
        return f"{whole} {decimals:0{digits}}" if decimals else str(whole or "")
    if isinstance(written, date):
        return written.isoformat()
    return "\n".join(written or ())
