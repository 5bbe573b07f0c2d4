"""Acting on mail at Gmail, where folders are labels: labels change in All Mail, and only Junk and Trash are moved to."""

import pytest

from core.errors import Conflict
from crm.access.viewer import Viewer
from integration.mailsync.actions.hands import do, no_number_is_missing, outcomes, take_back, tell
from integration.mailsync.conftest import letter
from integration.mailsync.gmail_server import ALL, SPAM, TRASH, GmailAccount, GmailMessage
from integration.mailsync.test_gmail import places
from mailsync.actions.asking import Wish
from mailsync.actions.drafting import discard_draft


@pytest.fixture
def offer(gmail, account: GmailAccount) -> GmailMessage:
    """A mail in the inbox with a label; others around it, so that UIDs of folders and of All Mail differ."""
    account.deliver(letter("archived"))
    found = account.deliver(letter("offer"), "\\Inbox", "Kunden/Überseehäfen")
    account.deliver(letter("other"), "\\Inbox")
    account.deliver(letter("label only"), "Büro")
    gmail.bring_up()
    account.lines.clear()
    return found


def settled(gmail) -> None:
    """The server is told, two passes are made, and everything came out as it was meant."""
    tell(gmail)
    gmail.bring_up()
    gmail.bring_up()
    assert no_number_is_missing(gmail)
    assert {state for _, state, _ in outcomes(gmail)} <= {"done", "cancelled"}, outcomes(gmail)


def test_archiving_takes_the_inbox_label_and_undo_gives_it_back(gmail, account, offer) -> None:
    done = do(gmail, Wish.ARCHIVE, "offer")
    assert places(gmail)["offer"] == {ALL, "Kunden/Überseehäfen"}
    gmail.pass_once()
    assert places(gmail)["offer"] == {ALL, "Kunden/Überseehäfen"}, "a pass does not undo it"
    settled(gmail)
    assert offer.labels == {"Kunden/Überseehäfen"}
    assert offer.place == ALL
    assert places(gmail)["offer"] == {ALL, "Kunden/Überseehäfen"}
    assert account.opened() <= {ALL, SPAM, TRASH}

    take_back(gmail, done)
    assert places(gmail)["offer"] == {ALL, "INBOX", "Kunden/Überseehäfen"}
    settled(gmail)
    assert offer.labels == {"\\Inbox", "Kunden/Überseehäfen"}
    assert places(gmail)["offer"] == {ALL, "INBOX", "Kunden/Überseehäfen"}
    assert not [line for line in account.lines if "BODY.PEEK[]" in line], "nothing is downloaded for it"


def test_the_mail_that_has_the_number_since_a_restore_keeps_its_labels(gmail, account, offer) -> None:
    """Given a UID of All Mail that names another mail now, when the offer was archived, then that one stays as it is."""
    do(gmail, Wish.ARCHIVE, "offer")
    offer.raw = letter("somebody else's")
    tell(gmail)
    assert offer.labels == {"\\Inbox", "Kunden/Überseehäfen"}
    assert [state for _, state, _ in outcomes(gmail)] == ["overtaken"]


def test_marks_are_set_once_for_all_places(gmail, account, offer) -> None:
    do(gmail, Wish.READ, "offer", "other")
    do(gmail, Wish.FLAG, "offer")
    settled(gmail)
    assert offer.flags == {"\\Seen", "\\Flagged"}
    assert len([line for line in account.lines if line.startswith("UID STORE")]) == 2
    assert account.messages[0].flags == set(), "the UIDs are those of All Mail"


def test_deleting_and_bringing_back(gmail, account, offer) -> None:
    done = do(gmail, Wish.DELETE, "offer")
    assert done.count == 1, "one message, though it has three places"
    settled(gmail)
    assert offer.place == TRASH
    assert places(gmail)["offer"] == {TRASH}
    take_back(gmail, done)
    settled(gmail)
    assert (offer.place, places(gmail)["offer"]) == (ALL, {ALL, "INBOX"})


def test_what_gmail_was_not_told_to_throw_away_can_not_be_deleted_for_ever(gmail, account, offer) -> None:
    """Its UID is one of All Mail until then: expunging by it in another folder would take another mail."""
    do(gmail, Wish.DELETE, "offer")
    with pytest.raises(Conflict):
        do(gmail, Wish.DELETE_FOR_EVER, "offer")
    settled(gmail)
    assert do(gmail, Wish.DELETE_FOR_EVER, "offer").count == 1
    assert places(gmail).get("offer") is None


def test_junk_and_not_junk(gmail, account, offer) -> None:
    do(gmail, Wish.JUNK, "offer")
    settled(gmail)
    assert (offer.place, places(gmail)["offer"]) == (SPAM, {SPAM})
    do(gmail, Wish.NOT_JUNK, "offer")
    settled(gmail)
    assert (offer.place, offer.labels, places(gmail)["offer"]) == (ALL, {"\\Inbox"}, {ALL, "INBOX"})


def test_moving_between_labels(gmail, account, offer) -> None:
    do(gmail, Wish.MOVE, "label only", target="Kunden/Überseehäfen")
    settled(gmail)
    assert account.messages[3].labels == {"Kunden/Überseehäfen"}
    assert places(gmail)["label only"] == {ALL, "Kunden/Überseehäfen"}


def test_a_draft_that_was_sent_goes_to_the_trash_and_nothing_else_does(gmail, account, offer) -> None:
    draft = account.deliver(letter("draft"), "\\Draft")
    gmail.bring_up()
    with gmail.store.database.unit_of_work() as session:
        discard_draft(session, Viewer.system(), gmail.place_in("draft", "[Gmail]/Entwürfe").message_id)
    settled(gmail)
    assert draft.place == TRASH
    assert [one.place for one in account.messages[:4]] == [ALL] * 4
