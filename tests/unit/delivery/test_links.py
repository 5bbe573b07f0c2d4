"""Only links of the web are led through us; every other byte of a template stays."""

import pytest

from delivery.compiled import Slot
from delivery.links import CLICK_TOKEN, Link, Tracking, fill_url, track

HERE = Tracking("https://t.example/", opens=False)


def html(text: str, tracking: Tracking = HERE):
    return track([text], [], tracking)


def shown(pieces) -> str:
    return "".join(
        "TOKEN" if piece == CLICK_TOKEN else piece if isinstance(piece, str) else f"{{{piece.name}}}"
        for piece in pieces
    )


def test_links_are_numbered_in_order_and_unescaped():
    tracked = html(
        '<a class=x href="https://a.example/?x=1&amp;y=2">one</a> '
        "<A HREF='http://b.example'>two</A> <area href=https://c.example/ >"
    )

    assert shown(tracked.html) == (
        '<a class=x href="https://t.example/c/TOKEN.1">one</a> <A href="https://t.example/c/TOKEN.2">two</A> '
        '<area href="https://t.example/c/TOKEN.3" >'
    )
    assert tracked.links == (
        Link(1, ("https://a.example/?x=1&y=2",)), Link(2, ("http://b.example",)), Link(3, ("https://c.example/",)),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        '<a href="mailto:a@example.org">', '<a href="tel:+1">', '<a href="#top">', "<a name=x>", '<a href="/relative">',
        '<a href="javascript:alert(1)">', '<a data-notrack href="https://a.example">', '<a href="https://">',
        '<link href="https://a.example/style.css">', '<img src="https://a.example/p.png">', '<a href="https://a.example',
        '<a title="href=https://a.example">', '<a data-href="https://a.example/">', "<abbr href='https://a.example'>",
    ],
)  # fmt: skip
def test_everything_else_stays_as_it_is(text):
    tracked = html(text)
    assert (shown(tracked.html), tracked.links) == (text, ())


def test_links_in_conditional_comments_and_over_lines_count_too():
    tracked = html('<!--[if mso]><a\n  style="color:red"\n  href="https://a.example/">x</a><![endif]-->')
    assert len(tracked.links) == 1


def test_slots_in_a_url_are_filled_when_clicked_and_never_make_its_host():
    name, whole, host = Slot("name"), Slot("unsubscribe_url"), Slot("host")
    tracked = track(
        ['<a href="https://a.example/', name, '?q=', name, '">x</a><a href="', whole, '">u</a>',
         '<a href="https://', host, '/">h</a>'],
        [], HERE,
    )  # fmt: skip

    assert shown(tracked.html) == (
        '<a href="https://t.example/c/TOKEN.1">x</a><a href="{unsubscribe_url}">u</a><a href="https://{host}/">h</a>'
    )
    assert (
        fill_url(tracked.links[0], {"name": "a/b&c é"}) == "https://a.example/a%2Fb%26c%20%C3%A9?q=a%2Fb%26c%20%C3%A9"
    )
    assert fill_url(tracked.links[0], {}) == "https://a.example/?q="


def test_a_host_can_not_be_completed_by_a_slot():
    tracked = track(['<a href="https://a.example', Slot("evil"), '/">x</a>'], [], HERE)
    assert tracked.links == ()


def test_the_text_shares_numbers_with_the_html():
    tracked = track(
        ['<a href="https://a.example/">x</a>'], ["See https://a.example/, or (https://b.example/x_(y)). Bye"], HERE
    )

    assert shown(tracked.text) == "See https://t.example/c/TOKEN.1, or (https://t.example/c/TOKEN.2). Bye"
    assert [link.url for link in tracked.links] == [("https://a.example/",), ("https://b.example/x_(y)",)]


def test_utm_is_added_where_it_is_not():
    tracking = Tracking("https://t.example", opens=False, utm={"utm_source": "news letter", "utm_medium": "email"})
    tracked = html('<a href="https://a.example/p?utm_source=own#frag"></a><a href="https://b.example"></a>', tracking)

    assert [link.url[0] for link in tracked.links] == [
        "https://a.example/p?utm_source=own&utm_medium=email#frag",
        "https://b.example?utm_source=news%20letter&utm_medium=email",
    ]


def test_the_picture_stands_before_the_end_and_can_be_left_out():
    both = track(["<body>x</body>"], ["y"], Tracking("https://t.example", clicks=False))

    assert '<img src="https://t.example/o/TOKEN.gif"' in shown(both.html)
    assert shown(both.html).endswith("></body>")
    assert shown(both.text) == "y"
    assert shown(track(["<p>x"], [], Tracking("https://t.example")).html).startswith("<p>x<img ")
    assert track([], ["y"], Tracking("https://t.example")).html == ()


def test_broken_html_takes_no_time():
    html('<a "' * 20_000)
    html("<a href=" * 20_000)
