"""Two processes that need a fresh token at the same moment: the provider is asked once, and no token is lost."""

from datetime import timedelta

from core.clock import utcnow
from forks import FORKS
from integration.oauth.conftest import House, environment_of
from integration.oauth.refreshing_process import tell_token


def test_the_provider_is_asked_once(either_house: House) -> None:
    house = either_house
    mailbox_id = house.connect()
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow() - timedelta(seconds=1))
    house.provider.slow_seconds = 1.0
    start, pipes = FORKS.Barrier(2), [FORKS.Pipe(duplex=False) for _ in range(2)]
    processes = [
        FORKS.Process(target=tell_token, args=(mailbox_id, environment_of(house), start, told)) for _, told in pipes
    ]
    for process, (_, told) in zip(processes, pipes, strict=True):
        process.start()
        told.close()  # Theirs alone now: one that fails is heard at once.

    assert all(heard.poll(60) for heard, _ in pipes), "no token within a minute"
    said = [heard.recv() for heard, _ in pipes]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0

    assert said[0] == said[1]
    assert house.provider.account_of(said[0]) == house.provider.account
    assert house.provider.counts["refresh_token"] == 1
    assert house.provider.counts["reused"] == 0
