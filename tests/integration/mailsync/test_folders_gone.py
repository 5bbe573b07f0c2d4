"""Folders that were there once: deleted or renamed on the server by somebody else's mail program."""

import asyncio
import imaplib
from datetime import UTC, datetime

from mailsync import repository
from mailsync.auditing import FolderAudit, audit_mailbox


def by_hand(synced, command: str, *arguments: str) -> None:
    with imaplib.IMAP4(synced.server.host, synced.server.port) as client:
        client.login(synced.user, synced.server.password)
        assert getattr(client, command)(*arguments)[0] == "OK"


def audits(synced, *, repair: bool = False) -> dict[str, FolderAudit]:
    found = asyncio.run(audit_mailbox(synced.store, synced.settings, synced.mailbox(), repair=repair))
    return {one.name: one for one in found}


def test_mail_of_a_deleted_folder_is_not_shown_there_any_more(synced) -> None:
    synced.deliver("one")
    synced.deliver("two", folder="Projects")
    synced.bring_up()
    assert sorted(synced.subjects()) == ["one", "two"]
    by_hand(synced, "delete", "Projects")
    synced.bring_up()
    assert synced.subjects() == ["one"]
    assert not any(one.differs for one in audits(synced).values())


def test_a_folder_that_was_deleted_since_the_last_pass_is_audited_as_empty(synced) -> None:
    synced.deliver("two", folder="Projects")
    synced.bring_up()
    by_hand(synced, "delete", "Projects")
    assert (audits(synced)["Projects"].server, audits(synced)["Projects"].extra) == (0, 1)
    audits(synced, repair=True)
    assert synced.subjects() == []


def test_a_folder_that_is_renamed_keeps_its_mail_and_hands_on_its_role(synced) -> None:
    """Given a server that has an own name for deleted mail, when it changes, then the role goes with the folder."""
    by_hand(synced, "delete", "Trash")
    synced.deliver("one", folder="Papierkorb")
    synced.bring_up()
    by_hand(synced, "rename", "Papierkorb", "Papelera")
    synced.bring_up()
    assert synced.subjects() == synced.subjects("Papelera") == ["one"]
    with synced.store.database.reading() as session:
        rows = repository.folders(session, synced.mailbox_id)
    assert "Papierkorb" not in [row.name for row in rows]


def test_mail_older_than_the_depth_that_came_all_the_same_is_not_extra(synced) -> None:
    """Given history from 2026 on, when a mail of 2020 is moved in, then it stays, whatever is audited and repaired."""
    with synced.store.database.unit_of_work() as session:
        repository.mailbox(session, synced.mailbox_id).depth_since = datetime(2026, 1, 1, tzinfo=UTC)
    synced.bring_up()
    with imaplib.IMAP4(synced.server.host, synced.server.port) as client:
        client.login(synced.user, synced.server.password)
        old = b"From: ann@client.example\r\nSubject: old\r\nMessage-ID: <old@client.example>\r\n\r\nHello\r\n"
        assert client.append("INBOX", "", '"05-Oct-2020 09:00:00 +0000"', old)[0] == "OK"
    synced.bring_up()
    assert synced.subjects() == ["old"]
    assert not audits(synced, repair=True)["INBOX"].differs
    assert synced.subjects() == ["old"]
