"""Lists with their filters under a name: one's own, and those that colleagues share."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.repository import saved_views as rows
from storage.models import RecordType
from storage.sessions import ReadSession, WriteSession

LONGEST_NAME = 60
LONGEST_QUERY = 2_000
MOST_VIEWS = 50
OF_A_PAGE = frozenset({"before", "did", "act", "moved", "view"})
"""Parameters that say where on a list one is, not what it shows."""
NOT_YOURS = "There is no such view of yours."


@dataclass(frozen=True, slots=True)
class ViewOfList:
    """A saved view; `query` is what stands behind the `?` of the list's address. `owner` is whose it is, if not the viewer's."""

    id: int
    name: str
    query: str
    shared: bool
    owner: str | None


def views_of(session: ReadSession, viewer: Viewer, record_type: RecordType) -> list[ViewOfList]:
    """The viewer's own views by name, then those that others share."""
    found = rows.views(session, viewer, record_type)
    return [
        ViewOfList(row.id, row.name, row.query, row.shared, None if row.user_id == viewer.user_id else name)
        for row, name in sorted(found, key=lambda one: (one[0].user_id != viewer.user_id, one[0].name.casefold()))
    ]


def kept_view(session: ReadSession, viewer: Viewer, record_type: RecordType, view_id: int) -> ViewOfList:
    """A view of such records that the viewer may open. Raises `NotFound`."""
    found = next((one for one in views_of(session, viewer, record_type) if one.id == view_id), None)
    if found is None:
        raise NotFound("There is no such view of this list: it was removed, or is kept for somebody else.")
    return found


def list_of_view(session: ReadSession, viewer: Viewer, view_id: int) -> RecordType:
    """Of which list a view of one's own is. Raises `NotFound`."""
    row = rows.view(session, viewer, view_id)
    if row is None or row.user_id != viewer.user_id:
        raise NotFound(NOT_YOURS)
    return row.record_type


def save_view(
    session: WriteSession, viewer: Viewer, record_type: RecordType, name: str, query: str, *, shared: bool = False
) -> int:
    """Keep a list under a name; one of the viewer's own of that name is replaced. Its id.

    Raises `Forbidden` where somebody who may only read would share one; `UsageError` without a name, or where the filter is
    empty or too long; `Conflict` where there are too many.
    """
    if viewer.user_id is None:
        raise Forbidden("Views are kept for a person.")
    if shared:
        viewer.require_write()
    named, kept = _name(name), _filter(query)
    mine = rows.names_of_own(session, viewer, record_type)
    if named not in mine and len(mine) >= MOST_VIEWS:
        raise Conflict(f"You have {MOST_VIEWS} views of this list: remove one first.")
    whose = {"user_id": viewer.user_id, "record_type": record_type, "name": named}
    return rows.put(session, **whose, query=kept, shared=shared, created_at=utcnow())


def change_view(
    session: WriteSession,
    viewer: Viewer,
    view_id: int,
    *,
    name: str | None = None,
    query: str | None = None,
    shared: bool | None = None,
) -> None:
    """Change a view of one's own; what is None stays. Raises as `save_view`, `NotFound`, and `Conflict` for a name that another
    of them has."""
    row = rows.view_for_change(session, viewer, view_id)
    if row is None or row.user_id != viewer.user_id:
        raise NotFound(NOT_YOURS)
    if shared:
        viewer.require_write()
    named = row.name if name is None else _name(name)
    if named != row.name and named in rows.names_of_own(session, viewer, row.record_type):
        raise Conflict(f"You have a view “{named}” of this list already: choose another name.")
    row.name, row.query = named, row.query if query is None else _filter(query)
    row.shared = row.shared if shared is None else shared


def remove_view(session: WriteSession, viewer: Viewer, view_id: int) -> RecordType:
    """Forget a view of one's own; administrators may remove a shared one of others. Of which list it was.

    Raises `NotFound`.
    """
    row = rows.view(session, viewer, view_id)
    if row is None or not (row.user_id == viewer.user_id or (row.shared and viewer.may_administer)):
        raise NotFound(NOT_YOURS)
    session.delete(row)
    return row.record_type


def _name(given: str) -> str:
    named = " ".join(given.split())
    if not named or len(named) > LONGEST_NAME:
        raise UsageError(f"A view needs a name of at most {LONGEST_NAME} characters.")
    return named


def _filter(given: str) -> str:
    kept = query_kept(given)
    if not kept:
        raise UsageError("Filter or sort the list or choose its columns first: a view keeps what you chose.")
    return kept


def query_kept(query: str) -> str:
    """What stands behind the `?` of a list's address, as a view keeps it. Raises `UsageError` where it is too long."""
    kept = normal_query(parse_qsl(query.lstrip("?")))
    if len(kept) > LONGEST_QUERY:
        raise UsageError("This filter is too long to be kept.")
    return kept


def normal_query(asked: Iterable[tuple[str, str]]) -> str:
    """The same filter always as the same text, so that one can tell which view is open."""
    return urlencode(sorted((name, value) for name, value in asked if value and name not in OF_A_PAGE))
