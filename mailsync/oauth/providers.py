"""The providers whose mailboxes can be entered by signing in: what we ask of each, and where its servers are."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.addresses import address_key
from core.config import PREFIX, Settings
from core.errors import UsageError
from mailsync.imap.server import ImapServer, Security
from mailsync.logins import DEFAULT_PORTS
from mailsync.oauth.errors import NotSetUp
from mailsync.presets import preset_for
from storage.models import OAuthProvider

NAMES = {OAuthProvider.GOOGLE: "Google", OAuthProvider.MICROSOFT: "Microsoft"}
GIVEN_BACK = {
    OAuthProvider.GOOGLE: "Mailsync gives its access to the account back to Google.",
    OAuthProvider.MICROSOFT: (
        "Mailsync forgets its access to the account. Microsoft keeps the consent: it is taken back at "
        "myapps.microsoft.com (companies) or account.live.com/consent/Manage (Outlook.com)."
    ),
}
"""What becomes of a grant when its mailbox is removed, for people."""
_IMAP_SCHEMES = {"imaps": Security.TLS, "imap+starttls": Security.STARTTLS, "imap": Security.NONE}
_MAIL_SCOPES = {
    OAuthProvider.GOOGLE: ("https://mail.google.com/",),
    OAuthProvider.MICROSOFT: (
        "https://outlook.office.com/IMAP.AccessAsUser.All",
        "https://outlook.office.com/SMTP.Send",
    ),
}
_IDENTITY_SCOPES = {
    OAuthProvider.GOOGLE: ("openid", "email"),
    OAuthProvider.MICROSOFT: ("offline_access", "openid", "email", "profile"),
}
# Google gives a refresh token only to who asks for offline access and has the person consent (again).
_MORE_PARAMETERS = {
    OAuthProvider.GOOGLE: {"access_type": "offline", "prompt": "consent"},
    OAuthProvider.MICROSOFT: {"response_mode": "query"},
}


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as this installation is registered there."""

    key: OAuthProvider
    client_id: str
    client_secret: str | None = field(repr=False)
    authorize_url: str
    token_url: str
    imap_url: str
    smtp_url: str
    revoke_url: str | None = None
    """Where access is given back (RFC 7009); Microsoft has no such place for programs."""

    @property
    def name(self) -> str:
        """What people call it."""
        return NAMES[self.key]

    @property
    def mail_scopes(self) -> tuple[str, ...]:
        """To read (without it a grant is of no use), and where that is apart, to send."""
        return _MAIL_SCOPES[self.key]

    def lets_read(self, granted: str) -> bool:
        """Whether the scopes that were granted include mail. Microsoft names the same one under several hosts."""
        wanted = self.mail_scopes[0].lower()
        permission = wanted.rsplit("/", 1)[-1]
        given = granted.lower().split()
        return wanted in given or (permission != "" and any(one.endswith(f"/{permission}") for one in given))

    @property
    def refresh_parameters(self) -> dict[str, str]:
        """What this provider wants when a token is refreshed: Microsoft, for which of its services it is to be."""
        return {"scope": self.scope} if self.key is OAuthProvider.MICROSOFT else {}

    @property
    def scope(self) -> str:
        """Everything we ask for (RFC 6749 §3.3)."""
        return " ".join((*self.mail_scopes, *_IDENTITY_SCOPES[self.key]))

    @property
    def parameters(self) -> dict[str, str]:
        """What this provider wants in the authorization request beside the standard."""
        return _MORE_PARAMETERS[self.key]

    def imap_server(self) -> ImapServer:
        """Where its mailboxes are read. Raises `UsageError` for a setting that is no address of an IMAP server."""
        parts = urlsplit(self.imap_url)
        security = _IMAP_SCHEMES.get(parts.scheme)
        if security is None or not parts.hostname:
            name = f"{PREFIX}OAUTH_{self.key.upper()}_IMAP_URL"
            raise UsageError(f"The setting {name} is not usable: it has to be a URL such as imaps://host:993.")
        return ImapServer(parts.hostname, parts.port or DEFAULT_PORTS[security], security)


def is_set_up(settings: Settings, key: OAuthProvider) -> bool:
    """Whether an administrator has registered this installation at the provider."""
    return bool(getattr(settings, f"oauth_{key}_client_id"))


def find_provider(settings: Settings, key: OAuthProvider) -> Provider:
    """The provider. Raises `NotSetUp` when there is no client id for it."""
    prefix = f"oauth_{key}"
    if not is_set_up(settings, key):
        raise NotSetUp(NAMES[key], f"{PREFIX}{prefix.upper()}_CLIENT_ID")
    secret = getattr(settings, f"{prefix}_client_secret")
    return Provider(
        key,
        getattr(settings, f"{prefix}_client_id"),
        secret.get_secret_value() if secret else None,
        getattr(settings, f"{prefix}_authorize_url"),
        getattr(settings, f"{prefix}_token_url"),
        getattr(settings, f"{prefix}_imap_url"),
        getattr(settings, f"{prefix}_smtp_url"),
        getattr(settings, f"{prefix}_revoke_url", None),
    )


def provider_of_address(email: str) -> OAuthProvider:
    """Who signs this address in, told by its domain. Raises `UsageError` for a domain that does not say."""
    preset = preset_for(address_key(email))
    if preset is None or preset.oauth is None:
        raise UsageError("Who signs this address in is not known: choose google or microsoft (--provider).")
    return OAuthProvider(preset.oauth)


def smtp_url_for(settings: Settings, provider: Provider, email: str) -> str:
    """Where this address sends: Outlook.com has a server of its own, apart from the one of companies."""
    set_by_hand = f"oauth_{provider.key}_smtp_url" in settings.model_fields_set
    preset = preset_for(address_key(email))
    return preset.smtp if preset and preset.oauth == provider.key and not set_by_hand else provider.smtp_url


def redirect_uri(settings: Settings, key: OAuthProvider) -> str:
    """Where the provider sends people back to; it has to be registered there, letter by letter."""
    return f"{settings.public_url}/settings/mailboxes/oauth/callback/{key}"
