import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.plain_text import linked_text, titled_text


def test_addresses_become_links_and_punctuation_stays_outside() -> None:
    shown = linked_text("See https://fair.example/plan?a=1&b=2. Or ask ana@fair.example!")

    assert (
        '<a href="https://fair.example/plan?a=1&amp;b=2" rel="noopener noreferrer nofollow" target="_blank">' in shown
    )
    assert "</a>. Or ask" in shown
    assert 'href="mailto:ana@fair.example"' in shown


def test_markup_in_mail_is_text() -> None:
    shown = linked_text('<script>alert(1)</script> https://x.example/"onmouseover="alert(1)')

    assert "<script" not in shown
    assert '"onmouseover' not in shown


@given(st.text(max_size=300))
def test_nothing_a_stranger_writes_opens_a_tag_of_its_own(text: str) -> None:
    shown = str(linked_text(text))

    assert shown.count("<") == 2 * shown.count("<a href=")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("News", '<a class="plain" href="/feed/1">News</a>'),
        (
            "See https://a.example/x, now",
            '<a class="plain" href="/feed/1">See </a><a href="https://a.example/x" rel="noopener noreferrer nofollow" '
            'target="_blank">https://a.example/x</a><a class="plain" href="/feed/1">, now</a>',
        ),
        (
            "https://www.youtube.com/watch?v=1",
            '<a class="video" href="https://www.youtube.com/watch?v=1" rel="noopener noreferrer nofollow" '
            'target="_blank">Video at youtube.com</a>',
        ),
        ("<b> & javascript:x", '<a class="plain" href="/feed/1">&lt;b&gt; &amp; javascript:x</a>'),
        ("Ask carl@client.example", '<a class="plain" href="/feed/1">Ask carl@client.example</a>'),
    ],
)
def test_web_addresses_in_a_title_lead_where_they_say_and_the_rest_to_the_post(title: str, shown: str) -> None:
    assert titled_text(title, "/feed/1") == shown
