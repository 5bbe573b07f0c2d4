"""The mailbox, our people and the settings, loaded once a batch."""

from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, bindparam, exists, literal, select, union_all

from core.crypto import KeyRing
from core.errors import NotFound
from crm.intake.context import MailboxContext, own_domains
from crm.intake.policies import limits
from crm.intake.policies.of_mailbox import policy_of
from crm.intake.policies.policy import USUAL_SOURCE, Policy
from crm.intake.policies.repository import rules as sender_rules
from crm.intake.repository.tables import table_of
from crm.office import address_lists, settings
from crm.records.modes import CrmMode, read_mode
from crm.records.pipelines import ensure_defaults
from crm.records.repository.lead_stages import first_stage
from crm.records.repository.standing import keep_records
from delivery.message_ids import CAMPAIGN, CAMPAIGN_TEST, MessageIds
from storage.models import Folder, FolderRole, LeadState, Mailbox, MailboxAlias, Setting, User
from storage.sessions import ReadSession, WriteSession

_MAILBOX, _ALIAS, _USER, _FOLDER = (table_of(model).c for model in (Mailbox, MailboxAlias, User, Folder))
_OTHER = table_of(Mailbox).alias("mailboxes")


def _setting(name: str) -> ScalarSelect[dict[str, Any]]:
    return select(Setting.value).where(Setting.name == name).scalar_subquery()


_OWN = select(
    table_of(Mailbox),
    _setting(settings.SETTING).label("office"),
    _setting(address_lists.SETTING).label("lists"),
    _setting(sender_rules.SETTING).label("rules"),
    _setting(limits.SETTING).label("limits"),
    exists().where(_OTHER.c.only_written_to).label("answers_awaited"),
).where(_MAILBOX.id == bindparam("mailbox_id"))
"""With all settings that mail goes by: read by one statement, so that none of them costs a batch anything."""
_ROLES = select(_FOLDER.id, _FOLDER.role).where(_FOLDER.mailbox_id == bindparam("mailbox_id"))
_EVERYBODY = union_all(
    select(literal(True), _USER.email_key, _USER.id),
    select(literal(False), _MAILBOX.email_key, _MAILBOX.owner_id),
    select(literal(False), _ALIAS.key, _MAILBOX.owner_id).join_from(
        table_of(MailboxAlias), table_of(Mailbox), _MAILBOX.id == _ALIAS.mailbox_id
    ),
)


def load_context(session: WriteSession, mailbox_id: int, keys: KeyRing) -> MailboxContext:
    """What is true of the mailbox now. Raises `NotFound` when it was removed.

    Until the unit ends nobody merges or removes records that mail is put on.
    """
    keep_records(session)
    stage, mode = ensure_defaults(session), read_mode(session, held=True)
    lead_stage_id = first_stage(session, LeadState.ACTIVE).id if mode.is_classic else None
    return _context(session, mailbox_id, keys, mode, Beginnings(stage.pipeline_id, stage.id, lead_stage_id))


def look_at_context(session: ReadSession, mailbox_id: int, keys: KeyRing) -> MailboxContext:
    """The same for whoever makes nothing: nobody is kept from anything, and where deals and leads begin is not told."""
    return _context(session, mailbox_id, keys, read_mode(session), Beginnings(0, 0, None))


class Beginnings(NamedTuple):
    """Where new deals and leads begin."""

    pipeline_id: int
    stage_id: int
    lead_stage_id: int | None


def _context(session: ReadSession, mailbox_id: int, keys: KeyRing, mode: CrmMode, begin: Beginnings) -> MailboxContext:
    mailbox = session.execute(_OWN, {"mailbox_id": mailbox_id}).one_or_none()
    if mailbox is None:
        raise NotFound("This mailbox is not connected any more.")
    users, owners = _our_people(session)
    our_keys = frozenset(users) | frozenset(owners)
    roles: dict[int, FolderRole] = {row.id: row.role for row in session.execute(_ROLES, {"mailbox_id": mailbox_id})}
    lists, office = address_lists.lists_of(mailbox.lists), settings.office_of(mailbox.office)
    campaigns = [MessageIds(keys, purpose) for purpose in (CAMPAIGN, CAMPAIGN_TEST)]
    return MailboxContext(
        mailbox_id=mailbox_id,
        roles=roles,
        our_keys=our_keys,
        our_domains=own_domains(our_keys, lists),
        users={**{key: owner for key, owner in owners.items() if owner is not None}, **users},
        new_since=mailbox.new_since,
        policy=_policy(session, mailbox, mode),
        limits=limits.limits_of(mailbox.limits),
        lists=lists,
        calendar=office.calendar,
        phone_country=office.phone_country,
        currency=office.currency,
        answers_awaited=mailbox.answers_awaited,
        owner_id=mailbox.owner_id,
        receives_intake=mailbox.receives_intake,
        authserv_id=mailbox.authserv_id,
        mode=mode,
        pipeline_id=begin.pipeline_id,
        stage_id=begin.stage_id,
        lead_stage_id=begin.lead_stage_id,
        signed=MessageIds(keys).verify,
        is_campaign=lambda message_id: any(ids.verify(message_id) is not None for ids in campaigns),
        intake_lookup=lambda token: keys.lookup("intake", token),
    )


def _policy(session: ReadSession, mailbox: Any, mode: CrmMode) -> Policy:
    version = mailbox.rules["version"] if mailbox.rules else None
    policy = policy_of(mailbox)
    return replace(
        policy,
        repeat_items=policy.repeat_items and mode.repeat_items,
        source=policy.source or USUAL_SOURCE,
        rules=sender_rules.rules_of(session, version, mailbox.id),
    )


def _our_people(session: ReadSession) -> tuple[dict[str, int], dict[str, int | None]]:
    """Address keys of people with their ids, and of mailboxes and their aliases with the ids of their owners."""
    rows = session.execute(_EVERYBODY).all()
    users = {key: user_id for is_user, key, user_id in rows if is_user and user_id is not None}
    return users, {key: owner_id for is_user, key, owner_id in rows if not is_user}
