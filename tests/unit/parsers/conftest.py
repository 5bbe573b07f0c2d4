"""Messages to test with: whole ones from files beside this one, small ones made in place."""

from collections.abc import Callable
from pathlib import Path

import pytest

MESSAGES = Path(__file__).parent / "messages"
HEAD = {
    "From": "Ann Customer <ann@customer.example>",
    "To": "sales@ours.example",
    "Subject": "Offer",
    "Date": "Mon, 02 Mar 2026 11:00:00 +0100",
    "Message-ID": "<m1@customer.example>",
}


@pytest.fixture
def message_file() -> Callable[[str], bytes]:
    """The raw bytes of `messages/<name>.eml`, with the line ends that mail has."""
    return lambda name: (MESSAGES / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def mail() -> Callable[..., bytes]:
    """A small message: `mail("text", subject=…, content_type=…)`; header names with `_` for `-`, None leaves one out."""

    def make(body: str = "Hello", **headers: str | None) -> bytes:
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        fields = (
            {name.title(): value for name, value in HEAD.items()}
            | {"Content-Type": "text/plain; charset=utf-8"}
            | given
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
        return (head + "\r\n" + body.replace("\n", "\r\n")).encode()

    return make
