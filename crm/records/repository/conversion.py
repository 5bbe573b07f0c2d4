"""What stands on leads, asked and changed when they become clients and deals, or junk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update

from core.errors import NotFound
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.repository.planned import complete, is_planned
from crm.records.repository.shared_channels import shared_with
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Channel,
    Company,
    Contact,
    Follow,
    Lead,
    LeadState,
    RecordType,
)
from storage.sessions import ReadSession, WriteSession
from storage.upserts import upsert


@dataclass(frozen=True, slots=True)
class ActiveLeads:
    """How many leads are active, how many of them come from known clients, and what stands on them all."""

    leads: int
    repeat: int
    mails: int
    planned: int


def active_leads(session: ReadSession) -> ActiveLeads:
    """Of all leads that a conversion of all would take."""
    leads, repeat = session.execute(
        select(func.count(), func.count().filter(Lead.repeat)).select_from(Lead).where(_is_active())
    ).one()
    on_them = (
        select(ActivityBinding.activity_id)
        .join(Lead, Lead.id == ActivityBinding.record_id)
        .where(ActivityBinding.record_type == RecordType.LEAD, _is_active())
    )
    mails, planned = session.execute(
        select(func.count().filter(Activity.kind == ActivityKind.MAIL), func.count().filter(is_planned()))
        .select_from(Activity)
        .where(Activity.id.in_(on_them))
    ).one()
    return ActiveLeads(leads, repeat, mails, planned)


def count_active(session: ReadSession) -> int:
    """How many leads are active, by their index alone: for whoever holds up others meanwhile."""
    return session.execute(select(func.count()).select_from(Lead).where(_is_active())).scalar_one()


def active_after(session: ReadSession, after: int, limit: int) -> list[int]:
    """Ids of active leads behind that id, in their order."""
    statement = select(Lead.id).where(_is_active(), Lead.id > after).order_by(Lead.id).limit(limit)
    return list(session.execute(statement).scalars())


def hold_leads(session: WriteSession, lead_ids: Sequence[int]) -> None:
    """Let nobody else change these leads until this unit ends: all of them before the turn of a team, which others hold while
    they wait for none."""
    session.execute(select(Lead.id).where(Lead.id.in_(lead_ids)).order_by(Lead.id).with_for_update()).all()


def known_contact(session: ReadSession, viewer: Viewer, lead_id: int) -> Contact | None:
    """The oldest contact of those that the viewer sees that has an address or a phone of the lead."""
    shared = shared_with(session, viewer, (RecordType.LEAD, lead_id), RecordType.CONTACT)
    statement = (
        select(Contact)
        .join(Channel, Channel.record_id == Contact.id)
        .where(shared, Contact.deleted_at.is_(None), *within(viewer, RecordType.CONTACT))
    )
    return session.execute(statement.order_by(Contact.id).limit(1)).scalar()


def require_client(session: WriteSession, contact_id: int | None, company_id: int | None) -> int | None:
    """The company of a chosen contact. Raises `NotFound` when one of the two is not there (any more)."""
    company = select(Company.id).where(Company.id == company_id, Company.deleted_at.is_(None))
    if company_id is not None and session.execute(company).scalar() is None:
        raise NotFound("The chosen company was deleted: choose another one, or make a new one.")
    if contact_id is None:
        return None
    row = session.execute(select(Contact).where(Contact.id == contact_id, Contact.deleted_at.is_(None))).scalar()
    if row is None:
        raise NotFound("The chosen contact was deleted: choose another one, or make a new one.")
    return row.company_id


def complete_planned(session: WriteSession, lead_id: int, now: datetime) -> None:
    """End all that is planned on a lead, and the tasks behind it."""
    complete(session, and_(_stands_on(lead_id), is_planned()), now)


def complete_mails(session: WriteSession, lead_id: int, now: datetime) -> list[int]:
    """Let no mail on a lead wait for an answer any more; the ids of those that did."""
    return complete(session, and_(_stands_on(lead_id), Activity.kind == ActivityKind.MAIL, is_planned()), now)


def reopen(session: WriteSession, lead_id: int, activities: Sequence[int]) -> None:
    """Let those of the lead's activities wait again."""
    if activities:
        statement = update(Activity).where(Activity.id.in_(activities), _stands_on(lead_id)).values(completed_at=None)
        session.execute(statement.execution_options(synchronize_session=False))


def follow_too(session: WriteSession, record: Record, others: Sequence[Record]) -> None:
    """Let whoever follows a record follow the others."""
    followers = list(session.execute(select(Follow.user_id).where(_of(record))).scalars())
    rows = [
        {"user_id": user_id, "record_type": kind, "record_id": record_id}
        for user_id in followers
        for kind, record_id in others
    ]
    if rows:
        session.execute(upsert(session, Follow).on_conflict_do_nothing(), rows)


def _stands_on(lead_id: int) -> ColumnElement[bool]:
    return Activity.id.in_(
        select(ActivityBinding.activity_id).where(
            ActivityBinding.record_type == RecordType.LEAD, ActivityBinding.record_id == lead_id
        )
    )


def _of(record: Record) -> ColumnElement[bool]:
    return and_(Follow.record_type == record[0], Follow.record_id == record[1])


def _is_active() -> ColumnElement[bool]:
    return and_(Lead.state == LeadState.ACTIVE, Lead.deleted_at.is_(None))
