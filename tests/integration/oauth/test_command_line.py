"""`mailsync mailbox connect-oauth` as a person uses it: the command prints an address, a browser goes there."""

import os
import re
import time
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import httpx

from core.addresses import address_key
from forked import Forked, forked
from integration.oauth.conftest import House, environment_of
from mailsync import repository
from servers.process import free_port
from storage.models import Mailbox, OAuthProvider

ADDRESS = re.compile(r"^(http://\S+/authorize\?\S+)$", re.MULTILINE)


SECONDS = 60


def command(
    house: House, *words: str, name: str = "mailbox connect-oauth", typing: bool = False
) -> AbstractContextManager[Forked]:
    return forked([*name.split(), *words], {**os.environ, **environment_of(house)}, typing=typing)


def printed_address(running: Forked) -> str:
    deadline = time.monotonic() + SECONDS
    while not (found := ADDRESS.search(running.said())):
        assert running.process.is_alive(), running.said("stderr")
        assert time.monotonic() < deadline, "no address was printed"
        time.sleep(0.02)
    return found.group(1)


def saved(house: House, email: str) -> Mailbox | None:
    with house.store.database.reading() as session:
        return repository.mailbox_by_email(session, address_key(email))


def test_the_browser_comes_back_to_the_command(house: House) -> None:
    account = house.new_account()
    with command(house, account, "--provider", "google", "--port", str(free_port()), "--name", "Anna") as running:
        page = httpx.get(printed_address(running), follow_redirects=True)
        done = running.end(SECONDS)

    assert "go back to the terminal" in page.text
    assert done.returncode == 0, done.stderr
    assert "Connected as mailbox" in done.stdout
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
            done = running.end(SECONDS)
            assert (done.returncode, expected in done.stdout) == (0, True), (name, done)
    assert house.provider.counts["refresh_token"] == 0


def test_the_address_may_be_pasted_and_another_one_is_refused(house: House) -> None:
    account = house.new_account()
    with command(house, account, "--provider", "google", "--paste", typing=True) as running:
        back = httpx.get(printed_address(running)).headers["location"]
        assert urlsplit(back).netloc == "localhost:8026"
        running.type(back + "\n")
        done = running.end(SECONDS)
        assert done.returncode == 0, done.stderr
    assert saved(house, account) is not None

    with command(house, house.new_account(), "--provider", "google", "--paste", typing=True) as running:
        running.type(back + "\n")
        done = running.end(SECONDS)
        assert done.returncode == 2
        assert "start it again" in done.stderr


def test_what_is_missing_is_said_before_anybody_signs_in(house: House) -> None:
    with command(house, "anna@example.test") as running:
        done = running.end(SECONDS)
        assert done.returncode == 2
        assert "--provider" in done.stderr
    with command(house, "anna@outlook.com") as running:
        done = running.end(SECONDS)
        assert done.returncode == 2
        assert "MAILSYNC_OAUTH_MICROSOFT_CLIENT_ID" in done.stderr
