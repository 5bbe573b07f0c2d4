"""One box for everything: mail, people, companies, deals, leads, tasks, posts, within one's rights.

Operators are about mail; with one in it, nothing else is searched.
"""

from fastapi import Request
from fastapi.responses import Response

from core.clock import utcnow
from crm.conversations.repository.reach import reach_of
from crm.conversations.search_query import parse_query
from crm.conversations.searching import search_threads
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadPage
from crm.records.repository import reading
from crm.records.views import RecordFilter
from crm.stream.feed.repository import posts
from crm.work.repository import tasks
from crm.work.views import Part, TaskFilter
from storage.sessions import ReadSession
from storage.store import Store
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of, zone_of

router = page_router()
SHOWN = 6
NOTHING = ThreadPage((), None)


@router.get("/search")
def search_page(request: Request, me: Me, words: str = "") -> Response:
    """What holds these words."""
    asked = words.strip()
    query = parse_query(asked)
    wanted = RecordFilter(words=query.words, limit=SHOWN)
    store = services_of(request).store
    with store.database.reading() as session:
        threads = _mail(store, session, me, asked) if query.terms else NOTHING
        on_records = query.is_plain and bool(asked)
        contacts = reading.contacts(session, me.viewer, wanted) if on_records else []
        companies = reading.companies(session, me.viewer, wanted) if on_records else []
        deals = reading.deals(session, me.viewer, wanted) if on_records else []
        leads = reading.leads(session, me.viewer, wanted) if on_records else []
        said = posts(session, me.viewer, words=query.words, limit=SHOWN) if on_records else []
        plain = TaskFilter(part=Part.ANY, words=query.words, limit=SHOWN)
        found_tasks = tasks(session, me.viewer, plain) if on_records else []
    return render(
        request,
        me,
        "search.html",
        words_searched=asked,
        threads=threads,
        contacts=contacts,
        companies=companies,
        deals=deals,
        leads=leads,
        posts=said,
        tasks=found_tasks,
    )


def _mail(store: Store, session: ReadSession, me: SignedIn, asked: str) -> ThreadPage:
    wanted = ThreadFilter(MailView.ALL, words=asked)
    reach = reach_of(session, me.viewer)
    return search_threads(store, session, me.viewer, reach, wanted, utcnow(), zone=zone_of(me), limit=SHOWN + 4)
