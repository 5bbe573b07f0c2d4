"""Gmail: every message once, from All Mail; its labels are its places; what is known is not downloaded again."""

import pytest
from sqlalchemy import select

from integration.mailsync.actions.hands import do, take_back, tell
from integration.mailsync.conftest import OURS, Synced, letter
from integration.mailsync.gmail_server import ALL, SPAM, TRASH
from mailsync.actions.asking import Wish
from mailsync.auditing import audit_mailbox
from mailsync.imap.fetch import Fetched
from mailsync.labels import comparing
from mailsync.labels.repository import COPIED
from mailsync.presets import Limits
from mailsync.traffic import repository as traffic
from mailsync.traffic.day import DayUsedUp
from storage.models import Activity, Folder, LastCopy, Message, Place

SENT, DRAFTS = "[Gmail]/Gesendet", "[Gmail]/Entwürfe"


def places(gmail: Synced) -> dict[str, set[str]]:
    """Folders of each message, by subject."""
    statement = select(Message.subject, Folder.name).join(Place, Place.message_id == Message.id).join(Folder)
    found: dict[str, set[str]] = {}
    with gmail.store.database.reading() as session:
        for subject, name in session.execute(statement):
            found.setdefault(subject, set()).add(name)
    return found


def last_copies(gmail: Synced) -> list[str]:
    """Subjects of what lies nowhere any more and can be read where it stands on a record."""
    statement = select(Message.subject).join(LastCopy, LastCopy.message_id == Message.id)
    with gmail.store.database.reading() as session:
        return list(session.execute(statement).scalars())


def test_each_message_is_downloaded_once_and_has_a_place_in_each_label(gmail, account) -> None:
    account.deliver(letter("offer"), "\\Inbox", "\\Important", "Kunden/Überseehäfen")
    account.deliver(letter("answer", sender=OURS), "\\Sent")
    account.deliver(letter("draft", sender=OURS), "\\Draft")
    account.deliver(letter("archived"))
    spam = account.deliver(letter("prize"))
    spam.place = SPAM
    account.changed(spam)
    assert gmail.bring_up() == 5
    assert places(gmail) == {
        "offer": {ALL, "INBOX", "Kunden/Überseehäfen"},
        "answer": {ALL, SENT},
        "draft": {ALL, DRAFTS},
        "archived": {ALL},
        "prize": {SPAM},
    }
    assert account.bodies_asked() == 5
    assert account.opened() == {ALL, SPAM, TRASH}
    assert gmail.bring_up() == 0


def test_labels_follow_what_is_done_in_the_browser(gmail, account) -> None:
    offer = account.deliver(letter("offer"), "\\Inbox", "Later")
    gmail.bring_up()
    offer.labels = {"Kunden"}
    account.user_labels.append("Kunden")
    offer.flags.add("\\Seen")
    account.changed(offer)
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "Kunden"}}
    with gmail.store.database.reading() as session:
        assert all(session.execute(select(Place.seen)).scalars())
    offer.labels = {"\\Inbox"}
    account.changed(offer)
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "INBOX"}}
    assert account.bodies_asked() == 1


def test_a_renamed_label_keeps_its_mail(gmail, account) -> None:
    """Given a rename that moves no MODSEQ, then the labels of all mail are asked for once."""
    account.deliver(letter("offer"), "Kunden")
    gmail.bring_up()
    account.rename_label("Kunden", "Clients")
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "Clients"}}
    asked = [line for line in account.lines if "(UID X-GM-LABELS)" in line]
    gmail.bring_up()
    assert len(asked) == len([line for line in account.lines if "(UID X-GM-LABELS)" in line]) == 1


def test_what_goes_to_the_trash_and_comes_back_is_not_downloaded_again(gmail, account) -> None:
    offer = account.deliver(letter("offer"), "\\Inbox")
    account.deliver(letter("other"), "\\Inbox")
    gmail.bring_up()
    offer.place = TRASH
    account.changed(offer)
    gmail.bring_up()
    assert places(gmail)["offer"] == {TRASH}
    offer.place = ALL
    account.changed(offer)
    gmail.bring_up()
    assert places(gmail)["offer"] == {ALL, "INBOX"}
    assert account.bodies_asked() == 2
    assert last_copies(gmail) == [], "it was always somewhere"
    account.delete_for_ever(offer)
    gmail.bring_up()
    assert places(gmail) == {"other": {ALL, "INBOX"}}
    assert last_copies(gmail) == ["offer"]


def test_drafts_in_all_mail_are_drafts_and_mail_is_mail(gmail, account) -> None:
    """A draft makes no activity, and neither does spam; what is filed by a filter without the inbox does."""
    client = "ann@client.example"
    account.deliver(letter("filed", sender=client), "Kunden")
    account.deliver(letter("draft", sender=client), "\\Draft")
    gmail.bring_up()
    with gmail.store.database.reading() as session:
        titles = list(session.execute(select(Activity.title)).scalars())
    assert titles == ["filed"]


def test_gmails_threads_hold_messages_together(gmail, account) -> None:
    account.deliver(letter("One"), "\\Inbox", thread=77)
    account.deliver(letter("Two"), "\\Inbox", thread=77)
    account.deliver(letter("Three"), "\\Inbox", thread=78)
    gmail.bring_up()
    with gmail.store.database.reading() as session:
        threads = dict(session.execute(select(Message.subject, Message.thread_id)).all())
    assert threads["One"] == threads["Two"] != threads["Three"]


def test_without_all_mail_the_labels_are_folders_and_become_labels_when_it_is_shown(gmail, account) -> None:
    """All Mail can be hidden from IMAP in Gmail's settings."""
    account.shows_all_mail = False
    account.deliver(letter("offer"), "\\Inbox", "Kunden")
    gmail.bring_up()
    assert places(gmail) == {"offer": {"INBOX", "Kunden"}}
    account.shows_all_mail = True
    for message in account.messages:
        account.changed(message)
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "INBOX", "Kunden"}}
    bodies = account.bodies_asked()
    account.shows_all_mail = False
    gmail.bring_up()
    assert places(gmail) == {"offer": {"INBOX", "Kunden"}}
    assert account.bodies_asked() == bodies, "the server's own ids tell that it is known"
    assert last_copies(gmail) == []


def test_a_folder_that_is_not_chosen_has_no_places_until_it_is(gmail, account) -> None:
    account.deliver(letter("one"), "\\Inbox")
    gmail.bring_up()
    with gmail.store.database.unit_of_work() as session:
        session.merge(gmail.folder("INBOX")).chosen = False
    account.deliver(letter("two"), "\\Inbox")
    gmail.bring_up()
    assert places(gmail)["two"] == {ALL}
    with gmail.store.database.unit_of_work() as session:
        session.merge(gmail.folder("INBOX")).chosen = True
    account.deliver(letter("three"))
    gmail.bring_up()
    assert places(gmail) == {"one": {ALL, "INBOX"}, "two": {ALL, "INBOX"}, "three": {ALL}}


def test_archived_mail_loses_the_inbox_label_and_gets_it_back(gmail, account) -> None:
    offer = account.deliver(letter("offer"), "\\Inbox", "Kunden")
    gmail.bring_up()
    done = do(gmail, Wish.ARCHIVE, "offer")
    tell(gmail)
    assert offer.labels == {"Kunden"}
    assert places(gmail) == {"offer": {ALL, "Kunden"}}
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "Kunden"}}
    take_back(gmail, done)
    tell(gmail)
    gmail.bring_up()
    assert offer.labels == {"Kunden", "\\Inbox"}
    assert places(gmail) == {"offer": {ALL, "Kunden", "INBOX"}}


def test_mail_is_moved_to_a_label_and_to_the_trash(gmail, account) -> None:
    offer = account.deliver(letter("offer"), "\\Inbox", "Überseehäfen 2")
    other = account.deliver(letter("other"), "\\Inbox")
    gmail.bring_up()
    do(gmail, Wish.MOVE, "other", target="Überseehäfen 2")
    do(gmail, Wish.DELETE, "offer")
    assert places(gmail)["offer"] == {TRASH}, "at once"
    tell(gmail)
    gmail.bring_up()
    assert (other.labels, other.place, offer.place) == ({"Überseehäfen 2"}, ALL, TRASH)
    assert places(gmail) == {"offer": {TRASH}, "other": {ALL, "Überseehäfen 2"}}
    assert account.bodies_asked() == 2


def test_a_deletion_that_is_taken_back_before_it_is_told_gives_the_labels_back(gmail, account) -> None:
    account.deliver(letter("offer"), "\\Inbox", "Kunden")
    gmail.bring_up()
    take_back(gmail, do(gmail, Wish.DELETE, "offer"))
    gmail.bring_up()
    assert places(gmail) == {"offer": {ALL, "INBOX", "Kunden"}}


def test_a_mark_is_set_in_all_mail_once(gmail, account) -> None:
    offer = account.deliver(letter("offer"), "\\Inbox", "Kunden")
    gmail.bring_up()
    do(gmail, Wish.READ, "offer")
    tell(gmail)
    gmail.bring_up()
    assert offer.flags == {"\\Seen"}
    assert account.opened() == {ALL, SPAM, TRASH}


async def test_the_audit_compares_all_mail(gmail, account) -> None:
    account.deliver(letter("one"), "\\Inbox")
    account.deliver(letter("two"), "\\Inbox")
    await gmail.one_pass()
    found = {one.name: one for one in await audit_mailbox(gmail.store, gmail.settings, gmail.mailbox(), repair=False)}
    assert (found[ALL].server, found[ALL].stored, found[ALL].missing) == (2, 2, 0)
    assert not any(one.differs for one in found.values())


async def found_by_audit(gmail: Synced, *, repair: bool = False) -> dict[str, tuple[int, int, int, int]]:
    """On the server, stored, missing and extra, by name."""
    audits = await audit_mailbox(gmail.store, gmail.settings, gmail.mailbox(), repair=repair)
    assert {one.name for one in audits if one.label} == {one.name for one in audits} - {ALL, SPAM, TRASH}
    return {one.name: (one.server, one.stored, one.missing, one.extra) for one in audits if one.server or one.differs}


async def test_the_audit_finds_places_of_labels_that_are_missing_or_too_many_and_mends_them(gmail, account) -> None:
    """Given a store that lost a place, has one too many, and one of a message that All Mail does not hold."""
    account.deliver(letter("one"), "\\Inbox", "Kunden")
    account.deliver(letter("two"), "\\Inbox")
    account.deliver(letter("three"), "Kunden")
    await gmail.one_pass()
    whole = {ALL: (3, 3, 0, 0), "INBOX": (2, 2, 0, 0), "Kunden": (2, 2, 0, 0)}
    assert await found_by_audit(gmail) == whole
    lost, moved = gmail.place_in("one", "Kunden"), gmail.place_in("two", "INBOX")
    with gmail.store.database.unit_of_work() as session:
        session.delete(session.get_one(Place, lost.id))
        session.get_one(Place, moved.id).folder_id = lost.folder_id
        columns = {name: getattr(moved, name) for name in COPIED}
        session.add(Place(**{**columns, "uid": 4711, "folder_id": moved.folder_id}))
    broken = {ALL: (3, 3, 0, 0), "INBOX": (2, 2, 1, 1), "Kunden": (2, 2, 1, 1)}
    assert await found_by_audit(gmail) == broken

    assert await found_by_audit(gmail, repair=True) == broken
    await gmail.one_pass()

    assert await found_by_audit(gmail) == whole
    assert places(gmail) == {"one": {ALL, "INBOX", "Kunden"}, "two": {ALL, "INBOX"}, "three": {ALL, "Kunden"}}
    assert account.bodies_asked() == 3


async def test_labels_are_compared_some_at_a_time_and_while_the_day_has_room(gmail, account, monkeypatch) -> None:
    """Given differences in several ranges of UIDs, then one range is held at a time, and all are told."""
    monkeypatch.setattr(comparing, "LABELS_AT_ONCE", 2)
    for number in range(7):
        account.deliver(letter(f"mail {number}"), "\\Inbox")
    await gmail.one_pass()
    lost = [gmail.place_in(f"mail {number}", "INBOX").id for number in (1, 4, 6)]
    with gmail.store.database.unit_of_work() as session:
        for place_id in lost:
            session.delete(session.get_one(Place, place_id))
    compared, at_once = comparing._compared, []

    def noting(session: object, all_mail: Folder, told: list[Fetched], within: tuple[int, int]) -> object:
        at_once.append(len(told))
        return compared(session, all_mail, told, within)

    monkeypatch.setattr(comparing, "_compared", noting)
    assert (await found_by_audit(gmail))["INBOX"] == (7, 4, 3, 0)
    assert max(at_once) == 2
    assert len(at_once) == 4 + 3, "what differs is looked at twice"

    limits = Limits(daily_bytes=100_000)
    monkeypatch.setattr("mailsync.traffic.metering.limits_of", lambda _: limits)

    def use_up(*args: object) -> object:
        with gmail.store.database.unit_of_work() as session:
            traffic.add(session, gmail.mailbox_id, 99_000, 0)
        return compared(*args)

    monkeypatch.setattr(comparing, "_compared", use_up)
    account.lines.clear()
    with pytest.raises(DayUsedUp):
        await found_by_audit(gmail)
    assert len([line for line in account.lines if "X-GM-LABELS MODSEQ" in line]) == 1


async def test_labels_are_not_asked_for_where_all_mail_is_gone(gmail, account) -> None:
    account.deliver(letter("one"), "\\Inbox")
    await gmail.one_pass()
    account.shows_all_mail = False
    audits = await audit_mailbox(gmail.store, gmail.settings, gmail.mailbox(), repair=False)
    assert {one.name: one.extra for one in audits} == {ALL: 1, SPAM: 0, TRASH: 0}
    assert not any("X-GM-LABELS MODSEQ" in line for line in account.lines)


async def test_what_a_pass_has_not_seen_yet_or_is_seeing_is_no_difference(gmail, account, monkeypatch) -> None:
    """Given labels that change before and in the midst of an audit, then nothing is missing."""
    one = account.deliver(letter("one"), "\\Inbox")
    two = account.deliver(letter("two"), "\\Inbox", "Kunden")
    await gmail.one_pass()
    one.labels = {"Kunden"}
    account.changed(one)
    assert (await found_by_audit(gmail))["INBOX"][2:] == (0, 0)
    await gmail.one_pass()

    ask = comparing._ask
    passes = []

    async def with_a_pass(*args: object) -> list[Fetched]:
        told = await ask(*args)
        if not passes:
            passes.append(1)
            two.labels = {"\\Inbox"}
            account.changed(two)
            await gmail.one_pass()
        return told

    monkeypatch.setattr(comparing, "_ask", with_a_pass)
    found = await found_by_audit(gmail)
    assert passes
    assert found == {ALL: (2, 2, 0, 0), "INBOX": (1, 1, 0, 0), "Kunden": (1, 1, 0, 0)}
