"""What a mail to a secret address says: the words of its author, and apart from them the mail that is passed on."""

from core.limits import DEFAULT_LIMITS
from crm.access.mailed_in import MailContent, content_of
from delivery.tokens import new_intake_token
from parsers.model import Address

HEAD = b"From: Tom <tom@ours.example>\nTo: task+%s@ours.example\n"
PASTED = b"""Subject: Fwd: Re: Gaskets

Please send them.

---------- Forwarded message ---------
From: Piotr <piotr@client.example>
Date: Mon, 2 Nov 2026 at 10:00
Subject: Re: Gaskets
To: Tom <tom@ours.example>

Two gaskets, please.
"""
ATTACHED = b"""Subject: Gaskets
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b

Please send them.
--b
Content-Type: message/rfc822

From: Piotr <piotr@client.example>
Subject: Gaskets
Date: Mon, 2 Nov 2026 10:00:00 +0000

Two gaskets, please.
--b--
"""


def said(body: bytes, token: str = "x") -> MailContent:
    return content_of(HEAD % token.encode() + body, DEFAULT_LIMITS)


def test_a_mail_that_is_passed_on_pasted_or_attached_stands_apart() -> None:
    for body in (PASTED, ATTACHED):
        content = said(body)
        assert content.author == Address("Tom", "tom@ours.example")
        assert content.sender == Address("Piotr", "piotr@client.example")
        assert (content.subject, content.text) == ("Gaskets", "Please send them.")
        assert content.passed_on == "Two gaskets, please."
        assert content.whole_text == "Please send them.\n\nPiotr <piotr@client.example>:\nTwo gaskets, please."


def test_a_mail_that_passes_nothing_on_has_the_words_of_its_author_alone() -> None:
    content = said(b"Subject: Gaskets\n\nOrder two.\n-- \nTom, Workshop\n")
    assert (content.sender, content.passed_on, content.whole_text) == (None, "", "Order two.")
    assert said(b"Subject: Re:\n\n").empty


def test_a_secret_address_is_masked_wherever_it_is_quoted() -> None:
    token = new_intake_token()
    body = PASTED.replace(b"Two gaskets", b"task+%s@ours.example: two gaskets" % token.encode())
    content = said(body, token)
    assert token not in content.whole_text.lower()
    assert "two gaskets" in content.passed_on
