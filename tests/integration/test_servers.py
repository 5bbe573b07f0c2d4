"""The servers of the suite, each talked to by a client that somebody else wrote."""

import imaplib
import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import sync_playwright

from servers.chromium import ARGUMENTS
from servers.cyrus import find_cyrus
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher
from servers.postgres import Postgres
from servers.process import MissingServer, ServerDied, ServerProcess, find_program
from servers.redis import Redis
from servers.smtp_sink import SmtpSink

EXTENSIONS = (b"QRESYNC", b"CONDSTORE", b"IDLE", b"MOVE", b"UIDPLUS")
MAIL = b"From: anna@example.test\r\nTo: ben@example.test\r\nSubject: Offer\r\n\r\nAs agreed.\r\n"


def logged_in(server: Dovecot, user: str) -> imaplib.IMAP4:
    connection = imaplib.IMAP4(server.host, server.port)
    connection.login(user, server.password)
    return connection


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not fact():
        assert time.monotonic() < deadline, "it did not come true within 15 seconds"
        time.sleep(0.02)


# --- Dovecot


def test_a_message_dropped_into_a_maildir_is_read_over_tls(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    dovecot.deliver(user, MAIL, flags="S")

    with imaplib.IMAP4_SSL(dovecot.host, dovecot.tls_port, ssl_context=dovecot.ssl_context) as connection:
        connection.login(user, dovecot.password)
        connection.select()
        _, answer = connection.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")

    assert answer[0][1] == MAIL
    assert b"\\Seen" in answer[0][0] + answer[1]


def test_starttls_is_offered_and_its_certificate_is_not_trusted_by_strangers(dovecot: Dovecot) -> None:
    with imaplib.IMAP4(dovecot.host, dovecot.port) as connection:
        assert connection.starttls(dovecot.ssl_context)[0] == "OK"
        assert connection.login(dovecot.new_user(), dovecot.password)[0] == "OK"

    stranger = ssl.create_default_context()
    address = (dovecot.host, dovecot.tls_port)
    with socket.create_connection(address) as connection, pytest.raises(ssl.SSLCertVerificationError):
        stranger.wrap_socket(connection, server_hostname="localhost")


def test_any_name_logs_in_with_the_password_and_none_without(dovecot: Dovecot) -> None:
    with logged_in(dovecot, "Anna+offers@example.test") as connection:
        assert connection.select("Sent")[0] == "OK"

    with imaplib.IMAP4(dovecot.host, dovecot.port) as connection, pytest.raises(imaplib.IMAP4.error, match="AUTHENTI"):
        connection.login("anna@example.test", "wrong")


def test_a_filled_folder_keeps_the_order(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    mails = [b"Subject: %d\r\n\r\nBody\r\n" % number for number in range(300)]
    assert dovecot.fill(user, mails, "Projects/Été") == 300

    with logged_in(dovecot, user) as connection:
        _, (count,) = connection.select("Projects/&AMk-t&AOk-")
        _, answer = connection.uid("FETCH", "9,10,300", "BODY.PEEK[]")

    assert count == b"300"
    assert [item[1] for item in answer if isinstance(item, tuple)] == [mails[8], mails[9], mails[299]]


def test_extensions_can_be_left_out(dovecot: Dovecot, plain_dovecot: Dovecot) -> None:
    with logged_in(dovecot, dovecot.new_user()) as rich, logged_in(plain_dovecot, plain_dovecot.new_user()) as plain:
        everything = rich.capability()[1][0].split()
        little = plain.capability()[1][0].split()

    assert set(EXTENSIONS) <= set(everything)
    assert not set(EXTENSIONS) & set(little)
    assert b"UNSELECT" in little


def test_an_idle_client_is_told_of_new_mail_at_once(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    connection = logged_in(dovecot, user)
    connection.select()
    connection.send(b"a1 IDLE\r\n")
    assert connection.readline().startswith(b"+")
    connection.sock.settimeout(10)

    started = time.monotonic()
    dovecot.deliver(user, MAIL)

    assert connection.readline() == b"* 1 EXISTS\r\n"
    assert time.monotonic() - started < 3
    connection.shutdown()


def test_dovecot_comes_back_with_its_mail_after_a_crash() -> None:
    with Dovecot() as server:
        server.deliver("anna@example.test", MAIL)
        connection = logged_in(server, "anna@example.test")
        server.kill()
        with pytest.raises((imaplib.IMAP4.abort, OSError)):
            connection.noop()
        connection.shutdown()

        server.start()

        with logged_in(server, "anna@example.test") as connection:
            assert connection.select()[1] == [b"1"]


def test_a_mailbox_with_a_quota_becomes_full() -> None:
    with Dovecot(quota_kilobytes=10) as server, logged_in(server, server.new_user()) as connection:
        assert connection.append("INBOX", None, None, MAIL)[0] == "OK"
        assert b"OVERQUOTA" in connection.append("INBOX", None, None, MAIL + b"x" * 20_000)[1][0]


def test_doveadm_sees_who_is_connected_and_can_kick(dovecot: Dovecot) -> None:
    user = dovecot.new_user()
    connection = logged_in(dovecot, user)
    wait_for(lambda: user in dovecot.doveadm("who"))

    dovecot.doveadm("kick", user)

    wait_for(lambda: is_lost(connection))
    connection.shutdown()


def is_lost(connection: imaplib.IMAP4) -> bool:
    try:
        connection.noop()
    except (imaplib.IMAP4.abort, OSError):
        return True
    return False


# --- PostgreSQL and Redis


def test_each_database_is_empty_and_gone_afterwards(postgres: Postgres) -> None:
    def fill(url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE deal AS SELECT 7 AS id")

    template = postgres.template("with_deal", fill)
    with postgres.fresh_database(template) as copied, postgres.fresh_database() as empty:
        with psycopg.connect(copied) as connection:
            assert connection.execute("SELECT id FROM deal").fetchall() == [(7,)]
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
        with psycopg.connect(empty) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT id FROM deal")

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copied)


def test_postgres_url_is_a_database_of_the_tests_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        assert connection.execute("SELECT length('żółw')").fetchone() == (4,)


def test_redis_is_empty_for_each_test(redis_url: str, redis_server: Redis) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("key", "value")
        redis_server.flush()
        assert client.get("key") is None


# --- SMTP


@pytest.fixture(params=["none", "starttls", "tls"])
def secured_catcher(request: pytest.FixtureRequest) -> Iterator[MailCatcher]:
    with MailCatcher(security=request.param, login=("anna", "secret")) as server:
        yield server


def connected(server: MailCatcher) -> smtplib.SMTP:
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, context=server.ssl_context)
    client = smtplib.SMTP(server.host, server.port)
    if server.security == "starttls":
        client.starttls(context=server.ssl_context)
    return client


def test_the_catcher_asks_for_tls_and_login_and_keeps_the_mail(secured_catcher: MailCatcher) -> None:
    with connected(secured_catcher) as client:
        with pytest.raises(smtplib.SMTPSenderRefused, match="5"):
            client.sendmail("anna@example.test", ["ben@example.test"], MAIL)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("anna", "wrong")
        client.login("anna", "secret")
        client.sendmail("anna@example.test", ["ben@example.test"], MAIL)

    (mail,) = secured_catcher.wait_for(1)
    assert (mail.mail_from, mail.rcpt_tos) == ("anna@example.test", ("ben@example.test",))
    assert mail.raw == MAIL
    assert mail.message["Subject"] == "Offer"


def test_the_catcher_refuses_whom_it_is_told_to(smtp_catcher: MailCatcher) -> None:
    smtp_catcher.refuse["gone@example.test"] = "550 5.1.1 No such user"

    with smtplib.SMTP(smtp_catcher.host, smtp_catcher.port) as client:
        refused = client.sendmail("anna@example.test", ["gone@example.test", "ben@example.test"], MAIL)

    assert refused == {"gone@example.test": (550, b"5.1.1 No such user")}
    assert smtp_catcher.wait_for(1)[0].rcpt_tos == ("ben@example.test",)
    with pytest.raises(TimeoutError, match="1 of 2"):
        smtp_catcher.wait_for(2, seconds=0.05)


def test_the_catcher_can_refuse_at_the_dot() -> None:
    with (
        MailCatcher(answer_data=lambda mail: "451 4.3.0 Later" if b"Offer" in mail.raw else "250 OK") as server,
        smtplib.SMTP(server.host, server.port) as client,
    ):
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            client.sendmail("anna@example.test", ["ben@example.test"], MAIL)
        client.sendmail("anna@example.test", ["ben@example.test"], b"Subject: Other\r\n\r\n")

        assert [mail.message["Subject"] for mail in server.wait_for(1)] == ["Other"]


def test_the_sink_swallows_and_can_dump() -> None:
    with SmtpSink(dump=True) as server, smtplib.SMTP(server.host, server.port) as client:
        client.sendmail("anna@example.test", ["ben@example.test"], MAIL)

        (dumped,) = server.messages()

    assert b"Subject: Offer" in dumped
    assert b"X-Rcpt-Args: <ben@example.test>" in dumped


def test_the_shared_sink_accepts(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        assert client.sendmail("anna@example.test", ["ben@example.test"], MAIL) == {}


# --- Chromium


def test_chromium_takes_a_screenshot(chromium_path: str, tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        page = browser.new_page()
        page.set_content("<h1 style='background: #c00'>Offer</h1>")
        page.screenshot(path=picture)
        browser.close()

    assert picture.read_bytes().startswith(b"\x89PNG")


# --- starting and ending

START_AND_WAIT = """
from servers.dovecot import Dovecot
with Dovecot() as server:
    print(server.pid, server.directory, flush=True)
    input()
"""


def test_a_missing_server_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MissingServer, match=r"no-such-server is not installed.*install some-package"):
        find_program("no-such-server", "some-package")
    with pytest.raises(MissingServer, match=r"Cyrus is not installed: run tools/install-test-servers"):
        find_cyrus([tmp_path])


def test_a_server_that_dies_shows_its_log(tmp_path: Path) -> None:
    process = ServerProcess(["sh", "-c", "echo bad setting; exit 3"], log=tmp_path / "log")

    with pytest.raises(ServerDied, match="bad setting"):
        process.wait_until(lambda: False)


def test_no_server_outlives_a_run_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        pid, directory = run.stdout.readline().split()
        server = Path("/proc", pid)
        assert server.exists()
        run.kill()

    wait_for(lambda: not server.exists())
    shutil.rmtree(directory)
