"""A compiled campaign gives each recipient the same mail that composing it alone would, signed so that others agree."""

import base64
from datetime import UTC, datetime
from email import message_from_bytes, policy

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from delivery.compiled import CampaignMail, Recipient, Slot, compile_campaign
from delivery.compose import Draft, compose
from delivery.dkim import Signer, sign
from delivery.header_text import Mailbox

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAME, TOKEN = Slot("name"), Slot("token")
MAIL = CampaignMail(
    from_=Mailbox("news@example.org", "Größte News"),
    subject=["Hello ", NAME, "!"],
    text=["Hello ", NAME, " ,\n\n. a dot\nFrom here  two blanks \nhttps://t.example/c/", TOKEN, ".3\n"],
    html=["<p>Grüße ", NAME, '</p><a href="https://t.example/c/', TOKEN, '.1">go</a>', TOKEN],
    reply_to=Mailbox("answers@example.org"),
    unsubscribe_url=["https://t.example/u/", TOKEN],
    unsubscribe_mailto=["mailto:u+", TOKEN, "@example.org"],
    list_id="news.example.org",
    feedback_id="7:news:mailsync",
    headers=(("X-Campaign", "seven"),),
)
ANYTHING = st.text(st.one_of(st.sampled_from(" .\r\n=<>-ü字"), st.characters(exclude_categories=["Cs"])), max_size=120)


def recipient(name: str = "Ana") -> Recipient:
    return Recipient(Mailbox("ana@example.net", name), "abc@example.org", {"name": name, "token": "tok-EN_1"})


def read(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


def lines(name: str) -> str:
    return name.replace("\r\n", "\n").replace("\r", "\n")


def test_a_filled_mail_is_whole():
    message = read(compile_campaign(MAIL).fill(recipient("Ana"), NOON))

    assert message["Subject"] == "Hello Ana!"
    assert message["To"].addresses[0].addr_spec == "ana@example.net"
    assert message["List-Unsubscribe"] == "<https://t.example/u/tok-EN_1>, <mailto:u+tok-EN_1@example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-ID"] == "<news.example.org>"
    assert message["Date"].datetime == NOON
    text, html = (lines(message.get_body((kind,)).get_content()) for kind in ("plain", "html"))
    assert text == "Hello Ana ,\n\n. a dot\nFrom here  two blanks \nhttps://t.example/c/tok-EN_1.3\n"
    assert html.rstrip("\n") == '<p>Grüße Ana</p><a href="https://t.example/c/tok-EN_1.1">go</a>tok-EN_1'


@given(ANYTHING)
def test_no_value_leaves_its_place(name):
    raw = compile_campaign(MAIL).fill(recipient(name), NOON)
    message = read(raw)

    assert message.get_content_type() == "multipart/alternative"
    assert len(list(message.iter_parts())) == 2
    assert [key for key in message if key in ("Subject", "To", "Bcc")] == ["To", "Subject"]
    assert lines(message.get_body(("plain",)).get_content()).startswith(f"Hello {lines(name)} ,\n")
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert b"\r\n." not in raw
    assert not message.defects


def keys() -> list[Signer]:
    return [
        Signer("example.org", "ed", ed25519.Ed25519PrivateKey.generate()),
        Signer("example.org", "rsa", rsa.generate_private_key(65537, 2048)),
    ]


SIGNERS = keys()


def records(name: bytes, timeout: int = 5) -> bytes | None:
    wanted = name.decode().partition(".")[0]
    return next((signer.dns_record().encode() for signer in SIGNERS if signer.selector == wanted), None)


def verified(raw: bytes) -> list[bool]:
    return [valid(raw, number) for number in range(len(SIGNERS))]


def valid(raw: bytes, number: int) -> bool:
    try:
        return dkim.DKIM(raw).verify(idx=number, dnsfunc=records)
    except dkim.ValidationError:
        return False


@pytest.mark.parametrize("name", ["Ana", "  spaced   out  ", "字 üñ", "ends \r\n\r\n", ""])
@pytest.mark.parametrize("text_only", [False, True])
def test_others_verify_both_signatures_and_refuse_what_was_changed(name, text_only):
    fields = {field: getattr(MAIL, field) for field in CampaignMail.__slots__} | ({"html": ()} if text_only else {})
    raw = compile_campaign(CampaignMail(**fields)).fill(recipient(name), NOON, SIGNERS)

    assert verified(raw) == [True, True]
    assert verified(raw.replace(b"Hello", b"Hallo")) == [False, False]
    body_changed = raw[:-20].replace(b"two blanks", b"six blanks") + raw[-20:]
    assert verified(body_changed) == [False, False]
    # Another From in front is what over-signing is for.
    assert verified(b"From: evil@example.org\r\n" + raw) == [False, False]


def test_the_list_headers_are_signed():
    raw = compile_campaign(MAIL).fill(recipient(), NOON, SIGNERS[:1])
    signature = read(raw)["DKIM-Signature"]

    names = signature.partition("; h=")[2].partition(";")[0].split(":")
    assert {"list-unsubscribe", "list-unsubscribe-post", "feedback-id", "list-id", "from", "subject"} <= set(names)


def test_any_message_can_be_signed():
    draft = Draft(
        Mailbox("a@example.org"), (Mailbox("b@example.net"),), "a  b\tc", "x  y \t\nz\n\n\n", "id@example.org", NOON
    )
    for raw in (
        compose(draft),
        b"From: a@example.org\r\nSubject:  folded\r\n\tline\r\n\r\n a  b \r\n\t\r\n\r\n",
        b"From: a@b\r\n\r\n",
    ):
        assert verified(sign(raw, SIGNERS, 1_770_000_000)) == [True, True]


def test_keys_that_nobody_accepts_are_refused():
    for pem in (b"", b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n", base64.b64encode(b"x" * 40)):
        with pytest.raises(UsageError):
            Signer.from_pem("example.org", "s", pem)


def test_a_missing_value_is_told():
    with pytest.raises(KeyError):
        compile_campaign(MAIL).fill(Recipient(Mailbox("a@example.net"), "id", {"name": "x"}), NOON)
