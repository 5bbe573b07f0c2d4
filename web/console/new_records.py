"""Adding a contact, company, lead or deal by hand: the fields of the record as a form, and what is filled in as a record."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from core.errors import UsageError
from crm.access.rights import Act
from crm.conversations.repository.messages import message_view
from crm.records.adding import CONTACT, HAVE_STAGES, MAKING, add_record, require_mode
from crm.records.already_known import known_already
from crm.records.contacts import whole_name
from crm.records.fields.custom import editable_fields
from crm.records.fields.standard import Field
from crm.records.paths import PLURALS
from crm.records.repository import reading
from crm.records.views import Named
from storage.models import RecordType
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency
from web.console.record_inputs import inputs_of, looked_up, typed_in, values_of
from web.console.stage_choice import stages_to_choose
from web.forms import RowId, row_id
from web.refused_forms import typed_again
from web.rendering import render, render_overlay
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
SOURCE = "source"
"""Not asked for: whoever adds a record by hand is where it comes from."""
NAMING = ("contact_id", "company_id")
"""Fields that name other records: what nobody chose is not said of the new one."""
Text = Annotated[str, Form()]
Anyway = Annotated[bool, Form()]
SHARED = ("emails", "phones", "domain")
"""Fields that tell that a record is there already."""


FIRST: Mapping[RecordType, tuple[str, ...]] = {
    RecordType.CONTACT: ("name", "emails", "phones", "company_id", "position"),
    RecordType.COMPANY: ("name", "domain", "emails", "phones"),
    RecordType.LEAD: ("title", "name", "emails", "phones"),
    RecordType.DEAL: ("title", "amount", "currency", "contact_id", "closes_on"),
}
"""Which fields the form shows before the others."""


async def sent_form(request: Request, contact_id: Text = "", company_id: Text = "", stage: Text = "") -> FormData:
    """All that was sent: which fields there are is up to the installation. Raises `UsageError` for what names no record."""
    if any(one and row_id(one) is None for one in (contact_id, company_id, stage)):
        raise UsageError("That is not a record: choose one from the list.")
    return await request.form()


Sent = Annotated[FormData, Depends(sent_form)]


@router.get("/contacts/new")
def contact_form(request: Request, me: Me, company: RowId | None = None) -> Response:
    """The form of a new contact, of a company where it was opened there."""
    return _begin(request, me, RecordType.CONTACT, {"company_id": company})


@router.get("/companies/new")
def company_form(request: Request, me: Me) -> Response:
    """The form of a new company."""
    return _begin(request, me, RecordType.COMPANY, {})


@router.get("/leads/new")
def lead_form(request: Request, me: Me, stage: RowId | None = None) -> Response:
    """The form of a new lead (Classic mode)."""
    return _begin(request, me, RecordType.LEAD, {}, stage)


@router.get("/deals/new")
def deal_form(
    request: Request,
    me: Me,
    message: RowId | None = None,
    contact: RowId | None = None,
    company: RowId | None = None,
    stage: RowId | None = None,
) -> Response:
    """The form of a new deal, filled in from a mail or the client where it was opened there."""
    me.viewer.require(Act.CREATE, RecordType.DEAL)
    with services_of(request).store.database.reading() as session:
        mail = message_view(session, me.viewer, message) if message else None
        known = reading.find_by_address(session, me.viewer, mail.from_address) if mail else []
    sender = next((one.id for one in known if one.type is RecordType.CONTACT), None)
    begun = {"title": mail.subject if mail else "", "contact_id": contact or sender, "company_id": company}
    return _begin(request, me, RecordType.DEAL, begun, stage)


@router.post("/contacts")
def new_contact(request: Request, me: Me, sent: Sent, anyway: Anyway = False) -> Response:
    """Add a contact and show it. Where somebody has the address or phone, point at them first."""
    return _add(request, me, RecordType.CONTACT, sent, anyway=anyway)


@router.post("/companies")
def new_company(request: Request, me: Me, sent: Sent, anyway: Anyway = False) -> Response:
    """Add a company and show it. Where one has its domain, address or phone, point at it first."""
    return _add(request, me, RecordType.COMPANY, sent, anyway=anyway)


@router.post("/leads")
def new_lead(request: Request, me: Me, sent: Sent, anyway: Anyway = False) -> Response:
    """Add a lead and show it (Classic mode). Where somebody has the address or phone, point at them first."""
    return _add(request, me, RecordType.LEAD, sent, anyway=anyway)


@router.post("/deals")
def new_deal(request: Request, me: Me, sent: Sent) -> Response:
    """Add a deal in the chosen stage, else in the first one, and show it."""
    return _add(request, me, RecordType.DEAL, sent)


def _begin(
    request: Request, me: SignedIn, kind: RecordType, begun: Mapping[str, Any], stage_id: int | None = None
) -> Response:
    me.viewer.require(Act.CREATE, kind)
    typed = typed_again(request)
    return _form(request, me, kind, {"responsible_id": me.id, "currency": me.currency, **begun}, typed, stage_id)


def _form(
    request: Request,
    me: SignedIn,
    kind: RecordType,
    begun: Mapping[str, Any],
    typed: Mapping[str, str],
    stage_id: int | None = None,
) -> Response:
    with services_of(request).store.database.reading() as session:
        require_mode(session, kind)
        fields = _fields(session, me, kind)
        pipelines = stages_to_choose(session, me.viewer, kind) if kind in HAVE_STAGES else []
        inputs = inputs_of(session, me, fields, begun, typed)
    first = FIRST[kind]
    shown = {key for key in NAMING if begun.get(key)}
    more = [one for one in inputs if one.field.key not in first]
    asked = {key for one in pipelines for stage in one.stages for key in stage.required}
    return render_overlay(
        request,
        me,
        "records/_new_form.html",
        kind=kind,
        action=f"/{PLURALS[kind]}",
        first=sorted((one for one in inputs if one.field.key in first), key=lambda one: first.index(one.field.key)),
        more=more,
        more_open=any(one.field.key in asked | shown or typed.get(one.field.key) or one.asks for one in more),
        pipelines=pipelines,
        stage_id=row_id(typed.get("stage", "")) or stage_id,
    )


def _add(request: Request, me: SignedIn, kind: RecordType, form: FormData, *, anyway: bool = False) -> Response:
    me.viewer.require(Act.CREATE, kind)
    database = services_of(request).store.database
    with database.reading() as session:
        require_mode(session, kind)
        fields = _fields(session, me, kind)
        typed, is_open = looked_up(session, me, typed_in(form, fields), fields)
    if is_open:
        return _form(request, me, kind, {}, typed | {"stage": str(form.get("stage", ""))})
    values = values_of(me, typed, fields, {})
    if not anyway:
        with database.reading() as session:
            shared = {key: values[key] for key in SHARED if key in values}
            known = known_already(session, me.viewer, kind, **shared)
        if known:
            return _point_at(request, me, kind, known, typed | {"stage": str(form.get("stage", ""))})
    client_id = row_id(str(form.get(CONTACT, ""))) if kind is RecordType.LEAD else None
    with database.unit_of_work(Urgency.PERSON) as session:
        if client_id is not None:
            values[CONTACT] = client_id
        record_id = _store(session, me, kind, values, row_id(str(form.get("stage", ""))))
    return RedirectResponse(f"/{PLURALS[kind]}/{record_id}", 303)


def _store(session: WriteSession, me: SignedIn, kind: RecordType, values: dict[str, Any], stage_id: int | None) -> int:
    filled = {key: value for key, value in values.items() if key not in NAMING or value is not None}
    return add_record(session, me.viewer, kind, filled, responsible_id=me.id, stage_id=stage_id, source="by hand")


def _point_at(
    request: Request, me: SignedIn, kind: RecordType, known: Sequence[Named], typed: Mapping[str, str]
) -> Response:
    client = next((one for one in known if kind is RecordType.LEAD and one.type is RecordType.CONTACT), None)
    return render(
        request,
        me,
        "overlay_page.html",
        overlay="records/_known.html",
        kind=kind,
        action=f"/{PLURALS[kind]}",
        name=typed.get(MAKING[kind].label) or whole_name(typed.get("first_name"), typed.get("last_name")) or "it",
        known=known,
        client=client,
        typed=typed,
        status=409,
    )


def _fields(session: ReadSession, me: SignedIn, kind: RecordType) -> list[Field]:
    return [field for field in editable_fields(session, me.viewer, kind) if field.key != SOURCE]
