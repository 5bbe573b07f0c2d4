"""Refuses to work with another aioimaplib than the one whose private methods we replace.

A newer release may rename what `protocol.py` overrides; the override would then silently be dead code and the old
faults back. So the exact version is pinned, checked here when the package is loaded, and the source of what we lean on
is fingerprinted by a test.
"""

from importlib import metadata

from core.errors import UsageError

SUPPORTED = "2.0.3"


def demand_supported_version(installed: str) -> None:
    """Raise `UsageError` unless `installed` is the version that the overrides were written for."""
    if installed != SUPPORTED:
        raise UsageError(
            f"aioimaplib {installed} is installed, but Mailsync works with {SUPPORTED} only: "
            f"run pip install aioimaplib=={SUPPORTED}."
        )


def installed_version() -> str:
    """The version of aioimaplib in this environment."""
    return metadata.version("aioimaplib")
