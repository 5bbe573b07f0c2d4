"""One box for everything: mail, people, companies, deals, tasks, within one's rights."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crm.conversations.repository.threads import threads_page
from crm.conversations.views import MailView, ThreadFilter, ThreadPage
from crm.records.repository import reading
from crm.records.views import RecordFilter
from crm.work.repository import tasks
from crm.work.views import Part, TaskFilter
from web.rendering import render
from web.signed_in import Me, services_of

router = APIRouter()
SHOWN = 6
NOTHING = ThreadPage((), None)


@router.get("/search")
def search_page(request: Request, me: Me, words: str = "") -> Response:
    """What holds these words."""
    asked = words.strip()
    wanted = RecordFilter(words=asked, limit=SHOWN)
    with services_of(request).store.database.reading() as session:
        threads = (
            threads_page(session, me.viewer, ThreadFilter(MailView.ALL, words=asked), limit=SHOWN + 4)
            if asked
            else NOTHING
        )
        contacts = reading.contacts(session, me.viewer, wanted) if asked else []
        companies = reading.companies(session, me.viewer, wanted) if asked else []
        deals = reading.deals(session, me.viewer, wanted) if asked else []
        found_tasks = tasks(session, me.viewer, TaskFilter(part=Part.ANY, words=asked, limit=SHOWN)) if asked else []
    return render(
        request,
        me,
        "search.html",
        words_searched=asked,
        threads=threads,
        contacts=contacts,
        companies=companies,
        deals=deals,
        tasks=found_tasks,
    )
