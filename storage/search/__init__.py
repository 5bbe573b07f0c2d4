"""Full-text search over messages: FTS5 on SQLite, a stored tsvector on PostgreSQL, the same results on both.

`message_text` holds what is searched, field by field, folded. SQLite's index keeps words only and counts its rows by date
(`storage.search.order`), so that the newest mail with a word is met first, however many have it. PostgreSQL's planner
chooses between its index and the way along the dates. What is asked is a tuple of `Phrase`.
"""

from storage.search.asking import lacks, search_rows
from storage.search.index import find_messages, forget_message, index_messages, indexing
from storage.search.phrases import Field, Phrase, phrase_of

__all__ = [
    "Field",
    "Phrase",
    "find_messages",
    "forget_message",
    "index_messages",
    "indexing",
    "lacks",
    "phrase_of",
    "search_rows",
]
