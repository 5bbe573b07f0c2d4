"""Mailboxes on a real Dovecot that takes the tokens of a strict provider on loopback."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import httpx
import pytest

from core.config import Settings, load_settings
from core.crypto import load_key_ring
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.account import open_connection
from mailsync.mailbox_sync import MailboxSync
from mailsync.oauth import repository as grants
from mailsync.oauth.connecting import Connected, connect_signed_in
from mailsync.oauth.flow import Callback, Wishes, begin, take_back
from migrated import open_copy
from servers.dovecot import Dovecot
from servers.oauth_provider import OAuthProvider as Provider
from servers.smtp_with_tokens import SmtpWithTokens
from storage import leases
from storage.models import Mailbox, MailboxState, OAuthGrant, OAuthProvider
from storage.store import Store, open_store

KEYS = ("client_id", "client_secret", "authorize_url", "token_url", "imap_url", "smtp_url")
REDIRECT = "http://127.0.0.1:8025/settings/mailboxes/oauth/callback/google"


def letter(subject: str) -> bytes:
    """A small mail."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "bo@client.example", "anna@example.test", subject
    mail["Date"], mail["Message-ID"] = "Mon, 05 Oct 2026 09:00:00 +0000", f"<{subject}@client.example>"
    mail.set_content("Hello")
    return mail.as_bytes()


@dataclass
class House:
    """An installation that is registered at the provider, and the servers around it."""

    provider: Provider
    imap: Dovecot
    smtp: SmtpWithTokens
    store: Store
    settings: Settings
    redirect_uri: str = REDIRECT
    key: OAuthProvider = OAuthProvider.GOOGLE

    def begin(self, email: str = "", **wishes: object) -> str:
        """The URL that a person's browser is sent to."""
        return begin(
            self.store,
            self.settings,
            Viewer.system(),
            self.key,
            Wishes(email, **wishes),
            redirect_uri=self.redirect_uri,
        )

    def browse(self, url: str) -> Callback:
        """What comes back from the provider when a person goes there."""
        answer = httpx.get(url)
        assert answer.status_code == 302, answer.text
        query = httpx.URL(answer.headers["location"]).params
        return Callback(query["state"], query.get("code", ""), query.get("error", ""))

    def finish(self, callback: Callback) -> Connected:
        """Take the person back and connect the mailbox."""
        returned = take_back(self.store, self.settings, self.key, callback)
        return connect_signed_in(self.store, self.settings, Viewer.system(), returned)

    def new_account(self) -> str:
        """An address that nobody has used, signed in at the provider from now on."""
        self.provider.account = self.imap.new_user()
        return self.provider.account

    def connect(self) -> int:
        """A fresh account, connected; the id of its mailbox."""
        return self.finish(self.browse(self.begin(self.new_account()))).mailbox_id

    def mailbox(self, mailbox_id: int) -> Mailbox:
        with self.store.database.reading() as session:
            return repository.mailbox(session, mailbox_id)

    def state(self, mailbox_id: int) -> MailboxState:
        return self.mailbox(mailbox_id).state

    def grant(self, mailbox_id: int) -> OAuthGrant:
        with self.store.database.reading() as session:
            grant = grants.grant_of(session, mailbox_id)
        assert grant is not None
        return grant

    def change_grant(self, mailbox_id: int, **values: object) -> None:
        with self.store.database.unit_of_work() as session:
            grant = grants.grant_of(session, mailbox_id)
            for name, value in values.items():
                setattr(grant, name, value)

    def change_username(self, mailbox_id: int, username: str) -> None:
        with self.store.database.unit_of_work() as session:
            repository.mailbox(session, mailbox_id).username = username

    def lease_is_held(self, name: str) -> bool:
        """Whether somebody has the lease of that name."""
        with self.store.database.unit_of_work() as session:
            probe = leases.acquire(session, name, "probe", timedelta(0))
        return probe is None

    def reopen(self) -> None:
        """As a process does that starts anew."""
        self.store.close()
        self.store = open_store(self.settings)

    def deliver(self, mailbox_id: int, subject: str) -> None:
        self.imap.deliver(self.mailbox(mailbox_id).username, letter(subject))

    def sync(self, mailbox_id: int) -> int:
        """Bring the mailbox up to date through a connection of its own; how many messages were stored."""
        return asyncio.run(self._sync(self.mailbox(mailbox_id)))

    async def _sync(self, row: Mailbox) -> int:
        connection = await open_connection(self.store, self.settings, row)
        try:
            sync = MailboxSync(self.store, self.settings, connection, row, lambda _: None, lambda _: None)
            return await sync.bring_up_to_date()
        finally:
            await connection.close()


def environment_of(house: House) -> dict[str, str]:
    """The variables from which another process reads the same settings."""
    google = {name: getattr(house.settings, name) for name in type(house.settings).model_fields if "google" in name}
    found = {f"MAILSYNC_{name.upper()}": str(value) for name, value in google.items()}
    found |= {
        "MAILSYNC_OAUTH_GOOGLE_CLIENT_SECRET": house.provider.client_secret,
        "MAILSYNC_DATA_DIR": str(house.settings.data_dir),
        "MAILSYNC_ALLOW_PRIVATE_HOSTS": "true",
    }
    if house.settings.database_url is not None:
        found |= {
            "MAILSYNC_DATABASE_URL": house.settings.database_url.get_secret_value(),
            "MAILSYNC_SECRET_KEYS_FILE": str(house.settings.secret_keys_file),
            "MAILSYNC_BLOB_DIR": str(house.settings.blob_dir),
        }
    return found


@pytest.fixture(scope="session")
def _providers_of_the_run() -> Iterator[tuple[Provider, Dovecot]]:
    with Provider() as provider, Dovecot(introspection_url=f"{provider.url}/introspect") as imap:
        yield provider, imap


@pytest.fixture
def provider(_providers_of_the_run: tuple[Provider, Dovecot]) -> Iterator[Provider]:
    """The provider, as it behaves when all is well."""
    provider, _ = _providers_of_the_run
    yield provider
    provider.finish()
    provider.lifetime, provider.rotates, provider.slow_seconds = 3600.0, True, 0.0
    provider.consents, provider.verified, provider.scope_given = True, True, None
    provider.troubles.clear()
    provider.counts.clear()


def settings_for(provider: Provider, imap: Dovecot, smtp: SmtpWithTokens, folder: Path, **more: object) -> Settings:
    """Settings of an installation whose Google is on loopback."""
    return load_settings(
        data_dir=folder,
        allow_private_hosts=True,
        **_registered("google", provider, imap, smtp),
        oauth_google_revoke_url=f"{provider.url}/revoke",
        **more,
    )


def _registered(name: str, provider: Provider, imap: Dovecot, smtp: SmtpWithTokens) -> dict[str, str]:
    values = {
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "authorize_url": f"{provider.url}/authorize",
        "token_url": f"{provider.url}/token",
        "imap_url": f"imap://{imap.host}:{imap.port}",
        "smtp_url": f"smtp://{smtp.host}:{smtp.port}",
    }
    return {f"oauth_{name}_{key}": value for key, value in values.items()}


def with_microsoft(house: "House") -> "House":
    """The same installation, with Microsoft in the place of Google."""
    google = {key: getattr(house.settings, f"oauth_google_{key}") for key in KEYS}
    changes = {f"oauth_microsoft_{key}": value for key, value in google.items()}
    settings = house.settings.model_copy(update=changes)
    return replace(house, settings=settings, key=OAuthProvider.MICROSOFT)


@pytest.fixture
def smtp(provider: Provider) -> Iterator[SmtpWithTokens]:
    """An SMTP server that takes the provider's tokens."""
    with SmtpWithTokens(provider.account_of) as server:
        yield server


@pytest.fixture
def house(
    provider: Provider, _providers_of_the_run: tuple[Provider, Dovecot], smtp: SmtpWithTokens, tmp_path: Path
) -> Iterator[House]:
    """An installation on SQLite."""
    imap = _providers_of_the_run[1]
    settings = settings_for(provider, imap, smtp, tmp_path)
    store = open_copy(settings)
    yield House(provider, imap, smtp, store, settings)
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_house(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Iterator[House]:
    """An installation on each database."""
    if request.param == "sqlite":
        yield house
        return
    keys = tmp_path / "shared-keys.json"
    load_key_ring(keys, create=True)
    settings = settings_for(
        house.provider,
        house.imap,
        house.smtp,
        tmp_path,
        database_url=request.getfixturevalue("postgres_url"),
        secret_keys_file=keys,
        blob_dir=tmp_path / "blobs",
    )
    store = open_copy(settings)
    yield House(house.provider, house.imap, house.smtp, store, settings)
    store.close()
