"""The whole demo in one process and one event loop: mail server, sink, daemon, and the story that runs over them."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from cli.daemon import ROLES, make_roles
from cli.demo.company import Company, load_company
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
    """How the demo runs. `without` leaves one sample message out, by its name."""

    once: bool
    classic: bool
    without: str | None = None


async def run_demo(
    store: Store,
    settings: Settings,
    listener: socket.socket,
    options: DemoOptions,
    stop: asyncio.Event,
    say: Callable[[str], None],
    on_outcome: Callable[[Outcome, Company], None],
) -> None:
    """Tell the story, hand over its outcome, then run on until `stop` (not with `once`)."""
    now = utcnow()
    users = await asyncio.to_thread(seed_people, store, load_company(now))
    tokens = await asyncio.to_thread(seed_secret_addresses, store, users)
    company = load_company(now, tokens)
    say(f"{company.name}: {len(company.people)} people, {len(company.contacts)} contacts, {len(company.deals)} deals.")
    await asyncio.to_thread(seed_records, store, company, users, classic=options.classic)
    messages = [message for message in company.messages if message.name != options.without]
    if options.without and len(messages) == len(company.messages):
        raise UsageError("There is no sample message of that name.")
    async with AsyncExitStack() as stack:
        imap = await stack.enter_async_context(
            DemoMailServer(messages, company.mailboxes, intake=company.intake_mailbox)
        )
        sink = await stack.enter_async_context(
            DemoSink(
                refuse=company.readers.refuse,
                defer=company.readers.defer,
                local_domain=company.domain,
                authserv_id=company.authserv_id,
                deliver=imap.deliver,
            )
        )
        smtp_url = f"smtp://{sink.host}:{sink.port}"
        servers = Servers(imap.host, imap.port, smtp_url)
        say(f"Its IMAP server is on port {imap.port} with {len(messages)} messages, its SMTP sink on port {sink.port}.")
        await asyncio.to_thread(seed_mailboxes, store, settings, company, users, servers)
        await asyncio.to_thread(prepare_newsletter, store, settings, company, smtp_url)
        daemon = asyncio.create_task(play(make_roles(ROLES, store, settings, listener), stop))
        story = asyncio.create_task(Story(store, settings, company, users, sink, say).tell())
        await asyncio.wait({daemon, story}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if story.done():
                on_outcome(story.result(), company)
                if options.once:
                    stop.set()
        except BaseException:
            stop.set()
            raise
        finally:
            story.cancel()
            await daemon
