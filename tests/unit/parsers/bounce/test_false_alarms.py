"""Mail about bounces, and mail that servers and machines write for other reasons, is no bounce."""

import pytest

from parsers.message import parse_message
from parsers.model import Kind

NOTICE = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  gone@client.example
    550 5.1.1 User unknown
"""
QUOTED = "\n".join(f"> {line}" for line in NOTICE.split("\n"))
SHORT = "Your message could not be delivered to\n\n  gone@client.example\n"

OTHERS = [
    ("asks about a bounce", {"subject": "Undeliverable mail"}, "My mail to ann@a.example was returned: user unknown. Why?"),
    ("answers above the quoted notice", {"subject": "Re: Mail delivery failed: returning message to sender"},
     f"Did you see this?\n\n{QUOTED}"),
    ("answers below the quoted notice", {"subject": "Re: Undeliverable: Offer"}, f"{QUOTED}\n\nI shall try his other address."),
    ("forwards it without a word", {"subject": "Fwd: Undeliverable: Offer"},
     f"---------- Forwarded message ---------\nFrom: MAILER-DAEMON <MAILER-DAEMON@relay.example>\n\n{NOTICE}"),
    ("forwards it, Outlook", {"subject": "FW: Mail delivery failed"}, f"FYI\n\n-----Original Message-----\n{NOTICE}"),
    ("forwards it bare", {"subject": "FW: Undeliverable: Offer"}, SHORT),
    ("pastes it under a greeting", {"subject": "Mail delivery failed"}, f"Hi Bob,\n\nthis came back:\n\n{NOTICE}\nAny idea?"),
    ("pastes it under a greeting, German", {"subject": "Unzustellbar"},
     f"Hallo Bob,\n\nmeine Mail kam zurück:\n\n{SHORT}\nViele Grüße"),
    ("tells it in one line", {"subject": "Delivery failed"}, "My mail could not be delivered to\nann@client.example\n"),
    ("list mail", {"subject": "Undelivered mail", "list_id": "<exim-users.exim.example>"},
     f"I get this for each of my postings:\n\n{NOTICE}"),
    ("newsletter", {"subject": "Undeliverable mail: ten reasons", "list_unsubscribe": "<mailto:out@news.example>"},
     "Mail that could not be delivered to your readers costs money.\n\nteam@news.example\n"),
    ("parcel", {"from": "DHL <noreply@parcels.example>", "subject": "Delivery failed"},
     "Your parcel could not be delivered to you today.\n\nann@client.example\n\nTrack it here."),
    ("postmaster is a person too", {"from": "Pat Postmaster <postmaster@client.example>", "subject": "Your question"},
     "Mail to gone@client.example is refused since he left. Write to ann@client.example instead."),
    ("postmaster answers", {"from": "Pat <postmaster@client.example>", "subject": "Re: Delivery problem"},
     "Hi Ann,\n\nmail to gone@client.example is refused since he left.\n\nRegards, Pat"),
    ("a seller of delivery", {"from": "Mail Delivery News <team@news.example>", "subject": "Why mails bounce",
                              "list_unsubscribe": "<https://news.example>"},
     "Mails that were rejected cost money. Ask\n\n  team@news.example\n"),
    ("statistics of a mail server", {"from": "postmaster@relay.example", "subject": "Daily mail summary"},
     "Messages received: 812\nMessages rejected: 31\nMessages deferred: 4\n"),
    ("quarantine digest", {"from": "postmaster@relay.example", "subject": "Quarantine summary for you"},
     "These messages were blocked:\n\nspam@bad.example  Cheap watches\n"),
    ("quarantine digest of a daemon", {"from": "MAILER-DAEMON@relay.example", "subject": "Spam quarantine summary"},
     "Waiting for you:\n\nseller@bad.example  Cheap watches\n"),
    ("all went well, in words", {"from": "MAILER-DAEMON@relay.example", "subject": "Return receipt", "return_path": "<>"},
     "   ----- The following addresses had successful delivery notifications -----\n<ann@client.example>  (relayed)\n"),
    ("relayed, Exchange", {"from": "postmaster@relay.example", "subject": "Delivery Status Notification (Relay)"},
     "Your message has been successfully relayed to the following recipients:\n\n  ann@client.example\n"),
    ("challenge and response", {"subject": "Please confirm: Offer", "return_path": "<>"},
     "Your message was not delivered to ann@client.example yet.\nPlease confirm that you are a person."),
    ("held for a moderator", {"from": "club-owner@lists.example", "subject": "Your message to Club awaits moderator approval"},
     "Your mail to 'Club' with the subject\n\n    Offer\n\nIs being held until the list moderator can review it."),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "body"), [row[1:] for row in OTHERS], ids=[row[0] for row in OTHERS])
def test_no_bounce(mail, headers, body):
    parsed = parse_message(mail(body, **headers))

    assert parsed.report is None
    assert parsed.kind is not Kind.BOUNCE


AWAY = {"auto_submitted": "auto-replied", "return_path": "<>"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Automatic reply: Delivery problem",
            "I am out of the office. Write to bob@client.example, messages to me are delayed.",
        ),
        (
            "Automatische Antwort: Lieferung",
            "Ich bin bis Montag nicht erreichbar. Wenden Sie sich bitte an bob@client.example.",
        ),
        ("Out of office: Undeliverable?", "I no longer work in sales. Please contact\n\n  bob@client.example\n"),
        ("Automatic reply: Offer", "My phone number has changed and is no longer valid. This email address stays."),
        (
            "Automatic reply: Offer",
            "My e-mail address has changed to ann@new.example. Mail to the old one is forwarded.",
        ),
    ],
)
def test_people_who_are_away_do_not_bounce(mail, subject, body):
    parsed = parse_message(mail(body, subject=subject, **AWAY))

    assert parsed.report is None


@pytest.mark.parametrize(
    "body",
    [
        "This e-mail address is no longer in use. Please write to ann@new.example instead.",
        "Dear sender,\n\nplease note that this email address has been deactivated.",
        "Diese E-Mail-Adresse ist nicht mehr gültig.",
        "Diese E-Mail-Adresse wird ab sofort nicht mehr verwendet.",
        "Cette adresse e-mail n'est plus utilisée.",
        "Esta dirección de correo ya no está activa.",
        "Questo indirizzo e-mail non è più attivo.",
        "Este endereço de e-mail não está mais ativo.",
        "Dit e-mailadres is niet meer in gebruik.",
        "Ten adres e-mail nie jest już używany.",
        "Этот адрес электронной почты больше не используется.",
        "このメールアドレスは現在使用されておりません。",
        "此邮箱已停用。",
    ],
)
def test_a_reply_that_says_the_address_is_dead_is_a_bounce_of_its_author(mail, body):
    by_machine = parse_message(mail(body, subject="Automatic reply: Offer", **AWAY))
    by_hand = parse_message(mail(body, subject="Re: Offer"))

    assert by_machine.report is not None
    (dead,) = by_machine.report.recipients
    assert (dead.address, dead.reason, dead.permanent) == ("ann@customer.example", "hasmoved", True)
    assert by_hand.report is None


RECEIPT = """--b
Content-Type: text/plain

Your message was deleted without being read. It could not be delivered to the reader's eyes.

--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ann@client.example
Disposition: automatic-action/MDN-sent-automatically; deleted

--b--
"""


def test_a_mail_deleted_unread_is_a_receipt(mail):
    head = 'multipart/report; report-type=disposition-notification; boundary="b"'

    parsed = parse_message(mail(RECEIPT, subject="Not read: Offer", return_path="<>", content_type=head))

    assert (parsed.kind, parsed.report) == (Kind.RECEIPT, None)
