"""The same when connections are lost, refused or too few: what may have left is in doubt, all else is sent by another."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from delivery.errors import SmtpPermanent, SmtpTransient
from delivery.outcome import Outcome, Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from delivery.servers import Security, SmtpServer
from integration.delivery.conftest import SILENCE
from integration.delivery.pooled import MESSAGE, mail, outcomes, send, stream
from servers.tls import LoopbackTls


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
async def test_lost_after_the_dot_is_in_doubt_and_only_that_mail(scripted, extensions):
    scripted.extensions = extensions
    scripted.say("DOT", "<drop>", times=1)

    results = await send(scripted.server(), *map(mail, range(5)))

    assert outcomes(results) == [Outcome.IN_DOUBT, *[Outcome.SENT] * 4]
    assert len(scripted.mails) == 4


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
async def test_lost_before_the_dot_is_tried_again_on_another_connection(scripted, step, extensions):
    scripted.extensions = extensions
    scripted.say(step, "<drop>", times=1)

    results = await send(scripted.server(), *map(mail, range(3)))

    assert outcomes(results) == [Outcome.SENT] * 3
    assert scripted.connections == 2


async def test_a_mail_under_which_every_connection_dies_is_transient(scripted):
    scripted.say("DATA", "<drop>")

    results = await send(scripted.server(), mail(0), mail(1))

    assert outcomes(results) == [Outcome.TRANSIENT] * 2
    assert not scripted.mails


async def test_a_large_mail_cut_off_half_way_is_known_not_to_have_left(scripted):
    scripted.say("BODY", "<drop>", times=1)
    large = MESSAGE + b"0123456789abcdef\r\n" * 2_000_000

    results = await send(scripted.server(), mail(0, large))

    assert results[0].outcome is Outcome.TRANSIENT


async def test_the_same_is_known_under_tls(scripted, tmp_path):
    tls = LoopbackTls(tmp_path)
    scripted.say("BODY", "<drop>", times=1)
    listener = await asyncio.start_server(scripted.serve, "127.0.0.1", 0, ssl=tls.server_context)
    port = listener.sockets[0].getsockname()[1]
    server = scripted.server(port=port, security=Security.TLS, ssl_context=tls.client_context)

    results = await send(server, mail(0, MESSAGE + b"0123456789abcdef\r\n" * 2_000_000), mail(1))
    listener.close()

    assert outcomes(results) == [Outcome.TRANSIENT, Outcome.SENT]


async def test_no_answer_after_the_dot_is_in_doubt(scripted, monkeypatch):
    monkeypatch.setattr("delivery.pipelined.FINAL_PATIENCE", 0.3)
    scripted.say("DOT", "<silence>", times=1)

    results = await send(scripted.server(timeout=0.2), mail(0), mail(1))

    assert outcomes(results) == [Outcome.IN_DOUBT, Outcome.SENT]
    assert "in time" in results[0].text


async def test_a_server_that_closes_after_each_mail_is_followed(scripted):
    scripted.say("QUIT", "221 bye")
    original = scripted._body

    async def body_then_close(reader, writer, sender, recipients):
        await original(reader, writer, sender, recipients)
        return False

    scripted._body = body_then_close

    results = await send(scripted.server(), *map(mail, range(6)))

    assert outcomes(results) == [Outcome.SENT] * 6
    assert len(scripted.mails) == 6

    later: list[Result] = []

    async def slow() -> AsyncIterator[PreparedMail]:
        for key in range(12):
            while len(later) < key:
                await asyncio.sleep(0.001)
            yield mail(key)

    await SendPool(scripted.server(), 1).run(slow(), later.append)

    assert [result.outcome for result in later] == [Outcome.SENT] * 12


async def test_a_good_bye_421_is_no_verdict_on_the_mail(scripted):
    scripted.say("MAIL", "250 OK", times=2)
    scripted.say("MAIL", "421 4.7.0 enough for one connection", times=1)

    results = await send(scripted.server(), *map(mail, range(5)))

    assert outcomes(results) == [Outcome.SENT] * 5
    assert scripted.connections == 2


async def test_when_no_connection_can_be_had_all_drawn_are_transient_and_the_reason_is_raised(scripted):
    scripted.say("GREETING", "554 5.7.1 you are on a list")
    results: list[Result] = []
    drawn = 0

    async def endless() -> AsyncIterator[PreparedMail]:
        nonlocal drawn
        while True:
            drawn += 1
            yield mail(drawn)

    with pytest.raises(SmtpPermanent, match="did not greet"):
        await SendPool(scripted.server(), 3).run(endless(), results.append)

    assert len(results) == drawn
    assert {result.outcome for result in results} == {Outcome.TRANSIENT}


@pytest.mark.parametrize(("step", "outcome"), [("MAIL", Outcome.TRANSIENT), ("DOT", Outcome.IN_DOUBT)])
async def test_a_server_that_always_hangs_up_is_given_up_soon(scripted, step, outcome):
    scripted.say(step, "<drop>" if step == "DOT" else "421 4.7.0 go away")
    results: list[Result] = []

    async def endless() -> AsyncIterator[PreparedMail]:
        while True:
            yield mail(len(results))

    with pytest.raises(SmtpTransient):
        await SendPool(scripted.server(), 2).run(endless(), results.append)

    assert 0 < sum(result.outcome is outcome for result in results) <= 16
    assert scripted.connections <= 16


async def test_fewer_connections_than_wanted_are_enough(scripted):
    scripted.say("GREETING", "220 ok", times=1)
    scripted.say("GREETING", "421 4.7.0 too many connections")

    results = await send(scripted.server(), *map(mail, range(20)), connections=5)

    assert set(outcomes(results)) == {Outcome.SENT}


async def test_what_waited_for_a_connection_in_vain_is_sent_by_one_that_was_done(scripted):
    """Given all but one connection refused only after the last mail was drawn, then that one sends theirs too."""
    scripted.say("GREETING", "220 ok", times=1)
    scripted.say("GREETING", SILENCE)

    results = await send(scripted.server(timeout=0.5), *map(mail, range(20)), connections=5)

    assert set(outcomes(results)) == {Outcome.SENT}


async def test_a_stream_slower_than_the_server_keeps_its_connection(scripted):
    results: list[Result] = []

    async def slow() -> AsyncIterator[PreparedMail]:
        for key in range(4):
            while len(results) < key:
                await asyncio.sleep(0.001)
            yield mail(key)

    await SendPool(scripted.server(), 3).run(slow(), results.append)

    assert len(results) == len(scripted.mails) == 4


async def test_nobody_listens(unused_tcp_port):
    server = SmtpServer("127.0.0.1", unused_tcp_port, Security.NONE, allow_private=True)
    results: list[Result] = []

    with pytest.raises(SmtpTransient, match="Nothing listens"):
        await SendPool(server, 2).run(stream(mail(1)), results.append)

    assert results[0].outcome is Outcome.TRANSIENT
