"""What is made of a token endpoint's refusals and silences: who waits, who asks again, and what a person is told."""

import time
from datetime import timedelta

import pytest

from core.clock import utcnow
from crm.access.viewer import Viewer
from integration.oauth.conftest import House
from integration.oauth.tokens_of import age, ask
from mailsync.oauth.errors import ClientRefused, GrantEnded, SignInLimited, SignInResting, SignInUnavailable
from mailsync.steering import resume_mailbox
from servers.oauth_provider import Trouble


def test_a_revoked_grant_asks_the_person(house: House) -> None:
    mailbox_id = house.connect()
    house.provider.revoke(house.provider.account)
    age(house, mailbox_id, -1)

    with pytest.raises(GrantEnded, match="sign in again"):
        ask(house, mailbox_id)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(429, '{"error": "invalid_grant"}', {"Retry-After": "70"}), SignInLimited),
        (Trouble(503, '{"error": "invalid_grant"}'), SignInUnavailable),
        (Trouble(500, "<html>oops</html>"), SignInUnavailable),
        (Trouble(400, '{"error": "temporarily_unavailable"}'), SignInUnavailable),
        (Trouble(400, "<html>a proxy</html>"), SignInUnavailable),
        (Trouble(302, "", {"Location": "http://portal.example/"}), SignInUnavailable),
        (Trouble(200, "<html>welcome to our hotel</html>"), SignInUnavailable),
        (Trouble(200, "[1]"), SignInUnavailable),
        (Trouble(401, '{"error": "invalid_client"}'), ClientRefused),
        (Trouble(400, '{"error": "unauthorized_client"}'), ClientRefused),
        (Trouble(400, '{"error": "interaction_required"}'), GrantEnded),
    ],
)
def test_every_refusal_is_told_for_what_it_is(house: House, trouble: Trouble, expected: type[Exception]) -> None:
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    house.provider.troubles.append(trouble)

    with pytest.raises(expected) as refused:
        ask(house, mailbox_id)

    assert house.provider.account not in str(refused.value)
    if expected is GrantEnded:
        return
    with pytest.raises(SignInResting) as resting:
        ask(house, mailbox_id)
    assert str(resting.value) == str(refused.value)
    assert house.provider.counts["refresh_token"] == 0
    least = 60 if trouble.status == 429 else 3
    assert resting.value.retry_after is not None
    assert resting.value.retry_after > least


def test_trouble_passes_and_the_token_of_before_serves_until_then(house: House) -> None:
    mailbox_id = house.connect()
    first = ask(house, mailbox_id)
    age(house, mailbox_id, 100)
    house.provider.troubles += [Trouble(503), Trouble(503)]

    assert {ask(house, mailbox_id) for _ in range(4)} == {first}
    assert house.provider.counts["trouble"] == 1

    house.change_grant(mailbox_id, retry_at=utcnow() - timedelta(seconds=1))
    assert ask(house, mailbox_id) == first
    assert house.grant(mailbox_id).failures == 2
    rests = (house.grant(mailbox_id).retry_at or utcnow()) - utcnow()
    assert timedelta(seconds=7) < rests < timedelta(seconds=13)

    house.change_grant(mailbox_id, retry_at=utcnow() - timedelta(seconds=1))
    assert ask(house, mailbox_id) != first
    assert (house.grant(mailbox_id).failures, house.grant(mailbox_id).trouble) == (0, "")


def test_try_again_asks_the_provider_at_once(house: House) -> None:
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    house.provider.troubles.append(Trouble(401, '{"error": "invalid_client"}'))
    with pytest.raises(ClientRefused):
        ask(house, mailbox_id)

    resume_mailbox(house.store, Viewer.system(), mailbox_id)

    assert house.provider.account_of(ask(house, mailbox_id)) is not None


def test_a_silent_endpoint_is_not_waited_for_longer_than_a_lease_lasts(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox_id = house.connect()
    age(house, mailbox_id, -1)
    house.provider.slow_seconds = 2.0
    monkeypatch.setattr("mailsync.oauth.endpoint.WHOLE_CALL_SECONDS", 0.3)

    began = time.monotonic()
    with pytest.raises(SignInUnavailable):
        ask(house, mailbox_id)
    assert time.monotonic() - began < 1.5
