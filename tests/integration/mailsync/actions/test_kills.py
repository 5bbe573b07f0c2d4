"""A power cut between any two steps of telling the server loses nothing and does nothing twice."""

import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crm.access.viewer import Viewer
from crm.outgoing.views import Composition, MailKind
from integration.mailsync.actions import killed
from integration.mailsync.actions.hands import do, in_store, no_number_is_missing, on_server, outcomes, tell
from mailsync.actions.asking import Wish
from mailsync.actions.drafting import save_draft
from servers.process import own_for_server
from storage.store import open_store

STRIDE = int(os.environ.get("TEST_KILLS", "12"))
"""Every so manieth step is tried, beginning somewhere among the first; 1 tries all of them, which takes minutes."""
WANTED = {
    "INBOX": {"read": "seen", "starred": "flagged seen", "calm": ""},
    "Archive": {"kept": "", "kept too": "seen"},
    "Trash": {"thrown": ""},
    "Drafts": {"newer": "seen"},
}


def draft(synced, subject: str) -> Composition:
    return Composition(MailKind.NEW, synced.mailbox_id, (), subject, "To be continued")


def wait_for_the_server(synced) -> None:
    """Every kind of action waits."""
    synced.deliver("read", "starred", "kept", "kept too", "thrown", "calm")
    synced.deliver("gone", folder="Trash")
    synced.bring_up()
    older = save_draft(synced.store, Viewer.system(), draft(synced, "older"))
    tell(synced)
    synced.bring_up()
    do(synced, Wish.READ, "read", "starred", "kept too")
    do(synced, Wish.FLAG, "starred")
    do(synced, Wish.ARCHIVE, "kept", "kept too")
    do(synced, Wish.DELETE, "thrown")
    do(synced, Wish.DELETE_FOR_EVER, "gone")
    save_draft(synced.store, Viewer.system(), draft(synced, "newer"), replaces=older)
    with synced.store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mail_action SET due_at = created_at")


def copy_of(synced, number: int, folder: Path):
    """The same mailbox on the server under another user's name, with a store of its own."""
    user = synced.server.new_user()
    homes = synced.server.homes
    shutil.copytree(homes / synced.user, homes / user)
    own_for_server(homes / user, *(homes / user).rglob("*"))
    data_dir = folder / f"copy{number}"
    shutil.copytree(synced.settings.data_dir, data_dir)
    settings = synced.settings.model_copy(update={"data_dir": data_dir})
    store = open_store(settings)
    with store.database.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE mailbox SET username = ?", (user,))
    return replace(synced, user=user, store=store, settings=settings)


def killed_at(copy, step: int) -> bool:
    """Whether the process died before it was through."""
    copy.store.close()
    command = [sys.executable, killed.__file__, str(copy.settings.data_dir), str(step)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ})
    copy.store = open_store(copy.settings)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    return ended.returncode != 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_kill_at_any_step_leaves_no_trace(synced, tmp_path_factory) -> None:
    wait_for_the_server(synced)
    synced.store.close()
    copies = tmp_path_factory.mktemp("killed")
    steps = 1 - random.randint(1, STRIDE)  # Another run tries other steps.
    while True:
        steps += STRIDE
        copy = copy_of(synced, steps, copies)
        died = killed_at(copy, steps)
        tell(copy)
        assert on_server(copy) == WANTED, f"on the server, killed at step {steps}"
        assert in_store(copy) == WANTED, f"in the store, killed at step {steps}"
        copy.bring_up()
        copy.bring_up()
        assert on_server(copy) == in_store(copy) == WANTED, f"after a pass, killed at step {steps}"
        assert no_number_is_missing(copy), f"killed at step {steps}"
        assert {state for _, state, _ in outcomes(copy)} == {"done"}, f"killed at step {steps}: {outcomes(copy)}"
        copy.store.close()
        shutil.rmtree(copy.settings.data_dir)
        if not died:
            break
    synced.store = open_store(synced.settings)
    assert steps > 15, "every kind of action took its steps"
