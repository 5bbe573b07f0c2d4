"""`mailsync mailbox …` for a mailbox that is connected: what the console shows and lets choose, at the command line."""

import json

import pytest

from cli.calling import call
from cli.commands.mailbox import app
from cli.commands.sync import app as sync_app
from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.people import NewPerson, add_person
from crm.access.viewer import Viewer
from integration.mailsync.conftest import OURS
from mailsync.choices import repository
from mailsync.presets import Limits
from mailsync.traffic import metering
from mailsync.traffic import repository as traffic
from mailsync.traffic.day import DAY, beginning
from storage.models import Mailbox, MailboxState, Role, ShareLevel

PASSWORD = "a long enough password"


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


def test_a_list_that_is_not_named_stays_and_one_is_emptied_by_saying_so(modern, mailsync) -> None:
    with modern.store.database.unit_of_work() as session:
        session.get_one(Mailbox, modern.mailbox_id).shared = True
    ann, bob = (
        add_person(modern.store, Viewer.system(), NewPerson(f"{name}@ourhouse.example", name, Role.SELLER, PASSWORD))
        for name in ("ann", "bob")
    )

    def lists() -> tuple[list[int], list[int], list[str]]:
        with modern.store.database.reading() as session:
            box = modern.mailbox_id
            return repository.members(session, box), modern.mailbox().queue, repository.aliases(session, box)

    mailsync("members", OURS, "--person", "ann@ourhouse.example", "--responsible", "bob@ourhouse.example")
    mailsync("describe", OURS, "--alias", "hello@ourhouse.example")
    mailsync("members", OURS, "--person", "bob@ourhouse.example")
    mailsync("describe", OURS, "--name", "Sales")
    assert lists() == ([bob], [bob], ["hello@ourhouse.example"])
    mailsync("members", OURS, "--responsible", "ann@ourhouse.example")
    assert lists() == ([bob], [ann], ["hello@ourhouse.example"])

    with pytest.raises(UsageError, match="one of them"):
        mailsync("members", OURS, "--everybody", "--person", "ann@ourhouse.example")
    mailsync("members", OURS, "--everybody")
    assert lists() == ([], [ann], ["hello@ourhouse.example"])
    mailsync("members", OURS, "--nobody-responsible")
    mailsync("describe", OURS, "--no-alias")
    assert lists() == ([], [], [])


def test_older_mail_that_waits_for_the_providers_next_day_is_told(modern, mailsync, monkeypatch) -> None:
    """By `show`, and by `sync --once`, which does not claim that all is here."""
    monkeypatch.setattr(metering, "limits_of", lambda _: Limits(daily_bytes=1_000_000))
    modern.deliver("one", "two")
    with modern.store.database.unit_of_work() as session:
        traffic.add(session, modern.mailbox_id, 850_000, 0)

    brought = call(sync_app, "mailsync sync", ("--once", OURS))

    assert brought == 1
    assert modern.subjects() == []
    moment = f"{beginning(utcnow()) + DAY:%Y-%m-%d %H:%M} UTC"
    assert f"older mail waits until {moment}" in mailsync("show", OURS)
    assert json.loads(mailsync("show", OURS, "--json"))["allowance"]["used"] > 850_000
    modern.deliver("three")
    assert call(sync_app, "mailsync sync", ("--once", OURS)) == 1
    assert modern.subjects() == ["three"]
