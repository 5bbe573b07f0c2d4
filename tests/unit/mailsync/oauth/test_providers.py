"""What is asked of each provider, and where the mail of its accounts is."""

import pytest

from core.config import Settings, load_settings
from core.errors import UsageError
from mailsync.imap.server import Security
from mailsync.oauth.errors import NotSetUp
from mailsync.oauth.providers import find_provider, is_set_up, provider_of_address, redirect_uri, smtp_url_for
from mailsync.presets import presets
from storage.models import OAuthProvider


def registered(**more: object) -> Settings:
    return load_settings(oauth_google_client_id="us", oauth_microsoft_client_id="us", **more)


def test_without_a_client_id_a_provider_is_not_set_up() -> None:
    settings = load_settings(oauth_google_client_id="us")
    assert is_set_up(settings, OAuthProvider.GOOGLE)
    assert not is_set_up(settings, OAuthProvider.MICROSOFT)
    with pytest.raises(NotSetUp, match="MAILSYNC_OAUTH_MICROSOFT_CLIENT_ID"):
        find_provider(settings, OAuthProvider.MICROSOFT)


def test_a_secret_is_never_shown() -> None:
    settings = registered(oauth_google_client_secret="hush")
    provider = find_provider(settings, OAuthProvider.GOOGLE)
    assert provider.client_secret == "hush"
    assert "hush" not in repr(provider) + repr(settings)


def test_scopes_are_for_mail_and_for_who_it_is() -> None:
    google, microsoft = (find_provider(registered(), key) for key in OAuthProvider)
    assert google.scope == "https://mail.google.com/ openid email"
    assert google.parameters["access_type"] == "offline"
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in microsoft.scope.split()
    assert {"offline_access", "openid", "email"} < set(microsoft.scope.split())


def test_servers_are_the_providers_own_unless_set_otherwise() -> None:
    google, microsoft = (find_provider(registered(), key) for key in OAuthProvider)
    server = google.imap_server()
    assert (server.host, server.port, server.security) == ("imap.gmail.com", 993, Security.TLS)
    assert smtp_url_for(registered(), google, "anna@own.example") == "smtps://smtp.gmail.com:465"
    assert "smtp.office365.com" in smtp_url_for(registered(), microsoft, "anna@own.example")
    assert "smtp-mail.outlook.com" in smtp_url_for(registered(), microsoft, "anna@outlook.com")

    own = registered(oauth_microsoft_smtp_url="smtps://relay.example", oauth_microsoft_imap_url="imap+starttls://box")
    microsoft = find_provider(own, OAuthProvider.MICROSOFT)
    assert smtp_url_for(own, microsoft, "anna@outlook.com") == "smtps://relay.example"
    assert (microsoft.imap_server().port, microsoft.imap_server().security) == (143, Security.STARTTLS)


def test_each_provider_has_a_redirect_address_of_its_own() -> None:
    settings = load_settings(base_url="https://mail.example.com/")
    assert len({redirect_uri(settings, key) for key in OAuthProvider}) == 2
    assert redirect_uri(settings, OAuthProvider.GOOGLE) == (
        "https://mail.example.com/settings/mailboxes/oauth/callback/google"
    )


def test_the_domain_tells_the_provider_where_it_can() -> None:
    assert provider_of_address("Anna@GMail.com") is OAuthProvider.GOOGLE
    assert provider_of_address("anna@hotmail.fr") is OAuthProvider.MICROSOFT
    with pytest.raises(UsageError, match="--provider"):
        provider_of_address("anna@own.example")
    assert {preset.oauth for preset in presets()} - {None} == {key.value for key in OAuthProvider}


@pytest.mark.parametrize("url", ["http://accounts.example/token", "ftp://x", "accounts.example", "https://", ""])
def test_codes_and_tokens_travel_encrypted_only(url: str) -> None:
    with pytest.raises(UsageError, match="MAILSYNC_OAUTH_GOOGLE_TOKEN_URL"):
        load_settings(oauth_google_token_url=url)
    assert load_settings(oauth_google_token_url="http://127.0.0.1:9/token").oauth_google_token_url
