"""By what records are found: words of names and of fields, tags, sources, addresses, phones; an index that databases keep."""

from sqlalchemy.orm import Mapped, mapped_column

from storage.folding import LONGEST_TEXT_WORD
from storage.models.base import Base, BigId, SortedText
from storage.models.record import RecordType
from storage.types import Word

LONGEST_WORD, LONGEST_ADDRESS = LONGEST_TEXT_WORD, 100
"""Characters of a term; what is longer is cut, and looked at again in its record."""
ENDING = 9
"""Digits at the end of a phone by which it is known, however it was written."""
TAG, SOURCE, ADDRESS, PHONE, FIELD = "#", "=", "@", "+", "$"
"""What a term begins with that is no word: `#vip`, `=mail`, `@ann@client.example`, `+` and a phone's last digits from behind,
`$tesla:7` of the custom field with that number, `$tesla:notes` of a standard field: one range has the word in all fields."""


class RecordTerm(Base):
    """One way to find a record. Triggers write it with the record, its channels and its values, whoever changes those.

    Records in the recycle bin keep theirs.
    """

    __tablename__ = "record_term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    record_type: Mapped[RecordType] = mapped_column(Word(RecordType), primary_key=True)
    term: Mapped[str] = mapped_column(SortedText, primary_key=True)
    record_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
