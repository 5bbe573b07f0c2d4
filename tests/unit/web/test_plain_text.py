from hypothesis import given
from hypothesis import strategies as st

from web.plain_text import linked_text


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
