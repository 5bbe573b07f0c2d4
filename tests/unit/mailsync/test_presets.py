"""Presets are data that nobody compiles: hosts, ports and domains are looked at here."""

import re
from collections import Counter

import pytest

from core.addresses import address_key, is_free_mail
from core.errors import UsageError
from delivery.servers import Security as SmtpSecurity
from delivery.servers import parse_smtp_url
from mailsync.imap.server import Security
from mailsync.logins import NewMailbox, complete
from mailsync.presets import IDLE_SECONDS, Limits, Preset, limits_of, preset_for, preset_of_exchanger, presets

HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_every_preset_is_usable(preset: Preset) -> None:
    assert preset.domains or preset.mx
    assert all(HOST.fullmatch(name) and name == name.lower() for name in (*preset.domains, *preset.mx))
    assert preset.help == "" or preset.help.startswith("https://")
    assert preset.note == "" or preset.note.endswith(".")
    assert preset.auth
    assert preset.limits.idle_seconds <= IDLE_SECONDS, (
        "a connection that died must not be found out later than elsewhere"
    )
    if not preset.imap_host:
        assert preset.note, "whoever can not be connected is told why"
        assert preset.smtp == ""
        return
    assert HOST.fullmatch(preset.imap_host)
    assert 1 <= preset.imap_port <= 65535
    assert Security(preset.imap_security) is not Security.NONE
    smtp = parse_smtp_url(preset.smtp, None, allow_private=False)
    assert HOST.fullmatch(smtp.host)
    assert smtp.security is not SmtpSecurity.NONE


@pytest.mark.parametrize("names", ["domains", "mx"])
def test_each_name_belongs_to_one_provider(names: str) -> None:
    counted = Counter(name for preset in presets() for name in getattr(preset, names))
    assert [name for name, count in counted.items() if count > 1] == []
    assert len({preset.name for preset in presets()}) == len(presets())


def test_providers_for_everybody_are_known_as_such() -> None:
    assert [domain for preset in presets() for domain in preset.domains if not is_free_mail(domain)] == []


@pytest.mark.parametrize(
    ("exchanger", "name"),
    [
        ("aspmx.l.google.com", "Google Workspace"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "Google Workspace"),
        ("ourhouse-example.mail.protection.outlook.com", "Microsoft 365"),
        ("ourhouse-example.r-v1.mx.microsoft", "Microsoft 365"),
        ("eur.olc.protection.outlook.com", "Outlook.com"),
        ("mx.zoho.eu", "Zoho Europe (own domain)"),
        ("mxbiz1.qq.com", "Tencent Exmail"),
        ("mx3.qq.com", None),
        ("notgoogle.com", None),
        ("mx.ourhouse.example", None),
    ],
)
def test_who_takes_a_companys_mail_in_tells_its_provider(exchanger: str, name: str | None) -> None:
    preset = preset_of_exchanger(exchanger)
    assert (preset.name if preset else None) == name


def test_the_engine_knows_what_a_server_puts_up_with() -> None:
    assert limits_of("imap.rambler.ru").idle_seconds == 55
    assert limits_of("IMAP.mail.yahoo.com").connections == 5
    assert limits_of("imap.gmail.com").daily_bytes == 2_500_000_000
    assert limits_of("imap.ourhouse.example") == Limits()


def test_whoever_lets_no_program_in_says_so() -> None:
    with pytest.raises(UsageError, match="Bridge"):
        complete(NewMailbox("ann@proton.me", "secret"))


def test_an_address_is_enough_where_there_is_a_preset() -> None:
    given = complete(NewMailbox("Ann@GMail.com", "secret"))
    assert (given.imap_host, given.imap_port, given.imap_security) == ("imap.gmail.com", 993, Security.TLS)
    assert given.username == "Ann@GMail.com"
    assert given.smtp_url == "smtps://Ann%40GMail.com@smtp.gmail.com:465"


def test_what_the_person_gave_wins() -> None:
    given = complete(NewMailbox("ann@gmail.com", "secret", imap_host="imap.ourhouse.example", username="ann"))
    assert (given.imap_host, given.imap_port, given.username, given.smtp_url) == (
        "imap.ourhouse.example",
        993,
        "ann",
        None,
    )
    given = complete(NewMailbox("ann@gmail.com", "secret", imap_host="h.example", imap_security=Security.STARTTLS))
    assert given.imap_port == 143


@pytest.mark.parametrize(
    ("email", "port", "says"),
    [
        ("ann@ourhouse.example", None, "--imap-host"),
        ("ann", None, "not an e-mail address"),
        ("ann@gmail.com", 0, "from 1 to 65535"),
        ("ann@gmail.com", 65536, "from 1 to 65535"),
    ],
)
def test_what_can_not_be_completed_says_what_is_missing(email: str, port: int | None, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        complete(NewMailbox(email, "secret", imap_port=port))


def test_nobody_elses_domain_has_a_preset() -> None:
    assert preset_for(address_key("ann@ourhouse.example")) is None
    assert preset_for("ann") is None
