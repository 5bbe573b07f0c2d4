"""A person signs in to a mailbox at its provider, in a real browser: away from our pages under their policy, and back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seeds.console import Console, SeededFolder, running_console
from servers.dovecot import Dovecot
from servers.oauth_provider import OAuthProvider
from servers.process import free_port
from servers.smtp_with_tokens import SmtpWithTokens

WIDTHS = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def provider() -> Iterator[OAuthProvider]:
    with OAuthProvider() as server:
        yield server


@pytest.fixture(scope="session")
def mail_server(provider: OAuthProvider) -> Iterator[Dovecot]:
    with Dovecot(introspection_url=f"{provider.url}/introspect") as server:
        yield server


@pytest.fixture
def console(seeded: SeededFolder, provider: OAuthProvider, mail_server: Dovecot, tmp_path: Path) -> Iterator[Console]:
    """A console whose Google is on another site than itself, as far as cookies are concerned."""
    with (
        SmtpWithTokens(provider.account_of) as smtp,
        running_console(
            seeded,
            tmp_path / "data",
            port=free_port(),
            oauth_google_client_id=provider.client_id,
            oauth_google_client_secret=provider.client_secret,
            oauth_google_authorize_url=f"http://localhost:{provider.port}/authorize",
            oauth_google_token_url=f"{provider.url}/token",
            oauth_google_imap_url=f"imap://{mail_server.host}:{mail_server.port}",
            oauth_google_smtp_url=f"smtp://{smtp.host}:{smtp.port}",
        ) as running,
    ):
        yield running


def test_a_mailbox_is_connected_by_keyboard_alone(
    open_page: Callable[..., Page], provider: OAuthProvider, mail_server: Dovecot
) -> None:
    provider.account = mail_server.new_user()
    page = open_page("/settings/mailboxes/new")

    page.get_by_role("link", name="Sign in with Google").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/oauth/start?provider=google")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(provider.account)
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/settings/mailboxes/\d+/connected$"))
    expect(page.get_by_role("main")).to_contain_text(provider.account)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_fit(open_page: Callable[..., Page], width: str, scheme: str) -> None:
    page = open_page(who="ines", viewport=WIDTHS[width], color_scheme=scheme)
    for provider in ("google", "microsoft"):
        page.goto(f"/settings/mailboxes/oauth/start?provider={provider}&email=anna@example.test")
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, (provider, width)
