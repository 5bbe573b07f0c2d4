"""What safe HTML tells of the page: links that show another owner, pictures that show nothing, text that ran backwards."""

import pytest

from parsers.html.sanitize import sanitize_html


@pytest.mark.parametrize(
    ("link", "misleading"),
    [
        ('<a title="t" href="https://evil.example">https://bank.example</a>', 1),
        ('<a href="https:/evil.co.uk">https://bank.co.uk</a>', 1),
        ('<a href="http://192.0.2.4/x">http://198.51.100.4/x</a>', 1),
        ('<a href="https://www.bank.co.uk/x">https://bank.co.uk/x</a>', 0),
        ('<a href="https://bank.example">Bank</a>', 0),
    ],
)
def test_links_that_show_another_owner(link, misleading):
    assert sanitize_html(link, cid_urls={}, allow_remote=False).misleading_links == misleading


@pytest.mark.parametrize(
    ("size", "tracking"),
    [
        ('width="1" height="1"', 1),
        ('width="600" height="1"', 0),
        ('style="width:0px"', 1),
        ('style="display:none"', 1),
        ('width="20"', 0),
    ],
)
def test_a_picture_that_shows_nothing_is_for_tracking(size, tracking):
    html = f'<img src="https://t.example/p" {size}>'

    assert sanitize_html(html, cid_urls={}, allow_remote=False).tracking_count == tracking


def test_nothing_makes_text_read_backwards():
    html = '<bdo dir="rtl">moc.knab</bdo><p style="unicode-bidi:bidi-override;direction:rtl">moc.knab</p>'

    safe = sanitize_html(html, cid_urls={}, allow_remote=False).html

    assert "bdo" not in safe
    assert "unicode-bidi" not in safe
