"""The words of names of files, kept with the files: what `found` looks into."""

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlalchemy.orm import InstrumentedAttribute

from storage.folding import LONGEST_TEXT_WORD, words_of
from storage.models import FileTerm
from storage.sessions import WriteSession

OfFile = InstrumentedAttribute[int | None]


def write_terms(session: WriteSession, of_file: OfFile, files: Iterable[tuple[int, str]]) -> None:
    """Let files be found by these names, and by no others; `of_file` is the column of `FileTerm` for files of their kind."""
    named = dict(files)
    if not named:
        return
    session.execute(delete(FileTerm).where(of_file.in_(named)), execution_options={"synchronize_session": False})
    rows = [{of_file.key: file_id, "term": term} for file_id, name in named.items() for term in sorted(terms_of(name))]
    if rows:
        session.execute(insert(FileTerm), rows)


def terms_of(name: str) -> set[str]:
    """The words of a name, as the index has them."""
    return {word[:LONGEST_TEXT_WORD] for word in words_of(name)}
