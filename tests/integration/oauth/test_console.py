"""Signing in from the console, as a browser does it: our pages, the provider's, and back."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from core.addresses import address_key
from integration.oauth.conftest import House, settings_for
from mailsync import repository
from seeds.console import Console, csrf_of, seed_folder, serving
from storage.models import Mailbox, MailboxState, OAuthProvider, ShareLevel
from storage.store import open_store

CONSOLE = "http://127.0.0.1:8025"
START = "/settings/mailboxes/oauth/start"


@dataclass
class Site:
    """The console of a company that is registered at the provider."""

    console: Console
    house: House

    def go_on(self, browser: httpx.Client, **form: str) -> httpx.Response:
        """Press the button on the start page; the page that leads to the provider."""
        page = f"{START}?provider=google"
        return browser.post(START, data={"csrf": csrf_of(browser, page), "provider": "google", **form})

    def sign_in(self, browser: httpx.Client, **form: str) -> httpx.Response:
        """All the way; the page on which it ends."""
        return browser.get(self.way_back(self.go_on(browser, **form)))

    def way_back(self, leaving: httpx.Response) -> str:
        """Where the provider sends the browser."""
        seconds, url = leaving.headers["refresh"].split("; url=")
        assert seconds == "0"
        assert html.escape(url) in leaving.text
        back = httpx.get(url).headers["location"]
        assert back.startswith(f"{CONSOLE}/settings/mailboxes/oauth/callback/google?")
        return back.removeprefix(CONSOLE)

    def saved(self, email: str) -> Mailbox | None:
        with self.house.store.database.reading() as session:
            return repository.mailbox_by_email(session, address_key(email))


@pytest.fixture(scope="session")
def _seeded(tmp_path_factory: pytest.TempPathFactory):
    return seed_folder(tmp_path_factory.mktemp("company"))


@pytest.fixture
def site(house: House, _seeded, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "console"
    _copy(_seeded.path, folder)
    # Other tests serve a console at the same time: the port is free, and the provider sends browsers to the usual one.
    settings = settings_for(house.provider, house.imap, house.smtp, folder, port=0, base_url=CONSOLE)
    store = open_store(settings)
    with serving(store, settings, _seeded.seed) as console:
        yield Site(console, House(house.provider, house.imap, house.smtp, store, settings))
    store.close()


def _copy(source: Path, target: Path) -> None:
    target.mkdir()
    for file in source.iterdir():
        if file.is_file():
            (target / file.name).write_bytes(file.read_bytes())


def test_a_person_signs_in_and_the_mailbox_is_theirs(site: Site) -> None:
    account = site.house.new_account()
    marta = site.console.browser("marta")

    ended = site.sign_in(marta, email=account, name="Marta", depth="month", level=ShareLevel.SUBJECT.value)

    row = site.saved(account)
    assert row is not None
    assert ended.url.path == f"/settings/mailboxes/{row.id}/connected"
    assert account in ended.text
    assert row.share_level is ShareLevel.SUBJECT
    assert (row.oauth_provider, row.owner_id) == (OAuthProvider.GOOGLE, site.console.seed.people["marta"])
    assert row.depth_since is not None
    site.house.deliver(row.id, "hello")
    assert site.house.sync(row.id) == 1


def test_the_way_back_is_for_the_browser_that_went_and_works_once(site: Site) -> None:
    account = site.house.new_account()
    marta, ines = site.console.browser("marta"), site.console.browser("ines")
    back = site.way_back(site.go_on(marta, email=account))

    assert ines.get(back).status_code == 422
    assert "start it again" in ines.get(back).text
    assert marta.get(back).status_code == 422
    assert site.saved(account) is None

    back = site.way_back(site.go_on(marta, email=account))
    assert site.console.browser().get(back).url.path == "/login"
    assert marta.get(back).url.path.endswith("/connected")
    assert marta.get(back).status_code == 422


def test_what_went_wrong_is_said_where_one_can_try_again(site: Site) -> None:
    marta = site.console.browser("marta")
    hers = site.house.new_account()
    leaving = site.go_on(marta, email=hers)
    theirs = site.house.new_account()

    failed = marta.get(site.way_back(leaving))

    assert failed.status_code == 422
    assert 'role="alert"' in failed.text
    assert "Another account" in failed.text
    assert theirs not in failed.text
    assert f'value="{hers}"' in failed.text

    site.house.provider.consents = False
    assert "not allowed at Google" in site.sign_in(marta, email=hers).text


def test_a_server_that_does_not_take_the_sign_in_is_told_where_one_can_try_again(site: Site) -> None:
    account = site.house.new_account()
    marta = site.console.browser("marta")
    site.house.provider.lifetime = 0.0  # Over before the mail server asks what the token is worth.

    failed = site.sign_in(marta, email=account)

    assert failed.status_code == 422
    assert "does not take our sign-in" in failed.text
    assert f'value="{account}"' in failed.text
    assert "Go on to Google" in failed.text
    assert site.saved(account) is None

    site.house.provider.lifetime = 3600.0
    assert site.sign_in(marta, email=account).url.path.endswith("/connected")


def test_a_day_that_has_not_come_is_said_before_anybody_is_sent_off(site: Site) -> None:
    answer = site.go_on(site.console.browser("marta"), email="anna@example.test", depth="day", day="2999-01-01")
    assert answer.status_code == 422
    assert "not come yet" in answer.text
    assert "refresh" not in answer.headers


def test_what_was_chosen_stands_there_again_whatever_went_wrong(site: Site) -> None:
    """Shared and a level together: the one who unticks the first goes on with the second."""
    ines = site.console.browser("ines")
    hers = site.house.new_account()
    chosen = {"email": hers, "name": "Ines & Co", "depth": "day", "level": "subject", "shared": "true"}
    leaving = site.go_on(ines, day="2025-03-30", **chosen)
    site.house.new_account()
    failed = ines.get(site.way_back(leaving))
    site.house.provider.consents = False
    declined = site.sign_in(ines, day="2025-03-30", **chosen)

    for page, day in (
        (failed, "30/03/2025"),
        (declined, "30/03/2025"),
        (site.go_on(ines, day="2999-01-01", **chosen), "01/01/2999"),
    ):
        assert page.status_code == 422
        for kept in (
            f'name="email" value="{hers}"', 'name="name" value="Ines &amp; Co"', '<option value="day" selected>',
            f'name="day" value="{day}"', 'value="subject" checked', 'name="shared" value="true" checked',
        ):  # fmt: skip
            assert kept in page.text
    everything = site.sign_in(ines, email=hers, depth="all").text
    assert '<option value="all" selected>' in everything
    assert 'name="name" value=""' in everything


def test_without_a_registration_administrators_read_what_to_do_and_others_whom_to_ask(site: Site) -> None:
    page = f"{START}?provider=microsoft&email=anna@outlook.com"
    for_administrator = site.console.browser("ines").get(page)
    for_others = site.console.browser("marta").get(page)

    assert "MAILSYNC_OAUTH_MICROSOFT_CLIENT_ID" in for_administrator.text
    assert f"{CONSOLE}/settings/mailboxes/oauth/callback/microsoft" in for_administrator.text
    assert "Ask an administrator" in for_others.text
    assert "Go on to Microsoft" not in for_administrator.text + for_others.text


def test_nobody_is_sent_off_by_another_site(site: Site) -> None:
    marta = site.console.browser("marta")
    assert marta.post(START, data={"provider": "google"}).status_code == 403
    assert marta.get(f"{START}?provider=elsewhere").status_code == 422


def test_a_mailbox_whose_grant_has_ended_offers_to_sign_in_again(site: Site) -> None:
    account = site.house.new_account()
    marta = site.console.browser("marta")
    site.sign_in(marta, email=account)
    row = site.saved(account)
    assert row is not None
    with site.house.store.database.unit_of_work() as session:
        repository.set_state(session, row.id, MailboxState.AUTH_FAILED, "Google has ended our access.")

    assert "sign in again" in marta.get("/settings").text
    page = marta.get(f"/settings/mailboxes/{row.id}").text
    link = re.search(r'href="(/settings/mailboxes/oauth/start\?provider=google&amp;email=[^"]+)"', page)

    assert link is not None
    assert f"/settings/mailboxes/{row.id}/password" not in page
    again = marta.get(html.unescape(link.group(1)))
    assert "Sign in again" in again.text
    assert site.sign_in(marta, email=account).url.path == "/settings"
    renewed = site.saved(account)
    assert renewed is not None
    assert (renewed.id, renewed.state) == (row.id, MailboxState.CONNECTING)


def test_a_mailbox_that_may_not_send_is_connected_and_says_so(site: Site) -> None:
    site.house.smtp.switched_off = True
    account = site.house.new_account()

    ended = site.sign_in(site.console.browser("marta"), email=account)

    assert "Connected, for reading" in ended.text
    assert site.saved(account) is not None
