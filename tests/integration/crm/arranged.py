"""Conversations that somebody arranges by hand: Carl's mails, who acts, and deals to put them on."""

from datetime import timedelta

from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm_world import NOW, World, mail
from storage.models import RecordType, Role

CARL, OURS = "carl@client.example", "sales@ours.example"


def ann(world: World) -> Viewer:
    return Viewer(world.ann, Role.SELLER)


def do(world: World, act, *args, **more) -> int:
    with world.store.database.unit_of_work() as session:
        return act(session, ann(world), *args, **more)


def talk(world: World, *ids: str, first: int = 0, by: str = CARL, cites: tuple[str, ...] = ()) -> list[int]:
    """Mails of Carl's, each an answer to all before; their ids."""
    known, messages = list(cites), []
    for number, each in enumerate(ids, first):
        raw = mail(by, OURS, f"About {each}", message_id=each, references=known, date=NOW + timedelta(minutes=number))
        messages.append(world.deliver(raw))
        known.append(each)
    return messages


def thread(world: World, message_id: int) -> int:
    return world.message(message_id).thread_id


def deal(world: World, title: str, **columns: object) -> tuple[RecordType, int]:
    with world.store.database.unit_of_work() as session:
        return RecordType.DEAL, create_deal(session, title, **columns)
