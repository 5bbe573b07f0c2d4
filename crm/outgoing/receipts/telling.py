"""Outgoing mails with what their readers did: by one statement for all of them."""

from collections.abc import Sequence
from dataclasses import replace

from crm.access.receipts import Happening, happenings, receipts_of
from crm.access.viewer import Viewer
from crm.outgoing.repository import outgoing
from crm.outgoing.views import OutgoingView
from storage.sessions import ReadSession


def told(session: ReadSession, viewer: Viewer, mails: Sequence[OutgoingView]) -> list[OutgoingView]:
    """The mails, which the viewer was given, each with its receipt where it has one."""
    receipts = receipts_of(session, viewer, [mail.id for mail in mails])
    return [replace(mail, receipt=receipts.get(mail.id)) for mail in mails]


def events(
    session: ReadSession, viewer: Viewer, outgoing_id: int, *, before_id: int | None, limit: int
) -> list[Happening]:
    """What happened to a mail, newest first. Raises `NotFound` when there is none for this viewer."""
    outgoing(session, viewer, outgoing_id)
    return happenings(session, viewer, outgoing_id, before_id=before_id, limit=limit)
