"""Other servers than the two Dovecots that everything else is tried on: what holds there may be their kindness.

Cyrus, with OBJECTID and without any extension, and Dovecot whose folders lie below "INBOX." or that has only some of
its extensions. In each the same life: first sync, news, flags, deletions, moves, a rename, a folder made anew.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import imap_utf7

from conftest import EXTENSIONS
from integration.mailsync.by_hand import Downloads, by_hand
from integration.mailsync.conftest import Synced, connected
from integration.mailsync.watched import until, watched
from mailsync.auditing import audit_mailbox
from servers.cyrus import Cyrus
from servers.dovecot import Dovecot
from storage.models import FolderRole, MailboxState

BELOW_INBOX = "namespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n"
CYRUS_EXTENSIONS = (*EXTENSIONS, "OBJECTID", "LIST-EXTENDED", "CREATE-SPECIAL-USE", "XLIST")
SERVERS: dict[str, Callable[[], Dovecot | Cyrus]] = {
    "cyrus": Cyrus,
    "plain cyrus": lambda: Cyrus(without=CYRUS_EXTENSIONS),
    "dovecot below INBOX.": lambda: Dovecot(settings=BELOW_INBOX, without=["QRESYNC", "COMPRESS=DEFLATE"]),
    "dovecot that is half new": lambda: Dovecot(without=["CONDSTORE", "QRESYNC", "UIDPLUS", "LIST-STATUS"]),
}


@dataclass
class Family:
    """A mailbox on one server, and how its folders are called there."""

    synced: Synced
    prefix: str
    separator: str

    def named(self, name: str) -> str:
        """What "Projects/Été" is called on this server."""
        return name if name == "INBOX" else self.prefix + name.replace("/", self.separator)

    def wire(self, name: str) -> str:
        return f'"{imap_utf7.encode(self.named(name)).decode()}"'

    def audit_is_clean(self) -> bool:
        audits = asyncio.run(
            audit_mailbox(self.synced.store, self.synced.settings, self.synced.mailbox(), repair=False)
        )
        assert {one.name for one in audits} >= {self.named(name) for name in ("INBOX", "Sent")}
        return not any(one.differs for one in audits)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Dovecot | Cyrus]:
    with SERVERS[request.param]() as running:
        yield running


@pytest.fixture
def family(server: Dovecot | Cyrus, tmp_path: Path) -> Iterator[Family]:
    below = isinstance(server, Cyrus) or "prefix" in server.settings
    with ExitStack() as stack:
        made = connected(server, tmp_path)
        stack.callback(made.close)
        yield Family(next(made), *(("INBOX.", ".") if below else ("", "/")))


def test_a_mailbox_comes_over_and_stays_in_step(family: Family) -> None:
    synced = family.synced
    for number, flags in enumerate(("", "S", "FS", "RS")):
        synced.deliver(f"history {number}", flags=flags, at=1_700_000_000 + number)
    synced.deliver("plan", folder="Projects/Été")
    synced.deliver("answer", folder="Sent", flags="S")
    assert synced.bring_up() == 6
    assert synced.subjects("INBOX") == [f"history {number}" for number in range(4)]
    flagged = synced.place("history 2")
    assert (flagged.seen, flagged.flagged, flagged.answered) == (True, True, False)
    assert flagged.internal_date.timestamp() == 1_700_000_002
    assert synced.subjects(family.named("Projects/Été")) == ["plan"]
    roles = {"Sent": FolderRole.SENT, "Drafts": FolderRole.DRAFTS, "Junk": FolderRole.JUNK, "Trash": FolderRole.TRASH}
    assert {name: synced.folder(family.named(name)).role for name in roles} == roles
    assert synced.pass_once().stored == 0
    assert family.audit_is_clean()

    synced.deliver("news")
    with by_hand(synced) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen \Flagged)")
        client.uid("STORE", "3", "-FLAGS", r"(\Flagged)")
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    assert synced.bring_up() == 1
    assert synced.subjects("INBOX") == ["history 0", "history 2", "history 3", "news"]
    assert synced.place("history 0").flagged
    assert not synced.place("history 2").flagged
    assert family.audit_is_clean()


def test_moves_and_renames_keep_the_mail(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = family.synced
    synced.deliver("to move", "to stay")
    for number in range(3):
        synced.deliver(f"plan {number}", folder="Projects")
    synced.bring_up()
    projects = synced.folder(family.named("Projects")).id
    downloads = Downloads(monkeypatch)
    with by_hand(synced) as client:
        client.uid("COPY", "1", family.wire("Projects"))
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    synced.bring_up()
    assert synced.subjects("INBOX") == ["to stay"]
    assert synced.subjects(family.named("Projects")) == ["plan 0", "plan 1", "plan 2", "to move"]
    assert len(downloads.uids) == ("OBJECTID" not in capabilities(synced)), "what has an id is known by it"
    with by_hand(synced) as client:
        assert client.rename(family.wire("Projects"), family.wire("Plans"))[0] == "OK"
    synced.bring_up()
    assert synced.folder(family.named("Plans")).id == projects
    assert synced.subjects(family.named("Plans")) == ["plan 0", "plan 1", "plan 2", "to move"]
    assert len(downloads.uids) <= 1
    assert family.audit_is_clean()


def test_a_folder_that_is_made_anew_has_other_uids(family: Family) -> None:
    """Given another UIDVALIDITY under a name that is known, then its old places go and none of its mail is doubled."""
    synced = family.synced
    for number in range(3):
        synced.deliver(f"plan {number}", folder="Projects", at=1_700_000_000 + number)
    synced.bring_up()
    before = synced.folder(family.named("Projects")).uidvalidity
    with by_hand(synced) as client:
        assert client.delete(family.wire("Projects"))[0] == "OK"
    while before == uidvalidity(family, "Projects"):
        with by_hand(synced) as client:  # Cyrus and Dovecot count it in seconds.
            client.delete(family.wire("Projects"))
    for number in (1, 2, 3):
        synced.deliver(f"plan {number}", folder="Projects", at=1_700_000_000 + number)
    synced.bring_up()
    synced.bring_up()  # Where ids tell that it is another folder, the old one went first.
    assert synced.folder(family.named("Projects")).uidvalidity != before
    assert synced.subjects(family.named("Projects")) == ["plan 1", "plan 2", "plan 3"]
    assert family.audit_is_clean()


async def test_news_comes_by_idle_or_by_polling(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = family.synced
    if "IDLE" in synced.server.without:
        monkeypatch.setattr("mailsync.watching.POLL_SECONDS", 0.2)
    await asyncio.to_thread(synced.deliver, "first")
    async with watched(synced.store, synced.settings, synced.mailbox_id):
        await until(lambda: synced.mailbox().state is MailboxState.LIVE)
        for number in range(2):
            await asyncio.to_thread(synced.deliver, f"news {number}")
            await until(lambda number=number: synced.subjects("INBOX")[-1] == f"news {number}")


def uidvalidity(family: Family, folder: str) -> int:
    with by_hand(family.synced) as client:
        client.create(family.wire(folder))
        answer = client.status(family.wire(folder), "(UIDVALIDITY)")[1][0]
    return int(answer.rpartition(b"UIDVALIDITY ")[2].rstrip(b")"))


def capabilities(synced: Synced) -> tuple[str, ...]:
    with by_hand(synced) as client:
        return client.capabilities
