"""What open pages ask for when something was said, edited or deleted: the talk below a post, task or entry, and shown entries.

Each answer is what the page itself would show to whoever asks, within their rights, at this moment.
"""

from fastapi import Request
from fastapi.responses import Response

from crm.stream.feed import repository
from crm.stream.timeline.repository import entries_again
from crm.stream.views import SubjectType
from web.forms import RowId, record_keys, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
TALK, ENTRIES = "feed/_talk.html", "stream/_entries.html"
MOST_SHOWN = 500


@router.get("/feed/{post_id}/talk")
def of_post(request: Request, me: Me, post_id: RowId) -> Response:
    """A post, and what was said under it."""
    with services_of(request).store.database.reading() as session:
        post = repository.post(session, me.viewer, post_id)
        said = repository.comments(session, me.viewer, SubjectType.POST, post_id)
    return render(request, me, TALK, part=TALK, post=post, said=said)


@router.get("/tasks/{task_id}/talk")
def of_task(request: Request, me: Me, task_id: RowId) -> Response:
    """What was said under a task."""
    return _said(request, me, SubjectType.TASK, task_id)


@router.get("/entries/{activity_id}/talk")
def of_entry(request: Request, me: Me, activity_id: RowId) -> Response:
    """What was said about an entry."""
    return _said(request, me, SubjectType.ACTIVITY, activity_id)


@router.get("/stream/again")
def shown_again(request: Request, me: Me, ids: str = "", here: str = "") -> Response:
    """Entries that a page shows: their `ids` between commas, and `here` the record whose page it is."""
    wanted = [number for one in ids.split(",")[:MOST_SHOWN] if (number := row_id(one)) is not None]
    record = next(iter(record_keys([here] if here else [])), None)
    with services_of(request).store.database.reading() as session:
        found = entries_again(session, me.viewer, wanted)
    return render(request, me, ENTRIES, part=ENTRIES, entries=found, here=record)


def _said(request: Request, me: SignedIn, subject: SubjectType, subject_id: int) -> Response:
    with services_of(request).store.database.reading() as session:
        said = repository.comments(session, me.viewer, subject, subject_id)
    return render(request, me, TALK, part=TALK, post=None, said=said)
