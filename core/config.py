"""Settings: read once at the edge from `MAILSYNC_*` variables, frozen, unknown names refused.

Every value has a default that suits a laptop with SQLite. Secrets are `SecretStr`, so that no log line or
traceback can show them.
"""

import os
from collections.abc import Callable
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import UsageError
from core.limits import DEFAULT_LIMITS, Limits

PREFIX = "MAILSYNC_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _default_data_dir() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "mailsync"


def _words(value: object) -> object:
    """A list as people write it in a variable: words with commas or spaces between them."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]


def _unless_off(value: object) -> object:
    return None if value == "off" else value


def _unless_never(value: object) -> object:
    return None if value == "never" else value


def _url_with(*schemes: str) -> AfterValidator:
    """Demands a URL with a host and one of `schemes`; what is wrong is said without the URL, which holds a password."""

    def check(value: SecretStr) -> SecretStr:
        try:
            parts = urlsplit(value.get_secret_value())
            usable = parts.scheme in schemes and parts.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(f"it has to be a URL such as {schemes[0]}://host/name")
        return value

    return AfterValidator(check)


def _safe_url(value: str) -> str:
    """Demands https, except to this very machine: what goes there are codes and tokens."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or not (value.startswith("https://") or (value.startswith("http://") and host in LOOPBACK)):
        raise ValueError("it has to be a URL that begins with https://")
    return value


SafeUrl = Annotated[str, AfterValidator(_safe_url)]


def _doubled_on_postgresql(size: int) -> Callable[[dict[str, Any]], int]:
    """Twice `size` there: a batch has some forty statements, each with a way to the server and back."""
    return lambda given: 2 * size if given.get("database_url") else size


class Settings(BaseSettings):
    """All settings of one process. Get it by `load_settings()`; pass it down, never read it twice."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=_default_data_dir)
    """Holds the SQLite file, packs of raw mail and, for SQLite only, the keys."""
    database_url: Annotated[SecretStr, _url_with("postgresql")] | None = None
    """`postgresql://user:password@host/name`; without it, SQLite in `data_dir`."""
    redis_url: Annotated[SecretStr, _url_with("redis", "rediss", "unix")] | None = None
    """`redis://host:6379/0`; without it, jobs travel in memory and one process runs every role."""
    secret_keys_file: Path | None = None
    """JSON file of encryption and signing keys; demanded with `database_url`, made by itself for SQLite."""
    blob_dir: Path | None = None
    """Shared folder for packs of raw mail; demanded with `database_url`."""

    host: str = "127.0.0.1"
    port: int = Field(default=8025, ge=0, le=65535)
    """Console, API and tracking. 0 takes a free port."""
    base_url: str | None = None
    """How the outside reaches us, for tracked links; by default `http://host:port`."""
    trusted_proxies: Words = ()
    """Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""

    intake_domain: str | None = None
    """Domain of secret addresses (`task+token@domain`); without it, plus-addresses of an intake mailbox."""

    keep_deleted_mail_days: Annotated[int | None, BeforeValidator(_unless_never)] = Field(default=30, ge=1)
    """How long mail is kept that was deleted in every mailbox and stands on no record; `never` forgets none."""

    dns_servers: Words = ()
    """`host` or `host:port` of resolvers; by default the machine's own."""
    autoconfig_database: Annotated[str | None, BeforeValidator(_unless_off)] = (
        "https://autoconfig.thunderbird.net/v1.1/"
    )
    """Where the servers of a new mailbox's domain are looked up (the domain, never the address); `off` asks nobody."""
    allow_private_hosts: bool = False
    """Whether mailboxes and senders may live on private or loopback addresses (a demo, a test, an intranet)."""

    oauth_google_client_id: str | None = None
    """How Mailsync is registered at Google; with it people sign in to their mailboxes there (docs/connecting-oauth.md)."""
    oauth_google_client_secret: SecretStr | None = None
    oauth_google_authorize_url: SafeUrl = "https://accounts.google.com/o/oauth2/v2/auth"
    oauth_google_token_url: SafeUrl = Field(default="https://oauth2.googleapis.com/token")
    oauth_google_revoke_url: SafeUrl = "https://oauth2.googleapis.com/revoke"
    oauth_google_imap_url: str = "imaps://imap.gmail.com:993"
    oauth_google_smtp_url: str = "smtps://smtp.gmail.com:465"
    oauth_microsoft_client_id: str | None = None
    """The same at Microsoft. Of one organisation alone: its id or domain instead of `common` in both URLs."""
    oauth_microsoft_client_secret: SecretStr | None = None
    oauth_microsoft_authorize_url: SafeUrl = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    oauth_microsoft_token_url: SafeUrl = Field(default="https://login.microsoftonline.com/common/oauth2/v2.0/token")
    oauth_microsoft_imap_url: str = "imaps://outlook.office365.com:993"
    oauth_microsoft_smtp_url: str = "smtp+starttls://smtp.office365.com:587"

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"

    sync_batch_messages: int = Field(default_factory=_doubled_on_postgresql(200), ge=1, le=1000)
    sync_batch_bytes: int = Field(default_factory=_doubled_on_postgresql(4 * 1024 * 1024), ge=1024)
    """A fetch asks for at most so many messages or bytes, whichever comes first; they are stored by one transaction."""
    message_size_limit: int = Field(default=100 * 1024 * 1024, ge=1024)
    """Larger messages are kept as headers and the first 256 KB."""
    parse_head_bytes: int = Field(default=DEFAULT_LIMITS.head_bytes, ge=1024)
    """Of one message's header block so much is read; likewise what follows. The raw message is always kept whole."""
    parse_header_bytes: int = Field(default=DEFAULT_LIMITS.header_bytes, ge=1024)
    parse_headers: int = Field(default=DEFAULT_LIMITS.headers, ge=50)
    parse_parts: int = Field(default=DEFAULT_LIMITS.parts, ge=10)
    parse_depth: int = Field(default=DEFAULT_LIMITS.depth, ge=3, le=100)
    parse_text_bytes: int = Field(default=DEFAULT_LIMITS.text_bytes, ge=64 * 1024)
    parse_addresses: int = Field(default=DEFAULT_LIMITS.addresses, ge=10)
    send_connections: int = Field(default=20, ge=1, le=500)
    """SMTP connections of one campaign sender."""

    @property
    def embedded(self) -> bool:
        """True on a laptop: SQLite and one process; False with a database server."""
        return self.database_url is None

    @property
    def limits(self) -> Limits:
        """What the parsers read of one message at most."""
        return Limits(**{field.name: getattr(self, f"parse_{field.name}") for field in fields(Limits)})

    @property
    def public_url(self) -> str:
        """Base of every link that we put into mail, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def load_settings(**overrides: Any) -> Settings:
    """Read settings from the environment; `overrides` (field names) win.

    Raises `UsageError` with one sentence that names the variable, what is wrong and the nearest real name.
    """
    known = [name.upper() for name in Settings.model_fields]
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper().removeprefix(PREFIX) not in known:
            near = get_close_matches(name.upper().removeprefix(PREFIX), known, n=1)
            hint = f" Did you mean {PREFIX}{near[0]}?" if near else ""
            raise UsageError(f"There is no setting {name}.{hint}")
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"][:1]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise UsageError(f"The setting {name} is not usable: {reason[:1].lower()}{reason[1:]}.") from None
