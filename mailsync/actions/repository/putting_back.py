"""What was to be moved or deleted and stays: shown where the server has it, or brought over again."""

from sqlalchemy import select

from mailsync.actions.repository.open_actions import validities
from mailsync.labels.repository import fill_again
from mailsync.repository.gaps import open_gaps
from storage.last_copies import remove_places
from storage.models import UNTOLD, MailAction, Place
from storage.sessions import WriteSession


def fetch_again(session: WriteSession, action: MailAction) -> None:
    """Have the next pass bring a message over that its action had taken out of the store."""
    if action.folder_id is not None and action.uid is not None:
        open_gaps(session, action.folder_id, [action.uid], "It was to be moved or deleted, and stays.")


def put_back(session: WriteSession, action: MailAction) -> None:
    """Show a message that was to be moved where the server has it.

    Where the folder's UIDs mean something else now, the pass that numbers it anew brings the message.
    """
    place = session.get(Place, action.place_id)
    if place is None or place.uid != UNTOLD - action.id or action.folder_id is None or action.uid is None:
        if place is None:
            fetch_again(session, action)
        return
    there = (Place.folder_id == action.folder_id, Place.uid == action.uid)
    renumbered = validities(session, [action.folder_id]) != {action.folder_id: action.uidvalidity}
    if renumbered or session.execute(select(Place.id).where(*there)).first() is not None:
        remove_places(session, [place.id])
        return
    place.folder_id, place.uid = action.folder_id, action.uid
    session.flush()
    fill_again(session, action.folder_id)
