"""Campaigns: the list, the path of a draft (audience, message, checks, schedule), watching it go, and the report."""

import asyncio
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from campaigns import commands
from campaigns.composition import Composer
from campaigns.drafting import NewCampaign, create_campaign
from campaigns.preflight import SAMPLE, preflight
from campaigns.report import report
from campaigns.repository import campaigns as repository
from campaigns.repository import segments as segment_repository
from campaigns.repository.campaigns import CampaignView
from campaigns.repository.overview import Overview, overviews
from campaigns.running import letter_of
from campaigns.segments import FIELDS, Op, Rule, read_rules
from campaigns.senders import NewSender, add_sender
from core.errors import MailsyncError, UsageError
from crm.conversations.repository.reach import reach_of
from mailsync.oauth.tokens import access_token
from parsers.html.sanitize import SanitizedHtml, sanitize_html
from storage.models import CampaignState
from web.charts import funnel, timeline
from web.console.message_body import frame_headers, framed
from web.forms import RowId, moment
from web.rendering import render, render_overlay, wants_part
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router()
SHOWN = 60
LIVE = (CampaignState.SCHEDULED, CampaignState.PREPARING, CampaignState.SENDING)
CHART_WIDTH, CHART_HEIGHT = 720, 120
NO_NUMBERS = Overview()


@router.get("/campaigns")
def campaign_list(request: Request, me: Me) -> Response:
    """All campaigns with their numbers, newest first."""
    with services_of(request).store.database.reading() as session:
        rows = repository.campaigns(session, me.viewer, limit=SHOWN)
        numbers = overviews(session, me.viewer, [row.id for row in rows])
        segments = segment_repository.segments(session, me.viewer)
        senders = repository.senders(session, me.viewer)
    return render(
        request,
        me,
        "campaigns/index.html",
        rows=rows,
        numbers=numbers,
        nothing=NO_NUMBERS,
        segments=segments,
        senders=senders,
    )


@router.get("/campaigns/new")
def campaign_form(request: Request, me: Me) -> Response:
    """The form of a new draft."""
    me.viewer.require_writing_campaigns()
    return _draft_form(request, me, {}, "")


@router.post("/campaigns")
def new_campaign(
    request: Request,
    me: Me,
    name: Annotated[str, Form()] = "",
    segment: Annotated[str, Form()] = "",
    sender: Annotated[str, Form()] = "",
    subject: Annotated[str, Form()] = "",
    html: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Save a draft; what is wrong with it is said above the form, which stays as it was."""
    me.viewer.require_writing_campaigns()
    services = services_of(request)
    new = NewCampaign(name, segment, sender, subject, html, text)
    try:
        campaign_id = create_campaign(services.store, services.settings, me.viewer, new)
    except MailsyncError as error:
        given = {"name": name, "segment": segment, "sender": sender, "subject": subject, "html": html, "text": text}
        return _draft_form(request, me, given, str(error))
    return RedirectResponse(f"/campaigns/{campaign_id}", 303)


@router.get("/campaigns/segments/new")
def segment_form(request: Request, me: Me) -> Response:
    """The form of a new segment."""
    me.viewer.require_writing_campaigns()
    return render_overlay(request, me, "campaigns/_segment_form.html", fields=list(FIELDS), ops=list(Op))


@router.post("/campaigns/segments/count")
async def count_people(request: Request, me: Me) -> Response:
    """How many the rules of the form hold now."""
    rule = read_rules(_rules(dict(await request.form())))
    number = await asyncio.to_thread(_count, request, me, rule)
    return render(request, me, "campaigns/_segment_count.html", part="campaigns/_segment_count.html", number=number)


@router.post("/campaigns/segments")
async def new_segment(request: Request, me: Me) -> Response:
    """Save a segment."""
    form = dict(await request.form())
    store, name = services_of(request).store, str(form.get("name", ""))
    await asyncio.to_thread(commands.create_segment, store, me.viewer, name, _rules(form))
    return RedirectResponse("/campaigns", 303)


@router.get("/campaigns/senders/new")
def sender_form(request: Request, me: Me) -> Response:
    """The form of a new sender."""
    me.viewer.require_administrator()
    return _sender_form(request, me, NewSender(""))


@router.post("/campaigns/senders")
def new_sender(
    request: Request,
    me: Me,
    email: Annotated[str, Form()],
    smtp_url: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    vouch: Annotated[bool, Form()] = False,
    mailbox_id: Annotated[RowId, Form()] = 0,
) -> Response:
    """Add an address to send from; what is wrong is said above the form, which stays as it was, but for the password."""
    me.viewer.require_administrator()
    services = services_of(request)
    new = NewSender(email, smtp_url, password or None, name, vouch, mailbox_id or None)
    try:
        add_sender(services.store, services.settings, me.viewer, new)
    except MailsyncError as error:
        return _sender_form(request, me, new, str(error))
    return RedirectResponse("/campaigns", 303)


def _sender_form(request: Request, me: SignedIn, given: NewSender, failure: str = "") -> Response:
    with services_of(request).store.database.reading() as session:
        boxes = [box for box in reach_of(session, me.viewer).mailboxes if box.can_send]
    status = 422 if failure else 200
    part = "campaigns/_sender_form.html"
    return render_overlay(request, me, part, status=status, given=given, boxes=boxes, failure=failure)


@router.get("/campaigns/{campaign_id}")
def campaign_page(request: Request, me: Me, campaign_id: RowId) -> Response:
    """One campaign: its checks while it is a draft, its progress while it goes, its report."""
    return _campaign_page(request, me, campaign_id)


def _campaign_page(
    request: Request, me: SignedIn, campaign_id: int, *, failure: str = "", address: str = ""
) -> Response:
    services = services_of(request)
    with services.store.database.reading() as session:
        campaign = repository.campaign(session, me.viewer, campaign_id)
        found = report(session, me.viewer, campaign)
    context: dict[str, Any] = {"campaign": campaign, "found": found, "live": campaign.state in LIVE}
    if campaign.state is CampaignState.DRAFT:
        context["checks"] = preflight(services.store, services.settings, me.viewer, campaign.name)
        composer = Composer(letter_of(campaign), services.settings, services.store.keys, tracked=False)
        context["subject"] = composer.preview(SAMPLE)[0]
        context |= {"failure": failure, "address": address}
        return render(request, me, "campaigns/draft.html", status=422 if failure else 200, **context)
    reached = found.sent
    context["funnel"] = funnel(
        [
            ("In the audience", found.audience),
            ("Sent", reached),
            ("Opened", found.opened.human + found.opened.unknown),
            ("Clicked", found.clicked.human + found.clicked.unknown),
            ("Replied", found.replied),
        ]
    )
    opens = [(hour.at, hour.opened) for hour in found.timeline]
    context["opens"] = timeline(opens, width=CHART_WIDTH, height=CHART_HEIGHT)
    context["chart"] = (CHART_WIDTH, CHART_HEIGHT)
    part = "campaigns/_progress.html" if wants_part(request) else None
    return render(request, me, "campaigns/report.html", part=part, **context)


@router.get("/campaigns/{campaign_id}/preview")
def campaign_preview(request: Request, me: Me, campaign_id: RowId) -> Response:
    """The mail as a sample person would get it, for a frame."""
    services = services_of(request)
    with services.store.database.reading() as session:
        campaign = repository.campaign(session, me.viewer, campaign_id)
    composer = Composer(letter_of(campaign), services.settings, services.store.keys, tracked=False)
    _, html, text = composer.preview(SAMPLE)
    plain = SanitizedHtml(f"<pre>{_escaped(text)}</pre>", remote_count=0)
    safe = sanitize_html(html, cid_urls={}, allow_remote=True) if html else plain
    return Response(framed(safe), media_type="text/html", headers=frame_headers(pictures=True))


@router.post("/campaigns/{campaign_id}/test")
def campaign_test(request: Request, me: Me, campaign_id: RowId, address: Annotated[str, Form()]) -> Response:
    """Send it to one address; what keeps it from going is said above the address, which stays as it was typed."""
    me.viewer.require_writing_campaigns()
    services = services_of(request)
    campaign = _campaign(request, me, campaign_id)
    try:
        asyncio.run(
            commands.send_test(services.store, services.settings, me.viewer, campaign.name, address, access_token)
        )
    except MailsyncError as error:
        if campaign.state is not CampaignState.DRAFT:
            raise
        return _campaign_page(request, me, campaign_id, failure=str(error), address=address)
    return RedirectResponse(f"/campaigns/{campaign_id}", 303)


@router.post("/campaigns/{campaign_id}/start")
def campaign_start(request: Request, me: Me, campaign_id: RowId, at: Annotated[str, Form()] = "") -> Response:
    """Send it now, or at a time."""
    services = services_of(request)
    name = _campaign(request, me, campaign_id).name
    commands.start(services.store, services.settings, me.viewer, name, moment(at, me))
    return RedirectResponse(f"/campaigns/{campaign_id}", 303)


@router.post("/campaigns/{campaign_id}/{act}")
def campaign_act(request: Request, me: Me, campaign_id: RowId, act: str) -> Response:
    """Pause, resume or cancel."""
    acts = {"pause": commands.pause, "resume": commands.resume, "cancel": commands.cancel}
    if act not in acts:
        raise UsageError("A campaign is paused, resumed or cancelled.")
    acts[act](services_of(request).store, me.viewer, _campaign(request, me, campaign_id).name)
    return RedirectResponse(f"/campaigns/{campaign_id}", 303)


def _count(request: Request, me: SignedIn, rule: Rule) -> int:
    with services_of(request).store.database.reading() as session:
        return segment_repository.count(session, me.viewer, rule)


def _campaign(request: Request, me: SignedIn, campaign_id: int) -> CampaignView:
    with services_of(request).store.database.reading() as session:
        return repository.campaign(session, me.viewer, campaign_id)


def _draft_form(request: Request, me: SignedIn, given: dict[str, str], failure: str) -> Response:
    with services_of(request).store.database.reading() as session:
        segments = segment_repository.segments(session, me.viewer)
        senders = repository.senders(session, me.viewer)
    return render(
        request,
        me,
        "campaigns/new.html",
        status=422 if failure else 200,
        given=given,
        failure=failure,
        segments=segments,
        senders=senders,
    )


def _rules(form: dict[str, Any]) -> dict[str, Any]:
    """The rule tree of the form's rows; a row without a field is left out."""
    rows = []
    for number in range(4):
        field, op, value = (str(form.get(f"{part}{number}", "")) for part in ("field", "op", "value"))
        if field:
            said: Any = value.strip().lower() in ("", "yes", "true", "1") if field.endswith("_deal") else value.strip()
            rows.append({"field": field, "op": op or "is", "value": said})
    if not rows:
        raise UsageError("A segment needs at least one rule: choose a field.")
    return {"any" if form.get("joined") == "any" else "all": rows}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
