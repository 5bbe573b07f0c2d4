"""The rows of templates: everybody sees the shared ones and their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select, update

from core.errors import NotFound
from crm.access.viewer import Viewer
from storage.models import MailTemplate
from storage.sessions import ReadSession, WriteSession

Rows = Select[MailTemplate]


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template. `may_change`: the viewer's own, or a shared one that they made or administer."""

    id: int
    name: str
    subject: str
    text: str
    shared: bool
    may_change: bool
    changed_at: datetime


def templates(session: ReadSession, viewer: Viewer) -> list[TemplateView]:
    """What the viewer may use, by name."""
    query = _visible(viewer).order_by(MailTemplate.name, MailTemplate.id)
    return [_view(row, viewer) for row in session.execute(query).scalars()]


def template(session: ReadSession, viewer: Viewer, template_id: int) -> TemplateView:
    """One of them. Raises `NotFound`."""
    row = session.execute(_visible(viewer).where(MailTemplate.id == template_id)).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such template: it was deleted, or is a colleague's own.")
    return _view(row, viewer)


def maker_of(session: ReadSession, template_id: int) -> int | None:
    """Who made it; nobody where a program did."""
    return session.execute(select(MailTemplate.maker_id).where(MailTemplate.id == template_id)).scalar_one()


def insert_template(session: WriteSession, values: Mapping[str, Any]) -> int:
    """Store a new one."""
    return session.execute(insert(MailTemplate).values(**values).returning(MailTemplate.id)).scalar_one()


def update_template(session: WriteSession, template_id: int, values: Mapping[str, Any]) -> None:
    """Change one."""
    session.execute(update(MailTemplate).where(MailTemplate.id == template_id).values(**values))


def delete_template(session: WriteSession, template_id: int) -> None:
    """Forget one."""
    session.execute(delete(MailTemplate).where(MailTemplate.id == template_id))


def _visible(viewer: Viewer) -> Rows:
    query = select(MailTemplate)
    if viewer.is_system:
        return query
    return query.where(or_(MailTemplate.owner_id.is_(None), MailTemplate.owner_id == viewer.user_id))


def _view(row: MailTemplate, viewer: Viewer) -> TemplateView:
    mine = viewer.user_id is not None and viewer.user_id in (row.owner_id, row.maker_id)
    administers = row.owner_id is None and viewer.may_configure
    may_change = viewer.may_write and (viewer.is_system or mine or administers)
    shared = row.owner_id is None
    return TemplateView(row.id, row.name, row.subject, row.text, shared, may_change, row.changed_at)
