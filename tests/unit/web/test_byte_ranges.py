import pytest

from web.byte_ranges import NoSuchRange, asked_range


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("bytes=0-", range(100)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=90-400", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-400", range(100)),
        ("bytes=99-99", range(99, 100)),
        # The whole: nothing was asked, not in bytes, backwards, several at once, garbage.
        (None, None),
        ("", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=١-٢", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_what_is_asked_for(header: str | None, asked: range | None) -> None:
    assert asked_range(header, 100) == asked


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=5000000000-", "bytes=-0"])
def test_behind_the_end_there_is_nothing(header: str) -> None:
    with pytest.raises(NoSuchRange):
        asked_range(header, 100)
