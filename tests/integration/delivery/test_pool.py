"""Every mail handed to a pool has exactly one result, and the right one, whatever the server answers."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from delivery.errors import Stage
from delivery.outcome import Outcome, Result
from delivery.pipelined import PreparedMail
from delivery.pool import SendPool
from delivery.servers import Security, SmtpServer
from integration.delivery.pooled import MESSAGE, mail, outcomes, send
from servers.smtp_sink import SmtpSink


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


async def test_an_answer_in_the_middle_of_a_large_mail_is_its_answer(scripted):
    scripted.say("BODY", "552 5.3.4 too large", times=1)
    large = MESSAGE + b"0123456789abcdef\r\n" * 2_000_000

    results = await send(scripted.server(), mail(0, large), mail(1))

    assert outcomes(results) == [Outcome.PERMANENT, Outcome.SENT]


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


async def test_what_was_drawn_is_finished_when_the_stream_breaks(scripted):
    results: list[Result] = []

    async def breaking() -> AsyncIterator[PreparedMail]:
        for key in range(3):
            yield mail(key)
        raise KeyError("ledger")

    with pytest.raises(KeyError):
        await SendPool(scripted.server(), 2).run(breaking(), results.append)

    assert [result.outcome for result in results] == [Outcome.SENT] * 3


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
