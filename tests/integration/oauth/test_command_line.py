"""`mailsync mailbox connect-oauth` as a person uses it: the command prints an address, a browser goes there."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from core.addresses import address_key
from integration.oauth.conftest import House, environment_of
from mailsync import repository
from servers.process import free_port
from storage.models import Mailbox, OAuthProvider

ADDRESS = re.compile(r"^(http://\S+/authorize\?\S+)$", re.MULTILINE)


@contextmanager
def command(house: House, *words: str, name: str = "mailbox connect-oauth") -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", f"from cli.main import run; run({[*name.split(), *words]!r})"],
        env={**os.environ, **environment_of(house)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        killer = threading.Timer(60, running.kill)
        killer.start()
        try:
            yield running
        finally:
            killer.cancel()
            running.kill()


def printed_address(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    for line in running.stdout:
        if found := ADDRESS.match(line):
            return found.group(1)
    assert running.stderr is not None
    raise AssertionError(running.stderr.read())


def saved(house: House, email: str) -> Mailbox | None:
    with house.store.database.reading() as session:
        return repository.mailbox_by_email(session, address_key(email))


def test_the_browser_comes_back_to_the_command(house: House) -> None:
    account = house.new_account()
    with command(house, account, "--provider", "google", "--port", str(free_port()), "--name", "Anna") as running:
        page = httpx.get(printed_address(running), follow_redirects=True)
        said, trouble = running.communicate(timeout=60)

    assert "go back to the terminal" in page.text
    assert running.returncode == 0, trouble
    assert "Connected as mailbox" in said
    row = saved(house, account)
    assert row is not None
    assert (row.oauth_provider, row.name, row.password_encrypted) == (OAuthProvider.GOOGLE, "Anna", "")


def test_the_other_commands_use_the_token_too(house: House) -> None:
    mailbox_id = house.connect()
    account = house.provider.account
    house.deliver(mailbox_id, "hello")
    house.store.close()

    for name, expected in (
        ("sync --once", "1 messages stored"),
        ("mailbox test", ""),
        ("mailbox audit", "INBOX"),
    ):
        with command(house, account, name=name) as running:
            said, trouble = running.communicate(timeout=60)
            assert (running.returncode, expected in said) == (0, True), (name, said, trouble)
    assert house.provider.counts["refresh_token"] == 0


def test_the_address_may_be_pasted_and_another_one_is_refused(house: House) -> None:
    account = house.new_account()
    with command(house, account, "--provider", "google", "--paste") as running:
        back = httpx.get(printed_address(running)).headers["location"]
        assert urlsplit(back).netloc == "localhost:8026"
        _, trouble = running.communicate(back + "\n", timeout=60)
        assert running.returncode == 0, trouble
    assert saved(house, account) is not None

    with command(house, house.new_account(), "--provider", "google", "--paste") as running:
        _, trouble = running.communicate(back + "\n", timeout=60)
        assert running.returncode == 2
        assert "start it again" in trouble


def test_what_is_missing_is_said_before_anybody_signs_in(house: House) -> None:
    with command(house, "anna@example.test") as running:
        _, trouble = running.communicate(timeout=60)
        assert running.returncode == 2
        assert "--provider" in trouble
    with command(house, "anna@outlook.com") as running:
        _, trouble = running.communicate(timeout=60)
        assert running.returncode == 2
        assert "MAILSYNC_OAUTH_MICROSOFT_CLIENT_ID" in trouble
