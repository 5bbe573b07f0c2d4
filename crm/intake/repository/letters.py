"""Messages that are stored already: those that this batch brings again, and those that may now be put on records."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, bindparam, exists, false, or_, select

from crm.intake.batch import Letter
from crm.intake.clients import ITEMS
from crm.intake.context import MailboxContext
from crm.intake.mail import Person
from crm.intake.repository.tables import table_of
from crm.intake.threads import Voice, circle_of_mail
from parsers.model import Kind
from storage.among import among, among_given
from storage.models import (
    Activity,
    ActivityBinding,
    Blob,
    Effect,
    IntakeDelivery,
    Message,
    MessageAddress,
    Place,
    RecordType,
    Variant,
)
from storage.sessions import ReadSession, WriteSession

_PLACE = table_of(Place).c
_KNOWN = select(_PLACE.uid, _PLACE.id).where(
    _PLACE.folder_id == bindparam("folder_id"), among_given(_PLACE.uid, "uids")
)


def _has_created(kinds: Collection[RecordType]) -> Exists:
    targets = [kind.value for kind in kinds]
    return exists().where(Effect.message_id == Message.id, Effect.kind == "created", Effect.target.in_(targets))


_LETTERS = (
    select(
        Message,
        Blob.sha256,
        exists().where(Activity.message_id == Message.id).label("has_activity"),
        exists()
        .where(
            Activity.message_id == Message.id,
            ActivityBinding.activity_id == Activity.id,
            ActivityBinding.record_type.in_(ITEMS),
        )
        .label("on_item"),
        _has_created([each for each in RecordType if each not in ITEMS]).label("created_client"),
        _has_created(ITEMS).label("created_item"),
        exists().where(IntakeDelivery.message_id == Message.id).label("to_intake"),
        exists().where(Place.message_id == Message.id, Place.is_new).label("was_new"),
    )
    .join(Blob, Blob.id == Message.body_blob_id)
    .order_by(Message.id)
)
_BY_ID = _LETTERS.where(among_given(Message.id, "ids"))
_BY_IDENTITY = _LETTERS.where(among_given(Message.identity, "identities"))


def known_places(session: WriteSession, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Which of these (folder id, uid) are stored, and their place ids."""
    by_folder: dict[int, list[int]] = {}
    for folder_id, uid in places:
        by_folder.setdefault(folder_id, []).append(uid)
    found: dict[tuple[int, int], int] = {}
    for folder_id, uids in by_folder.items():
        rows = session.execute(_KNOWN, {"folder_id": folder_id, "uids": uids})
        found |= {(folder_id, uid): place_id for uid, place_id in rows}
    return found


def letters_by_identity(
    session: WriteSession, context: MailboxContext, identities: Collection[str]
) -> dict[str, Letter]:
    """Stored messages by identity, with their variants."""
    letters = _letters(session, context, _BY_IDENTITY, {"identities": identities})
    by_id = {letter.id: letter for letter in letters.values()}
    if by_id:
        for row in session.execute(select(Variant).where(among(Variant.message_id, by_id.keys()))).scalars():
            by_id[row.message_id].variants[row.fingerprint] = row.id
    return letters


def letters_by_id(session: ReadSession, context: MailboxContext, ids: Collection[int]) -> dict[int, Letter]:
    """Stored messages by id, without their variants."""
    found = _letters(session, context, _BY_ID, {"ids": ids}) if ids else {}
    return {letter.id: letter for letter in found.values()}


def ids_by_identity(session: ReadSession, identities: Collection[str]) -> dict[str, int]:
    """Ids of the stored messages among these."""
    stored = select(Message.identity, Message.id).where(among(Message.identity, identities))
    return {row.identity: row.id for row in session.execute(stored)}


def letters_without_activity(
    session: WriteSession, context: MailboxContext, addresses: Collection[str], threads: Collection[int]
) -> list[Letter]:
    """Stored messages on no record: from or to one of the address keys, or in one of the threads."""
    ways: list[ColumnElement[bool]] = []
    if addresses:
        named = select(MessageAddress.message_id).where(among(MessageAddress.key, addresses))
        ways.append(Message.id.in_(named))
    if threads:
        ways.append(among(Message.thread_id, threads))
    if not ways:
        return []
    on_no_record = ~exists().where(Activity.message_id == Message.id)
    return list(_letters(session, context, _LETTERS.where(or_(false(), *ways), on_no_record)).values())


def _letters(
    session: ReadSession,
    context: MailboxContext,
    statement: Select[*tuple[Any, ...]],
    given: Mapping[str, Collection[str] | Collection[int]] | None = None,
) -> dict[str, Letter]:
    rows = session.execute(statement, given).all()
    people = _people(session, [row.Message.id for row in rows])
    found: dict[str, Letter] = {}
    for row in rows:
        message = row.Message
        named = people.get(message.id, [])
        circle = circle_of_mail(named, context, trusted=message.authenticated is not False)
        found[message.identity] = Letter(
            id=message.id,
            fresh=False,
            body_sha256=row.sha256,
            kind=Kind(message.kind),
            direction=message.direction,
            authenticated=message.authenticated,
            arrived_in=list(message.arrived_in),
            voice=Voice(message.id, message.thread_id, message.date, circle),
            subject=message.subject,
            snippet=message.snippet,
            people=named,
            has_activity=row.has_activity,
            on_item=row.on_item,
            created_client=row.created_client,
            created_item=row.created_item,
            to_intake=row.to_intake,
            waits_as_new=row.was_new,
            outgoing_id=message.outgoing_id,
            of_campaign=context.is_our_campaign(message.message_id, author_is_ours=circle.author_is_ours),
        )
        session.expunge(message)
    return found


def _people(session: ReadSession, message_ids: list[int]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {}
    if not message_ids:
        return found
    columns = (MessageAddress.message_id, MessageAddress.role, MessageAddress.name, MessageAddress.address)
    statement = select(*columns, MessageAddress.key).where(among(MessageAddress.message_id, message_ids))
    for message_id, role, name, address, key in session.execute(statement.order_by(MessageAddress.id)):
        found.setdefault(message_id, []).append(Person(role, name, address, key))
    return found
