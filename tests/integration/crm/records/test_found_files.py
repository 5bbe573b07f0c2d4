"""Files are found by the words of their names: those put on records, into posts and into mails, by whoever may know of them."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.stream.feed.posting import create_post
from crm.stream.files.keeping import add_files, delete_file, rename_file, restore_file
from crm.stream.files.repository.found import files_of_posts, files_on_records
from crm.stream.files.views import FileSource
from crm.stream.views import NewPost, StoredFile
from crm_world import World, known_contact
from integration.crm.records.test_files import CONTACT, incoming, with_file
from plans import plans_of, scans_of
from recycling_world import SYSTEM, delete
from storage import blobs
from storage.models import FileTerm, Role, ShareLevel
from storage.store import Store
from web.searching import Part, search_everything


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def found(world: World, words: str, viewer: Viewer = SYSTEM, **asked: object) -> list[str]:
    """Names of files, the newest first."""
    asked = {"limit": 50, **asked}
    result = search_everything(world.store, viewer, words, zone=ZoneInfo("UTC"), **asked)  # type: ignore[arg-type]
    return [one.file.filename for one in result.files]


def test_files_are_found_by_beginnings_of_words_of_their_names_as_far_as_one_may_know_of_them(world: World) -> None:
    # given: a file in a mail, one in a post that is between two, and two on a contact
    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    carl = (CONTACT, known_contact(world))
    world.change(world.sales, share_level=ShareLevel.SUBJECT)
    world.deliver(with_file("The offer", "Offer_Łódź-2026.pdf", "offer1"))
    with world.store.database.unit_of_work() as session:
        blob = blobs.record(session, world.store.blobs.prepare([b"posted"]))[0]
        file = StoredFile("offer draft.txt", "text/plain", 6, blob)
        create_post(session, bob, NewPost("Look", "Look", everyone=False, readers=(world.bob,), files=(file,)))
    first, second = add_files(world.store, bob, carl, [incoming("Offer final.docx"), incoming("plan.txt")])

    # then: all words, whatever their case and accents; a mail's for who may read it, a post's for who gets it
    assert set(found(world, "offer", bob)) == {"Offer final.docx", "offer draft.txt"}
    assert set(found(world, "OFFER", ann)) == {"Offer final.docx", "Offer_Łódź-2026.pdf"}
    assert found(world, "lodz off", ann) == ["Offer_Łódź-2026.pdf"]
    assert found(world, "fin docx", bob) == ["Offer final.docx"]
    assert found(world, "offer", bob, parts=[Part.RECORDS]) == ["Offer final.docx"]
    assert len(found(world, "offer", ann, limit=1)) == 1
    for words in ("offer plan", "ffer", "from:offer", "%", "_", "\x00", "'", "-offer", "x" * 3000, ""):
        assert found(world, words, ann) == [], words
    result = search_everything(world.store, bob, "offer", zone=ZoneInfo("UTC"), limit=5)
    stand = {one.file.source: [(named.type, named.id) for named in one.records] for one in result.files}
    assert stand == {FileSource.ADDED: [carl], FileSource.POST: []}

    # and what is renamed, deleted, brought back or gone with its record is found so
    with world.store.database.unit_of_work() as session:
        rename_file(session, bob, first, "Contract.docx")
        delete_file(session, bob, second)
    assert (found(world, "final", bob), found(world, "contract", bob)) == ([], ["Contract.docx"])
    assert found(world, "plan", bob) == []
    with world.store.database.unit_of_work() as session:
        restore_file(session, bob, second)
    assert found(world, "plan", bob) == ["plan.txt"]
    delete(world, carl)
    assert (found(world, "plan", bob), found(world, "contract", bob)) == ([], [])


def test_names_are_looked_up_in_their_index(world: World) -> None:
    with world.store.database.reading() as session:
        assert session.scalars(select(FileTerm.term)).all() == []
    for ask in (files_on_records, files_of_posts):
        plan = plans_of(world.store, lambda session, ask=ask: ask(session, SYSTEM, "offer final", limit=6))
        assert not scans_of(plan, "file_term"), plan
        assert "ix_file_term_term_" in plan, plan
