"""Quotes in HTML as mail programs draw them: the element tells, in whatever language its words are."""

import pytest

from parsers.message import parse_message
from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

HEADERS = {
    "English": ("From", "Sent", "To", "Subject"),
    "German": ("Von", "Gesendet", "An", "Betreff"),
    "Polish": ("Od", "Wysłano", "Do", "Temat"),
    "Turkish": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "Japanese": ("差出人", "送信日時", "宛先", "件名"),
    "unlisted": ("Vo’", "Ngeh", "Tlhob", "Qel"),
}
VALUES = ("Anna Nowak &lt;anna@harbour.example&gt;", "Monday, 2 March 2026 11:00", "Bob Stern", "Offer")
LINK = '&lt;<a href="mailto:anna@harbour.example">anna@harbour.example</a>&gt;'
ATTRIBUTIONS = {
    "English": f"On Mon, Mar 2, 2026 at 11:00 AM Anna Nowak {LINK} wrote:",
    "German": f"Am Mo., 2. März 2026 um 11:00 Uhr schrieb Anna Nowak {LINK}:",
    "Russian": f"пн, 2 мар. 2026 г. в 11:00, Анна Новак {LINK}:",
    "Japanese": f"2026年3月2日(月) 11:00 Anna Nowak {LINK}:",
    "no address": "On 3/2/26 11:00 AM, Anna Nowak wrote:",
    "unlisted": "Anna Nowak jatlh, wa’ jaj",
}
ON = ATTRIBUTIONS["English"]
ASKED = "<p>Could you send the offer</p><p>for the three boats?</p>"


def _bold(labels: tuple[str, ...], joint: str = "<br>") -> str:
    return joint.join(f"<b>{label}:</b> {value}" for label, value in zip(labels, VALUES, strict=True))


# {0} is the block of header lines.
BY_HEADERS = {
    "Outlook 2016": (
        '<div class="WordSection1"><p class="MsoNormal">Here it is.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
        "{0}<o:p></o:p></p></div></div>" + ASKED + "</div>"
    ),
    "Outlook 2007": (
        '<div class="Section1"><p class="MsoNormal">Here it is.</p><div><div style=\'border:none;border-top:solid #B5C4DF 1.0pt;'
        "padding:3.0pt 0in 0in 0in'><p class=MsoNormal>{0}</p></div></div>" + ASKED + "</div>"
    ),
    "Outlook 2003": (
        '<div class=Section1><p class=MsoNormal>Here it is.</p><div class=MsoNormal align=center><hr size=2 width="100%" '
        "align=center tabindex=-1></div><p class=MsoNormal>{0}</p>" + ASKED + "</div>"
    ),
    "Outlook for Mac": (
        '<div>Here it is.</div><div><br></div><span id="OLK_SRC_BODY_SECTION"><div style="border-top: #b5c4df 1pt solid">{0}'
        "</div>" + ASKED + "</span>"
    ),
    "Outlook web": (
        '<div class="elementToProof">Here it is.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" '
        'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{0}</font><div>&nbsp;</div></div>'
        "<div>" + ASKED + "</div>"
    ),
    "Outlook web, as others quote it": (
        '<div class="x_elementToProof">Here it is.</div><div id="x_appendonsend"></div><hr tabindex="-1"><div '
        'id="x_divRplyFwdMsg" dir="ltr">{0}</div><div>' + ASKED + "</div>"
    ),
    "Outlook for iOS": (
        '<div dir="ltr">Here it is.</div><div id="ms-outlook-mobile-body-separator-line"><br></div><div id="mail-editor-'
        'reference-message-container" class="ms-outlook-mobile-reference-message"><hr style="display:inline-block;width:98%">'
        '<div style="font-family:Calibri">{0}</div>' + ASKED + "</div>"
    ),
    "Outlook.com, older": (
        '<div dir="ltr">Here it is.</div><hr tabindex="-1" id="stopSpelling"><div dir="ltr">{0}</div>' + ASKED
    ),
    "Outlook Express": (
        '<DIV>Here it is.</DIV><BLOCKQUOTE style="PADDING-LEFT: 5px; BORDER-LEFT: #000000 2px solid"><DIV>----- Original '
        "Message ----- </DIV><DIV>{0}</DIV>" + ASKED + "</BLOCKQUOTE>"
    ),
    "GMX": (
        '<div>Here it is.<div name="quote" style="margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid '
        '#C3D9E5;"><div style="margin:0 0 10px 0;">{0}</div><div name="quoted-content">' + ASKED + "</div></div></div>"
    ),
    "QQ": (
        '<div>Here it is.</div><div><includetail><div>&nbsp;</div><div style="font-size: 12px">------------------&nbsp;'
        '原始邮件&nbsp;------------------</div><div style="background:#efefef;">{0}</div>'
        + ASKED
        + "</includetail></div>"
    ),
    "NetEase": (
        '<div>Here it is.</div><div id="ntes-pcmail-quote" class="ntes_not_fresh_mail"><div>{0}</div>'
        + ASKED
        + "</div>"
    ),
    "Windows Mail": (
        '<div>Here it is.</div><div style="mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt"><p>{0}</p>'
        "</div>" + ASKED
    ),
    "Samsung": (
        '<div>Here it is.</div><div><br></div><div style="font-size:100%;color:#000000"><!-- originalMessage --><div>-------- '
        "Original message --------</div><div>{0}</div></div>" + ASKED
    ),
    "Zimbra": (
        '<div>Here it is.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{0}</div><div '
        'data-marker="__QUOTED_TEXT__">' + ASKED + "</div>"
    ),
    "Lark": (
        '<div>Here it is.</div><div id="lark-mail-quote-1" class="history-quote-wrapper"><div class="adit-html-block '
        'adit-html-block--collapsed">{0}' + ASKED + "</div></div>"
    ),
}
# {0} is the attribution.
BY_ATTRIBUTION = {
    "Gmail": (
        '<div dir="ltr">Here it is.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{0}'
        '<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">' + ASKED + "</blockquote></div>"
    ),
    "Gmail, older": (
        '<div dir="ltr">Here it is.</div><div class="gmail_extra"><br><div class="gmail_quote">{0}<br><blockquote '
        'class="gmail_quote">' + ASKED + "</blockquote></div></div>"
    ),
    "Gmail, seen by Outlook": (
        '<div dir="ltr">Here it is.</div><br><div class="x_gmail_quote"><div dir="ltr" class="x_gmail_attr">{0}<br></div>'
        '<blockquote class="x_gmail_quote">' + ASKED + "</blockquote></div>"
    ),
    "Apple Mail": (
        '<div>Here it is.</div><div><br><blockquote type="cite"><div>{0}</div><br class="Apple-interchange-newline"><div>'
        + ASKED
        + "</div></blockquote></div>"
    ),
    "Apple Mail, attribution outside": (
        '<div>Here it is.</div><div><br><div>{0}</div><br><blockquote type="cite"><div>'
        + ASKED
        + "</div></blockquote></div>"
    ),
    "Apple iOS": (
        '<div dir="ltr">Here it is.</div><div dir="ltr"><br><blockquote type="cite">{0}<br><br></blockquote></div><blockquote '
        'type="cite"><div dir="ltr">' + ASKED + "</div></blockquote>"
    ),
    "Thunderbird": (
        '<p>Here it is.</p><div class="moz-cite-prefix">{0}<br></div><blockquote type="cite" cite="mid:1@harbour.example">'
        + ASKED
        + "</blockquote>"
    ),
    "Yahoo": (
        '<div class="yahoo-style-wrap"><div dir="ltr">Here it is.</div><div><br></div></div><div id="yahoo_quoted_12" '
        'class="yahoo_quoted"><div><div>{0}</div><div><br></div><div>' + ASKED + "</div></div></div>"
    ),
    "Yahoo, Android": (
        '<div>Here it is.<br><br><p style="font-size:15px">{0}</p><blockquote style="margin: 0 0 20px 0;"><div>'
        + ASKED
        + "</div></blockquote></div>"
    ),
    "Proton": (
        '<div>Here it is.</div><div class="protonmail_quote">{0}<br><br><blockquote class="protonmail_quote" type="cite">'
        + ASKED
        + "</blockquote></div>"
    ),
    "Zoho": (
        '<div>Here it is.</div><br><div class="zmail_extra" style="border-top: 1px solid rgb(204, 204, 204)"><div '
        'id="Zm-_Id_-Sgn1">{0}</div><blockquote>' + ASKED + "</blockquote></div>"
    ),
    "Yandex": "<div>Here it is.</div><div> </div><div>{0}</div><blockquote>" + ASKED + "</blockquote>",
    "Mail.ru": (
        '<div>Here it is.</div><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">{0}<br>'
        '<div class="mail-quote-collapse">' + ASKED + "</div></blockquote>"
    ),
    "NetEase": (
        '<div>Here it is.</div><br><pre>{0}</pre><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">'
        + ASKED
        + "</blockquote>"
    ),
    "Front": (
        '<div>Here it is.</div><br><div class="front-blockquote-attr">{0}</div><blockquote type="cite" class="front-blockquote">'
        + ASKED
        + "</blockquote>"
    ),
    "Spark": (
        '<div name="messageBodySection"><div dir="auto">Here it is.</div></div><div name="messageReplySection">{0}<br>'
        '<blockquote type="cite">' + ASKED + "</blockquote></div>"
    ),
    "Fastmail": (
        '<div>Here it is.</div><div><br></div><div>{0}</div><blockquote type="cite" id="qt">' + ASKED + "</blockquote>"
    ),
    "Superhuman": (
        '<div>Here it is.</div><br><div class="gmail_signature"></div><br><div class="gmail_quote">{0}<blockquote '
        'class="gmail_quote">' + ASKED + "</blockquote></div>"
    ),
    "HEY": ('<div>Here it is.</div><br>{0}<br><blockquote class="hey-quote" cite="mid:1">' + ASKED + "</blockquote>"),
    "K-9": '<div>Here it is.</div><br><div class="gmail_quote">{0}<blockquote class="gmail_quote">'
    + ASKED
    + "</blockquote></div>",
    "Tutanota": '<div>Here it is.</div>{0}<br><blockquote class="tutanota_quote">' + ASKED + "</blockquote>",
    "Missive": (
        '<div>Here it is.</div><div class="missive_quote">{0}<br><blockquote class="missive_quote">'
        + ASKED
        + "</blockquote></div>"
    ),
    "Evolution": '<div>Here it is.</div><div>{0}</div><blockquote type="cite">' + ASKED + "</blockquote>",
    "Roundcube": (
        '<p>Here it is.</p><p id="reply-intro">{0}</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px '
        'solid">' + ASKED + "</blockquote>"
    ),
}
HEADED = [(program, language) for program in BY_HEADERS for language in HEADERS]
# These mark only the blockquote: that the line above it is no text, its words must tell.
BARE = {
    "Apple Mail, attribution outside", "Evolution", "Fastmail", "HEY", "NetEase", "Tutanota", "Yahoo, Android", "Yandex"
}  # fmt: skip
ATTRIBUTED = [
    (program, language)
    for program in BY_ATTRIBUTION
    for language in ATTRIBUTIONS
    if language != "unlisted" or program not in BARE
]


def _mail(html: str) -> bytes:
    head = "From: bob@ours.example\r\nSubject: Re: Offer\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    return (head + f"<html><head><style>p {{}}</style></head><body>{html}</body></html>").encode()


@pytest.mark.parametrize(("program", "language"), HEADED)
def test_copied_headers_in_html(program, language):
    for joint in ("<br>", "</p><p>", "</div><div>"):
        html = BY_HEADERS[program].format(_bold(HEADERS[language], joint))

        reply = parse_message(_mail(html)).reply

        assert reply.text == "Here it is.", joint
        assert reply.quoted.endswith("three boats?"), joint


@pytest.mark.parametrize(("program", "language"), ATTRIBUTED)
def test_attributed_quotes_in_html(program, language):
    html = BY_ATTRIBUTION[program].format(ATTRIBUTIONS[language])

    reply = parse_message(_mail(html)).reply

    assert reply.text == "Here it is."
    assert reply.quoted.rstrip("> \n").endswith("three boats?")


@pytest.mark.parametrize(("program", "language"), [case for case in ATTRIBUTED if case[0] not in BARE])
def test_html_tells_what_the_text_beside_it_does_not(program, language):
    html = BY_ATTRIBUTION[program].format(ATTRIBUTIONS[language])

    reply = reply_of(lines_of("Here it is.\n\nAnna jatlh\n\nCould you send the offer\n\nfor the three boats?"), html)

    assert reply.text == "Here it is."
    assert "Could you send" in reply.quoted


@pytest.mark.parametrize(
    ("html", "new"),
    [
        pytest.param(
            f'<div class="gmail_quote"><div class="gmail_attr">{ON}</div><blockquote class="gmail_quote">Price?</blockquote>'
            '</div><div>5 EUR</div><blockquote class="gmail_quote">When?</blockquote><div>Monday</div>',
            "> Price?\n\n5 EUR\n\n> When?\n\nMonday",
            id="answers between",
        ),
        pytest.param(
            f'<div class="moz-cite-prefix">{ON}</div><blockquote type="cite">Price?</blockquote><p>5 EUR</p>',
            "5 EUR",
            id="answer below",
        ),
        pytest.param(
            "<p>The law says:</p><blockquote>Boats float.</blockquote><p>What do you think?</p>",
            "The law says:\n\n> Boats float.\n\nWhat do you think?",
            id="a quotation of a person",
        ),
        pytest.param(
            "<p>One</p><hr><p>Two</p>", "One\n\n________________________________\n\nTwo", id="a rule of a person"
        ),
        pytest.param(
            '<table><tr><td style="border-top:solid #E1E1E1 1.0pt">Red</td></tr><tr><td>Blue</td></tr></table>',
            "Red\nBlue",
            id="a table pasted from Word",
        ),
        pytest.param(
            '<p>Compare:</p><p style="border-top:solid #E1E1E1 1.0pt">Price: 5 Date: 2.3.2026 Size: 3</p><p>Which?</p>',
            "Compare:\n\nPrice: 5 Date: 2.3.2026 Size: 3\n\nWhich?",
            id="a line of facts below a border",
        ),
        pytest.param(
            '<style>.gmail_quote{color:red}</style><p>Yes.</p><div class="gmail_quote">Anna jatlh<blockquote>When?</blockquote>'
            "</div>",
            "Yes.",
            id="a style sheet that names the element",
        ),
        pytest.param(
            f'<div class="gmail_quote"><div class="gmail_attr">{ON}</div><blockquote class="gmail_quote">Price?</blockquote>'
            "</div>",
            "",
            id="nothing new",
        ),
    ],
)
def test_html_that_is_not_simply_above(html, new):
    assert parse_message(_mail(html)).reply.text == new
