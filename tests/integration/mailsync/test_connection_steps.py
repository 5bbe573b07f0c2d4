"""The test of a mailbox's servers: every kind of trouble is told at its own step, beside the field that mends it."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from core.config import Settings, load_settings
from core.errors import UsageError
from integration.imap.scripted_server import ScriptedServer
from mailsync import repository
from mailsync.checking import reading
from mailsync.checking.reading import reading_steps
from mailsync.checking.results import Check, Field, Problem, Step
from mailsync.checking.running import check_connection, raise_problem
from mailsync.connecting import add_mailbox
from mailsync.imap.server import ImapServer, Password, Security
from mailsync.logins import NewMailbox
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher
from storage.models import FolderRole
from storage.store import open_store

READ = [Step.FIND, Step.CONNECT, Step.ENCRYPT, Step.SIGN_IN, Step.FOLDERS]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path, allow_private_hosts=True)


def given(port: int, **changes: object) -> NewMailbox:
    """A mailbox on loopback, in plain text."""
    values: dict[str, object] = {
        "email": "ann@ourhouse.example",
        "password": "secret",
        "imap_host": "127.0.0.1",
        "imap_port": port,
        "imap_security": Security.NONE,
        "username": "ann",
    }
    return NewMailbox(**(values | changes))  # type: ignore[arg-type]  # Values by name, as a form has them.


async def over_tls(dovecot: Dovecot, trust: ssl.SSLContext | None, security: Security, user: str) -> list[Check]:
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    server = ImapServer("localhost", port, security, trust)
    return [check async for check in reading_steps(server, Password(user, "secret"), allow_private=True)]


def failed(checks: list[Check]) -> Check:
    """The last step, which failed; all before it worked."""
    assert [check.step for check in checks if check.problem] == [checks[-1].step]
    return checks[-1]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
async def test_everything_works_and_the_folders_are_seen(dovecot: Dovecot, security: Security) -> None:
    user = dovecot.new_user()
    dovecot.fill(user, [b"Subject: one\r\n\r\nx", b"Subject: two\r\n\r\nx"])
    dovecot.fill(user, [b"Subject: three\r\n\r\nx"], "Sent")
    checks = await over_tls(dovecot, dovecot.ssl_context, security, user)

    assert [check.step for check in checks] == READ
    assert not any(check.problem for check in checks)
    assert checks[2].detail.startswith("TLS 1.")
    folders = {folder.name: (folder.role, folder.messages) for folder in checks[-1].folders}
    assert folders["INBOX"] == (FolderRole.INBOX, 2)
    assert folders["Sent"] == (FolderRole.SENT, 1)


async def test_a_certificate_that_is_not_trusted_is_no_wrong_password(dovecot: Dovecot) -> None:
    for security in (Security.TLS, Security.STARTTLS):
        last = failed(await over_tls(dovecot, None, security, "ann"))
        assert last.step is Step.ENCRYPT
        assert last.problem is not None
        assert "authority that is not trusted" in last.problem.sentence
        assert last.problem.field is Field.IMAP_SECURITY


async def test_a_wrong_password_and_the_outgoing_server_is_not_bothered(
    settings: Settings, smtp_catcher: MailCatcher
) -> None:
    async with ScriptedServer({"LOGIN": b"%T NO [AUTHENTICATIONFAILED] Invalid credentials\r\n"}) as server:
        smtp = f"smtp://127.0.0.1:{smtp_catcher.port}"
        last = failed(await check_connection(given(server.port, smtp_url=smtp), settings))
    assert last.step is Step.SIGN_IN
    assert last.problem is not None
    assert last.problem.field is Field.PASSWORD
    assert smtp_catcher.connections == 0


@pytest.mark.parametrize(
    ("answer", "says", "field"),
    [
        (b"NO [ALERT] Application-specific password required", "app password", Field.PASSWORD),
        (b"NO Basic authentication is disabled.", "through the browser", Field.PASSWORD),
        (b"NO [ALERT] Your account is not enabled for IMAP use.", "IMAP is switched off", None),
        (b"NO [ALERT] Too many simultaneous connections. (Failure)", "limits this mailbox", None),
        (b"NO [UNAVAILABLE] Temporary authentication failure", "not available", None),
    ],
)
async def test_refused_logins_are_told_apart(settings: Settings, answer: bytes, says: str, field: Field | None) -> None:
    async with ScriptedServer({"LOGIN": b"%T " + answer + b"\r\n"}) as server:
        last = failed(await check_connection(given(server.port), settings))
    assert last.step is Step.SIGN_IN
    assert last.problem is not None
    assert says in last.problem.sentence
    assert last.problem.field is field


async def test_what_stands_in_the_way_of_a_connection(
    settings: Settings, unused_tcp_port: int, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:

        async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        silent = await asyncio.start_server(silence, "127.0.0.1", 0)
        stack.callback(silent.close)
        monkeypatch.setattr(reading, "CONNECT_SECONDS", 0.5)
        troubles = [
            (given(1, imap_host="mail.nobody.invalid"), Step.FIND, "no host of that name", Field.IMAP_HOST),
            (given(unused_tcp_port), Step.CONNECT, "takes no connections on that port", Field.IMAP_PORT),
            (given(silent.sockets[0].getsockname()[1]), Step.CONNECT, "did not answer within", Field.IMAP_PORT),
            (given(dovecot.port, imap_security=Security.TLS), Step.ENCRYPT, "does not speak TLS", Field.IMAP_SECURITY),
        ]
        for mailbox, step, says, field in troubles:
            last = failed(await check_connection(mailbox, settings))
            assert (last.step, last.problem is not None and last.problem.field) == (step, field)
            assert says in last.words
    guarded = settings.model_copy(update={"allow_private_hosts": False})
    last = failed(await check_connection(given(dovecot.port), guarded))
    assert "private network" in last.words


async def test_a_server_that_is_no_imap_server_says_so(settings: Settings, smtp_catcher: MailCatcher) -> None:
    last = failed(await check_connection(given(smtp_catcher.port), settings))
    assert last.step is Step.CONNECT
    assert "can not be understood as IMAP" in last.words


async def test_a_mailbox_without_an_inbox(settings: Settings) -> None:
    answers = {
        "LIST": b'* LIST () "/" Other\r\n%T OK\r\n',
        "STATUS": b"%T NO no\r\n",
        "EXAMINE": b"%T NO [NONEXISTENT] none\r\n",
    }
    async with ScriptedServer(answers) as server:
        last = failed(await check_connection(given(server.port), settings))
    assert last.step is Step.FOLDERS
    assert "no inbox" in last.words


async def test_the_outgoing_server_begins_a_mail_and_sends_none(settings: Settings, dovecot: Dovecot) -> None:
    with MailCatcher(login=("ann", "out")) as catcher:
        incoming = {"username": dovecot.new_user()}
        right = given(dovecot.port, **incoming, smtp_url=f"smtp://ann@127.0.0.1:{catcher.port}", smtp_password="out")
        checks = await check_connection(right, settings)
        assert [check.step for check in checks][-1] is Step.SENDING
        assert not any(check.problem for check in checks)

        wrong = given(dovecot.port, **incoming, smtp_url=f"smtp://ann@127.0.0.1:{catcher.port}", smtp_password="in")
        last = failed(await check_connection(wrong, settings))
        assert "although reading works" in last.words

        without = given(dovecot.port, **incoming, smtp_url=f"smtp://127.0.0.1:{catcher.port}")
        assert "wants a login" in failed(await check_connection(without, settings)).words

        catcher.refuse["ann@ourhouse.example"] = "553 5.7.1 Sender address rejected: not owned by user ann"
        assert "let this address send" in failed(await check_connection(right, settings)).words
        catcher.refuse["ann@ourhouse.example"] = "451 4.7.1 Greylisted"
        assert not any(check.problem for check in await check_connection(right, settings))
        assert catcher.mails == []


def test_chosen_folders_are_saved_with_the_mailbox(settings: Settings, dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.fill(user, [b"Subject: one\r\n\r\nx"], "Old")
    mailbox = given(dovecot.port, username=user)
    checks = asyncio.run(check_connection(mailbox, settings))
    store = open_store(settings)
    try:
        chosen = replace(mailbox, folders=checks[-1].folders, left_out=frozenset({"Old"}))
        mailbox_id = add_mailbox(store, settings, chosen, test=False)
        with store.database.reading() as session:
            rows = {row.name: row.chosen for row in repository.folders(session, mailbox_id)}
    finally:
        store.close()
    assert rows["Old"] is False
    assert rows["INBOX"] is True


def test_the_first_problem_is_raised_with_its_half() -> None:
    checks = [Check(Step.FIND), Check(Step.SENDING, problem=None)]
    raise_problem(checks)
    with pytest.raises(UsageError, match=r"^SMTP: "):
        raise_problem([Check(Step.FIND), Check(Step.SENDING, Problem("No."))])
