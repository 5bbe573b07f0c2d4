"""HTML as text that reads well, and as HTML that is safe."""

import pytest

from parsers.html.sanitize import sanitize_html
from parsers.html.text import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<p class=MsoNormal>One</p><p class=MsoNormal>Two</p>", "One\nTwo"),
        ("<ul><li>one<li>two</ul><ol><li>a</li><li>b</li></ol>", "- one\n- two\n\n1. a\n2. b"),
        ("Said:<blockquote>one<br>two</blockquote>Bye", "Said:\n\n> one\n> two\n\nBye"),
        ('<a href="https://shop.example/a?b=1&amp;c=2">our shop</a>', "our shop <https://shop.example/a?b=1&c=2>"),
        ('<a href="https://shop.example/">shop.example</a>', "shop.example"),
        ('<a href="mailto:ann@a.example">ann@a.example</a>', "ann@a.example"),
        ('<a href="javascript:x()">click</a>', "click"),
        ("<style>p{}</style><script>x<y</script><title>t</title>text<!-- no -->", "text"),
        ('<div style="display: none">preheader</div>Seen', "Seen"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>1</td></tr></table>", "A B\n1"),
        ("a &lt; b &amp;&nbsp;c &#0; &#xD800;", "a < b & c \ufffd \ufffd"),
        ("broken <b>bold <i>text", "broken bold text"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("", ""),
    ],
)
def test_text(html, text):
    assert text_of_html(html) == text


def test_nothing_active_and_nothing_remote_survives():
    html = (
        '<p onclick="x()" style="color:red;position:fixed;background:url(https://t.example/p)">Hi</p>'
        '<script>alert(1)</script><img src="https://t.example/p.gif"><img src="cid:logo@x"><img src="cid:other">'
        '<a href="javascript:alert(1)">a</a><a href="https://a.example/">b</a><form action="https://e.example"><input></form>'
        '<iframe src="https://e.example"></iframe><svg onload="x()"></svg><base href="https://e.example/">'
    )

    safe = sanitize_html(html, cid_urls={"logo@x": "/files/7"}, allow_remote=False)

    assert safe.remote_count == 2
    assert '<p style="color:red">Hi</p>' in safe.html
    assert 'src="/files/7"' in safe.html
    assert '<a href="https://a.example/" target="_blank" rel="noopener noreferrer nofollow">b</a>' in safe.html
    for gone in (
        "script",
        "onclick",
        "javascript",
        ' src="https',
        "cid:",
        "form",
        "iframe",
        "svg",
        "e.example",
        "url(",
    ):
        assert gone not in safe.html


def test_remote_pictures_come_when_the_reader_asks():
    html = '<img src="https://t.example/p.gif"><img src="//t.example/q.gif"><img src="data:text/html,x">'

    shown = sanitize_html(html, cid_urls={}, allow_remote=True)

    assert shown.remote_count == 2
    assert "https://t.example/p.gif" in shown.html
    assert "data:text" not in shown.html


def test_a_bottomless_page_is_shown_as_text():
    assert sanitize_html("<div>" * 5_000 + "deep", cid_urls={}, allow_remote=False).html == "<pre>deep</pre>"
