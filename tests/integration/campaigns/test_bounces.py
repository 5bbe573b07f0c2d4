"""What comes back by mail: reports with our signature change a person, all others are only counted."""

import pytest
from sqlalchemy import select

from campaigns.audience import prepare_campaign
from campaigns.bounces import note_reply, settle_bounce
from campaigns.replies import count_reply
from campaigns.repository.suppression import suppressions
from core.config import Settings
from seeds.campaign import NAME, SYSTEM, SentCampaign, report_of, send_without_server
from storage import jobs
from storage.models import Effect
from storage.store import Store
from unit.crm.small_company import SmallCompany

ANA = "ana@example.org"


@pytest.fixture
def company(store: Store, settings: Settings) -> SmallCompany:
    return SmallCompany(store, settings)


@pytest.fixture
def sent(company: SmallCompany, store: Store, settings: Settings) -> SentCampaign:
    campaign = send_without_server(store, settings, [ANA, "ben@example.org"])
    prepare_campaign(company.next_run())  # The job of its start is due still; its audience is frozen already.
    assert report_of(store, NAME).audience == 2
    return campaign


def dsn(sent: SentCampaign, status: str, words: str, *, headers: str | None = None, action: str = "failed") -> bytes:
    """A report of RFC 3464 about the mail to Ana; `headers` are those of the returned copy."""
    message_id = sent.tokens.message_id(sent.recipients[ANA], "sender.example")
    returned = headers if headers is not None else f"Message-ID: <{message_id}>\nSubject: Spring"
    text = f"""From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: news@sender.example
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 12:00:00 +0000
Message-ID: <{abs(hash((status, returned, action)))}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {ANA}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: text/rfc822-headers

{returned}

--b--
"""
    return text.replace("\n", "\r\n").encode()


def complaint(sent: SentCampaign, feedback_type: str = "abuse") -> bytes:
    """A report of RFC 5965; as usual the address is hidden, only the returned headers tell."""
    message_id = sent.tokens.message_id(sent.recipients[ANA], "sender.example")
    return f"""From: fbl@provider.example
To: news@sender.example
Subject: Abuse report
Message-ID: <abuse@provider.example>
Date: Sat, 21 Nov 2026 12:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

Somebody complained.

--b
Content-Type: message/feedback-report

Feedback-Type: {feedback_type}
User-Agent: Provider/1.0
Version: 1

--b
Content-Type: message/rfc822

From: news@sender.example
To: redacted@example.org
Message-ID: <{message_id}>
Subject: Spring

Hello

--b--
""".replace("\n", "\r\n").encode()


def arrives(company: SmallCompany, raw: bytes) -> None:
    """The report comes, and its job is done, twice."""
    message_id = company.keep(raw)
    args = jobs.OfMessage(message_id, company.mailbox)
    for _ in range(2):
        settle_bounce(company.run(jobs.CAMPAIGN_BOUNCE, args))


def suppressed(store: Store) -> dict[str, str]:
    with store.database.reading() as session:
        return {row.key: row.reason for row in suppressions(session, SYSTEM)}


def test_an_address_that_does_not_exist_is_suppressed(company: SmallCompany, store: Store, sent: SentCampaign) -> None:
    arrives(company, dsn(sent, "5.1.1", "550 5.1.1 No such user here"))
    found = report_of(store, NAME)
    assert (found.sent, found.bounced, found.adds_up) == (2, 1, True)
    assert suppressed(store) == {ANA: "bounced"}


def test_a_full_mailbox_bounces_and_suppresses_nobody(company: SmallCompany, store: Store, sent: SentCampaign) -> None:
    arrives(company, dsn(sent, "5.2.2", "552 5.2.2 Mailbox full"))
    assert (report_of(store, NAME).bounced, suppressed(store)) == (1, {})


def test_a_delay_is_no_bounce(company: SmallCompany, store: Store, sent: SentCampaign) -> None:
    arrives(company, dsn(sent, "4.4.7", "451 4.4.7 still trying", action="delayed"))
    assert (report_of(store, NAME).bounced, suppressed(store)) == (0, {})


def test_a_report_without_our_signature_changes_nobody(company: SmallCompany, store: Store, sent: SentCampaign) -> None:
    arrives(company, dsn(sent, "5.1.1", "550 5.1.1 No such user", headers="Message-ID: <guess@sender.example>"))
    forged = sent.tokens.message_id(sent.recipients[ANA], "sender.example").replace("m.", "m.00")
    arrives(company, dsn(sent, "5.1.1", "550 5.1.1 No such user", headers=f"Message-ID: <{forged}>"))
    assert (report_of(store, NAME).bounced, suppressed(store)) == (0, {})
    with store.database.reading() as session:
        assert list(session.execute(select(Effect.target)).scalars()) == ["unmatched", "unmatched"]


def test_a_relay_that_gave_another_message_id_is_seen_through(
    company: SmallCompany, store: Store, sent: SentCampaign
) -> None:
    link = f"List-Unsubscribe:\n <https://t.example/u/{sent.unsubscribe(ANA)}>\nMessage-ID: <other@relay.example>"
    arrives(company, dsn(sent, "5.1.1", "550 5.1.1 No such user here", headers=link))
    assert suppressed(store) == {ANA: "bounced"}


def test_a_complaint_is_counted_and_ends_it(company: SmallCompany, store: Store, sent: SentCampaign) -> None:
    arrives(company, complaint(sent))
    assert (report_of(store, NAME).complained, suppressed(store)) == (1, {ANA: "complained"})


@pytest.mark.parametrize("feedback_type", ["auth-failure", "not-spam", "virus"])
def test_a_report_that_no_person_made_ends_nothing(
    company: SmallCompany, store: Store, sent: SentCampaign, feedback_type: str
) -> None:
    arrives(company, complaint(sent, feedback_type))
    assert (report_of(store, NAME).complained, suppressed(store)) == (0, {})


def test_an_answer_is_counted_once(store: Store, sent: SentCampaign) -> None:
    cited = sent.tokens.message_id(sent.recipients[ANA], "sender.example").upper().replace("M.", "m.")
    for _ in range(2):
        with store.database.unit_of_work() as session:
            assert note_reply(session, sent.tokens, 7, iter(["other@x.example", cited])) == sent.recipients[ANA]
    assert report_of(store, NAME).replied == 1


def test_a_mail_that_answers_the_campaign_counts_and_others_do_not(
    company: SmallCompany, store: Store, sent: SentCampaign
) -> None:
    ours = sent.tokens.message_id(sent.recipients[ANA], "sender.example")
    for number, cited in enumerate([ours, "somebody.else@x.example", ours.replace("m.", "m.00")]):
        raw = (
            f"From: {ANA}\r\nTo: news@sender.example\r\nSubject: Re: Spring\r\nMessage-ID: <{number}@example.org>\r\n"
            f"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nIn-Reply-To: <{cited}>\r\n\r\nThank you\r\n"
        )
        message_id = company.keep(raw.encode())
        for _ in range(2):
            count_reply(store, message_id)
    assert report_of(store, NAME).replied == 1
