"""`mailsync mailbox find` and `add`: what was found is shown, and nobody's password goes where a stranger says."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.calling import call
from cli.commands.mailbox import app
from core.errors import UsageError
from servers.name_server import name_server

ZONE = {
    ("company.example.", "MX"): ["1 aspmx.l.google.com."],
    ("_imaps._tcp.lured.example.", "SRV"): ["0 1 993 imap.thief.example."],
    ("lured.example.", "MX"): ["1 mx.thief.example."],
}


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.commands.mailbox_connecting.read_password", lambda *_, **__: "secret")


@pytest.fixture
async def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with name_server(ZONE) as (_, address):
        monkeypatch.setenv("MAILSYNC_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("MAILSYNC_DNS_SERVERS", address)
        monkeypatch.setenv("MAILSYNC_AUTOCONFIG_DATABASE", "off")
        yield


async def mailbox(*words: str) -> int:
    """`mailsync mailbox …`, in a thread of its own, as it runs a loop."""
    return await asyncio.to_thread(call, app, "mailsync mailbox", words)


async def test_what_is_found_is_printed_and_is_json_for_programs(installation, capsys) -> None:
    assert await mailbox("find", "ann@company.example") == 0
    said = capsys.readouterr().out
    assert "Google Workspace (the provider that takes the domain's mail in)" in said
    assert "imap.gmail.com:993" in said

    assert await mailbox("find", "ann@company.example", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["source"], found["imap"]["host"], found["auth"]) == (
        "mx",
        "imap.gmail.com",
        ["oauth_google", "app_password"],
    )

    assert await mailbox("find", "ann@nobody.example", "--json") == 1
    assert "no domain of that name" in json.loads(capsys.readouterr().out)["reason"]


async def test_a_password_waits_for_a_yes(installation, capsys) -> None:
    with pytest.raises(UsageError, match="Add --yes"):
        await mailbox("add", "ann@lured.example", "--password-stdin")
    assert "imap.thief.example belongs to another domain" in capsys.readouterr().out

    with pytest.raises(UsageError, match="no host of that name"):
        await mailbox("add", "ann@lured.example", "--password-stdin", "--yes")


async def test_whoever_is_not_found_is_told_what_to_give(installation) -> None:
    with pytest.raises(UsageError, match=r"There is no domain of that name.* --imap-host"):
        await mailbox("add", "ann@nobody.example", "--password-stdin")
    with pytest.raises(UsageError, match="Bridge"):
        await mailbox("add", "ann@proton.me", "--password-stdin")
