"""Drafts go to the Drafts folder, each version in place of the one before, and leave it when they are sent."""

import email
from email import policy

import pytest

from core.errors import Conflict, Permanent
from crm.access.viewer import Viewer
from crm.outgoing.composing import open_draft
from crm.outgoing.views import Composition, MailKind, Recipient
from integration.mailsync.actions.hands import in_store, no_number_is_missing, on_server, outcomes, tell
from integration.mailsync.by_hand import by_hand
from mailsync.actions import drafting
from mailsync.actions.drafting import discard_draft, save_draft
from mailsync.actions.reasons import DAMAGED
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import CommandRefused
from storage.models import FolderRole


def written(synced, subject: str, text: str = "To be continued", **changes) -> Composition:
    to = (Recipient("ann@client.example", "Ann"),)
    return Composition(MailKind.NEW, synced.mailbox_id, to, subject, text, **changes)


def save(synced, mail: Composition, **options) -> int:
    return save_draft(synced.store, Viewer.system(), mail, **options)


def raw_drafts(synced) -> list[tuple[set[str], email.message.EmailMessage]]:
    """Flags and mails in Drafts."""
    found = []
    with by_hand(synced, "Drafts") as client:
        for item in client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")[1]:
            if isinstance(item, tuple) and b"\\Deleted" not in item[0]:
                flags = {flag.lower() for flag in (r"\Draft", r"\Seen") if flag.encode() in item[0]}
                found.append((flags, email.message_from_bytes(item[1], policy=policy.default)))
    return found


def test_a_draft_is_listed_at_once_and_stored_on_the_server(synced) -> None:
    synced.deliver("question")
    synced.bring_up()
    question = synced.place("question").message_id
    mail = written(
        synced,
        "Unfinished",
        in_reply_to_id=question,
        bcc=(Recipient("boss@ourhouse.example"),),
        cc=(Recipient("c@x.example"),),
    )

    draft = save(synced, mail, files=[("plan.txt", "text/plain", b"Step one")])

    assert in_store(synced)["Drafts"] == {"Unfinished": "seen"}
    assert "Drafts" not in on_server(synced)
    tell(synced)
    assert on_server(synced)["Drafts"] == in_store(synced)["Drafts"] == {"Unfinished": "seen"}
    ((flags, stored),) = raw_drafts(synced)
    assert flags == {r"\draft", r"\seen"}
    assert stored["Bcc"] == "boss@ourhouse.example"
    assert stored["In-Reply-To"] == "<question@client.example>"
    synced.bring_up()
    assert in_store(synced)["Drafts"] == {"Unfinished": "seen"}
    assert no_number_is_missing(synced)

    again = open_draft(synced.store, Viewer.system(), synced.mailbox_id, draft)
    assert (again.kind, again.in_reply_to_id) == (MailKind.REPLY, question)
    assert (again.to, again.cc, again.bcc) == (mail.to, mail.cc, mail.bcc)
    assert (again.subject, again.text.strip()) == ("Unfinished", "To be continued")
    assert [file.filename for file in again.stored_files] == ["plan.txt"]


def test_a_damaged_draft_is_refused_and_the_rest_is_told(modern) -> None:
    modern.bring_up()
    save(modern, written(modern, "Damaged"))
    with modern.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql(
            "UPDATE blob SET data = X'00' WHERE id = (SELECT blob_id FROM mail_action)"
        )
    save(modern, written(modern, "Whole"))
    tell(modern)
    assert [(state, reason) for _, state, reason in outcomes(modern)] == [("refused", DAMAGED), ("done", "")]
    assert on_server(modern) == {"Drafts": {"Whole": "seen"}}


def test_each_version_takes_the_place_of_the_one_before(synced) -> None:
    synced.bring_up()
    first = save(synced, written(synced, "First"))
    second = save(synced, written(synced, "Second"), replaces=first)
    assert in_store(synced) == {"Drafts": {"Second": "seen"}}, "the first never reaches the server"
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"Drafts": {"Second": "seen"}}
    save(synced, written(synced, "Third"), replaces=second)
    tell(synced)
    synced.bring_up()
    assert on_server(synced) == in_store(synced) == {"Drafts": {"Third": "seen"}}
    states = [(kind, state) for kind, state, _ in outcomes(synced)]
    assert states == [("append", "cancelled"), ("append", "done"), ("append", "done"), ("remove", "done")]


@pytest.mark.parametrize("stored", [False, True])
def test_a_version_is_in_the_list_at_every_moment_and_after_a_kill_at_any(modern, monkeypatch, stored) -> None:
    """Given a version that the server has, or has not been told of, when the next is not kept, then that one is there."""
    modern.bring_up()
    first = save(modern, written(modern, "First"))
    if stored:
        tell(modern)
        modern.bring_up()
    seen = []

    def dying(step):
        def dies(*arguments, **options):
            seen.append(in_store(modern))
            step(*arguments, **options)
            raise KeyboardInterrupt

        return dies

    steps = ((drafting, "prepare"), (drafting.choosing, "require_staying"), (drafting, "record"), (drafting, "_remove"))
    for room, name in steps:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(room, name, dying(getattr(room, name)))
            save(modern, written(modern, "Second"), replaces=first)
        assert in_store(modern) == {"Drafts": {"First": "seen"}}, name
        tell(modern)
        assert on_server(modern) == {"Drafts": {"First": "seen"}}, name
        if not stored:
            modern.bring_up()
    assert seen == [{"Drafts": {"First": "seen"}}] * len(steps)

    save(modern, written(modern, "Second"), replaces=first)
    assert in_store(modern) == {"Drafts": {"Second": "seen"}}
    tell(modern)
    modern.bring_up()
    assert on_server(modern) == in_store(modern) == {"Drafts": {"Second": "seen"}}


def test_a_version_that_can_not_be_kept_leaves_the_one_before(modern, monkeypatch) -> None:
    modern.bring_up()
    first = save(modern, written(modern, "First"))
    monkeypatch.setattr(drafting, "prepare", lambda store, arrivals: [])
    with pytest.raises(Permanent, match="copy its text"):
        save(modern, written(modern, "Second"), replaces=first)
    assert in_store(modern) == {"Drafts": {"First": "seen"}}
    assert [(kind, state) for kind, state, _ in outcomes(modern)] == [("append", "waiting")]


def test_the_stored_version_stays_until_the_last_of_several_is_stored(modern, monkeypatch) -> None:
    """Given two versions saved before the server is told, when storing fails, then the server still has the first."""
    modern.bring_up()
    first = save(modern, written(modern, "First"))
    tell(modern)
    modern.bring_up()
    second = save(modern, written(modern, "Second"), replaces=first)
    save(modern, written(modern, "Third"), replaces=second)

    async def fails(*_args, **_options):
        raise CommandRefused("APPEND")

    with monkeypatch.context() as patch:
        patch.setattr(ImapConnection, "append", fails)
        tell(modern)
    assert on_server(modern)["Drafts"] == {"First": "seen"}

    with modern.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")
    tell(modern)
    tell(modern)
    modern.bring_up()
    assert on_server(modern) == in_store(modern) == {"Drafts": {"Third": "seen"}}


def test_a_version_that_the_server_refuses_is_kept_here_and_so_is_the_one_before(modern) -> None:
    modern.bring_up()
    first = save(modern, written(modern, "First"))
    tell(modern)
    modern.bring_up()
    save(modern, written(modern, "Second"), replaces=first)
    drafts = next(folder for folder in [modern.folder("Drafts")] if folder.role is FolderRole.DRAFTS)
    maildir = modern.server.maildir(modern.user, drafts.name)
    for path in (maildir, maildir / "tmp", maildir / "cur", maildir / "new"):
        path.chmod(0o555)

    for _ in range(6):
        with modern.store.database.unit_of_work() as session:
            session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")
        tell(modern)
    assert [state for _, state, _ in outcomes(modern)] == ["done", "refused", "cancelled"]
    modern.bring_up()

    for path in (maildir, maildir / "tmp", maildir / "cur", maildir / "new"):
        path.chmod(0o755)
    assert on_server(modern)["Drafts"] == {"First": "seen"}
    assert set(in_store(modern)["Drafts"]) == {"First", "Second"}, "nobody's text is lost"


def test_a_draft_that_was_sent_or_is_not_wanted_goes(synced) -> None:
    synced.bring_up()
    draft = save(synced, written(synced, "Sent by now"))
    tell(synced)
    with synced.store.database.reading():
        pass
    if not no_number_is_missing(synced):
        with pytest.raises(Conflict), synced.store.database.unit_of_work() as session:
            discard_draft(session, Viewer.system(), draft)
    synced.bring_up()
    with synced.store.database.unit_of_work() as session:
        discard_draft(session, Viewer.system(), draft)
    assert in_store(synced) == {}
    tell(synced)
    assert on_server(synced) == {}
