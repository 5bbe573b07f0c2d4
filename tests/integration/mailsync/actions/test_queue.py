"""What of the queue can be told now: the same to who looks every second and to who tells it."""

from core.clock import utcnow
from integration.mailsync.actions.hands import do, in_store, on_server, outcomes, tell
from mailsync.actions.asking import Wish
from mailsync.actions.repository.queue import load_queue, mailboxes_with_due


def change(synced, statement: str) -> None:
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql(statement)


def due(synced) -> tuple[set[int], int]:
    """Mailboxes with something to tell, and how much there is to tell."""
    with synced.store.database.reading() as session:
        return mailboxes_with_due(session, utcnow()), len(load_queue(session, synced.mailbox_id, utcnow()).due)


def test_a_flag_without_a_uid_to_tell_calls_for_no_pass(modern) -> None:
    """Given mail whose folder is being numbered again, then its flag waits and does not call for a pass each second."""
    modern.deliver("one")
    modern.bring_up()
    do(modern, Wish.READ, "one")
    assert due(modern) == ({modern.mailbox_id}, 1)
    change(modern, "UPDATE place SET uid = -id")
    assert due(modern) == (set(), 0)


def test_an_action_that_waits_for_another_calls_for_no_pass(modern) -> None:
    modern.deliver("one", "two")
    modern.bring_up()
    do(modern, Wish.READ, "one")
    do(modern, Wish.ARCHIVE, "two")
    change(modern, "UPDATE mail_action SET due_at = '2999-01-01 00:00:00' WHERE kind = 'flag'")
    change(modern, "UPDATE mail_action SET after_id = 1 WHERE kind = 'move'")
    assert due(modern) == (set(), 0)
    change(modern, "UPDATE mail_action SET state = 'done' WHERE kind = 'flag'")
    assert due(modern) == ({modern.mailbox_id}, 1)


def test_a_flag_of_mail_that_is_gone_calls_for_its_end(modern) -> None:
    modern.deliver("one")
    modern.bring_up()
    do(modern, Wish.READ, "one")
    change(modern, "DELETE FROM place")
    assert due(modern) == ({modern.mailbox_id}, 0)
    tell(modern)
    assert due(modern) == (set(), 0)


def test_a_wish_about_mail_whose_move_is_in_doubt_is_kept(modern) -> None:
    """Given a move that the server did and a crash hid, when the mail was marked, then it is marked where it lies now."""
    modern.deliver("one")
    modern.bring_up()
    do(modern, Wish.ARCHIVE, "one")
    tell(modern)
    modern.bring_up()
    change(modern, "UPDATE mail_action SET state = 'sent'")
    change(modern, "UPDATE place SET uid = -1099511627776 - 1, modseq = NULL")
    do(modern, Wish.READ, "one")
    tell(modern)
    modern.bring_up()
    tell(modern)
    assert {state for _, state, _ in outcomes(modern)} == {"done"}
    assert on_server(modern) == in_store(modern) == {"Archive": {"one": "seen"}}
