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
from mailsync.presets import Preset, preset_for, presets

HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_every_preset_is_usable(preset: Preset) -> None:
    assert HOST.fullmatch(preset.imap_host)
    assert 1 <= preset.imap_port <= 65535
    assert Security(preset.imap_security) is not Security.NONE
    smtp = parse_smtp_url(preset.smtp, None, allow_private=False)
    assert HOST.fullmatch(smtp.host)
    assert smtp.security is not SmtpSecurity.NONE
    assert preset.domains
    assert all(HOST.fullmatch(domain) and domain == domain.lower() for domain in preset.domains)
    assert preset.help == "" or preset.help.startswith("https://")
    assert preset.note == "" or preset.note.endswith(".")


def test_each_domain_belongs_to_one_provider() -> None:
    domains = Counter(domain for preset in presets() for domain in preset.domains)
    assert [domain for domain, count in domains.items() if count > 1] == []
    assert len({preset.name for preset in presets()}) == len(presets())


def test_providers_for_everybody_are_known_as_such() -> None:
    assert [domain for preset in presets() for domain in preset.domains if not is_free_mail(domain)] == []


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
