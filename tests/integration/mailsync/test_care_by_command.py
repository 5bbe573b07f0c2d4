"""`mailsync mailbox …` for a mailbox that is connected: what the console shows and lets choose, at the command line."""

import json

import pytest

from cli.calling import call
from cli.commands.mailbox import app
from core.errors import NotFound, UsageError
from integration.mailsync.conftest import OURS
from storage.models import MailboxState, ShareLevel


@pytest.fixture
def mailsync(modern, monkeypatch, capsys):
    """Run a command on the mailbox's data directory; what it prints."""
    monkeypatch.setenv("MAILSYNC_DATA_DIR", str(modern.settings.data_dir))
    monkeypatch.setenv("MAILSYNC_ALLOW_PRIVATE_HOSTS", "true")

    def run(*words: str) -> str:
        capsys.readouterr()
        run.status = call(app, "mailsync mailbox", words)
        return capsys.readouterr().out

    return run


def test_a_mailbox_is_shown_chosen_for_and_compared(modern, mailsync) -> None:
    modern.deliver("one", "two")
    modern.deliver("three", folder="Projects")
    modern.bring_up()

    shown = mailsync("show", OURS)
    assert f"{OURS}: connecting" in shown
    assert "Not compared with the server yet." in shown
    found = json.loads(mailsync("show", OURS, "--json"))
    stored = {one["name"]: one["stored"] for one in found["folders"]}
    assert (stored["INBOX"], stored["Projects"]) == (2, 1)

    mailsync("choose", OURS, "--leave-out", "Projects", "--poll-minutes", "5")
    mailsync("depth", OURS, "90 days")
    mailsync("share", OURS, "subject")
    mailsync("describe", OURS, "--name", "Sales", "--alias", "hello@ourhouse.example")
    row = modern.mailbox()
    assert (row.poll_minutes, row.share_level, row.name) == (5, ShareLevel.SUBJECT, "Sales")
    assert row.depth_since is not None
    assert not modern.folder("Projects").chosen
    mailsync("choose", OURS, "--all")
    assert modern.folder("Projects").chosen
    with pytest.raises(NotFound):
        mailsync("choose", OURS, "--folder", "Nowhere")
    with pytest.raises(UsageError):
        mailsync("depth", OURS, "for ages")

    mailsync("audit", OURS)
    assert mailsync.status == 0
    assert "everything is here" in mailsync("show", OURS)
    assert "Every message could be stored." in mailsync("quarantine", OURS)


def test_a_mailbox_is_removed_after_its_numbers_were_told(modern, mailsync) -> None:
    modern.deliver("one", "two")
    modern.bring_up()

    with pytest.raises(UsageError, match="--keep-mail"):
        mailsync("remove", OURS)
    assert json.loads(mailsync("remove", OURS, "--json"))["places"] == 2
    said = mailsync("remove", OURS, "--all-mail", "--yes")
    assert "2 messages are only here" in said
    assert modern.mailbox().state is MailboxState.REMOVING
    mailsync("keep", OURS)
    assert modern.mailbox().state is MailboxState.CONNECTING

    mailsync("remove", OURS, "--all-mail", "--yes", "--now")
    assert modern.subjects() == []
    with pytest.raises(NotFound):
        mailsync("show", OURS)
