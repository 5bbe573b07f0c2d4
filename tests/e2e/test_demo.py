"""`mailsync demo --once --json`: its counts against what a foreign client sees on the bundled server, and against itself."""

import asyncio
import imaplib
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

import pytest

from cli.demo.company import load_company
from cli.demo.mailserver import DemoMailServer
from e2e.installation import Installation, address_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def demo(installation: Installation, *options: str) -> dict[str, Any]:
    found = installation.json("demo", "--once", *options)
    assert isinstance(found, dict)
    return found


def seen_by_imaplib() -> tuple[int, int]:
    """How many places and how many different messages the bundled server holds, by the standard library's client."""
    company = load_company()

    def look(port: int) -> Counter[bytes]:
        found: Counter[bytes] = Counter()
        for mailbox in company.mailboxes:
            client = imaplib.IMAP4("127.0.0.1", port)
            client.login(mailbox.email, mailbox.password)
            listed = [line for line in client.list()[1] if b"\\Noselect" not in line]
            for name in (line.rpartition(b' "/" ')[2].decode() for line in listed):
                assert client.select(name if name.startswith('"') else f'"{name}"', readonly=True)[0] == "OK"
                for uid in client.uid("SEARCH", "ALL")[1][0].split():
                    raw = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1]
                    found[identity(raw)] += 1
            client.logout()
        return found

    async def serve() -> Counter[bytes]:
        async with DemoMailServer(company.messages, company.mailboxes) as server:
            return await asyncio.to_thread(look, server.port)

    found = asyncio.run(serve())
    return found.total(), len(found)


def identity(raw: bytes) -> bytes:
    """Message-ID with From and Date, or the text after the headers where there is no Message-ID."""
    mail = message_from_bytes(raw)
    if mail["Message-ID"] is None:
        return raw.partition(b"\r\n\r\n")[2]
    return "|".join(str(mail[name]) for name in ("Message-ID", "From", "Date")).encode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The counts of one undisturbed run."""
    installation = Installation(tmp_path_factory.mktemp("demo") / "data")
    yield demo(installation)
    installation.close()


def test_the_counts_are_what_the_server_holds(whole: dict[str, Any]) -> None:
    places, messages = seen_by_imaplib()
    assert (whole["places"], whole["messages"]) == (places + 1, messages + 1), "one answer was sent and filed"
    assert whole["quarantined"] == 0
    campaign = whole["campaign"]
    assert isinstance(campaign, dict)
    open_still = 1  # Greylisted: asked to come again later.
    ended = campaign["sent"] + campaign["failed"] + campaign["skipped"] + campaign["in_doubt"]
    assert ended + open_still == campaign["audience"]
    readers = load_company().readers
    assert (campaign["opened"], campaign["clicked"]) == (len(readers.open), len(readers.click))


def test_they_are_the_same_every_time(whole: dict[str, Any], install: Callable[..., Installation]) -> None:
    assert demo(install()) == whole


def test_messages_that_are_taken_out_are_missing_from_the_counts(
    whole: dict[str, Any], install: Callable[..., Installation]
) -> None:
    partnership, task = "info/inbox/051-partnership-unknown.eml", "info/inbox/055-task-by-mail.eml"
    less = demo(install(), "--without", partnership, "--without", task)
    fewer = {name: number - less[name] for name, number in whole.items() if number != less[name]}
    expected = {"messages": 2, "deals": 1, "contacts": 1, "tasks": 1}
    assert {name: fewer.get(name) for name in expected} == expected
    assert set(fewer) <= set(expected) | {"places", "threads", "companies"}


def test_ctrl_c_ends_the_demo_cleanly(install: Callable[..., Installation]) -> None:
    installation = install()
    installation.data_dir.mkdir()
    process = installation.start("demo")
    assert address_of(process).startswith("http://127.0.0.1:")
    process.send_signal(2)
    assert process.wait(30) == 0
