"""HTML made safe: what makes mail look right stays, and links are judged by what they show."""

import pytest

from parsers.html.sanitize import SanitizedHtml, sanitize_html

WORD = "<style>.MsoNormal,.MsoNoSpacing{margin:0}.MsoListParagraph{margin:0 0 0 36pt}</style>"


def safe(html: str) -> SanitizedHtml:
    return sanitize_html(html, cid_urls={}, allow_remote=False)


@pytest.mark.parametrize(
    "html",
    [
        '<table border="0" cellpadding="0" cellspacing="0" width="100%" bgcolor="#eeeeee" align="center" role="presentation">'
        '<tbody><tr><td style="padding:10px 0;border-top:1px solid #ccc" valign="top" colspan="2">x</td></tr></tbody></table>',
        '<font face="Arial" size="2" color="#333333">x</font>',
        '<p style="margin:0 0 10px 0;font-family:Arial, sans-serif;line-height:20px">x</p>',
        '<p style="color:rgb(1, 2, 3)">x</p>',
        '<div style="float:left;max-width:300px;overflow:hidden;max-height:0">x</div>',
        '<div style="background:linear-gradient(to right, #fff, #000)">x</div>',
        '<ol start="3" type="a"><li value="5">x</li></ol>',
        '<p class="MsoNormal">x</p>',
    ],
)
def test_what_makes_mail_look_right_stays(html):
    assert safe(html).html.removeprefix(WORD).replace(" ,", ",") == html


@pytest.mark.parametrize(
    "layers",
    [
        "url(https://e.example/x.png), linear-gradient(#fff, #000)",
        "linear-gradient(#fff, #000), url(https://e.example/x.png)",
        "url(https://e.example/x.png), url(https://e.example/y.png),linear-gradient(#fff, #000),url(javascript:z)",
    ],
)
def test_a_gradient_stays_without_the_pictures_beside_it(layers):
    assert (
        safe(f'<p style="background:{layers}">x</p>').html == '<p style="background:linear-gradient(#fff, #000)">x</p>'
    )


def test_word_has_its_margins_without_its_style_sheet():
    assert safe("<style>p.MsoNormal{margin:0}</style><p class='MsoNormal login'>x</p>").html.startswith(WORD)
    assert safe('<p>Word writes class="MsoNormal"</p>').html == '<p>Word writes class="MsoNormal"</p>'
    assert safe("<p>x</p>").html == "<p>x</p>"


def test_a_mail_inside_a_form_is_shown_without_it():
    found = safe(
        "<form action='https://e.example'><p>Rate us</p><select><option>1</select><button>Send</button></form>"
    )

    assert found.html == "<p>Rate us</p>Send"


@pytest.mark.parametrize(
    ("link", "misleads"),
    [
        ('<a href="https://evil.example/login">https://bank.test/login</a>', 1),
        ('<a href="https://evil.example/login"><b> www.bank.test</b></a>', 1),
        ('<a href="https://bank.test@evil.example/">https://bank.test/</a>', 1),
        ('<a href="https://evil.example/">\u202ehttps://bank.test\u202c</a>', 1),
        ('<a href="https://www.bank.test/login">https://bank.test</a>', 0),
        ('<a href="https://login.bank.test:8443/">http://www.bank.test/x</a>', 0),
        ('<a href="https://evil.example/">the bank</a> www.bank.test', 0),
    ],
)
def test_links_that_show_another_host_are_counted(link, misleads):
    found = safe(link)

    assert found.misleading_links == misleads
    assert "\u202e" not in found.html


def test_places_within_the_page_are_kept_apart_from_ours():
    found = safe('<a name="top">x</a><a href="#top">up</a>')

    assert 'name="mail-top"' in found.html
    assert 'href="#mail-top"' in found.html
