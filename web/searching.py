"""One search for everything: mail, people, companies, deals, leads, tasks, posts, files by their names, within one's rights.

Operators are about mail; with one in it, nothing else is searched.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.search_query import parse_query
from crm.conversations.searching import search_messages
from crm.conversations.views.threads import FoundMail
from crm.records.repository.found import FoundRecord, found_records
from crm.stream.feed.repository import posts
from crm.stream.files.repository.found import files_of_mails, files_of_posts, files_on_records
from crm.stream.files.views import FoundFile
from crm.stream.views import PostView
from crm.work.repository import FoundTask, tasks_found
from storage.models import RecordType
from storage.sessions import ReadSession
from storage.store import Store

MORE_MAIL = 4
"""So many mails more than of anything else: there are more of them."""


class Part(StrEnum):
    """What is searched."""

    MAIL = "mail"
    RECORDS = "records"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Found:
    """What holds the words, the newest of each kind."""

    mail: FoundMail = field(default_factory=FoundMail)
    records: Mapping[RecordType, tuple[FoundRecord, ...]] = field(default_factory=dict)
    posts: tuple[PostView, ...] = ()
    tasks: tuple[FoundTask, ...] = ()
    files: tuple[FoundFile, ...] = ()


def search_everything(
    store: Store, viewer: Viewer, words: str, *, zone: ZoneInfo, limit: int, parts: Collection[Part] = tuple(Part)
) -> Found:
    """What holds the words, at most `limit` of each kind; days of operators are those of `zone`."""
    asked = words.strip()
    query = parse_query(asked)
    on_records = query.is_plain and bool(asked)
    with store.database.reading() as session:
        mail = FoundMail()
        if query.terms and Part.MAIL in parts:
            reach = reach_of(session, viewer)
            most = limit + MORE_MAIL
            mail = search_messages(store, session, viewer, reach, asked, utcnow(), zone=zone, limit=most)
        records = (
            found_records(session, viewer, query.words, limit=limit) if on_records and Part.RECORDS in parts else {}
        )
        on_work = on_records and Part.WORK in parts
        said = posts(session, viewer, words=query.words, limit=limit) if on_work else []
        tasks = tasks_found(session, viewer, query.words, limit=limit) if on_work else []
        files = _files(session, viewer, query.words, mail, limit, parts) if on_records else ()
    return Found(mail, {kind: rows for kind, rows in records.items() if rows}, tuple(said), tuple(tasks), files)


def _files(
    session: ReadSession, viewer: Viewer, words: str, mail: FoundMail, limit: int, parts: Collection[Part]
) -> tuple[FoundFile, ...]:
    """Files with such names, the newest of whichever part they belong to: of mails those of the found ones, whose words the names
    of their files are."""
    found = files_of_mails(session, viewer, [each.id for each in mail.messages], words)
    if Part.RECORDS in parts:
        found += files_on_records(session, viewer, words, limit=limit)
    if Part.WORK in parts:
        found += files_of_posts(session, viewer, words, limit=limit)
    return tuple(sorted(found, key=lambda one: one.file.at, reverse=True)[:limit])
