"""Every mail handed to a pool has exactly one result, and the right one, whatever the server does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from delivery.envelope import Envelope
from delivery.errors import SmtpPermanent, SmtpTransient, Stage
from delivery.outcome import Outcome, Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from delivery.servers import Security, SmtpServer
from integration.delivery.conftest import SILENCE
from servers.smtp_sink import SmtpSink
from servers.tls import LoopbackTls

MESSAGE = b"From: a@example.org\r\nSubject: hello\r\n\r\nFirst line\r\n.dotted\r\nlast\r\n"


def mail(key: int, message: bytes = MESSAGE, recipients: tuple[str, ...] | None = None) -> PreparedMail:
    return PreparedMail(key, Envelope("a@example.org", recipients or (f"to{key}@example.net",)), message)


async def stream(*mails: PreparedMail) -> AsyncIterator[PreparedMail]:
    for each in mails:
        yield each


async def send(server: SmtpServer, *mails: PreparedMail, connections: int = 1) -> dict[int, Result]:
    results: list[Result] = []
    await SendPool(server, connections).run(stream(*mails), results.append)
    assert sorted(result.key for result in results) == sorted(each.key for each in mails)
    return {result.key: result for result in results}


def outcomes(results: dict[int, Result]) -> list[Outcome]:
    return [results[key].outcome for key in sorted(results)]


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
async def test_all_arrive_whole_and_once(scripted, extensions):
    scripted.extensions = extensions

    results = await send(scripted.server(), *map(mail, range(50)), connections=4)

    assert set(outcomes(results)) == {Outcome.SENT}
    arrived = Counter(recipients[0] for _, recipients, _ in scripted.mails)
    assert arrived == {f"RCPT TO:<to{key}@example.net>": 1 for key in range(50)}
    assert {body for _, _, body in scripted.mails} == {MESSAGE.replace(b"\r\n.", b"\r\n..")}
    assert scripted.connections <= 4


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
async def test_a_refusal_at_any_step_ends_one_mail_and_leaves_the_next_alone(scripted, step, extensions):
    scripted.extensions = extensions
    scripted.say(step, "450 4.2.0 not now", times=1)
    scripted.say(step, "354 go" if step == "DATA" else "250 2.0.0 fine", times=1)
    scripted.say(step, "550 5.7.1 never", times=1)

    results = await send(scripted.server(), *map(mail, range(4)))

    assert outcomes(results) == [Outcome.TRANSIENT, Outcome.SENT, Outcome.PERMANENT, Outcome.SENT]
    assert (results[0].code, results[0].enhanced) == (450, "4.2.0")
    assert (results[2].code, results[2].enhanced, results[2].stage) == (550, "5.7.1", Stage(step.lower()))
    assert len(scripted.mails) == 2
    assert scripted.connections == 1


async def test_a_lone_dot_follows_where_the_server_wants_data_for_nobody(scripted):
    scripted.generous = True
    scripted.say("RCPT", "550 5.1.1 unknown", times=1)

    results = await send(scripted.server(), mail(0), mail(1))

    assert outcomes(results) == [Outcome.PERMANENT, Outcome.SENT]
    assert len(scripted.mails) == 1


async def test_recipients_are_refused_one_by_one(scripted):
    scripted.say("RCPT", "250 OK", times=1)
    scripted.say("RCPT", "550 5.1.1 unknown", times=1)

    results = await send(scripted.server(), mail(0, recipients=("good@example.net", "bad@example.net")))

    assert results[0].outcome is Outcome.SENT
    assert [address for address, _ in results[0].refused] == ["bad@example.net"]


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


async def test_an_answer_in_the_middle_of_a_large_mail_is_its_answer(scripted):
    scripted.say("BODY", "552 5.3.4 too large", times=1)
    large = MESSAGE + b"0123456789abcdef\r\n" * 2_000_000

    results = await send(scripted.server(), mail(0, large), mail(1))

    assert outcomes(results) == [Outcome.PERMANENT, Outcome.SENT]


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


@pytest.mark.parametrize("step", ["MAIL", "DOT"])
async def test_a_server_that_throws_early_commands_away_is_spoken_to_step_by_step(scripted, step):
    scripted.forget_input_after = (step,)

    results = await send(scripted.server(timeout=0.4), *map(mail, range(6)))

    assert outcomes(results) == [Outcome.SENT] * 6
    assert len(scripted.mails) == 6


async def test_a_server_confused_by_grouped_commands_is_asked_again_singly(scripted):
    scripted.say("RCPT", "503 5.5.0 improper use of pipelining", times=1)

    results = await send(scripted.server(), *map(mail, range(3)))

    assert outcomes(results) == [Outcome.SENT] * 3


@pytest.mark.parametrize("garbage", ["\x00\x01\x02", "hello there", "250 2.0.0 kept\r\n250 and another"])
async def test_garbage_after_the_dot_never_counts_as_sent_twice(scripted, garbage):
    scripted.say("DOT", garbage, times=1)

    results = await send(scripted.server(), *map(mail, range(3)))

    assert results[0].outcome is (Outcome.SENT if garbage.startswith("250") else Outcome.IN_DOUBT)
    assert outcomes(results)[1:] == [Outcome.SENT] * 2


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


async def test_what_was_drawn_is_finished_when_the_stream_breaks(scripted):
    results: list[Result] = []

    async def breaking() -> AsyncIterator[PreparedMail]:
        for key in range(3):
            yield mail(key)
        raise KeyError("ledger")

    with pytest.raises(KeyError):
        await SendPool(scripted.server(), 2).run(breaking(), results.append)

    assert [result.outcome for result in results] == [Outcome.SENT] * 3


async def test_a_stream_slower_than_the_server_keeps_its_connection(scripted):
    results: list[Result] = []

    async def slow() -> AsyncIterator[PreparedMail]:
        for key in range(4):
            while len(results) < key:
                await asyncio.sleep(0.001)
            yield mail(key)

    await SendPool(scripted.server(), 3).run(slow(), results.append)

    assert len(results) == len(scripted.mails) == 4


async def test_an_address_that_needs_what_the_server_lacks_fails_alone(scripted):
    scripted.extensions = ("PIPELINING",)

    results = await send(
        scripted.server(),
        mail(0),
        mail(1, recipients=("müller@example.net",)),
        mail(2, recipients=("a@bücher.example",)),
    )

    assert outcomes(results) == [Outcome.SENT, Outcome.PERMANENT, Outcome.SENT]
    assert scripted.mails[1][1] == ["RCPT TO:<a@xn--bcher-kva.example>"]


async def test_commands_can_not_be_smuggled_in_by_an_address(scripted):
    results = await send(scripted.server(), mail(0, recipients=("x>\r\nRCPT TO:<y@example.net",)))

    assert results[0].outcome is Outcome.PERMANENT
    assert not [command for command in scripted.commands if "y@example.net" in command]


async def test_thousands_reach_a_real_server(smtp_sink: SmtpSink):
    server = SmtpServer("127.0.0.1", smtp_sink.port, Security.NONE, allow_private=True)

    results = await send(server, *map(mail, range(3000)), connections=20)

    assert set(outcomes(results)) == {Outcome.SENT}


async def test_nobody_listens(unused_tcp_port):
    server = SmtpServer("127.0.0.1", unused_tcp_port, Security.NONE, allow_private=True)
    results: list[Result] = []

    with pytest.raises(SmtpTransient, match="Nothing listens"):
        await SendPool(server, 2).run(stream(mail(1)), results.append)

    assert results[0].outcome is Outcome.TRANSIENT
