"""Folders and messages that the server gives names for ever (OBJECTID, RFC 8474): pymap does, Dovecot does not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.demo.company import load_company
from cli.demo.mailserver import DemoMailServer
from core.config import load_settings
from integration.mailsync.by_hand import Downloads
from integration.mailsync.conftest import Synced, letter
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.connection import ImapConnection
from mailsync.imap.quoting import quote
from mailsync.imap.server import ImapServer, Password, Security
from storage.store import open_store

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
async def named(tmp_path: Path) -> AsyncIterator[tuple[Synced, ImapConnection]]:
    """An empty mailbox that was looked into once, and another client on it."""
    company = load_company(NOW)
    marta = next(mailbox for mailbox in company.mailboxes if mailbox.key == "marta")
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    store = open_store(settings)
    async with DemoMailServer([], company.mailboxes) as server:
        given = NewMailbox(
            marta.email, marta.password, imap_host=server.host, imap_port=server.port, imap_security=Security.NONE
        )
        mailbox_id = await asyncio.to_thread(add_mailbox, store, settings, given)
        synced = Synced(None, marta.email, store, settings, mailbox_id)
        place = ImapServer(server.host, server.port, Security.NONE)
        async with ImapConnection.open(place, Password(marta.email, marta.password)) as client:
            assert client.has("OBJECTID")
            for name in ("Projects", "Plans"):
                await client.create(name)
                await client.append(name, letter(f"in {name}"))
            await look(synced)
            yield synced, client
    store.close()


async def look(synced: Synced) -> None:
    while (await synced.one_pass()).history_left:
        pass


async def rename(client: ImapConnection, old: str, new: str) -> None:
    await client.run("RENAME", quote(old), quote(new))


async def test_folders_that_change_names_with_each_other_keep_their_mail(named, monkeypatch) -> None:
    synced, client = named
    ids = synced.folder("Projects").id, synced.folder("Plans").id
    for old, new in (("Projects", "Aside"), ("Plans", "Projects"), ("Aside", "Plans")):
        await rename(client, old, new)
    downloads = Downloads(monkeypatch)
    await look(synced)
    assert (synced.folder("Plans").id, synced.folder("Projects").id) == ids
    assert synced.subjects("Plans") == ["in Projects"]
    assert synced.subjects("Projects") == ["in Plans"]
    assert downloads.uids == []


async def test_another_folder_of_the_same_name_is_another_folder(named) -> None:
    synced, client = named
    before = synced.folder("Projects").object_id
    await client.run("DELETE", quote("Projects"))
    await client.create("Projects")
    await client.append("Projects", letter("other"))
    await look(synced)
    await look(synced)
    assert synced.subjects("Projects") == ["other"]
    assert synced.folder("Projects").object_id not in (None, before)


async def test_a_moved_message_is_not_downloaded_again(named, monkeypatch) -> None:
    synced, client = named
    await client.select("Projects", read_only=False)
    await client.move(await client.uid_search(), "Plans")
    downloads = Downloads(monkeypatch)
    await look(synced)
    assert synced.subjects("Projects") == []
    assert sorted(synced.subjects("Plans")) == ["in Plans", "in Projects"]
    assert downloads.uids == []
