"""Folders that were there once: deleted or renamed on the server by somebody else's mail program."""

import asyncio
import imaplib
from datetime import UTC, datetime

from integration.mailsync.by_hand import Downloads
from mailsync import repository
from mailsync.auditing import FolderAudit, audit_mailbox
from servers.process import own_for_server


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


def test_a_folder_that_is_renamed_keeps_its_mail_and_hands_on_its_role(synced, monkeypatch) -> None:
    """Given a server that has an own name for deleted mail, when it changes, then the role goes with the folder."""
    by_hand(synced, "delete", "Trash")
    synced.deliver("one", folder="Papierkorb")
    synced.bring_up()
    before = synced.place("one").id
    by_hand(synced, "rename", "Papierkorb", "Papelera")
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert downloads.uids == []
    assert synced.place("one").id == before
    assert synced.subjects() == synced.subjects("Papelera") == ["one"]
    with synced.store.database.reading() as session:
        rows = repository.folders(session, synced.mailbox_id)
    assert "Papierkorb" not in [row.name for row in rows]


def test_a_renamed_folder_is_still_the_one_that_was_not_chosen(synced) -> None:
    synced.deliver("one", folder="Projects")
    synced.bring_up()
    with synced.store.database.unit_of_work() as session:
        session.merge(synced.folder("Projects")).chosen = False
    by_hand(synced, "rename", "Projects", "Old")
    synced.deliver("two", folder="Old")
    synced.bring_up()
    assert synced.subjects() == ["one"]
    assert not synced.folder("Old").chosen


def test_folders_inside_a_renamed_one_and_mail_that_came_meanwhile(synced, monkeypatch) -> None:
    synced.deliver("outer", folder="Projects")
    synced.deliver("inner", folder="Projects/Roof")
    synced.bring_up()
    by_hand(synced, "rename", "Projects", "Done")
    synced.deliver("later", folder="Done/Roof")
    downloads = Downloads(monkeypatch)
    synced.bring_up()
    assert synced.subjects("Done") == ["outer"]
    assert synced.subjects("Done/Roof") == ["inner", "later"]
    assert len(downloads.uids) == 1


def test_another_folder_with_the_same_numbers_is_not_taken_for_the_renamed_one(synced, monkeypatch) -> None:
    """Given a folder that is deleted and one that is new, with as many messages under the same UIDs, then both are told apart."""
    synced.deliver("mine", folder="Projects", at=1_790_000_000)
    synced.bring_up()
    validity = synced.folder("Projects").uidvalidity
    by_hand(synced, "delete", "Projects")
    synced.deliver("theirs", folder="Plans", at=1_790_000_000)
    uids = synced.server.maildir(synced.user, "Plans") / "dovecot-uidlist"
    uids.write_text(f"3 V{validity} N1 G{'a5' * 16}\n")
    own_for_server(uids)
    synced.bring_up()
    assert synced.folder("Plans").uidvalidity == validity, "or it is another test"
    assert synced.subjects() == synced.subjects("Plans") == ["theirs"]


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
