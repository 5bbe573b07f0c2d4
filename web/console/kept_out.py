"""Settings → Kept out: free-mail providers, role and no-reply addresses, and senders of whom no mailbox makes a record."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.addresses import ROLE_LOCAL_PARTS, AddressList, free_mail_domains
from core.errors import Conflict, UsageError
from crm.intake.policies.changing import NewRule, add_rules, remove_rule
from crm.intake.policies.limits import Limits, change_limits, read_limits
from crm.intake.policies.repository import rules
from crm.office.address_lists import Changes, change_lists, entries, read_changes
from crm.records.modes import read_mode
from storage.models import Treatment
from storage.writer_lock import Urgency
from web import policy_words
from web.forms import RowId, row_id
from web.rendering import render
from web.routers import page_router
from web.signed_in import Me, SignedIn, services_of

router = page_router(prefix="/settings/kept-out")
Lines = Annotated[str, Form()]
Amount = Annotated[str, Form()]
NO_LIMIT = 0
"""What is no number is refused by the sentence for one that is too small: it says what a limit is."""


@router.get("")
def kept_out(request: Request, me: Me) -> Response:
    """What makes no record anywhere, and why."""
    return _page(request, me)


@router.post("/lists/{which}")
def change_list(request: Request, me: Me, which: AddressList, added: Lines = "", removed: Lines = "") -> Response:
    """What is added to a built-in list, and what is taken out of it."""
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            change_lists(session, me.viewer, {which: Changes(entries(added), entries(removed))})
    except UsageError as error:
        return _page(request, me, {which.value: str(error)}, {which: (added, removed)})
    return RedirectResponse(f"/settings/kept-out#{which.value}", 303)


@router.post("/limits")
def change_floods(
    request: Request,
    me: Me,
    made_of_address: Amount = "",
    made_of_domain: Amount = "",
    made_of_form: Amount = "",
    waiting_of_address: Amount = "",
    waiting_of_domain: Amount = "",
) -> Response:
    """How much the mail of one sender may make within two hours."""
    typed = (made_of_address, made_of_domain, made_of_form, waiting_of_address, waiting_of_domain)
    limits = Limits(*(row_id(each.strip()) or NO_LIMIT for each in typed))
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_limits(session, me.viewer, asdict(limits))
    return RedirectResponse("/settings/kept-out#limits", 303)


@router.post("/senders")
def add_senders(
    request: Request,
    me: Me,
    values: Lines = "",
    treatment: Annotated[Treatment, Form()] = Treatment.NEVER,
    note: Lines = "",
) -> Response:
    """What goes for some senders in all mailboxes, one a line."""
    new = [NewRule(None, each, treatment, note) for each in entries(values)]
    try:
        with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
            add_rules(session, me.viewer, None, new)
    except (UsageError, Conflict) as error:
        return _page(
            request, me, {"senders": str(error)}, sender={"values": values, "treatment": treatment, "note": note}
        )
    return RedirectResponse("/settings/kept-out#senders", 303)


@router.post("/senders/{rule_id:int}/remove")
def remove_sender(request: Request, me: Me, rule_id: RowId) -> Response:
    """Nothing particular goes for a sender any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_rule(session, me.viewer, rule_id)
    return RedirectResponse("/settings/kept-out#senders", 303)


def _page(
    request: Request,
    me: SignedIn,
    failures: dict[str, str] | None = None,
    typed: dict[AddressList, tuple[str, str]] | None = None,
    sender: dict[str, Any] | None = None,
) -> Response:
    with services_of(request).store.database.reading() as session:
        changes = read_changes(session, me.viewer)
        senders = rules.views(session, me.viewer, None)
        mode = read_mode(session)
        limits = read_limits(session)
    stored = {each: ("\n".join(one.added), "\n".join(one.removed)) for each, one in changes.items()}
    return render(
        request,
        me,
        "settings/kept_out.html",
        status=422 if failures else 200,
        fields={**stored, **(typed or {})},
        senders=senders,
        limits=limits,
        mode=mode,
        failures=failures or {},
        sender=sender or {"values": "", "treatment": Treatment.NEVER, "note": ""},
        free_mail=len(free_mail_domains()),
        roles=sorted(ROLE_LOCAL_PARTS),
        says=policy_words,
    )
