"""UID sets: compact, never longer than a command line, and never unfolded by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.imap.uidset import MAX_UID, UidSet, as_uid_set

uid = st.integers(min_value=1, max_value=500)


@given(st.lists(uid))
def test_a_set_is_what_went_in_and_reads_back_from_its_text(uids):
    made = UidSet.of(uids)

    assert list(made) == sorted(set(uids))
    assert len(made) == len(set(uids))
    assert {number for number in range(502) if number in made} == set(uids)
    assert not made or UidSet.parse(made.text) == made


@given(st.lists(uid), st.lists(uid))
def test_union(ours, theirs):
    assert set(UidSet.of(ours).union(UidSet.of(theirs))) == {*ours, *theirs}


@given(st.lists(uid), st.lists(uid))
def test_difference(ours, theirs):
    assert list(UidSet.of(ours).without(UidSet.of(theirs))) == sorted(set(ours) - set(theirs))


@given(st.lists(uid, min_size=1), st.integers(min_value=1, max_value=40))
def test_split_keeps_every_uid_and_the_limit(uids, limit):
    pieces = list(UidSet.of(uids).split(limit))

    assert [number for piece in pieces for number in piece] == sorted(set(uids))
    assert all(len(piece.text) <= limit or len(piece.ranges) == 1 for piece in pieces)


def test_a_hundred_thousand_scattered_uids_fit_command_lines():
    scattered = range(1, 4_000_000_000, 40_000)
    assert max(len(piece.text) for piece in UidSet.of(scattered).split()) <= 8000


def test_as_imap_writes_it():
    assert UidSet.of([9, 1, 2, 3, 4, 5, 3]).text == "1:5,9"
    assert UidSet.since(20).text == "20:*"
    assert UidSet.since(MAX_UID).text == "*"
    assert UidSet.parse("7,5:3,*:100").ranges == ((3, 5), (7, 7), (100, MAX_UID))
    assert list(UidSet().split()) == []
    assert as_uid_set([4]) == UidSet.of([4])


def test_an_open_range_is_neither_unfolded_nor_matched_below_its_start():
    everything = UidSet.since(5)
    assert len(everything) == MAX_UID - 4
    assert 4 not in everything
    assert 4_000_000_000 in everything
    assert "5" not in everything


@pytest.mark.parametrize("text", ["", "0", "1:", "a", "1,,2", "-1", "4294967296", "1 2", "٣"])
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError):
        UidSet.parse(text)
