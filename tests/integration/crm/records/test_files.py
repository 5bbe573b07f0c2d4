"""Files on records, on both databases: who sees them, and where they go when records merge, are converted and removed."""

import io
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from crm.access.rights import Act, Scope
from crm.access.rights.built_in import BUILT_IN
from crm.access.viewer import Viewer
from crm.records.conversions import convert_lead
from crm.records.gone import KEPT_FOR
from crm.records.leads import create_lead
from crm.records.merging import merge, undo_merge
from crm.records.recycling import remove_for_ever
from crm.records.repository import files as going_files
from crm.records.repository.recycling import hanging
from crm.records.repository.removing import going
from crm.stream.feed.posting import create_post
from crm.stream.files import keeping
from crm.stream.files.keeping import Incoming, add_files, delete_file, forget_old_files, rename_file, restore_file
from crm.stream.files.repository import of_record
from crm.stream.files.repository.deleted import deleted_files
from crm.stream.files.repository.kept import content_of, file_seen
from crm.stream.files.repository.of_record import files_of
from crm.stream.files.views import FileSource
from crm.stream.timeline.repository import timeline
from crm.stream.views import NewPost, RecordKey, StoredFile
from crm_world import World, known_contact, mail
from recycling_world import SYSTEM, delete, restore
from storage import blobs
from storage.models import ActivityKind, Blob, RecordFile, RecordFilePiece, RecordType, Role, ShareLevel
from storage.store import Store

CONTACT, LEAD, DEAL = RecordType.CONTACT, RecordType.LEAD, RecordType.DEAL


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def incoming(name: str, content: bytes = b"some bytes", kind: str = "") -> Incoming:
    return Incoming(name, kind, io.BytesIO(content), len(content))


def names(world: World, record: RecordKey, viewer: Viewer = SYSTEM) -> list[str]:
    with world.store.database.reading() as session:
        return [file.filename for file in files_of(session, viewer, record).files]


def with_file(subject: str, filename: str, message_id: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "carl@client.example", "sales@ours.example", subject
    letter["Date"], letter["Message-ID"] = "Mon, 02 Mar 2026 12:00:00 +0000", f"<{message_id}>"
    letter.set_content("See the file.")
    letter.add_attachment(b"%PDF-1.4 " + filename.encode(), maintype="application", subtype="pdf", filename=filename)
    return letter.as_bytes()


def test_files_of_a_record_are_those_put_there_and_those_of_mail_and_posts_that_one_may_read(world: World) -> None:
    # given: a contact with mail in a mailbox that shares no more than subjects, a post with a file, and two files put there
    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    carl = (CONTACT, known_contact(world))
    world.change(world.sales, share_level=ShareLevel.SUBJECT)
    for number in range(3):
        world.deliver(with_file(f"Offer {number}", f"mailed {number}.pdf", f"offer{number}"))
    world.deliver(mail("carl@client.example", "sales@ours.example", "No file", message_id="none"))
    with world.store.database.unit_of_work() as session:
        blob = blobs.record(session, world.store.blobs.prepare([b"posted"]))[0]
        file = StoredFile("posted.txt", "text/plain", 6, blob)
        create_post(session, bob, NewPost("Look", "Look", about=(carl,), files=(file,)))
    _, second = add_files(
        world.store,
        bob,
        carl,
        [incoming("../../etc/of\u202efer.pdf\x00", b"%PDF-1"), incoming("b.html", b"<script>", "TEXT/HTML; x")],
    )

    # then: the newest first, each with where it came from; the mail's only for who may read them
    assert names(world, carl, bob)[:2] == ["of_fer.pdf", "b.html"]
    assert names(world, carl, bob) == [*names(world, carl, bob)[:2], "posted.txt"]
    assert set(names(world, carl, ann)) == {*names(world, carl, bob), *(f"mailed {n}.pdf" for n in range(3))}
    with world.store.database.reading() as session:
        told = timeline(session, bob, carl, kinds=frozenset({ActivityKind.FILE})).past.entries
        mailed = files_of(session, ann, carl, source=FileSource.MAIL).files
        kept = file_seen(session, bob, second)
        assert content_of(session, world.store.blobs, kept) == b"<script>"
        assert files_of(session, bob, carl, source=FileSource.MAIL).files == ()
        pages, behind = [], None
        for _ in range(9):
            page = files_of(session, ann, carl, behind=behind, limit=1)
            pages.append([each.filename for each in page.files])
            behind = page.next
            if behind is None:
                break
    assert [(entry.title, [file.filename for file in entry.files]) for entry in told] == [
        ("Added 2 files", ["of_fer.pdf", "b.html"])
    ]
    assert {(each.by, each.of[:5]) for each in mailed} == {("carl@client.example", "Offer")}
    assert kept.content_type == "text/html"
    assert [name for page in pages for name in page] == names(world, carl, ann)
    assert max(map(len, pages)) == 2, "the files of one entry stay together"


def test_who_does_not_see_the_record_sees_no_file_and_who_may_not_change_it_changes_none(world: World) -> None:
    ann = Viewer(world.ann, Role.SELLER)
    carl = (CONTACT, known_contact(world))
    [first] = add_files(world.store, ann, carl, [incoming("a.txt")])
    own = BUILT_IN[Role.SELLER].records[CONTACT]
    rights = BUILT_IN[Role.SELLER]
    nobody = Viewer(world.bob, Role.SELLER, _with(rights, dict.fromkeys(own, Scope.NONE)))
    reader = Viewer(world.bob, Role.SELLER, _with(rights, {**dict.fromkeys(own, Scope.NONE), Act.SEE: Scope.ALL}))
    for viewer, refusal in ((nobody, NotFound), (reader, Forbidden)):
        with pytest.raises(refusal):
            add_files(world.store, viewer, carl, [incoming("x.txt")])
        for change in (delete_file, restore_file):
            with world.store.database.unit_of_work() as session, pytest.raises(refusal):
                change(session, viewer, first)
        with world.store.database.unit_of_work() as session, pytest.raises(refusal):
            rename_file(session, viewer, first, "x.txt")
    with world.store.database.reading() as session:
        assert file_seen(session, reader, first)
        for ask in (lambda: file_seen(session, nobody, first), lambda: files_of(session, nobody, carl)):
            with pytest.raises(NotFound):
                ask()
    assert [row.deleted_at for row in world.all(RecordFile)] == [None]


def _with(rights, of_contacts):
    return type(rights)(
        **{name: getattr(rights, name) for name in rights.__dataclass_fields__ if name != "records"},
        records={**rights.records, CONTACT: of_contacts},
    )


def assert_files_of_deleted_records_take_no_place(world: World, carl: RecordKey) -> None:
    """They come back with their record; older ones that can be brought back by themselves are shown."""
    twin = (CONTACT, known_contact(world, "c@client.example"))
    [older] = add_files(world.store, SYSTEM, carl, [incoming("older.txt")])
    newer = add_files(world.store, SYSTEM, twin, [incoming("b.txt"), incoming("c.txt")])
    for file_id in (older, *newer):
        with world.store.database.unit_of_work() as session:
            delete_file(session, SYSTEM, file_id)
    delete(world, twin)
    with world.store.database.reading() as session:
        assert [file.filename for file in deleted_files(session, SYSTEM, 1)] == ["older.txt"]


def test_renamed_deleted_brought_back_and_gone_for_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LARGEST", 20)
    carl = (CONTACT, known_contact(world))
    before = len(world.all(Blob))
    for refused, words in (
        ([], "Choose a file"),
        ([incoming("a.txt"), incoming("empty.txt", b"")], "empty.txt is empty"),
        ([incoming("a.txt"), incoming("big.iso", b"x" * 21)], "big.iso is larger than"),
        ([incoming("a.txt")] * 21, "At most 20 files"),
    ):
        with pytest.raises(UsageError, match=words):
            add_files(world.store, SYSTEM, carl, refused)
    with pytest.raises(NotFound):
        add_files(world.store, SYSTEM, (CONTACT, 999), [incoming("a.txt")])
    assert (world.all(RecordFile), len(world.all(Blob))) == ([], before)

    [kept, gone] = add_files(world.store, SYSTEM, carl, [incoming("a.pdf"), incoming("secret.txt", b"secret")])
    with world.store.database.unit_of_work() as session:
        rename_file(session, SYSTEM, kept, "Contract/2026\x00")
        with pytest.raises(UsageError):
            rename_file(session, SYSTEM, kept, " ../ ")
        delete_file(session, SYSTEM, gone)
        with pytest.raises(NotFound):
            delete_file(session, SYSTEM, gone)
        with pytest.raises(NotFound):
            file_seen(session, SYSTEM, gone)
    assert names(world, carl) == ["Contract-2026.pdf"]
    with world.store.database.reading() as session:
        [waiting] = deleted_files(session, SYSTEM, 10)
        assert (waiting.id, waiting.filename, waiting.record.id) == (gone, "secret.txt", carl[1])
        blind = BUILT_IN[Role.SELLER]
        blind = _with(blind, dict.fromkeys(blind.records[CONTACT], Scope.NONE))
        assert deleted_files(session, Viewer(world.bob, Role.SELLER, blind), 10) == []
    delete(world, carl)
    with world.store.database.reading() as session:
        assert deleted_files(session, SYSTEM, 10) == [], "it comes back with its record"
    restore(world, carl)
    with world.store.database.unit_of_work() as session:
        restore_file(session, SYSTEM, gone)
        restore_file(session, SYSTEM, gone)
        assert deleted_files(session, SYSTEM, 10) == []
    assert names(world, carl) == ["Contract-2026.pdf", "secret.txt"]

    with world.store.database.unit_of_work() as session:
        delete_file(session, SYSTEM, gone)
    forget_old_files(world.store)
    assert len(world.all(RecordFile)) == 2, "for thirty days it can be brought back"
    with world.store.database.unit_of_work() as session:
        long_ago = utcnow() - KEPT_FOR - timedelta(minutes=1)
        session.execute(update(RecordFile).where(RecordFile.id == gone).values(deleted_at=long_ago))
    forget_old_files(world.store)
    assert [row.filename for row in world.all(RecordFile)] == ["Contract-2026.pdf"]
    assert len(world.all(Blob)) == before + 1
    with world.store.database.unit_of_work() as session, pytest.raises(NotFound):
        restore_file(session, SYSTEM, gone)

    assert_files_of_deleted_records_take_no_place(world, carl)


def test_files_follow_merges_and_conversions_wait_in_the_bin_and_go_with_the_last_record(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(going_files, "ROWS_AT_ONCE", 2)
    carl, twin = (CONTACT, known_contact(world)), (CONTACT, known_contact(world, "c@client.example"))
    with world.store.database.unit_of_work() as session:
        lead = (LEAD, create_lead(session, "Grinders", name="Carl", emails=["new@client.example"]))
    before = len(world.all(Blob))
    add_files(world.store, SYSTEM, carl, [incoming("of carl.txt")])
    add_files(world.store, SYSTEM, twin, [incoming(f"of twin {number}.txt") for number in range(3)])
    add_files(world.store, SYSTEM, lead, [incoming("of lead.txt")])
    theirs = [f"of twin {number}.txt" for number in range(3)]

    # a merge moves them, and gives them back
    with world.store.database.unit_of_work() as session:
        merge_id = merge(session, SYSTEM, carl, [twin[1]], {})
    assert sorted(names(world, carl)) == ["of carl.txt", *theirs]
    with world.store.database.unit_of_work() as session:
        undo_merge(session, SYSTEM, merge_id)
    assert (names(world, carl), names(world, twin)) == (["of carl.txt"], theirs)

    # a converted lead keeps them, and hands them over
    with world.store.database.unit_of_work() as session:
        deal = convert_lead(session, lead[1]).deal_id
    assert deal is not None
    assert names(world, (DEAL, deal)) == names(world, lead) == ["of lead.txt"]

    # the bin keeps them: nobody reads them there, and they come back
    file = world.rows(select(RecordFile).where(RecordFile.filename == "of twin 0.txt"))[0]
    with world.store.database.reading() as session:
        assert hanging(session, SYSTEM, twin).files == 3
    delete(world, twin)
    with world.store.database.reading() as session:
        assert going(session, SYSTEM, twin).files == 3
        with pytest.raises(NotFound):
            file_seen(session, SYSTEM, file.id)
    restore(world, twin)
    assert names(world, twin) == theirs

    # removed for ever, files that stand elsewhere stay; all others go with their bytes
    delete(world, twin)
    remove_for_ever(world.store, SYSTEM, twin)
    delete(world, lead)
    remove_for_ever(world.store, SYSTEM, lead)
    assert [row.filename for row in world.all(RecordFile)] == ["of carl.txt", "of lead.txt"]
    assert names(world, (DEAL, deal)) == ["of lead.txt"]
    assert len(world.all(Blob)) == before + 2


def test_mail_that_may_not_be_read_ends_the_page_and_says_that_there_may_be_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_record, "LOOKED_AT_ONCE", 2)
    monkeypatch.setattr(of_record, "MOST_LOOKED_AT", 4)
    bob = Viewer(world.bob, Role.SELLER)
    carl = (CONTACT, known_contact(world))
    world.change(world.sales, share_level=ShareLevel.SUBJECT)
    add_files(world.store, bob, carl, [incoming("oldest.txt")])
    with world.store.database.unit_of_work() as session:
        long_ago = utcnow() - timedelta(days=900)
        session.execute(update(of_record.Activity).values(at=long_ago))
    for number in range(5):
        world.deliver(with_file(f"Offer {number}", f"mailed {number}.pdf", f"offer{number}"))
    with world.store.database.reading() as session:
        first = files_of(session, bob, carl)
        second = files_of(session, bob, carl, behind=first.next)
    assert (first.files, first.next is not None) == ((), True)
    assert ([file.filename for file in second.files], second.next) == (["oldest.txt"], None)


class CutOff(io.BytesIO):
    """A file of which the process that stores it is killed before the third piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= 8:
            raise InterruptedError
        return super().read(size)


def test_large_files_come_and_go_in_pieces_and_half_a_file_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PIECE_BYTES", 4)
    monkeypatch.setattr(going_files, "BYTES_AT_ONCE", 8)
    carl, before = (CONTACT, known_contact(world)), len(world.all(Blob))
    with pytest.raises(InterruptedError):
        add_files(world.store, SYSTEM, carl, [Incoming("half.txt", "", CutOff(b"0123456789ab"), 12)])
    assert names(world, carl) == []
    [half] = world.all(RecordFile)
    with world.store.database.unit_of_work() as session, pytest.raises(NotFound):
        restore_file(session, SYSTEM, half.id)

    [whole] = add_files(world.store, SYSTEM, carl, [incoming("whole.txt", b"0123456789")])
    with world.store.database.reading() as session:
        assert content_of(session, world.store.blobs, file_seen(session, SYSTEM, whole)) == b"0123456789"
    assert len(world.all(Blob)) == before + 2 + 3

    with world.store.database.unit_of_work() as session:
        assert going_files.forget_deleted_files(session, utcnow()) == 2 + 1
    assert len(world.all(Blob)) == before + 3
    delete(world, carl)
    remove_for_ever(world.store, SYSTEM, carl)
    assert (world.all(RecordFile), world.all(RecordFilePiece), len(world.all(Blob))) == ([], [], before)
