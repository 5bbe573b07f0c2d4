"""Records for pages and programs: one, or a filtered list newest first, by a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, func, select

from core.addresses import address_key
from crm.access.rights import Act, Scope
from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from crm.records.gone import Record
from crm.records.repository.filtering import Rows, first_of_stages, matching
from crm.records.repository.naming import LABELS, TABLES
from crm.records.repository.record_views import company_views, contact_views, deal_views, lead_views, stage_view
from crm.records.repository.recycling import why_gone
from crm.records.repository.sorting import chosen
from crm.records.views import (
    CompanyView,
    ContactView,
    DealView,
    LeadView,
    Named,
    PipelineView,
    RecordFilter,
)
from storage.models import Channel, Company, Contact, Deal, Lead, LeadStage, Pipeline, RecordType, Stage, User
from storage.sessions import ReadSession

EVERYTHING = RecordFilter()
T = TypeVar("T")
OnBoard = TypeVar("OnBoard", DealView, LeadView)


def contacts(session: ReadSession, viewer: Viewer, wanted: RecordFilter = EVERYTHING) -> list[ContactView]:
    """Contacts that match, newest first."""
    statement = select(Contact, Company, User).outerjoin(Company, Company.id == Contact.company_id)
    statement = statement.outerjoin(User, User.id == Contact.responsible_id)
    return contact_views(session, viewer, chosen(session, statement, viewer, Contact, wanted))


def contact(session: ReadSession, viewer: Viewer, contact_id: int) -> ContactView:
    """One contact. Raises `InRecycleBin`, `Merged`, or `NotFound`."""
    statement = select(Contact, Company, User).outerjoin(Company, Company.id == Contact.company_id)
    statement = statement.outerjoin(User, User.id == Contact.responsible_id)
    rows = contact_views(session, viewer, _single(statement, viewer, Contact, contact_id))
    return _one(session, viewer, (RecordType.CONTACT, contact_id), rows)


def companies(session: ReadSession, viewer: Viewer, wanted: RecordFilter = EVERYTHING) -> list[CompanyView]:
    """Companies that match, newest first."""
    statement = select(Company, User).outerjoin(User, User.id == Company.responsible_id)
    return company_views(session, viewer, chosen(session, statement, viewer, Company, wanted))


def company(session: ReadSession, viewer: Viewer, company_id: int) -> CompanyView:
    """One company. Raises `InRecycleBin`, `Merged`, or `NotFound`."""
    statement = select(Company, User).outerjoin(User, User.id == Company.responsible_id)
    rows = company_views(session, viewer, _single(statement, viewer, Company, company_id))
    return _one(session, viewer, (RecordType.COMPANY, company_id), rows)


def leads(session: ReadSession, viewer: Viewer, wanted: RecordFilter = EVERYTHING) -> list[LeadView]:
    """Leads that match, newest first."""
    return lead_views(session, viewer, chosen(session, _lead_rows(), viewer, Lead, wanted))


def lead_counts(session: ReadSession, viewer: Viewer, wanted: RecordFilter = EVERYTHING) -> dict[int, int]:
    """How many leads match in each stage, wherever a list of them begins; stages without any are left out."""
    counted = select(Lead.stage_id, func.count().label("number")).where(*matching(session, viewer, Lead, wanted))
    return {row.stage_id: row.number for row in session.execute(counted.group_by(Lead.stage_id))}


def leads_of_stages(
    session: ReadSession, viewer: Viewer, wanted: RecordFilter, most: Mapping[int, int]
) -> dict[int, list[LeadView]]:
    """The first leads of each stage that match, at most so many of it."""
    ids = first_of_stages(session, viewer, Lead, wanted, most)
    return _by_stage(ids, lead_views(session, viewer, _lead_rows().where(Lead.id.in_(ids)))) if ids else {}


def lead(session: ReadSession, viewer: Viewer, lead_id: int) -> LeadView:
    """One lead. Raises `InRecycleBin`, `Merged`, or `NotFound`."""
    rows = lead_views(session, viewer, _single(_lead_rows(), viewer, Lead, lead_id))
    return _one(session, viewer, (RecordType.LEAD, lead_id), rows)


def deals(session: ReadSession, viewer: Viewer, wanted: RecordFilter = EVERYTHING) -> list[DealView]:
    """Deals that match, newest first."""
    return deal_views(session, viewer, chosen(session, _deal_rows(), viewer, Deal, wanted))


def deals_of_stages(
    session: ReadSession, viewer: Viewer, wanted: RecordFilter, most: Mapping[int, int]
) -> dict[int, list[DealView]]:
    """The first deals of each stage that match, at most so many of it."""
    ids = first_of_stages(session, viewer, Deal, wanted, most)
    return _by_stage(ids, deal_views(session, viewer, _deal_rows().where(Deal.id.in_(ids)))) if ids else {}


def deal(session: ReadSession, viewer: Viewer, deal_id: int) -> DealView:
    """One deal. Raises `InRecycleBin` or `NotFound`."""
    rows = deal_views(session, viewer, _single(_deal_rows(), viewer, Deal, deal_id))
    return _one(session, viewer, (RecordType.DEAL, deal_id), rows)


def pipelines(session: ReadSession, viewer: Viewer) -> list[PipelineView]:
    """The pipelines of which the viewer may see deals, with their stages, in order; all for who may change pipelines."""
    stages = [stage_view(row) for row in session.execute(select(Stage).order_by(Stage.position)).scalars()]
    rows = session.execute(select(Pipeline).order_by(Pipeline.position, Pipeline.id)).scalars()
    return [
        PipelineView(row.id, row.name, tuple(s for s in stages if s.pipeline_id == row.id))
        for row in rows
        if viewer.may_configure or viewer.rights.scope(RecordType.DEAL, Act.SEE, row.id) is not Scope.NONE
    ]


def find_by_address(session: ReadSession, viewer: Viewer, address: str) -> list[Named]:
    """Records that the e-mail address belongs to: contacts first, then companies and leads."""
    channels = select(Channel.record_type, Channel.record_id).where(
        Channel.kind == "email",
        Channel.key == address_key(address),
        Channel.record_type.not_in([kind for kind in RecordType if viewer.hides(kind, "emails")]),
    )
    return names_of(session, viewer, [(row.record_type, row.record_id) for row in session.execute(channels)])


def names_of(session: ReadSession, viewer: Viewer, keys: Sequence[tuple[RecordType, int]]) -> list[Named]:
    """Names of records by type and id; deleted ones, and those the viewer may not know of, are left out."""
    found: list[Named] = []
    for record_type, table in TABLES.items():
        ids = [record_id for kind, record_id in keys if kind is record_type]
        if ids:
            rows = session.execute(
                select(table.id, LABELS[record_type]).where(
                    table.id.in_(ids), table.deleted_at.is_(None), *within(viewer, record_type)
                )
            )
            found += [Named(record_type, row[0], row[1]) for row in rows]
    return found


def _single(statement: Rows, viewer: Viewer, table: Any, record_id: int) -> Rows:
    kind = RecordType(table.__tablename__)
    return statement.where(table.id == record_id, table.deleted_at.is_(None), *within(viewer, kind))


def _lead_rows() -> Rows:
    statement = select(Lead, LeadStage, Contact, Company, User, Deal).join(LeadStage, LeadStage.id == Lead.stage_id)
    statement = statement.outerjoin(Contact, Contact.id == Lead.contact_id)
    statement = statement.outerjoin(Company, Company.id == Lead.company_id)
    statement = statement.outerjoin(User, User.id == Lead.responsible_id)
    return statement.outerjoin(Deal, and_(Deal.id == Lead.deal_id, Deal.deleted_at.is_(None)))


def _deal_rows() -> Rows:
    statement = select(Deal, Stage, Contact, Company, User).join(Stage, Stage.id == Deal.stage_id)
    statement = statement.outerjoin(Contact, Contact.id == Deal.contact_id)
    return statement.outerjoin(Company, Company.id == Deal.company_id).outerjoin(User, User.id == Deal.responsible_id)


def _by_stage(ids: Sequence[int], views: Iterable[OnBoard]) -> dict[int, list[OnBoard]]:
    """In the order of the ids."""
    by_id = {view.id: view for view in views}
    stages: dict[int, list[OnBoard]] = {}
    for view in (by_id[each] for each in ids if each in by_id):
        stages.setdefault(view.stage.id, []).append(view)
    return stages


def _one(session: ReadSession, viewer: Viewer, record: Record, rows: list[T]) -> T:
    if not rows:
        raise why_gone(session, viewer, record)
    return rows[0]
