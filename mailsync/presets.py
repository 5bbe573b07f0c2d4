"""Where well-known providers have their servers, so that an address and a password are enough."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from core.addresses import domain_of


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider. `smtp` is a URL without a user; `note` tells what its users have to do first, `help` where."""

    name: str
    domains: tuple[str, ...]
    imap_host: str
    imap_port: int
    imap_security: str
    smtp: str
    note: str
    help: str
    oauth: str | None = None
    """With whom its users may sign in instead of giving a password: `google` or `microsoft`."""


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """All providers, in the order in which a wizard offers them."""
    data = tomllib.loads(resources.files("mailsync").joinpath("presets.toml").read_text("utf-8"))
    return tuple(
        Preset(
            name=entry["name"],
            domains=tuple(entry["domains"]),
            imap_host=entry["imap"],
            imap_port=entry.get("imap_port", 993),
            imap_security=entry.get("imap_security", "tls"),
            smtp=entry["smtp"],
            note=entry.get("note", ""),
            help=entry.get("help", ""),
            oauth=entry.get("oauth"),
        )
        for entry in data["provider"]
    )


def preset_for(email_key: str) -> Preset | None:
    """The provider of an address, by its domain; None for everybody else's own domains."""
    domain = domain_of(email_key)
    return next((preset for preset in presets() if domain in preset.domains), None)
