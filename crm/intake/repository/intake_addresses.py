"""Secret addresses: found by the look-up of their token, listed for their owner, and what was delivered to them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.intake.batch import Batch, SecretAddress
from storage.among import among
from storage.models import IntakeAddress, IntakeDelivery, Mailbox, MailboxAlias, User
from storage.sessions import ReadSession, WriteSession


def load_secret_addresses(session: WriteSession, batch: Batch, lookups: Collection[str]) -> None:
    """Add the addresses that mail of the batch was sent to, and what was delivered to them before."""
    if not lookups:
        return
    found = session.execute(select(IntakeAddress).where(among(IntakeAddress.token_lookup, lookups))).scalars()
    for row in found.all():
        batch.secret_addresses[row.token_lookup] = SecretAddress(
            row.id, row.purpose, _keys_of(session, row.user_id), row.revoked_at is not None
        )
    letters = [letter.id for letter in batch.letters.values() if not letter.fresh]
    if letters:
        columns = select(IntakeDelivery.intake_address_id, IntakeDelivery.message_id)
        known = session.execute(columns.where(among(IntakeDelivery.message_id, letters)))
        batch.intake_known |= set(known)


def _keys_of(session: ReadSession, user_id: int) -> frozenset[str]:
    """All addresses of a person: theirs, and those of the mailboxes that they alone own."""
    keys = set(session.execute(select(User.email_key).where(User.id == user_id, User.active)).scalars())
    personal = (Mailbox.owner_id == user_id, Mailbox.shared.is_(False))
    keys |= set(session.execute(select(Mailbox.email_key).where(*personal)).scalars())
    aliases = select(MailboxAlias.key).join(Mailbox, Mailbox.id == MailboxAlias.mailbox_id).where(*personal)
    return frozenset(keys | set(session.execute(aliases).scalars()))


def add_address(session: WriteSession, row: IntakeAddress) -> int:
    """Insert a secret address; its id."""
    session.add(row)
    session.flush()
    return row.id


def addresses_of(session: ReadSession, viewer: Viewer) -> list[IntakeAddress]:
    """The viewer's own addresses that are in force, newest first. Nobody else's, whoever asks."""
    statement = select(IntakeAddress).where(IntakeAddress.user_id == viewer.user_id, IntakeAddress.revoked_at.is_(None))
    return list(session.execute(statement.order_by(IntakeAddress.id.desc())).scalars())


def revoke_address(session: WriteSession, viewer: Viewer, address_id: int, at: datetime) -> None:
    """End an address of the viewer's own. Raises `NotFound`."""
    statement = (
        update(IntakeAddress)
        .where(
            IntakeAddress.id == address_id,
            IntakeAddress.user_id == viewer.user_id,
            IntakeAddress.revoked_at.is_(None),
        )
        .values(revoked_at=at)
        .returning(IntakeAddress.id)
    )
    if session.execute(statement.execution_options(synchronize_session=False)).one_or_none() is None:
        raise NotFound("There is no such secret address of yours.")
