"""The whole demo in one process and one event loop: mail server, sink, daemon, and the story that runs over them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from cli.daemon import ROLES, make_roles
from cli.demo.company import Company, load_company
from cli.demo.company.model import SampleMessage
from cli.demo.mailserver import DemoMailServer
from cli.demo.newsletter import prepare_newsletter
from cli.demo.seeding import Servers, seed_mailboxes, seed_people, seed_records, seed_secret_addresses
from cli.demo.sink import DemoSink
from cli.demo.story import Outcome, Story
from core.clock import utcnow
from core.config import Settings
from core.errors import UsageError
from storage.store import Store
from workers.process import play


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo runs. `without` leaves sample messages out, by their names."""

    once: bool
    classic: bool
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demo:
    """The sample company over an empty store. `say` is told each step in a sentence."""

    store: Store
    settings: Settings
    listener: socket.socket
    options: DemoOptions
    say: Callable[[str], None]

    async def run(self, stop: asyncio.Event, on_outcome: Callable[[Outcome, Company], None]) -> None:
        """Tell the story, hand over its outcome, then run on until `stop` (not with `once`)."""
        company, users = await asyncio.to_thread(self._seed_company)
        messages = self._messages(company)
        async with _servers(company, messages) as (imap, sink):
            self.say(
                f"Its IMAP server is on port {imap.port} with {len(messages)} messages, its SMTP sink on port {sink.port}."
            )
            await asyncio.to_thread(self._seed_mail, company, users, imap, sink)
            story = Story(self.store, self.settings, company, users, sink, self.say)
            await self._play(story, stop, lambda outcome: on_outcome(outcome, company))

    def _seed_company(self) -> tuple[Company, dict[str, int]]:
        """The company, whose sample mail goes to its people's secret addresses, and the ids of these people by key."""
        now = utcnow()
        users = seed_people(self.store, load_company(now))
        company = load_company(now, seed_secret_addresses(self.store, users))
        self.say(
            f"{company.name}: {len(company.people)} people, {len(company.contacts)} contacts, {len(company.deals)} deals."
        )
        seed_records(self.store, company, users, classic=self.options.classic)
        return company, users

    def _messages(self, company: Company) -> list[SampleMessage]:
        without = self.options.without
        if not set(without) <= {message.name for message in company.messages}:
            raise UsageError("There is no sample message of that name.")
        return [message for message in company.messages if message.name not in without]

    def _seed_mail(self, company: Company, users: dict[str, int], imap: DemoMailServer, sink: DemoSink) -> None:
        servers = Servers(imap.host, imap.port, f"smtp://{sink.host}:{sink.port}")
        seed_mailboxes(self.store, self.settings, company, users, servers)
        prepare_newsletter(self.store, self.settings, company, servers.smtp_url)

    async def _play(self, story: Story, stop: asyncio.Event, on_outcome: Callable[[Outcome], None]) -> None:
        """Run the daemon; whichever of it and the story fails, the daemon is stopped in order."""
        daemon = asyncio.create_task(play(make_roles(ROLES, self.store, self.settings, self.listener), stop))
        told = asyncio.create_task(story.tell())
        await asyncio.wait({daemon, told}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if told.done():
                on_outcome(told.result())
                if self.options.once:
                    stop.set()
        except BaseException:
            stop.set()
            raise
        finally:
            told.cancel()
            await daemon


@asynccontextmanager
async def _servers(
    company: Company, messages: Sequence[SampleMessage]
) -> AsyncIterator[tuple[DemoMailServer, DemoSink]]:
    async with DemoMailServer(messages, company.mailboxes, intake=company.intake_mailbox) as imap:
        sink = DemoSink(
            refuse=company.readers.refuse,
            defer=company.readers.defer,
            local_domain=company.domain,
            authserv_id=company.authserv_id,
            deliver=imap.deliver,
        )
        async with sink:
            yield imap, sink
