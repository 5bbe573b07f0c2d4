"""What people do here, and what the server has then; `synced` runs with every extension of IMAP and with none."""

from integration.mailsync.actions.hands import do, in_store, no_number_is_missing, on_server, outcomes, take_back, tell
from integration.mailsync.by_hand import audit, by_hand
from mailsync.actions.asking import Wish
from mailsync.actions.reasons import CHANGED, GONE
from mailsync.imap.connection import ImapConnection


def watch_commands(monkeypatch) -> list[str]:
    """Names of the commands that change something, as they are sent."""
    sent: list[str] = []
    real = ImapConnection.run

    async def run(self, name: str, *args, **options):
        if name in ("STORE", "MOVE", "COPY", "EXPUNGE", "APPEND"):
            sent.append(name)
        return await real(self, name, *args, **options)

    monkeypatch.setattr(ImapConnection, "run", run)
    return sent


def test_marks_reach_the_server_in_one_command(synced, monkeypatch) -> None:
    synced.deliver("one", "two", "three")
    synced.bring_up()
    do(synced, Wish.READ, "one", "two", "three")
    do(synced, Wish.FLAG, "two")
    assert in_store(synced)["INBOX"] == {"one": "seen", "two": "flagged seen", "three": "seen"}, "at once"
    assert on_server(synced)["INBOX"] == {"one": "", "two": "", "three": ""}
    sent = watch_commands(monkeypatch)
    assert tell(synced) == 4
    assert sent == ["STORE", "STORE"], "one for the two that are only read, one for the other"
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": "seen", "two": "flagged seen", "three": "seen"}}
    assert {state for _, state, _ in outcomes(synced)} == {"done"}


def test_what_is_taken_back_in_time_is_never_sent(synced, monkeypatch) -> None:
    synced.deliver("one")
    synced.bring_up()
    do(synced, Wish.READ, "one")
    do(synced, Wish.UNREAD, "one")
    archived = do(synced, Wish.ARCHIVE, "one")
    take_back(synced, archived)
    deleted = do(synced, Wish.DELETE, "one")
    do(synced, Wish.MOVE, "one", target="INBOX")
    sent = watch_commands(monkeypatch)
    assert deleted.count == 1
    assert tell(synced) == 0
    assert not sent
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": ""}}
    assert synced.place("one").uid == 1


def test_a_message_that_is_moved_on_is_moved_once(modern, monkeypatch) -> None:
    modern.deliver("one", "two")
    modern.bring_up()
    do(modern, Wish.ARCHIVE, "one", "two")
    do(modern, Wish.DELETE, "one", "two")
    do(modern, Wish.READ, "two")
    assert in_store(modern) == {"Trash": {"one": "", "two": "seen"}}
    sent = watch_commands(monkeypatch)
    tell(modern)
    assert sent == ["STORE", "MOVE"]
    assert on_server(modern) == in_store(modern) == {"Trash": {"one": "", "two": "seen"}}
    assert no_number_is_missing(modern), "COPYUID told where they went"
    modern.bring_up()
    assert in_store(modern) == {"Trash": {"one": "", "two": "seen"}}


def test_moves_there_and_back_on_every_server(synced) -> None:
    synced.deliver("one", "two", "three", flags="S")
    synced.bring_up()
    archived = do(synced, Wish.ARCHIVE, "one", "two")
    tell(synced)
    shown = {"INBOX": {"three": "seen"}, "Archive": {"one": "seen", "two": "seen"}}
    assert on_server(synced) == in_store(synced) == shown
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == shown
    assert no_number_is_missing(synced)
    take_back(synced, archived)
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": "seen", "two": "seen", "three": "seen"}}
    assert no_number_is_missing(synced)
    assert not audit(synced).missing


def test_junk_that_is_none_is_taken_in_again(synced) -> None:
    """Mail in Junk makes no records; when somebody says it is none, a pass looks at it as at any other."""
    synced.deliver("one", folder="Junk")
    synced.bring_up()
    do(synced, Wish.NOT_JUNK, "one")
    tell(synced)
    assert in_store(synced) == {"INBOX": {"one": ""}}, "shown while it waits to be taken in"
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": ""}}
    steps = [step["step"] for step in synced.place("one").decision]
    assert "match" in steps or "create" in steps, steps


def test_deleted_for_ever_is_asked_twice_and_waits(synced) -> None:
    synced.deliver("one", "two", "three")
    synced.bring_up()
    assert do(synced, Wish.DELETE_FOR_EVER, "one").count == 0, "only out of Trash"
    do(synced, Wish.DELETE, "one", "two")
    tell(synced)
    synced.bring_up()
    deleted = do(synced, Wish.DELETE_FOR_EVER, "one", "two")
    assert in_store(synced) == {"INBOX": {"three": ""}}
    assert tell(synced) == 0, "there is time to think again"
    assert set(on_server(synced)["Trash"]) == {"one", "two"}
    take_back(synced, deleted)
    synced.bring_up()
    assert set(in_store(synced)["Trash"]) == {"one", "two"}
    do(synced, Wish.DELETE_FOR_EVER, "one")
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at WHERE state = 'waiting'")
    tell(synced)
    assert set(on_server(synced)["Trash"]) == {"two"}
    synced.bring_up()
    assert on_server(synced) == in_store(synced)


def test_the_server_wins_on_what_it_changed_later(modern) -> None:
    """Given a mark of ours that waits, when the same mark was set and cleared elsewhere, then that counts."""
    modern.deliver("one", "two")
    modern.bring_up()
    do(modern, Wish.READ, "one", "two")
    with by_hand(modern) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
        client.uid("STORE", "1", "-FLAGS", r"(\Seen)")
        client.uid("STORE", "2", "+FLAGS", r"(\Flagged)")
    tell(modern)
    assert on_server(modern) == in_store(modern) == {"INBOX": {"one": "", "two": "flagged seen"}}
    assert sorted(outcomes(modern)) == [("flag", "done", ""), ("flag", "overtaken", CHANGED)]


def test_what_was_moved_or_deleted_on_the_server_is_overtaken(synced) -> None:
    synced.deliver("one", "two", "three")
    synced.bring_up()
    do(synced, Wish.READ, "one")
    do(synced, Wish.ARCHIVE, "two")
    with by_hand(synced) as client:
        client.copy("2", "Junk")
        client.store("1:2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"INBOX": {"three": ""}, "Junk": {"two": ""}}
    assert [(state, reason) for _, state, reason in outcomes(synced)] == [("overtaken", GONE)] * 2


def test_a_pass_does_not_undo_what_waits(synced) -> None:
    synced.deliver("one", "two")
    synced.bring_up()
    do(synced, Wish.READ, "one")
    do(synced, Wish.ARCHIVE, "two")
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Flagged)")
    synced.deliver("three")
    synced.pass_once()
    synced.pass_once()
    assert in_store(synced) == {"INBOX": {"one": "flagged seen", "three": ""}, "Archive": {"two": ""}}
    assert not audit(synced, repair=True).missing
    synced.pass_once()
    assert in_store(synced)["Archive"] == {"two": ""}
    assert "two" not in in_store(synced)["INBOX"]


def test_a_mark_that_the_server_got_elsewhere_can_still_be_taken_back(synced) -> None:
    synced.deliver("one")
    synced.bring_up()
    do(synced, Wish.READ, "one")
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
    synced.pass_once()
    do(synced, Wish.UNREAD, "one")
    tell(synced)
    assert on_server(synced) == in_store(synced) == {"INBOX": {"one": ""}}
