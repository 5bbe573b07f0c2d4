"""A start with many mailboxes: they become ready one after the other, and who was just connected need not wait for all."""

import asyncio
from pathlib import Path

import pytest

from core.config import load_settings
from integration.mailsync.watched import until
from loopback_mailbox import loopback_mailbox
from mailsync import repository
from mailsync.connecting import add_mailbox
from mailsync.mailbox_sync import MailboxSync
from servers.dovecot import Dovecot
from storage.models import MailboxState
from storage.store import Store, open_store
from workers import sync
from workers.sync import SyncRole

MAILBOXES = 5
SECONDS = 20.0


def connect(store: Store, server: Dovecot, folder: Path) -> int:
    user = server.new_user()
    given = loopback_mailbox(user, server.port)
    return add_mailbox(store, load_settings(data_dir=folder, allow_private_hosts=True), given, test=False)


async def test_first_passes_are_made_in_turn_the_awaited_one_first(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    store = open_store(settings)
    ids = [connect(store, dovecot, tmp_path) for _ in range(MAILBOXES)]
    with store.database.unit_of_work() as session:
        for mailbox_id in ids[:-1]:  # The last one was just connected: somebody looks at it.
            repository.set_state(session, mailbox_id, MailboxState.LIVE)
    began: list[int] = []
    at_work, most = set(), 0
    bring_up = MailboxSync.bring_up_to_date

    async def noted(made: MailboxSync, stop: asyncio.Event) -> int:
        nonlocal most
        if made.mailbox.id in began:
            return await bring_up(made, stop)
        began.append(made.mailbox.id)
        at_work.add(made.mailbox.id)
        most = max(most, len(at_work))
        try:
            return await bring_up(made, stop)
        finally:
            at_work.discard(made.mailbox.id)

    monkeypatch.setattr(MailboxSync, "bring_up_to_date", noted)
    monkeypatch.setattr(sync, "FIRST_PASSES_AT_ONCE", 1)
    stop = asyncio.Event()
    role = asyncio.create_task(SyncRole(store, settings).run(stop))
    try:
        await until(lambda: len(began) == MAILBOXES and not at_work)
    finally:
        stop.set()
        await asyncio.wait_for(role, SECONDS)
        store.close()
    assert most == 1
    assert ids[-1] in began[:2], "one may have begun before it came into the line"
    assert sorted(began) == ids
