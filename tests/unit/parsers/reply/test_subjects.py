"""What stands before a subject, by language and program."""

import pytest

from parsers.fields.subjects import base_subject, has_forward_prefix, has_reply_prefix

REPLIES = (
    "Re: |RE : |Re[2]: |Re(3): |Re^2: |AW: |Antw: |Réf. : |R: |RIF: |RES: |Odp: |ODP.: |На: |Отв: |Відп: |YNT: |Ynt: |SV: |"
    "VS: |回复: |回复：|答复: |回覆: |返信: |답장: |رد: |תגובה: |Vá: |RĂSP: |ΑΠ: |ΣΧΕΤ: |Odg: |Отг: |TL: |Trả lời: |BLS: |ตอบ: |"
    "ATS: |Atb: |Përg: |[EXT] Re: |[boats] AW: |Re: AW: "
)
FORWARDS = (
    "Fwd: |FW: |WG: |Wtrlt: |TR : |RV: |Reenv: |ENC: |I: |Doorst: |PD: |PDL: |Пер: |İLT: |VB: |VL: |转发: |轉寄: |転送: |전달: |"
    "إعادة توجيه: |הועבר: |Továbbítás: |ΠΡΘ: |Prosl: |Chuyển tiếp: |ส่งต่อ: |TRS: |Redirecționare: |Re: Fwd: "
)


@pytest.mark.parametrize("prefix", REPLIES.split("|"))
def test_a_reply_prefix_is_none_of_the_subject(prefix):
    assert base_subject(f"{prefix}Offer: boats") == "Offer: boats"
    assert has_reply_prefix(f"{prefix}Offer")


@pytest.mark.parametrize("prefix", FORWARDS.split("|"))
def test_a_forward_prefix_is_none_of_the_subject(prefix):
    assert base_subject(f"{prefix}Offer: boats") == "Offer: boats"
    assert has_forward_prefix(f"{prefix}Offer")


@pytest.mark.parametrize("subject", ["Offer: boats", "Note: a", "Project I: the plan", "Reply: never", "X: y", ": x"])
def test_any_other_word_before_a_colon_belongs_to_it(subject):
    assert base_subject(subject) == subject
    assert not has_reply_prefix(subject)
    assert not has_forward_prefix(subject)
