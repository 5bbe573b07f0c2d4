"""What happens in the demo, told as it happens, and counted at the end from the store itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from campaigns.report import Report
from cli.demo.answering import answer_first_waiting
from cli.demo.company.model import Company
from cli.demo.newsletter import newsletter_report, play_readers, send_newsletter
from cli.demo.repository import Stored, count_stored
from cli.demo.sink import DemoSink
from core.config import Settings
from core.errors import Transient
from crm.access.viewer import Viewer
from mailsync import repository
from storage import outbox
from storage.models import MailboxState
from storage.store import Store
from web.words import plural

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.1
ANSWERS = "marta"
"""Who answers a customer in the demo."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The demo's numbers."""

    stored: Stored
    newsletter: Report

    def as_json(self) -> dict[str, object]:
        """What `mailsync demo --once --json` prints."""
        sent = self.newsletter
        campaign = {
            "audience": sent.audience,
            "sent": sent.sent,
            "failed": sent.failed,
            "skipped": sent.skipped,
            "in_doubt": sent.in_doubt,
            "opened": sent.opened.human,
            "clicked": sent.clicked.human,
        }
        return {**self.stored.as_json(), "campaign": campaign}


@dataclass(frozen=True, slots=True)
class Story:
    """The demo's course of events, over a daemon that is running."""

    store: Store
    settings: Settings
    company: Company
    users: dict[str, int]
    sink: DemoSink
    say: Callable[[str], None]

    async def tell(self) -> Outcome:
        """Mail arrives and is put where it belongs, one is answered, a newsletter goes out and is read."""
        self.say(f"Syncing {len(self.company.mailboxes)} mailboxes over IMAP …")
        await self._until(self._synced, "the mailboxes were synced")
        await self._until(self._idle, "every job was done")
        stored = await asyncio.to_thread(self._count)
        self.say(
            f"{stored.messages} messages in {stored.threads} threads are stored; "
            f"{plural(stored.tasks, 'task', 'tasks')} and {plural(stored.posts, 'post', 'posts')} came by mail."
        )
        self.say("Marta answers a customer …")
        await asyncio.to_thread(answer_first_waiting, self.store, self.users[ANSWERS])
        await self._until(lambda: self._count().messages > stored.messages, "the answer was sent and seen in Sent")
        await self._send_newsletter()
        return await asyncio.to_thread(lambda: Outcome(self._count(), newsletter_report(self.store, self.company)))

    async def _send_newsletter(self) -> None:
        self.say(f"The newsletter “{self.company.campaign.name}” goes out …")
        await asyncio.to_thread(send_newsletter, self.store, self.settings, self.company)
        await self._until(self._newsletter_settled, "the newsletter was sent")
        self.say(f"{self.sink.count} mails have reached the sink; readers open and click …")
        await play_readers(self.sink, self.company)
        await self._until(self._read, "the opens and clicks were counted")
        await self._until(lambda: self._idle() and self._synced(), "the last mail was synced")

    def _synced(self) -> bool:
        with self.store.database.reading() as session:
            return all(box.state is MailboxState.LIVE for box in repository.mailboxes(session, Viewer.system()))

    def _idle(self) -> bool:
        with self.store.database.reading() as session:
            return outbox.waiting_now(session) == 0

    def _count(self) -> Stored:
        with self.store.database.reading() as session:
            return count_stored(session)

    def _newsletter_settled(self) -> bool:
        """Everybody was tried once; who asked us to come later is still open, and that may take minutes."""
        found = newsletter_report(self.store, self.company)
        return found.audience > 0 and found.pending <= self.sink.deferrals

    def _read(self) -> bool:
        found, readers = newsletter_report(self.store, self.company), self.company.readers
        return found.opened.human >= len(readers.open) and found.clicked.human >= len(readers.click)

    async def _until(self, fact: Callable[[], bool], what: str) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not await asyncio.to_thread(fact):
            if asyncio.get_running_loop().time() > deadline:
                raise Transient(f"The demo waited two minutes and gave up before {what}.")
            await asyncio.sleep(LOOK_SECONDS)
