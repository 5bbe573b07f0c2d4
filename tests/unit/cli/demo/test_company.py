"""The sample company: complete, consistent, and always the same bytes for the same start."""

import email
import hashlib
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.policy import default

import pytest

from cli.demo.company import Company, load_company
from core.addresses import address_key, is_no_reply, is_role

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
CHARSETS = {
    "utf-8", "us-ascii", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252",
    "koi8-r", "iso-2022-jp", "shift_jis", "gb2312", "gb18030",
}  # fmt: skip
OUR_OWN = re.compile(rb"\{\{|\}\}|^#[a-z-]+:", re.M)


@pytest.fixture(scope="module")
def company() -> Company:
    return load_company(NOW)


def headers(raw: bytes) -> email.message.Message:
    return email.message_from_bytes(raw)


def test_same_start_same_bytes_and_another_start_other_dates(company):
    again, later = load_company(NOW), load_company(NOW + timedelta(days=10))

    assert again == company
    assert len(later.messages) == len(company.messages)
    assert {m.raw for m in later.messages}.isdisjoint(
        m.raw for m in company.messages if headers(m.raw)["Date"] and "Octember" not in headers(m.raw)["Date"]
    )


@pytest.mark.parametrize("hour", range(0, 24, 6))
@pytest.mark.parametrize("day", [1, 2, 6, 7])
def test_nothing_comes_from_the_future_on_whatever_day_and_hour_the_demo_starts(day, hour):
    now = datetime(2026, 3, 27, hour, 30, tzinfo=UTC) + timedelta(days=day)

    assert max(message.internal_date for message in load_company(now).messages) <= now


def test_there_is_enough_of_everything(company):
    assert len({message.name for message in company.messages}) >= 90
    assert len(company.contacts) >= 45
    assert len(company.clients) >= 20
    assert len(company.deals) == 12
    assert len(company.leads) == 3
    assert {folder.use for box in company.mailboxes for folder in box.folders} == {
        "inbox", "sent", "drafts", "junk", "trash", "archive", "other"
    }  # fmt: skip
    filled = Counter((message.mailbox, message.folder) for message in company.messages)
    assert all(filled[box.key, "INBOX"] >= 9 for box in company.mailboxes)
    declared = {
        found.lower() for m in company.messages for found in re.findall(r'charset="?([\w-]+)', m.raw.decode("latin-1"))
    }
    assert declared >= CHARSETS


def test_no_placeholder_or_directive_is_left_and_lines_end_as_they_should(company):
    for message in company.messages:
        assert not OUR_OWN.search(message.raw), message.name
        if "bare-linefeeds" in message.name:
            assert b"\r" not in message.raw
        else:
            assert message.raw.count(b"\n") == message.raw.count(b"\r\n"), message.name


def test_headers_are_seven_bit_except_where_the_sender_is_broken_on_purpose(company):
    eight_bit = {message.name for message in company.messages if not message.raw.split(b"\r\n\r\n")[0].isascii()}

    assert eight_bit == {"diego/inbox/016-lying-charset.eml"}


def test_texts_read_in_their_languages(company):
    parsed = {
        message.name.split("/")[-1]: email.message_from_bytes(message.raw, policy=default)
        for message in company.messages
    }
    texts = {
        "050-severny-veter.eml": ("koi8-r", "Здравствуйте, Марта!"),
        "052-severny-veter.eml": ("windows-1251", "бариста счастлив"),
        "053-mizuiro.eml": ("iso-2022-jp", "お世話になっております"),
        "055-mizuiro.eml": ("shift_jis", "11分でしたら問題ございません"),
        "057-nakheel.eml": ("utf-8", "مرحباً مارتا"),
        "040-uszczelki.eml": ("iso-8859-2", "Ściskam"),
        "030-angebot-hallbach.eml": ("iso-8859-1", "Mit freundlichen Grüßen"),
        "064-gb18030-long.eml": ("gb18030", "镕"),
    }
    for name, (charset, text) in texts.items():
        assert parsed[name].get_content_charset() == charset
        assert text in parsed[name].get_content()
    assert parsed["050-severny-veter.eml"]["subject"] == "Запасные пружины для Levante"
    assert parsed["050-severny-veter.eml"]["from"].addresses[0].display_name == "Анна Соколова"
    assert parsed["053-mizuiro.eml"]["subject"] == "Ponto 3台の導入について"
    assert parsed["040-uszczelki.eml"]["from"].addresses[0].display_name == "Katarzyna Wiśniewska"


def test_people_mailboxes_and_records_belong_together(company):
    people, boxes = {p.key for p in company.people}, {b.key for b in company.mailboxes}
    clients, contacts = {c.key for c in company.clients}, {c.key: c for c in company.contacts}
    stages = {stage.name for stage in company.stages}

    assert company.intake_mailbox in boxes
    assert all(set(box.members) <= people for box in company.mailboxes)
    assert all(box.email.endswith(company.domain) for box in company.mailboxes)
    assert {c.owner for c in (*company.clients, *company.contacts, *company.deals, *company.leads)} <= people
    assert all(c.client in clients or not c.client for c in company.contacts)
    assert all(
        d.client in clients and contacts[d.contact].client == d.client and d.stage in stages for d in company.deals
    )
    assert {stage.outcome for stage in company.stages} == {"open", "won", "lost"}
    assert len({address_key(c.email) for c in company.contacts}) == len(company.contacts)
    assert {c.domain for c in company.clients if "." not in c.domain} == set()


def test_the_newsletter_has_readers_and_four_who_must_not_get_it(company):
    audience = [c for c in company.contacts if set(company.segment.tags) <= set(c.tags)]
    addresses = {c.email for c in audience}

    assert 38 <= len(audience) <= 46
    assert sum(".." in address for address in addresses) == 1
    assert sum(is_role(address) for address in addresses) == 1
    assert sum(bool(c.suppressed) for c in audience) == 1
    readers = company.readers
    assert {*readers.refuse, *readers.defer, *readers.open, *readers.click} <= addresses
    assert set(readers.click) <= set(readers.open)
    assert set(readers.open).isdisjoint(readers.refuse)
    assert "{{ unsubscribe_url }}" in company.campaign.html
    assert "{{ unsubscribe_url }}" in company.campaign.text


def test_domains_are_reserved_ones(company):
    known_throw_away = {"mailinator.com"}
    addresses = {c.email for c in company.contacts} | {lead.email for lead in company.leads}
    for message in company.messages:
        addresses |= set(re.findall(r"[\w.+-]+@[\w.-]+\.[a-z]+", message.raw.decode("latin-1")))

    assert {a.rpartition("@")[2] for a in addresses if not a.endswith(".example")} <= known_throw_away


def test_tokens_of_the_caller_are_written_into_the_mail_and_missing_ones_made_up():
    company = load_company(NOW, {"task:marta": "t0ken234"})

    task = next(m for m in company.messages if m.name == "info/inbox/055-task-by-mail.eml")
    assert b"Delivered-To: task+t0ken234@fontelenta.example\r\n" in task.raw
    assert b"To: task+t0ken234@fontelenta.example\r\n" in task.raw
    assert company.tokens["feed:ines"].encode() in next(m.raw for m in company.messages if "057-feed" in m.name)
    assert len(set(company.tokens.values())) == len(company.tokens)


def test_the_server_vouches_for_honest_senders_only(company):
    verdicts = {
        m.name: (re.search(rb"dmarc=(\w+)", m.raw) or [b"", b""])[1] for m in company.messages if m.folder != "Sent"
    }

    assert verdicts["info/inbox/055-task-by-mail.eml"] == b"pass"
    assert verdicts["info/inbox/058-task-forged.eml"] == b"fail"
    assert verdicts["marta/inbox/098-forged-boss.eml"] == b"fail"
    assert {verdict for name, verdict in verdicts.items() if "/junk/" in name} == {b"fail", b"none"}
    bounce = next(m.raw for m in company.messages if "067-bounce" in m.name)
    assert bounce.startswith(b"Return-Path: <>\r\n")


def test_one_mail_has_several_places_and_identical_bytes_within_a_mailbox(company):
    lunch = [m for m in company.messages if m.name.endswith("024-lunch.eml")]
    twice = [m for m in company.messages if m.name.endswith("065-sweden-digest.eml")]

    assert {m.mailbox for m in lunch} == {"diego", "marta", "tom"}
    assert len({headers(m.raw)["Message-ID"] for m in lunch}) == 1
    assert {m.folder for m in twice} == {"Archive", "Trash"}
    assert len({hashlib.sha256(m.raw).digest() for m in twice}) == 1


def test_references_lead_to_messages_that_exist(company):
    known = {identity.strip() for m in company.messages if (identity := headers(m.raw)["Message-ID"])}
    long_threads = Counter()
    for message in {m.name: m for m in company.messages}.values():
        references = (headers(message.raw)["References"] or "").split()
        assert set(references) <= known, message.name
        long_threads[references[0] if references else headers(message.raw)["Message-ID"]] += 1

    assert long_threads["<CAHh01stokes@mail.harbourhound.example>"] == 8
    assert sum(count >= 3 for count in long_threads.values()) >= 6
    assert any(is_no_reply(address_key(headers(m.raw)["From"].split("<")[-1].rstrip(">"))) for m in company.messages)
