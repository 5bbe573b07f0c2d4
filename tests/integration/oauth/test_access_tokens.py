"""Keeping access tokens fresh: when one is refreshed, by how many, and which one is used until then."""

import asyncio
import json
import threading
import time
from datetime import timedelta
from typing import Any

import pytest

from core.clock import utcnow
from integration.oauth.conftest import House
from integration.oauth.tokens_of import age, ask
from mailsync.oauth import tokens
from mailsync.oauth.tokens import access_token
from storage.models import OAuthProvider


def test_a_token_is_used_until_five_minutes_before_its_end(either_house: House) -> None:
    house = either_house
    mailbox_id = house.connect()
    first = ask(house, mailbox_id)
    left = house.grant(mailbox_id).renew_at - utcnow()

    assert timedelta(minutes=54) < left < timedelta(minutes=55)
    assert {ask(house, mailbox_id) for _ in range(5)} == {first}
    assert house.provider.counts["refresh_token"] == 0

    age(house, mailbox_id, 299)
    second = ask(house, mailbox_id)

    assert second != first
    assert house.provider.account_of(second) == house.provider.account
    assert ask(house, mailbox_id) == second
    assert house.provider.counts["refresh_token"] == 1


def test_a_short_lived_token_is_refreshed_a_tenth_of_its_life_ahead(house: House) -> None:
    house.provider.lifetime = 100
    grant = house.grant(house.connect())

    assert grant.access_expires_at - grant.renew_at == timedelta(seconds=10)


def test_no_secret_is_stored_as_it_is(house: House) -> None:
    mailbox_id = house.connect()
    token = ask(house, mailbox_id)
    house.store.close()

    for file in house.settings.data_dir.glob("mailsync.db*"):
        assert token.encode() not in file.read_bytes()
    assert token not in repr(asyncio.run(access_token(house.store, house.settings, mailbox_id, OAuthProvider.GOOGLE)))


def test_who_asks_while_another_refreshes_gets_the_same_token(either_house: House) -> None:
    house = either_house
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    house.provider.slow_seconds = 0.5

    async def all_at_once() -> set[str]:
        asking = (access_token(house.store, house.settings, mailbox_id, OAuthProvider.GOOGLE) for _ in range(6))
        return {token.value for token in await asyncio.gather(*asking)}

    found: set[str] = set()
    threads = [threading.Thread(target=lambda: found.update(asyncio.run(all_at_once()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(found) == 1
    assert house.provider.counts["refresh_token"] == 1
    assert house.provider.counts["reused"] == 0


def test_while_it_is_refreshed_ahead_of_its_end_nobody_waits(house: House) -> None:
    mailbox_id = house.connect()
    first = ask(house, mailbox_id)
    age(house, mailbox_id, 200)
    house.provider.slow_seconds = 2.0
    refreshing = threading.Thread(target=ask, args=(house, mailbox_id))
    refreshing.start()
    wait_for_refresher(house, mailbox_id)

    began = time.monotonic()
    assert ask(house, mailbox_id) == first
    assert time.monotonic() - began < 1.5
    refreshing.join(20)
    assert not refreshing.is_alive()
    assert ask(house, mailbox_id) != first


def test_a_slow_provider_is_not_waited_for_while_the_token_of_before_is_good(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "PATIENCE_SECONDS", 0.2)
    mailbox_id = house.connect()
    first = ask(house, mailbox_id)
    age(house, mailbox_id, 200)
    house.provider.slow_seconds = 2.0

    began = time.monotonic()
    assert ask(house, mailbox_id) == first
    assert time.monotonic() - began < 1.5

    deadline = time.monotonic() + 20
    while ask(house, mailbox_id) == first:
        assert time.monotonic() < deadline, "what the refresh brought is used when it has come"
        time.sleep(0.05)
    assert house.provider.counts["refresh_token"] == 1


def test_who_looked_before_another_refreshed_does_not_refresh_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    look = tokens._look
    brought: list[str] = []

    def look_and_be_overtaken(*arguments: Any) -> Any:
        found = look(*arguments)
        monkeypatch.setattr(tokens, "_look", look)
        brought.append(ask(house, mailbox_id))
        return found

    monkeypatch.setattr(tokens, "_look", look_and_be_overtaken)

    assert ask(house, mailbox_id) == brought[0]
    assert (house.provider.counts["refresh_token"], house.provider.counts["reused"]) == (1, 0)


def wait_for_refresher(house: House, mailbox_id: int) -> None:
    """Until somebody holds the right to refresh."""
    deadline = time.monotonic() + 10
    while not house.lease_is_held(f"{tokens.LEASE}{mailbox_id}"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_rotated_refresh_token_is_kept_though_whoever_asked_was_stopped(house: House) -> None:
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    house.provider.slow_seconds = 0.5

    async def stopped_midway() -> None:
        asking = asyncio.create_task(access_token(house.store, house.settings, mailbox_id, OAuthProvider.GOOGLE))
        while not await asyncio.to_thread(house.lease_is_held, f"{tokens.LEASE}{mailbox_id}"):
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(stopped_midway())
    house.provider.slow_seconds = 0.0
    token = ask(house, mailbox_id)

    assert house.provider.account_of(token) is not None
    assert (house.provider.counts["refresh_token"], house.provider.counts["reused"]) == (1, 0)


def test_a_provider_that_keeps_its_refresh_token_is_asked_with_the_same_again(house: House) -> None:
    mailbox_id = house.connect()
    house.provider.rotates = False
    kept = house.store.keys.decrypt(tokens.REFRESH_TOKEN, house.grant(mailbox_id).refresh_token_encrypted)
    for _ in range(2):
        age(house, mailbox_id, -1)
        assert house.provider.account_of(ask(house, mailbox_id)) is not None

    assert house.store.keys.decrypt(tokens.REFRESH_TOKEN, house.grant(mailbox_id).refresh_token_encrypted) == kept


def test_a_refused_token_is_refreshed_and_another_is_not(house: House) -> None:
    mailbox_id = house.connect()
    first = ask(house, mailbox_id)

    second = ask(house, mailbox_id, refused=first)

    assert second != first
    assert ask(house, mailbox_id, refused=first) == second
    assert house.provider.counts["refresh_token"] == 1


def test_tokens_outlive_a_rotation_of_our_own_keys(house: House) -> None:
    mailbox_id = house.connect()
    token = ask(house, mailbox_id)
    keys = json.loads((house.settings.data_dir / "keys.json").read_text())
    keys["keys"]["2"], keys["current"] = keys["keys"]["1"][::-1].strip("=") + "=", "2"
    (house.settings.data_dir / "keys.json").write_text(json.dumps(keys))
    house.reopen()

    assert ask(house, mailbox_id) == token
    age(house, mailbox_id, -1)
    ask(house, mailbox_id)
    grant = house.grant(mailbox_id)
    assert grant.refresh_token_encrypted.startswith("2.")
    assert grant.access_token_encrypted.startswith("2.")
