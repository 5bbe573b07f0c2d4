"""What mailboxes say of strangers, for programs: policies, rules for senders, trials on older mail, and what applying made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from core.clock import utcnow
from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.intake.policies.changing import NewRule, add_rules, remove_rule, sender_key
from crm.intake.policies.of_mailbox import change_policy, changed, mailbox_row, policy_of
from crm.intake.policies.policy import Policy
from crm.intake.policies.repository import rules
from crm.intake.policies.repository.rules import RuleView
from crm.intake.policies.sender_rules import Rule
from crm.intake.revisiting import runs
from crm.intake.revisiting.repository import runs as run_rows
from crm.intake.revisiting.repository.lines import MailLine, lines
from crm.intake.revisiting.repository.runs import RunView
from crm.intake.revisiting.trial import Verdict, try_policy
from crm.office.settings import read_office
from mailsync.health.looking import mailbox_health
from storage.models import OnUnknown, QueueMethod, SenderKind, Treatment
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.api.callers import SettingsReader, SettingsWriter
from web.api.paging import Listing
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["policies"])
MOST_CHANGES = 500


class PolicyInForce(BaseModel):
    """What a mailbox says. `mode`: a deal or a lead, as the CRM's mode says. An empty `queue`: the owner of the mailbox."""

    incoming: OnUnknown
    only_written_to: bool
    makes_from_roles: bool
    outgoing: OnUnknown
    repeat_items: bool
    source: str
    queue: tuple[int, ...]
    queue_method: QueueMethod
    queue_at_work: bool


class PolicyWish(BaseModel):
    """What to change; what is left out stays."""

    incoming: OnUnknown | None = None
    only_written_to: bool | None = None
    makes_from_roles: bool | None = None
    outgoing: OnUnknown | None = None
    repeat_items: bool | None = None
    source: str | None = None
    queue: tuple[RowId, ...] | None = None
    queue_method: QueueMethod | None = None
    queue_at_work: bool | None = None

    def changes(self) -> dict[str, object]:
        """What was given."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


class NewSender(BaseModel):
    """A sender: an address, a domain with all below it, or a phone number; which of them shows by how it is written."""

    value: str
    treatment: Treatment = Treatment.NEVER
    kind: SenderKind | None = None
    note: str = ""


class NewSenders(BaseModel):
    """Rules for one mailbox, or for all (null); all are added, or none."""

    mailbox_id: RowId | None = None
    senders: Annotated[list[NewSender], Field(min_length=1, max_length=1000)]


class TrialWish(BaseModel):
    """What to try: changes of the policy, and further senders."""

    policy: PolicyWish = PolicyWish()
    senders: list[NewSender] = []


@dataclass(frozen=True, slots=True)
class TriedMail:
    """A mail of which something else would become. `mail` is null for whoever may not know of it."""

    message_id: int
    at: datetime
    before: Verdict
    after: Verdict
    would_make: bool
    mail: MailLine | None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Mails by what becomes of them, as it is and as it would be; where they differ (`changes` in all, the newest listed)."""

    since: datetime
    until: datetime
    mails: int
    left_out: int
    before: dict[str, int]
    after: dict[str, int]
    would_make: dict[str, int]
    changes: int
    listed: list[TriedMail]


@router.get("/mailboxes/{mailbox_id}/policy")
def policy(request: Request, viewer: SettingsReader, mailbox_id: RowId) -> PolicyInForce:
    """What a mailbox says of strangers."""
    with services_of(request).store.database.reading() as session:
        _demand_seen(session, viewer, mailbox_id)
        return _in_force(policy_of(mailbox_row(session, mailbox_id)))


@router.patch("/mailboxes/{mailbox_id}/policy")
def change(request: Request, viewer: SettingsWriter, mailbox_id: RowId, wish: PolicyWish) -> PolicyInForce:
    """Change some of it, for mail that comes from now on."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        _demand_seen(session, viewer, mailbox_id)
        return _in_force(change_policy(session, viewer, mailbox_id, wish.changes()))


@router.post("/mailboxes/{mailbox_id}/policy/trial")
def trial(request: Request, viewer: SettingsWriter, mailbox_id: RowId, wish: TrialWish) -> TrialResult:
    """What another policy would have made of the mail of the last thirty days. Nothing is changed."""
    store = services_of(request).store
    with store.database.reading() as session:
        if not mailbox_health(session, viewer, mailbox_id).box.may_steer:
            viewer.require_administrator()
        wanted = changed(session, policy_of(mailbox_row(session, mailbox_id)), wish.policy.changes())
        country = read_office(session).phone_country
        further = [
            Rule(mailbox_id, *sender_key(each.kind, each.value, country), each.value.strip(), each.treatment)
            for each in wish.senders
        ]
        found = try_policy(session, store.keys, mailbox_id, wanted, utcnow(), further)
        listed = found.changes[:MOST_CHANGES]
        mails = lines(session, viewer, [each.message_id for each in listed])
    return TrialResult(
        found.since,
        found.until,
        found.mails,
        found.left_out,
        found.before,
        found.after,
        found.would_make,
        len(found.changes),
        [
            TriedMail(each.message_id, each.at, each.before, each.after, each.would_make, mails.get(each.message_id))
            for each in listed
        ],
    )


@router.post("/mailboxes/{mailbox_id}/policy/runs", status_code=202)
def apply(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> RunView:
    """Apply what the mailbox says to its mail of the last thirty days; nobody is notified."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        _demand_seen(session, viewer, mailbox_id)
        return _state(session, viewer, mailbox_id, runs.begin(session, viewer, mailbox_id))


@router.get("/mailboxes/{mailbox_id}/policy/runs/{number}")
def run(request: Request, viewer: SettingsReader, mailbox_id: RowId, number: RowId) -> RunView:
    """How far it is."""
    with services_of(request).store.database.reading() as session:
        _demand_seen(session, viewer, mailbox_id)
        return _state(session, viewer, mailbox_id, number)


@router.post("/mailboxes/{mailbox_id}/policy/runs/{number}/undo", status_code=202)
def undo(request: Request, viewer: SettingsWriter, mailbox_id: RowId, number: RowId) -> RunView:
    """Take back what it made, where nobody touched it since."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        _demand_seen(session, viewer, mailbox_id)
        _state(session, viewer, mailbox_id, number)
        runs.undo(session, viewer, number)
        return _state(session, viewer, mailbox_id, number)


@router.post("/mailboxes/{mailbox_id}/policy/runs/{number}/stop")
def stop(request: Request, viewer: SettingsWriter, mailbox_id: RowId, number: RowId) -> RunView:
    """Leave it, or its taking back, as far as it is."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        _demand_seen(session, viewer, mailbox_id)
        _state(session, viewer, mailbox_id, number)
        runs.stop(session, viewer, number)
        return _state(session, viewer, mailbox_id, number)


@router.get("/sender-rules")
def sender_rules(
    request: Request,
    viewer: SettingsReader,
    mailbox_id: Annotated[RowId | None, Query(description="Of this mailbox alone; without it those for all.")] = None,
) -> Listing[RuleView]:
    """What goes for some senders."""
    with services_of(request).store.database.reading() as session:
        if mailbox_id is not None:
            _demand_seen(session, viewer, mailbox_id)
        return Listing(items=rules.views(session, viewer, mailbox_id))


@router.post("/sender-rules", status_code=201)
def add_senders(request: Request, viewer: SettingsWriter, new: NewSenders) -> dict[str, list[int]]:
    """Say what goes for some senders; the ids of the rules."""
    wanted = [NewRule(each.kind, each.value, each.treatment, each.note) for each in new.senders]
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        if new.mailbox_id is not None:
            _demand_seen(session, viewer, new.mailbox_id)
        return {"ids": add_rules(session, viewer, new.mailbox_id, wanted)}


@router.delete("/sender-rules/{rule_id}", status_code=204)
def remove_sender(request: Request, viewer: SettingsWriter, rule_id: RowId) -> None:
    """Nothing particular goes for a sender any more."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_rule(session, viewer, rule_id)


def _demand_seen(session: ReadSession, viewer: Viewer, mailbox_id: int) -> None:
    """Raises `NotFound` for a mailbox that the viewer does not know of."""
    mailbox_health(session, viewer, mailbox_id)


def _in_force(policy: Policy) -> PolicyInForce:
    return PolicyInForce(**{name: getattr(policy, name) for name in PolicyInForce.model_fields})


def _state(session: ReadSession, viewer: Viewer, mailbox_id: int, number: int) -> RunView:
    view = run_rows.run(session, viewer, number)
    if view.mailbox_id != mailbox_id:
        raise NotFound(run_rows.NOT_THERE)
    return view
