"""Mails of posts in the database: whose address, and which outgoing mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from crm.access.viewer import Viewer
from crm.records.channels import EMAIL
from crm.records.repository.reading import names_of
from crm.stream.views import RecordKey
from storage.models import Channel, Outgoing, PostMail, SendState
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class MailTo:
    """A record that gets a mail; `address` is empty where it has none."""

    record: RecordKey
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class PostedMail:
    """A mail of a post; `reason` says why it did not leave."""

    outgoing_id: int
    state: SendState
    reason: str


def mail_addresses(session: ReadSession, viewer: Viewer, records: Sequence[RecordKey]) -> list[MailTo]:
    """Name and first e-mail address of each of these that the viewer can reach, in their order."""
    named = {(one.type, one.id): one.name for one in names_of(session, viewer, records)} if records else {}
    addresses: dict[RecordKey, str] = {}
    for kind in {kind for kind, _ in named}:
        ids = [record_id for each, record_id in named if each is kind]
        query = select(Channel.record_id, Channel.value).where(Channel.record_type == kind, Channel.kind == EMAIL)
        for record_id, value in session.execute(query.where(Channel.record_id.in_(ids)).order_by(Channel.id)):
            addresses.setdefault((kind, record_id), value)
    return [MailTo(key, named[key], addresses.get(key, "")) for key in records if key in named]


def insert_mail(session: WriteSession, post_id: int, to: MailTo, outgoing_id: int) -> None:
    """Note that a post went to somebody by this mail."""
    values = {"post_id": post_id, "record_type": to.record[0], "record_id": to.record[1], "outgoing_id": outgoing_id}
    session.execute(insert(PostMail).values(**values, name=to.name, address=to.address))


def mails_of(session: ReadSession, post_id: int) -> list[PostedMail]:
    """The mails of a post that are still known, and how they fare."""
    query = select(Outgoing.id, Outgoing.state, Outgoing.reason).join(PostMail, PostMail.outgoing_id == Outgoing.id)
    rows = session.execute(query.where(PostMail.post_id == post_id).order_by(PostMail.id))
    return [PostedMail(*row) for row in rows]
