"""The conversations of a record: each once, the newest first, and what is in a private mailbox told to nobody else."""

from datetime import timedelta

import pytest

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.stream.conversations.repository import conversations
from crm.stream.views import Cursor
from crm_world import NOW, World, known_contact, mail
from storage.models import FolderRole, RecordType, Role, ShareLevel
from storage.store import Store

CARL = "carl@client.example"
DAY = timedelta(days=1)


def shown(
    world: World, viewer: Viewer, contact: int, behind: Cursor | None = None, limit: int = 9
) -> tuple[list[str], Cursor | None]:
    with world.store.database.reading() as session:
        page = conversations(session, viewer, (RecordType.CONTACT, contact), behind=behind, limit=limit)
    return [f"{entry.title} of {entry.mail.from_address}" for entry in page.entries if entry.mail], page.next


def test_each_conversation_stands_once_by_its_newest_mail(store: Store) -> None:
    world = World(store)
    contact = known_contact(world, CARL)
    own = world.add_mailbox("ann@ours.example", owner_id=world.ann, shared=False, share_level=ShareLevel.PRIVATE)
    for number, subject in enumerate(("Offer", "Invoice", "Visit")):
        day = NOW + number * DAY
        world.deliver(mail(CARL, world.sales.email, subject, message_id=f"m{number}", date=day), internal_date=day)
    answer = mail(world.sales.email, CARL, "Re: Offer", message_id="a0", references=["m0"], date=NOW + 5 * DAY)
    world.deliver(answer, role=FolderRole.SENT, internal_date=NOW + 5 * DAY)
    secret = mail(CARL, own.email, "Re: Invoice", message_id="s1", references=["m1"], date=NOW + 6 * DAY)
    world.deliver(secret, own, internal_date=NOW + 6 * DAY)

    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    everything, end = shown(world, ann, contact)
    assert (everything, end) == (
        [f"Re: Invoice of {CARL}", f"Re: Offer of {world.sales.email}", f"Visit of {CARL}"],
        None,
    )
    assert shown(world, bob, contact)[0] == [
        f"Invoice of {CARL}",
        f"Re: Offer of {world.sales.email}",
        f"Visit of {CARL}",
    ]

    first, behind = shown(world, ann, contact, limit=2)
    rest, end = shown(world, ann, contact, behind, limit=2)
    assert (first + rest, end) == (everything, None)
    with pytest.raises(NotFound):
        shown(world, ann, 4_040)
