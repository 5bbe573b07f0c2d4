"""Ordinary mail that looks like something else at first sight: people write about holidays, bounces and spam, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.kinds.classify import MARKS
from parsers.message import parse_message
from parsers.model import Kind

REPLY = {"in_reply_to": "<o@ours.example>", "references": "<o@ours.example>"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Offer", "I am out of the office tomorrow, let us talk on Friday."),
        ("Out of office next week", "Hi, I'm on holiday next week. Bob takes over."),
        ("Vacation rental in Spain", "We liked the house. Is it free in May?"),
        ("Vacation request", "I would like to take 3 to 14 August off."),
        ("Vacation", "Shall we go to Norway this year?"),
        ("Away game on Saturday", "Who drives?"),
        ("On leave policy", "Attached is the policy on parental leave."),
        ("Absence management system: offer", "Our software manages absence and vacation."),
        ("Absence of evidence", "…is not evidence of absence."),
        ("Ausencia de respuesta", "Sigo esperando su respuesta."),
        ("Assenza del prodotto in catalogo", "Non trovo il prodotto."),
        ("Отсутствие товара", "Когда товар будет на складе?"),
        ("Urlaub 2026", "Anbei mein Urlaubsantrag."),
        ("Abwesenheit am Freitag", "Ich bin am Freitag nicht im Büro, Bob vertritt mich."),
        ("Abwesenheitsnotiz einrichten", "Wie richte ich das in Outlook ein?"),
        ("Automatic reply settings", "How do I turn them off?"),
        ("Auto reply is not working", "Our customers get no automatic reply any more."),
        ("Auto: Reparatur", "Mein Auto ist kaputt. Haben Sie am Montag einen Termin?"),
        ("AUTO: Angebot", "Wir kaufen einen Golf."),
        ("Re: Automatic reply: Offer", "Thanks, I will ask Bob then."),
        ("RE: Out of Office: Offer", "Have a nice vacation! Call me when you are back."),
        ("AW: Automatische Antwort: Angebot", "Schönen Urlaub! Wir hören uns im März."),
        ("Fwd: Automatic reply: Offer", "She is away until 5 March, see below.\n\nI am out of the office."),
        ("WG: Abwesenheitsnotiz: Angebot", "Zur Info, sie ist im Urlaub."),
        ("Undeliverable mail", "My mail to ann@a.example came back: user unknown. Do you have a newer address?"),
        ("Mail delivery problem", "Since Monday our mail to you bounces. Can you whitelist us?"),
        ("Delivery failure of order 4711", "The courier could not deliver the parcel. Please call me."),
        ("Returned mail", "The letter of 5 March was returned to sender. Is your street still the same?"),
        ("Delivery Status Notification (Failure)?", "I got this today. What does it mean?"),
        ("Spam complaint", "We receive your newsletter though we never asked for it. Please remove us."),
        ("Complaint about message from our supplier", "They wrote rude things. Please read the attachment."),
        ("Abuse report", "Somebody abuses our logo."),
        ("Feedback", "I liked your service. Feedback-Type: abuse is a funny name for a field."),
        ("Read: chapter five", "Please do it before Thursday."),
        ("Lu et approuvé", "Ci-joint le contrat signé."),
        ("Letto matrimoniale", "Quanto costa il letto?"),
        ("Gelesen und verstanden", "Anbei der Vertrag."),
        ("Read receipt", "Could you please switch off read receipts?"),
        ("Unsubscribe", "Please unsubscribe me from your list."),
        ("Newsletter", "Would you write an article for our newsletter?"),
        ("Confirm your message", "I could not hear you well: please confirm that you come on Monday."),
        ("Please confirm", "Please confirm your message by phone."),
        ("Meeting on 5 March", "Shall we meet until 5 pm? I am back on Monday."),
        ("We have received your message", "We have received your message and I am glad to tell you that we buy."),
        ("Thank you for your message", "Thank you for your message! I will call you tomorrow. Ann"),
        ("休暇について", "来週休暇を取ります。"),
        ("不在のお詫び", "先日は不在にして申し訳ありません。"),
        ("关于休假", "我下周休假。"),
        ("휴가 신청", "다음 주에 휴가를 신청합니다."),
        ("Férias de verão", "Vocês têm quartos livres em agosto?"),
        ("Urlop", "Czy mogę wziąć urlop w sierpniu?"),
        ("Report on our domain", "Submitter and domain are in the annex."),
        ("Bounce rate of our campaign", "It was 3 %. Mail delivery failed for 17 addresses, user unknown."),
        ("ooo", "cool!"),
        ("Automatische Türen: Anfrage", "Bitte um ein Angebot."),
        ("Automatic response systems for fire alarms", "Do you sell them?"),
        ("Abwesenheiten: Planung 2026", "Bitte tragt eure Zeiten ein."),
        ("On vacation", "We look for three rooms in July."),
        ("Parental leave - handover", "I am on maternity leave from May, Bob takes over."),
        ("Read: the new contract", "It was read by all of us, and we sign."),
        ("Gelesen", "Ich habe es gelesen."),
        ("Undelivered parcel", "The parcel was returned to you."),
        ("Away", ""),
    ],
)
def test_a_person_writes_about_it(mail, subject, body):
    parsed = parse_message(mail(body, subject=subject))

    assert (parsed.kind, parsed.report, parsed.returns_on) == (Kind.NORMAL, None, None)


@pytest.mark.parametrize(
    ("what", "headers", "body"),
    [
        ("an answer by HubSpot", {**REPLY, "subject": "Re: Offer", "list_unsubscribe": "<https://hs.example/u>",
                                  "feedback_id": "1:hs"}, "We take it."),
        ("an answer through SendGrid", {**REPLY, "subject": "Re: Offer", "x_sg_eid": "x", "feedback_id": "7:SG"}, "Yes."),
        ("a contact form through SES", {"x_ses_outgoing": "2026.03.02", "feedback_id": "1.eu-west-1.x:AmazonSES"},
         "Name: Ann. Message: Please call me."),
        ("a contact form through Mailgun", {"x_mailgun_sid": "WyI", "x_mailgun_variables": "{}"}, "Please call me."),
        ("an agent's answer by Zendesk", {**REPLY, "subject": "Re: Offer", "x_mailer": "Zendesk Mailer",
                                          "auto_submitted": "auto-generated", "x_auto_response_suppress": "All"},
         "Hello Bob, I found the reason: the cable was loose. Ann"),
        ("an agent's polite answer by Zendesk", {**REPLY, "subject": "Re: Offer", "x_mailer": "Zendesk Mailer",
                                                 "auto_submitted": "auto-generated"},
         "Thank you for contacting us. I was on holiday, sorry! The cable was loose. Ann"),
        ("an agent's answer by RT", {**REPLY, "subject": "Re: [support.example #4711] Offer", "precedence": "bulk",
                                     "rt_ticket": "support.example #4711"}, "We ship it on Monday. Ann"),
        ("Exchange asks for no answers", {"x_auto_response_suppress": "DR, OOF, AutoReply"}, "We take it."),
        ("Exchange asks for none at all", {"x_auto_response_suppress": "All", "subject": "Order"}, "We take it."),
        ("redirected by a rule", {"x_ms_exchange_inbox_rules_loop": "info@customer.example",
                                  "resent_from": "info@customer.example", "x_auto_response_suppress": "All"},
         "We take it."),
        ("forwarded by a rule", {"subject": "FW: Order", "auto_submitted": "auto-generated",
                                 "x_ms_exchange_inbox_rules_loop": "info@customer.example",
                                 "x_ms_exchange_generated_message_source": "Mailbox Rules Agent"}, "We take it."),
        ("not automatic, RFC 3834", {"auto_submitted": "no"}, "We take it."),
        ("not automatic, with a comment", {"auto_submitted": "No (by hand)"}, "We take it."),
        ("a header that denies", {"x_autoreply": "no"}, "I am out of the office until Friday."),
        ("written by a TMDA user", {"x_delivery_agent": "TMDA/0.57"}, "I use TMDA. Please confirm that you got it."),
        ("with urgency", {"precedence": "first-class", "x_priority": "1"}, "We take it."),
        ("by PHPMailer", {"x_mailer": "PHPMailer 6.9.1"}, "Name: Ann. I would like an offer."),
        ("a person with an empty return path", {"return_path": "<>", "subject": "Order"}, "We take ten."),
    ],
)  # fmt: skip
def test_a_person_writes_by_a_program_that_leaves_its_marks(mail, what, headers, body):
    assert parse_message(mail(body, **headers)).kind is Kind.NORMAL


@pytest.mark.parametrize(
    ("what", "headers", "body"),
    [
        ("a posting about vacations", {"list_id": "<a.example>", "precedence": "bulk", **REPLY, "subject": "Re: Trip"},
         "I am on vacation next week and will be away from mail."),
        ("a posting about bounces", {"list_id": "<a.example>", "subject": "Re: Undelivered Mail Returned to Sender"},
         "Mine says: user unknown, mailbox full. Yours, too?"),
        ("an old list about challenges", {"precedence": "bulk", "sender": "owner-a@a.example", **REPLY,
                                          "subject": "Re: TMDA"}, "You must click to confirm your message, says TMDA."),
        ("a shop's order", {"from": "Shop <noreply@shop.example>", "subject": "Order 4711",
                            "auto_submitted": "auto-generated"}, "Thank you for contacting us. We ship on 5 March."),
        ("a shop's order without marks", {"from": "Shop <orders@shop.example>", "subject": "Order 4711"},
         "We have received your order. This is an automated message, please do not reply."),
        ("a newsletter's subject", {"list_unsubscribe": "<https://x.example/u>", "subject": "Auto: the new models"},
         "Back from vacation?"),
        ("statistics of a mail server", {"from": "postmaster@ours.example", "subject": "Daily report"}, "17 bounces"),
        ("out of office, as a newsletter", {"precedence": "bulk", "subject": "Out of office"}, "Our best beaches"),
    ],
)  # fmt: skip
def test_nothing_of_it_answers_or_reports(mail, what, headers, body):
    kind = parse_message(mail(body, **headers)).kind

    assert kind in (Kind.NORMAL, Kind.LIST, Kind.BULK)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(MARKS)), st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b""))),
             max_size=6),
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")),
    st.binary(max_size=200),
)  # fmt: skip
def test_whatever_stands_in_those_fields_is_survived(fields, subject, body):
    head = b"".join(name.encode() + b": " + value + b"\n" for name, value in fields)

    assert parse_message(b"Subject: " + subject + b"\n" + head + b"\n" + body).kind in Kind
