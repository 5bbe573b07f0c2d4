"""One box for everything: mail, people, companies, deals, leads, tasks, posts, within one's rights.

Operators are about mail; with one in it, nothing else is searched.
"""

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.conversations.repository.reach import reach_of
from crm.conversations.search_query import parse_query
from crm.conversations.searching import search_messages
from crm.conversations.views.threads import FoundMail
from crm.records.paths import PLURALS
from crm.records.repository.found import found_records
from crm.stream.feed.repository import posts
from crm.work.repository import tasks_found
from storage.sessions import ReadSession
from storage.store import Store
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
SHOWN = 6


@router.get("/search")
def search_page(request: Request, me: Me, words: str = "") -> Response:
    """What holds these words."""
    asked = words.strip()
    query = parse_query(asked)
    store = services_of(request).store
    with store.database.reading() as session:
        mail = _mail(store, session, me, asked) if query.terms else FoundMail()
        on_records = query.is_plain and bool(asked)
        records = found_records(session, me.viewer, query.words, limit=SHOWN) if on_records else {}
        said = posts(session, me.viewer, words=query.words, limit=SHOWN) if on_records else []
        found_tasks = tasks_found(session, me.viewer, query.words, limit=SHOWN) if on_records else ()
    return render(
        request,
        me,
        "search.html",
        words_searched=asked,
        mail=mail,
        records={kind: rows for kind, rows in records.items() if rows},
        plurals=PLURALS,
        posts=said,
        tasks=found_tasks,
    )


def _mail(store: Store, session: ReadSession, me: SignedIn, asked: str) -> FoundMail:
    reach = reach_of(session, me.viewer)
    return search_messages(store, session, me.viewer, reach, asked, utcnow(), zone=zone_of(me), limit=SHOWN + 4)
