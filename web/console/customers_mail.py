"""Customers' mail of one mailbox: what strangers' mail makes, senders apart, who becomes responsible; tried and applied."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.clock import utcnow
from core.errors import Conflict, MailsyncError, UsageError
from crm.access import repository as people
from crm.access.viewer import Viewer
from crm.intake.policies.changing import NewRule, add_rules, remove_rule, sender_key
from crm.intake.policies.of_mailbox import change_policy, checked, policy_of
from crm.intake.policies.policy import Policy
from crm.intake.policies.repository import rules
from crm.intake.policies.sender_rules import Rule
from crm.intake.revisiting import runs
from crm.intake.revisiting.repository import runs as run_rows
from crm.intake.revisiting.repository.lines import lines
from crm.intake.revisiting.trial import Trial, try_policy
from crm.office.settings import read_office
from crm.records.modes import read_mode
from mailsync import repository as mailboxes
from mailsync.health.looking import mailbox_health
from storage.models import OnUnknown, QueueMethod, Treatment
from storage.sessions import ReadSession, WriteSession
from storage.writer_lock import Urgency
from web import policy_words
from web.forms import RowId
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings/mailboxes/{mailbox_id:int}/customers")
MOST_SHOWN = 100
TRY, APPLY = "try", "apply"
Lines = Annotated[str, Form()]


@router.get("")
def customers_mail(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """What the mailbox says now."""
    return _page(request, me, mailbox_id)


@router.post("")
def change(
    request: Request,
    me: Me,
    mailbox_id: RowId,
    incoming: Annotated[OnUnknown, Form()],
    outgoing: Annotated[OnUnknown, Form()],
    queue_method: Annotated[QueueMethod, Form()] = QueueMethod.ROUND_ROBIN,
    only_written_to: Annotated[bool, Form()] = False,
    makes_from_roles: Annotated[bool, Form()] = False,
    repeat_items: Annotated[bool, Form()] = False,
    source: Annotated[str, Form()] = "",
    queue: Annotated[list[RowId] | None, Form()] = None,
    queue_at_work: Annotated[bool, Form()] = False,
    do: Annotated[str, Form()] = "",
) -> Response:
    """Save it, have it applied to the last month's mail too, or only look what it would have done."""
    me.viewer.require_write()
    wanted: dict[str, Any] = {
        "incoming": incoming,
        "only_written_to": only_written_to,
        "makes_from_roles": makes_from_roles,
        "outgoing": outgoing,
        "repeat_items": repeat_items,
        "source": source,
        "queue": tuple(one for one in queue or () if one > 0),
        "queue_method": queue_method,
        "queue_at_work": queue_at_work,
    }
    policy = Policy(**wanted)
    try:
        if do == TRY:
            return _page(request, me, mailbox_id, policy=policy, tried=_try(request, me, mailbox_id, policy))
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            change_policy(session, me.viewer, mailbox_id, wanted)
            if do == APPLY:
                runs.begin(session, me.viewer, mailbox_id)
    except (UsageError, Conflict) as error:
        return _page(request, me, mailbox_id, policy=policy, failures={"policy": error})
    return _back(mailbox_id, "run" if do == APPLY else "")


@router.post("/senders")
def add_senders(
    request: Request,
    me: Me,
    mailbox_id: RowId,
    values: Lines = "",
    treatment: Annotated[Treatment, Form()] = Treatment.NEVER,
    note: Lines = "",
    do: Annotated[str, Form()] = "",
) -> Response:
    """Say what goes for some senders, one a line; or look what that would have done."""
    me.viewer.require_write()
    new = [NewRule(None, line, treatment, note) for line in values.replace(",", "\n").splitlines() if line.strip()]
    typed = {"values": values, "treatment": treatment, "note": note}
    try:
        if do == TRY:
            tried = _try(request, me, mailbox_id, None, new)
            return _page(request, me, mailbox_id, typed=typed, tried=tried)
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            add_rules(session, me.viewer, mailbox_id, new)
    except (UsageError, Conflict) as error:
        return _page(request, me, mailbox_id, typed=typed, failures={"senders": error})
    return _back(mailbox_id, "senders")


@router.post("/senders/{rule_id:int}/remove")
def remove_sender(request: Request, me: Me, mailbox_id: RowId, rule_id: RowId) -> Response:
    """Nothing particular goes for a sender any more."""
    me.viewer.require_write()
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_rule(session, me.viewer, rule_id)
    return _back(mailbox_id, "senders")


@router.get("/run")
def progress(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """How far the last run is."""
    with services_of(request).store.database.reading() as session:
        box = mailbox_health(session, me.viewer, mailbox_id).box
        run = run_rows.last_run(session, me.viewer, mailbox_id)
    return render(request, me, "settings/_policy_run.html", run=run, box=box, says=policy_words)


@router.post("/run")
def apply_now(request: Request, me: Me, mailbox_id: RowId) -> Response:
    """Apply what the mailbox says to its mail of the last thirty days."""
    return _with_run(request, me, mailbox_id, runs.begin, mailbox_id)


@router.post("/run/{number:int}/undo")
def undo(request: Request, me: Me, mailbox_id: RowId, number: RowId) -> Response:
    """Take back what a run made, where nobody touched it."""
    return _with_run(request, me, mailbox_id, runs.undo, number)


@router.post("/run/{number:int}/stop")
def stop(request: Request, me: Me, mailbox_id: RowId, number: RowId) -> Response:
    """Leave a run, or its taking back, as far as it is."""
    return _with_run(request, me, mailbox_id, runs.stop, number)


def _with_run(
    request: Request, me: SignedIn, mailbox_id: int, act: Callable[[WriteSession, Viewer, int], object], which: int
) -> Response:
    """Do something with a run, `which` the act names, and show how far it is; what stands against it is said there."""
    me.viewer.require_write()
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            act(session, me.viewer, which)
    except Conflict as error:
        return _page(request, me, mailbox_id, failures={"run": error})
    return _back(mailbox_id, "run")


def _try(request: Request, me: SignedIn, mailbox_id: int, policy: Policy | None, new: Sequence[NewRule] = ()) -> Trial:
    store = services_of(request).store
    with store.database.reading() as session:
        _require_steering(session, me, mailbox_id)
        wanted = checked(session, policy or policy_of(mailboxes.mailbox(session, mailbox_id)))
        country = read_office(session).phone_country
        keys = [(*sender_key(each.kind, each.value, country), each) for each in new]
        further = [Rule(mailbox_id, kind, key, each.value.strip(), each.treatment) for kind, key, each in keys]
        return try_policy(session, store.keys, mailbox_id, wanted, utcnow(), further)


def _require_steering(session: ReadSession, me: SignedIn, mailbox_id: int) -> None:
    if not mailbox_health(session, me.viewer, mailbox_id).box.may_steer:
        me.viewer.require_administrator()


def _page(
    request: Request,
    me: SignedIn,
    mailbox_id: int,
    *,
    policy: Policy | None = None,
    typed: Mapping[str, Any] | None = None,
    tried: Trial | None = None,
    failures: Mapping[str, MailsyncError] | None = None,
) -> Response:
    with services_of(request).store.database.reading() as session:
        box = mailbox_health(session, me.viewer, mailbox_id).box
        stored = policy_of(mailboxes.mailbox(session, mailbox_id))
        mode = read_mode(session)
        shown = tried.changes[:MOST_SHOWN] if tried else ()
        context: dict[str, Any] = {
            "senders": rules.views(session, me.viewer, mailbox_id),
            "everywhere": len(rules.views(session, me.viewer, None)),
            "colleagues": people.people(session, me.viewer),
            "run": run_rows.last_run(session, me.viewer, mailbox_id),
            "mails": lines(session, me.viewer, [change.message_id for change in shown]),
        }
    return render(
        request,
        me,
        "settings/customers_mail.html",
        status=422 if failures else 200,
        box=box,
        policy=replace(policy or stored),
        mode=mode,
        typed=typed or {"values": "", "treatment": Treatment.NEVER, "note": ""},
        tried=tried,
        tried_senders=bool(tried and typed),
        shown=shown,
        failures={card: str(error) for card, error in (failures or {}).items()},
        says=policy_words,
        **context,
    )


def _back(mailbox_id: int, card: str = "") -> Response:
    return RedirectResponse(f"/settings/mailboxes/{mailbox_id}/customers{'#' + card if card else ''}", 303)
