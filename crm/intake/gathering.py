"""Step 1 and what comes before it: which messages of a batch are known, and everything that the steps may ask for."""

from collections.abc import Collection, Iterable, Sequence

from core.clock import utcnow
from core.errors import NotFound
from crm.intake.authenticity import judge, verdict_of_copies
from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Batch, Item, Letter
from crm.intake.context import KEPT_OUT, MailboxContext
from crm.intake.mail import Mail
from crm.intake.names import named_by_address, own_names, own_outgoing
from crm.intake.phones import phones_of
from crm.intake.policies.repository.queues import HeldQueue
from crm.intake.prepared import Prepared
from crm.intake.repository.clients import load_clients
from crm.intake.repository.ids import SessionIds
from crm.intake.repository.intake_addresses import load_secret_addresses
from crm.intake.repository.letters import ids_by_identity, letters_by_identity, letters_without_activity
from crm.intake.repository.own_names import relay_names
from crm.intake.repository.posted import records_of_posts
from crm.intake.repository.tallies import load_tallies
from crm.intake.repository.threads import hold_threads, load_cuts
from crm.intake.repository.voices import Wanted, load_voices
from crm.intake.repository.written_to import load_written_to
from crm.intake.steps.by_hand import outgoing_ids
from crm.intake.steps.direction import direction_of
from crm.intake.steps.intake_addresses import tokens_of
from crm.intake.steps.matching import counterparts
from crm.intake.threads import (
    Conversations,
    Voice,
    circle_of_mail,
    gmail_target,
    parent_target,
    passed_on,
    subject_target,
)
from storage.held_keys import hold_keys
from storage.models import Message, Place, Variant
from storage.sessions import ReadSession, WriteSession

NEW = float("inf")
"""Stands behind every id."""


def gather(session: WriteSession, context: MailboxContext, prepared: Sequence[Prepared]) -> Batch:
    """A batch with all facts in memory; on PostgreSQL its senders and threads are ours until the unit ends.

    Raises `NotFound` for a folder that is not one of the mailbox.
    """
    if any(each.folder_id not in context.roles for each in prepared):
        raise NotFound("This folder is not there any more: look for the mailbox's folders again.")
    hold_all(session, context, prepared)
    now = utcnow()
    queue = HeldQueue(session, context, now)
    batch = Batch(context, now, SessionIds(session, len(prepared)), queue, Conversations(context))
    batch.letters = letters_by_identity(session, context, {each.mail.identity for each in prepared})
    batch.items = [_item(batch, each) for each in prepared]
    regular = [item for item in batch.items if not item.kept_out]
    ours = {outgoing_id for item in regular if (outgoing_id := own_outgoing(item, context)) is not None}
    batch.known_as = relay_names(session, ours)
    threads = load_voices(session, context, batch.conversations, _wanted(batch, regular))
    threads |= load_voices(session, context, batch.conversations, _of_names_waited_for(batch, regular))
    threads |= {letter.voice.node for letter in batch.letters.values() if not letter.fresh}
    batch.stored_threads = hold_threads(session, batch.conversations.forest, threads)
    load_cuts(session, batch.conversations.forest, batch.stored_threads)
    batch.posted = records_of_posts(session, {each for item in regular for each in outgoing_ids(item, context)})
    load_clients_of(session, batch, [item.letter for item in regular], batch.stored_threads)
    if context.policy.only_written_to:
        load_written_to(session, batch, [item.letter for item in regular], batch.stored_threads)
    load_tallies(session, batch)
    load_secret_addresses(session, batch, {token for item in regular for token in tokens_of(item.prepared, context)})
    return batch


def hold_all(session: WriteSession, context: MailboxContext, prepared: Sequence[Prepared]) -> None:
    """On PostgreSQL keep all identities, senders and threads of these mails to ourselves until the unit ends."""
    if session.on_postgresql:
        hold_keys(session, _keys(prepared, context))


def hold_people(session: WriteSession, context: MailboxContext, letters: Iterable[Letter]) -> None:
    """On PostgreSQL keep whoever these stored mails are with to ourselves until the unit ends."""
    keys = {person.key for letter in letters for person in counterparts(letter, context)}
    numbers = {number for spelled in phones_of(keys, context).values() for number in spelled}
    hold_keys(session, keys | numbers | {name for key in keys if (name := context.organisation(key))})


def in_order_of_messages(session: ReadSession, prepared: Sequence[Prepared]) -> list[Prepared]:
    """Mails that are known in the order of their ids, in which all who change messages hold them; then new ones, as they come."""
    ids = ids_by_identity(session, {each.mail.identity for each in prepared})
    return sorted(prepared, key=lambda each: ids.get(each.mail.identity, NEW))


def load_clients_of(session: ReadSession, batch: Batch, letters: Iterable[Letter], threads: Iterable[int]) -> None:
    """Load the records that these letters may belong to."""
    keys = {person.key for letter in letters for person in counterparts(letter, batch.context)}
    domains = {domain for key in keys if (domain := batch.context.organisation(key))}
    load_clients(session, batch, keys, domains, set(threads))


def find_earlier(
    session: WriteSession, batch: Batch, addresses: Collection[str], threads: Collection[int]
) -> list[Letter]:
    """Stored letters without activity that these addresses or threads may put on records, and their clients."""
    letters = letters_without_activity(session, batch.context, addresses, threads)
    if letters:
        load_clients_of(session, batch, letters, {letter.voice.node for letter in letters})
    return letters


def _keys(prepared: Sequence[Prepared], context: MailboxContext) -> set[str]:
    """Whatever two batches must not decide about at the same time. (Our own addresses are in every mail.)"""
    keys: set[str] = set()
    for each in prepared:
        mail = each.mail
        keys.add(mail.identity)
        outside = [person.key for person in mail.people if not context.is_ours(person.key)]
        keys.update(outside)
        keys.update(filter(None, map(context.organisation, outside)))
        keys.update(number for spelled in phones_of(outside, context).values() for number in spelled)
        keys.update(cited.hash for cited in mail.cites)
        keys.update(filter(None, (mail.id_hash, mail.subject_hash)))
    return keys


def _item(batch: Batch, prepared: Prepared) -> Item:
    mail, context = prepared.mail, batch.context
    letter = batch.letters.get(mail.identity)
    is_known = letter is not None
    authenticated = judge(mail, context.authserv_id).passed
    if letter is None:
        letter = batch.letters[mail.identity] = _fresh_letter(batch, mail, prepared.body.sha256, authenticated)
    role = prepared.role or context.roles[prepared.folder_id]
    if role not in KEPT_OUT and letter.kind in MASS_MAIL and mail.kind in CORRESPONDENCE:
        letter.kind = mail.kind  # One mailbox's server took it for spam, this one's does not: it is what people write.
    item = Item(prepared, letter, batch.ids.next(Place), role, is_first=not is_known, authenticated=authenticated)
    if is_known:
        item.variant_id = _variant(batch, letter, prepared)
        letter.authenticated = verdict_of_copies(
            letter.authenticated,
            authenticated,
            is_ours=letter.voice.circle.author in letter.voice.circle.ours,
            is_same_body=item.variant_id is None,
        )
        detail = "Its content differs here: a server has changed it." if item.variant_id else ""
        item.decide("identity", "known message", detail)
    else:
        item.decide("identity", "new message", "Only its beginning was fetched." if prepared.truncated else "")
    return item


def _fresh_letter(batch: Batch, mail: Mail, body_sha256: str, authenticated: bool | None) -> Letter:
    context, message_id = batch.context, batch.ids.next(Message)
    circle = circle_of_mail(mail.people, context, trusted=authenticated is not False)
    return Letter(
        id=message_id,
        fresh=True,
        body_sha256=body_sha256,
        kind=mail.kind,
        direction=direction_of(mail.people, context, author_is_ours=circle.author_is_ours),
        authenticated=authenticated,
        arrived_in=[],
        voice=Voice(message_id, batch.conversations.forest.new_node(), mail.date, circle),
        subject=mail.subject,
        snippet=mail.snippet,
        people=mail.people,
        of_campaign=context.is_our_campaign(mail.message_id, author_is_ours=circle.author_is_ours),
    )


def _variant(batch: Batch, letter: Letter, prepared: Prepared) -> int | None:
    """The variant that this copy is, where its body is not byte for byte the message's."""
    if prepared.body.sha256 == letter.body_sha256:
        return None
    name = f"{prepared.mail.fingerprint}/{prepared.body.sha256[:16]}"
    if name not in letter.variants:
        letter.variants[name] = batch.ids.next(Variant)
        batch.new_variants.append((letter.variants[name], letter.id, name, prepared.body))
    return letter.variants[name]


def _of_names_waited_for(batch: Batch, items: Iterable[Item]) -> Wanted:
    """Others of a name that a mail of ours passes on: a stranger may have taken it for his own."""
    names = {item.mail.id_hash for item in items if item.mail.id_hash is not None}
    return Wanted(id_hashes={name for name in names if batch.conversations.is_passed_on(name)})


def _wanted(batch: Batch, items: Iterable[Item]) -> Wanted:
    wanted, context = Wanted(), batch.context
    for item in items:
        mail = item.mail
        cited = [each.hash for each in (*mail.cites, *named_by_address(item, context), *own_names(batch, item))]
        wanted.id_hashes.update(cited)
        wanted.targets.update(cited)
        if mail.id_hash is not None:
            author = item.letter.voice.circle.author
            wanted.targets |= {mail.id_hash, parent_target(mail.id_hash), parent_target(mail.id_hash, author)}
        if (passed := passed_on(item.letter.voice.circle, mail, context)) is not None:
            wanted.targets.add(passed.target)
        if mail.subject_hash:
            wanted.targets.add(subject_target(mail.subject_hash))
        if item.prepared.gmail_thread_id is not None:
            wanted.targets.add(gmail_target(context.mailbox_id, item.prepared.gmail_thread_id))
        if mail.answers_by_subject:
            circle = item.letter.voice.circle
            wanted.subjects.add(mail.subject_hash)
            wanted.subject_people |= circle.outside or {circle.author}
            wanted.subject_dates.append(mail.date)
    return wanted
