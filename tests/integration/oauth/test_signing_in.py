"""From the provider's page to a connected mailbox, and everything that may go wrong on the way."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from core.clock import utcnow
from core.errors import Conflict, Forbidden, UsageError
from crm.access.viewer import Viewer
from integration.oauth.conftest import House, with_microsoft
from loopback_mailbox import loopback_mailbox
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from mailsync.oauth import connecting
from mailsync.oauth.connecting import connect_signed_in
from mailsync.oauth.errors import NotSetUp, SignInFailed, SignInUnavailable
from mailsync.oauth.flow import Callback, Wishes, begin, take_back
from mailsync.removal.asking import ask_to_remove
from servers.oauth_provider import Trouble
from storage.models import Mailbox, MailboxState, OAuthFlow, OAuthProvider, Role


def count(house: House, table: type) -> int:
    with house.store.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_mailbox_is_connected_and_synced_without_a_password(either_house: House) -> None:
    house = either_house
    account = house.new_account()
    house.imap.deliver(account, b"Subject: hello\r\nFrom: bo@client.example\r\n\r\nHello")

    connected = house.finish(house.browse(house.begin(account, name="Anna")))

    row = house.mailbox(connected.mailbox_id)
    assert connected.sending_problem is None
    assert (row.email, row.name, row.username, row.oauth_provider) == (account, "Anna", account, OAuthProvider.GOOGLE)
    assert (row.password_encrypted, row.smtp_password_encrypted) == ("", None)
    assert house.sync(connected.mailbox_id) == 1
    assert count(house, OAuthFlow) == 0


def test_without_an_address_it_is_the_one_of_the_account(house: House) -> None:
    account = house.new_account()

    connected = house.finish(house.browse(house.begin()))

    assert house.mailbox(connected.mailbox_id).email == account


def test_microsofts_way_with_its_own_scopes_and_claims(house: House) -> None:
    house = with_microsoft(house)
    house.provider.verified = False  # Microsoft says nothing of the kind.
    mailbox_id = house.connect()

    assert house.mailbox(mailbox_id).oauth_provider is OAuthProvider.MICROSOFT
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.deliver(mailbox_id, "hello")
    assert house.sync(mailbox_id) == 1
    assert house.provider.counts["refresh_token"] == 1

    house.provider.scope_given = "https://outlook.office365.com/IMAP.AccessAsUser.All openid"
    assert house.mailbox(house.connect()).oauth_provider is OAuthProvider.MICROSOFT
    house.provider.scope_given = "https://outlook.office.com/SMTP.Send openid"
    with pytest.raises(SignInFailed, match="every box"):
        house.connect()


def test_a_state_works_once_and_not_for_ever(house: House) -> None:
    account = house.new_account()
    callback = house.browse(house.begin(account))
    house.finish(callback)
    with pytest.raises(SignInFailed, match="used already"):
        house.finish(callback)

    late = house.browse(house.begin(account))
    with time_machine.travel(utcnow() + timedelta(minutes=11)), pytest.raises(SignInFailed, match="too old"):
        house.finish(late)
    with pytest.raises(SignInFailed):
        house.finish(Callback("made up", "a code"))
    assert house.provider.counts["authorization_code"] == 1


def test_a_sign_in_belongs_to_the_browser_and_the_provider_that_it_began_with(house: House) -> None:
    for elsewhere in ({"provider": OAuthProvider.MICROSOFT}, {"session_hash": "another"}, {"session_hash": ""}):
        account = house.new_account()
        url = begin(
            house.store,
            house.settings,
            Viewer.system(),
            OAuthProvider.GOOGLE,
            Wishes(account),
            redirect_uri=house.redirect_uri,
            session_hash="mine",
        )
        arguments = {"provider": OAuthProvider.GOOGLE, "session_hash": "mine"} | elsewhere
        with pytest.raises(SignInFailed):
            take_back(house.store, house.settings, callback=house.browse(url), **arguments)
    assert house.provider.counts["authorization_code"] == 0


def test_the_code_is_bound_to_what_only_we_know(house: House) -> None:
    """A code that was stolen on its way is worth nothing: the provider checks PKCE, and here it is checked by it."""
    mine, theirs = house.browse(house.begin(house.new_account())), house.browse(house.begin())

    with pytest.raises(SignInFailed):
        house.finish(Callback(mine.state, theirs.code))
    assert house.provider.counts["invalid_grant"] == 1


def test_another_account_than_the_mailboxs_is_refused(house: House) -> None:
    hers = house.new_account()
    url = house.begin(hers)
    house.new_account()

    with pytest.raises(SignInFailed, match="Another account") as refused:
        house.finish(house.browse(url))

    assert "@" not in str(refused.value)
    assert count(house, Mailbox) == 0


def test_an_address_that_the_provider_did_not_verify_is_not_believed(house: House) -> None:
    house.provider.verified = False
    with pytest.raises(SignInFailed, match="did not tell"):
        house.connect()


def test_a_person_who_says_no_or_only_half_yes_is_told_what_that_means(house: House) -> None:
    house.provider.consents = False
    with pytest.raises(SignInFailed, match="not allowed at Google"):
        house.connect()

    house.provider.consents, house.provider.scope_given = True, "openid email"
    with pytest.raises(SignInFailed, match="every box"):
        house.connect()
    assert count(house, Mailbox) == 0


def test_what_the_servers_refuse_is_said_and_nothing_is_saved(house: House) -> None:
    house.provider.troubles.append(Trouble(503))
    with pytest.raises(SignInUnavailable):
        house.connect()

    account = house.new_account()
    callback = house.browse(house.begin(account))
    house.imap.stop()
    try:
        with pytest.raises(Exception, match="takes no connections"):
            house.finish(callback)
    finally:
        house.imap.start()
    assert count(house, Mailbox) == 0


def test_without_a_registration_the_message_names_the_variable(house: House) -> None:
    with pytest.raises(NotSetUp, match="MAILSYNC_OAUTH_MICROSOFT_CLIENT_ID"):
        begin(
            house.store,
            house.settings,
            Viewer.system(),
            OAuthProvider.MICROSOFT,
            Wishes("anna@outlook.com"),
            redirect_uri=house.redirect_uri,
        )


def test_an_address_of_no_imap_server_names_its_setting(house: House) -> None:
    house.settings = house.settings.model_copy(update={"oauth_google_imap_url": "imap.gmail.com"})
    with pytest.raises(UsageError, match="MAILSYNC_OAUTH_GOOGLE_IMAP_URL"):
        house.connect()


def test_a_mailbox_with_a_password_is_signed_in_instead_by_whom_it_belongs_to(house: House) -> None:
    account = house.new_account()
    given = loopback_mailbox(account, house.imap.port)
    mailbox_id = add_mailbox(house.store, house.settings, given)
    callback = house.browse(house.begin(account))
    returned = take_back(house.store, house.settings, OAuthProvider.GOOGLE, callback)
    with pytest.raises(Forbidden):
        connect_signed_in(house.store, house.settings, Viewer(4711, Role.SELLER), returned)
    assert house.mailbox(mailbox_id).oauth_provider is None

    assert house.finish(house.browse(house.begin(account))).mailbox_id == mailbox_id

    row = house.mailbox(mailbox_id)
    assert (row.oauth_provider, row.password_encrypted, row.state) == (
        OAuthProvider.GOOGLE,
        "",
        MailboxState.CONNECTING,
    )
    house.deliver(mailbox_id, "hello")
    assert house.sync(mailbox_id) == 1


def test_what_became_of_the_mailbox_while_its_servers_were_tried_counts(house: House, monkeypatch) -> None:
    account = house.new_account()
    callback = house.browse(house.begin(account))
    given = NewMailbox(account, "secret", imap_host="127.0.0.1", imap_security=Security.NONE, owner_id=None)
    try_servers, seller = connecting._try_servers, Viewer(4711, Role.SELLER)
    ids: list[int] = []

    async def somebody_connects_it(*tried: object) -> str | None:
        ids.append(add_mailbox(house.store, house.settings, given, test=False))
        return await try_servers(*tried)

    async def somebody_removes_it(*tried: object) -> str | None:
        ask_to_remove(house.store, Viewer.system(), ids[0], keep_mail=True)
        return await try_servers(*tried)

    monkeypatch.setattr(connecting, "_try_servers", somebody_connects_it)
    returned = take_back(house.store, house.settings, OAuthProvider.GOOGLE, callback)
    with pytest.raises(Forbidden):
        connect_signed_in(house.store, house.settings, seller, returned)
    monkeypatch.setattr(connecting, "_try_servers", somebody_removes_it)
    with pytest.raises(Conflict, match="being removed"):
        house.finish(house.browse(house.begin(account)))

    assert house.mailbox(ids[0]).oauth_provider is None
