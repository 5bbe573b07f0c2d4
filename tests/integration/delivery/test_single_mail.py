"""One mail to a real server: encrypted, logged in, and every failure told apart."""

import ssl
from datetime import UTC, datetime
from typing import Any

import pytest

from delivery.compose import Attachment, Draft, compose, envelope_of
from delivery.connecting import connect
from delivery.envelope import Envelope
from delivery.errors import SmtpPermanent, SmtpTransient, Stage
from delivery.header_text import Mailbox
from delivery.servers import Security, SmtpServer
from delivery.smtp import check_server, send_message
from servers.mail_catcher import MailCatcher

MESSAGE = b"From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n"
TO_BO = Envelope("a@example.org", ("bo@example.net",))
LOGIN = ("user", "secret")


def server_of(catcher: MailCatcher, **changes: Any) -> SmtpServer:
    login = {"username": LOGIN[0], "password": LOGIN[1]} if catcher._login else {}
    context = catcher.ssl_context if catcher.security != "none" else None
    settings: dict[str, Any] = {"ssl_context": context, "timeout": 5.0, "allow_private": True, **login, **changes}
    return SmtpServer(catcher.host, catcher.port, Security(catcher.security), **settings)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("login", [None, LOGIN])
async def test_it_arrives_as_it_was_composed(security, login):
    draft = Draft(
        Mailbox("a@example.org", "Ä"), (Mailbox("bo@example.net"),), "Grüße", ".\nline\n", "id@example.org",
        datetime(2026, 3, 1, tzinfo=UTC), html="<p>ü</p>", bcc=(Mailbox("cy@example.net"),),
        attachments=(Attachment("a.bin", bytes(range(256)) * 2000),),
    )  # fmt: skip
    raw = compose(draft)
    with MailCatcher(security=security, login=login) as catcher:
        accepted = await send_message(server_of(catcher), envelope_of(draft), raw)
        report = await check_server(server_of(catcher))

        (mail,) = catcher.wait_for(1)
    assert accepted.refused == {}
    assert mail.raw == raw
    assert mail.rcpt_tos == ("bo@example.net", "cy@example.net")
    assert report.encrypted is (security != "none")
    assert report.authenticated is (login is not None)
    assert report.size_limit == 100 * 1024 * 1024


async def test_international_addresses_where_they_are_offered(smtp_catcher):
    await send_message(
        server_of(smtp_catcher), Envelope("ä@example.org", ("ñ@bücher.example",)), "A: ü\r\n\r\nü\r\n".encode()
    )

    (mail,) = smtp_catcher.wait_for(1)
    assert (mail.mail_from, mail.rcpt_tos) == ("ä@example.org", ("ñ@xn--bcher-kva.example",))


async def test_refused_recipients_are_told_and_the_others_served(smtp_catcher):
    smtp_catcher.refuse = {"no@example.net": "550 5.1.1 no@example.net unknown", "later@example.net": "451 4.3.0 later"}
    server = server_of(smtp_catcher)

    accepted = await send_message(server, Envelope("a@example.org", ("bo@example.net", "no@example.net")), MESSAGE)
    with pytest.raises(SmtpPermanent) as permanent:
        await send_message(server, Envelope("a@example.org", ("no@example.net",)), MESSAGE)
    with pytest.raises(SmtpTransient) as transient:
        await send_message(server, Envelope("a@example.org", ("no@example.net", "later@example.net")), MESSAGE)

    assert accepted.refused == {"no@example.net": "550 5.1.1 no@example.net unknown"}
    assert permanent.value.failure.code == 550
    assert permanent.value.failure.enhanced == "5.1.1"
    assert permanent.value.failure.stage is Stage.RCPT
    assert "no@example.net" in permanent.value.failure.reply
    assert "no@example.net" not in str(permanent.value)
    assert transient.value.failure.code == 451


async def test_a_sender_with_international_letters_is_tested_as_it_would_send(scripted):
    await check_server(scripted.server(), sender="ann@bücher.example")
    assert [line for line in scripted.commands if "bcher" in line] == [
        "MAIL FROM:<ann@xn--bcher-kva.example>",
        "RCPT TO:<ann@xn--bcher-kva.example>",
    ]

    await check_server(scripted.server(), sender="änn@bücher.example")
    assert "MAIL FROM:<änn@xn--bcher-kva.example> BODY=8BITMIME SMTPUTF8" in scripted.commands

    scripted.extensions = ()
    with pytest.raises(SmtpPermanent, match="no SMTPUTF8") as caught:
        await check_server(scripted.server(), sender="änn@bücher.example")
    assert caught.value.failure.stage is Stage.MAIL


async def failure_of(server: SmtpServer) -> tuple[type[Exception], Stage]:
    with pytest.raises((SmtpPermanent, SmtpTransient)) as caught:
        await check_server(server)
    assert str(caught.value).endswith(".")
    return type(caught.value), caught.value.failure.stage


async def test_failures_of_a_connection_are_told_apart(unused_tcp_port):
    with (
        MailCatcher(security="starttls", login=LOGIN) as starttls,
        MailCatcher() as plain,
        MailCatcher(security="tls") as tls,
    ):
        cases = {
            "no such name": (server_of(plain, timeout=2.0), {"host": "no-such-host.invalid"}),
            "wrong password": (server_of(starttls, password="wrong"), {}),
            "untrusted": (server_of(starttls, ssl_context=ssl.create_default_context()), {}),
            "untrusted at once": (server_of(tls, ssl_context=ssl.create_default_context()), {}),
            "plain, not TLS": (server_of(plain), {"security": Security.TLS}),
            "no STARTTLS": (server_of(plain), {"security": Security.STARTTLS}),
            "nobody listens": (server_of(plain), {"port": unused_tcp_port}),
            "TLS, not plain": (server_of(tls, timeout=0.5), {"security": Security.NONE}),
            "private": (server_of(plain), {"allow_private": False}),
            "no login offered": (server_of(plain, username="u", password="p"), {}),
        }
        found = {}
        for name, (server, changes) in cases.items():
            fields = {field: getattr(server, field) for field in SmtpServer.__slots__} | changes
            found[name] = await failure_of(SmtpServer(**fields))

    assert found == {
        "no such name": (SmtpPermanent, Stage.RESOLVE),
        "wrong password": (SmtpPermanent, Stage.AUTH),
        "untrusted": (SmtpPermanent, Stage.TLS),
        "untrusted at once": (SmtpPermanent, Stage.TLS),
        "plain, not TLS": (SmtpPermanent, Stage.TLS),
        "no STARTTLS": (SmtpPermanent, Stage.TLS),
        "nobody listens": (SmtpTransient, Stage.CONNECT),
        "TLS, not plain": (SmtpTransient, Stage.CONNECT),
        "private": (SmtpPermanent, Stage.RESOLVE),
        "no login offered": (SmtpPermanent, Stage.AUTH),
    }


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        ("554 5.7.1 listed", SmtpPermanent),
        ("421 4.3.2 later", SmtpTransient),
        ("<drop>", SmtpTransient),
        ("<silence>", SmtpTransient),
        ("hello", SmtpTransient),
    ],
)
async def test_a_greeting_that_is_none(scripted, greeting, error):
    scripted.say("GREETING", greeting)
    assert await failure_of(scripted.server(timeout=0.5)) == (error, Stage.CONNECT)


async def test_words_behind_starttls_are_not_believed(scripted):
    # Somebody in the middle adds an answer in the clear, hoping that it is read as if it came encrypted.
    scripted.extensions = ("STARTTLS",)
    scripted.say("STARTTLS", "220 ready\r\n250-scripted\r\n250 AUTH PLAIN")

    _, stage = await failure_of(scripted.server(security=Security.STARTTLS, username="u", password="p"))

    assert stage is Stage.TLS
    assert not [command for command in scripted.commands if command.startswith("AUTH")]


async def test_starttls_is_never_given_up(scripted):
    scripted.extensions = ("STARTTLS",)
    scripted.say("STARTTLS", "454 4.7.0 not now")

    assert await failure_of(scripted.server(security=Security.STARTTLS)) == (SmtpTransient, Stage.TLS)
    assert "MAIL" not in " ".join(scripted.commands)


async def test_an_old_server_without_ehlo_is_greeted_by_helo(scripted):
    scripted.say("EHLO", "502 5.5.1 what?")
    scripted.say("HELO", "250 scripted")

    await send_message(scripted.server(), TO_BO, MESSAGE)

    assert len(scripted.mails) == 1


async def test_lost_after_the_dot_is_in_doubt(scripted):
    scripted.say("DOT", "<drop>")

    with pytest.raises(SmtpTransient) as caught:
        await send_message(scripted.server(), TO_BO, MESSAGE)

    assert caught.value.failure.in_doubt
    assert caught.value.failure.stage is Stage.DOT


async def test_lost_before_the_dot_is_not(scripted):
    scripted.say("RCPT", "<drop>")

    with pytest.raises(SmtpTransient) as caught:
        await send_message(scripted.server(), TO_BO, MESSAGE)

    assert not caught.value.failure.in_doubt


async def test_no_socket_is_left_behind(smtp_catcher):
    client = await connect(server_of(smtp_catcher))
    await client.quit()
    for _ in range(3):
        await send_message(server_of(smtp_catcher), TO_BO, MESSAGE)
