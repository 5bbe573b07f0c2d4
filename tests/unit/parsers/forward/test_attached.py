"""Messages passed on as files."""

import base64

import pytest

from parsers.content.attachments import attachment_content
from parsers.message import parse_message

INNER = (
    "From: Ann Ray <ann@a.example>\nTo: Bob <bob@b.example>\nCc: carl@c.example\nSubject: Offer\n"
    "Date: Mon, 2 Mar 2026 11:00:00 +0100\nMessage-ID: <m7@a.example>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=in\n\n--in\nContent-Type: text/plain\n\nPlease call me.\n\nAnn\n"
    "--in\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=offer.pdf\n\n%PDF\n--in--\n"
)
EML = 'message/rfc822; name="Offer.eml"'


def mail(
    *files: tuple[str, str], subject: str = "FW: Offer", note: str = "", head: str = "", mark: str = "out"
) -> bytes:
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{note}"]
    parts += [f"Content-Type: {kind}\nContent-Disposition: attachment\n\n{content}" for kind, content in files]
    body = "".join(f"\n--{mark}\n{part}" for part in parts)
    return (
        f"From: bob@b.example\nTo: desk@ours.example\nSubject: {subject}\nDate: Mon, 2 Mar 2026 12:00:00 +0100\n{head}"
        f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary={mark}\n\n{body}\n--{mark}--\n"
    ).encode()


def assert_is_the_inner_one(raw: bytes, index: int = 0) -> None:
    found = parse_message(raw).forwarded
    assert found is not None
    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert [address.address for address in (*found.to, *found.cc)] == ["bob@b.example", "carl@c.example"]
    assert (found.subject, found.text, found.message_id) == ("Offer", "Please call me.\n\nAnn", "m7@a.example")
    assert found.sent_at.isoformat() == "2026-03-02T10:00:00+00:00"
    assert [file.filename for file in found.attachments] == ["offer.pdf"]
    assert found.attached_as == index
    inner = attachment_content(raw, found.attached_as)
    assert attachment_content(inner, found.attachments[0].index).strip() == b"%PDF"


def test_without_a_word_and_with_a_short_note():
    assert_is_the_inner_one(mail((EML, INNER)))
    assert_is_the_inner_one(mail((EML, INNER), subject="Have a look", note="Is this yours?\n\n-- \nBob"))


def test_behind_another_file_and_as_a_file_called_eml():
    picture = ("image/png; name=logo.png", "png")
    encoded = base64.encodebytes(INNER.encode()).decode()

    assert_is_the_inner_one(mail(picture, (EML, INNER)), index=1)
    assert_is_the_inner_one(
        mail(('application/octet-stream; name="Offer.eml"\nContent-Transfer-Encoding: base64', encoded))
    )


def test_only_the_first_of_a_chain_is_read():
    chain = INNER
    for number in range(50):
        chain = mail((EML, chain), subject=f"FW: {number}", mark=f"level{number}.").decode()

    found = parse_message(mail((EML, chain))).forwarded

    assert (found.from_.address, found.subject) == ("bob@b.example", "FW: 49")
    assert [file.content_type for file in found.attachments] == ["message/rfc822"]


NONE = {
    "two of them": mail((EML, INNER), (EML, INNER)),
    "a long letter with an enclosure": mail((EML, INNER), subject="Our talk", note="Dear Sir, " + "and so on " * 80),
    "an answer": mail((EML, INNER), subject="Re: Your mail", note="Here it is."),
    "an absence": mail((EML, INNER), subject="Out of office", head="Auto-Submitted: auto-replied\n"),
    "one enclosure of several": mail(("application/pdf; name=invoice.pdf", "%PDF"), (EML, INNER), subject="Invoice 7"),
    "no message inside": mail((EML, "just words")),
    "nothing attached": mail(note="See above."),
}


@pytest.mark.parametrize("name", NONE)
def test_what_passes_none_on(name):
    assert parse_message(NONE[name]).forwarded is None


def test_a_forward_in_the_text_has_the_files_of_its_mail():
    text = "---------- Forwarded message ---------\nFrom: Ann <ann@a.example>\nSubject: Offer\nTo: bob@b.example\n\nHi"

    found = parse_message(mail(("application/pdf; name=offer.pdf", "%PDF"), note=text)).forwarded

    assert (found.attached_as, [file.filename for file in found.attachments]) == (None, ["offer.pdf"])
