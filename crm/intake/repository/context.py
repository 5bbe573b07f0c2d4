"""The mailbox, our people and the settings, loaded once a batch."""

from sqlalchemy import CompoundSelect, literal, select, union_all

from core.crypto import KeyRing
from core.errors import NotFound
from crm.intake.context import MailboxContext, own_domains
from crm.records.modes import read_mode
from crm.records.pipelines import ensure_defaults
from delivery.message_ids import MessageIds
from storage.models import Folder, Mailbox, MailboxAlias, User
from storage.sessions import WriteSession


def load_context(session: WriteSession, mailbox_id: int, keys: KeyRing) -> MailboxContext:
    """What is true of the mailbox now. Raises `NotFound` when it was removed."""
    mailbox = session.get(Mailbox, mailbox_id)
    if mailbox is None:
        raise NotFound("This mailbox is not connected any more.")
    users, owners = _our_people(session)
    our_keys = frozenset(users) | frozenset(owners)
    roles = dict(session.execute(select(Folder.id, Folder.role).where(Folder.mailbox_id == mailbox_id)).all())
    stage = ensure_defaults(session)
    return MailboxContext(
        mailbox_id=mailbox_id,
        roles=roles,
        our_keys=our_keys,
        our_domains=own_domains(our_keys),
        users={**{key: owner for key, owner in owners.items() if owner is not None}, **users},
        new_since=mailbox.new_since,
        on_unknown_incoming=mailbox.on_unknown_incoming,
        on_unknown_outgoing=mailbox.on_unknown_outgoing,
        repeat_items=mailbox.repeat_items,
        queue=tuple(mailbox.queue),
        owner_id=mailbox.owner_id,
        receives_intake=mailbox.receives_intake,
        authserv_id=mailbox.authserv_id,
        mode=read_mode(session),
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        signed=MessageIds(keys).verify,
        intake_lookup=lambda token: keys.lookup("intake", token),
    )


def _our_people(session: WriteSession) -> tuple[dict[str, int], dict[str, int | None]]:
    """Address keys of people with their ids, and of mailboxes and their aliases with the ids of their owners."""
    aliases = select(literal(False), MailboxAlias.key, Mailbox.owner_id).join(
        Mailbox, Mailbox.id == MailboxAlias.mailbox_id
    )
    everybody: CompoundSelect[bool, str, int | None] = union_all(
        select(literal(True), User.email_key, User.id),
        select(literal(False), Mailbox.email_key, Mailbox.owner_id),
        aliases,
    )
    rows = session.execute(everybody).all()
    users = {key: user_id for is_user, key, user_id in rows if is_user and user_id is not None}
    return users, {key: owner_id for is_user, key, owner_id in rows if not is_user}
