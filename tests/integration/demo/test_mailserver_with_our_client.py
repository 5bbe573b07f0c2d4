"""Mailsync's own IMAP client against the demo's server, in one event loop, as `mailsync demo` runs them."""

from datetime import UTC, datetime

from cli.demo.company import load_company
from cli.demo.mailserver import DemoMailServer
from mailsync.imap.connection import ImapConnection
from mailsync.imap.events import Exists
from mailsync.imap.server import ImapServer, Password, Security

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
NEW = b"From: a@b.example\r\nTo: marta@fontelenta.example\r\nSubject: fresh\r\n\r\nJust arrived.\r\n"


async def test_our_client_reads_every_folder_and_is_woken_by_new_mail():
    company = load_company(NOW)
    marta = next(mailbox for mailbox in company.mailboxes if mailbox.key == "marta")
    async with DemoMailServer(company.messages, company.mailboxes) as server:
        place = ImapServer(server.host, server.port, Security.NONE)
        async with ImapConnection.open(place, Password(marta.email, marta.password)) as client:
            listed = {folder.name: folder.special_use for folder in await client.list_folders() if folder.selectable}
            assert listed == {folder.name: folder.special_use or None for folder in marta.folders}

            for folder in marta.folders:
                selected = await client.select(folder.name)
                bodies = [one.body for one in await client.fetch_bodies(await client.uid_search())]
                sent = [m.raw for m in company.messages if (m.mailbox, m.folder) == ("marta", folder.name)]
                assert bodies == sent
                assert selected.exists == len(sent)

            inbox = await client.select("INBOX")
            await server.deliver(marta.email, NEW)
            async with client.idle(10) as events:
                assert await anext(aiter(events)) == Exists(inbox.exists + 1)
