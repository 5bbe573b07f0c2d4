"""The plan of a fetch: every UID once and in order, in batches within their bounds, large messages alone."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings
from mailsync.fetching import Batch, plan

MESSAGES, BYTES = 5, 4096
SETTINGS = Settings(sync_batch_messages=MESSAGES, sync_batch_bytes=BYTES)
UIDS = st.lists(st.integers(1, 2**32 - 1), unique=True, max_size=60)
SIZES = st.one_of(st.integers(0, 100), st.integers(BYTES - 2, BYTES + 2), st.integers(0, 10**9))


@given(UIDS, st.data())
def test_every_uid_once_in_order_and_within_bounds(uids: list[int], data: st.DataObject) -> None:
    known = data.draw(st.sets(st.sampled_from(uids))) if uids else set()
    sizes = {uid: data.draw(SIZES) for uid in known}
    batches = list(plan(uids, sizes, SETTINGS))

    assert [uid for batch in batches for uid in batch.uids] == uids
    for batch in batches:
        total = sum(sizes.get(uid, 0) for uid in batch.uids)
        if batch.large_size is None:
            assert 1 <= len(batch.uids) <= MESSAGES
            assert total <= BYTES
        else:
            assert batch.uids == (batch.uids[0],)
            assert batch.large_size == total > BYTES


@given(UIDS, st.data())
def test_no_batch_is_smaller_than_it_has_to_be(uids: list[int], data: st.DataObject) -> None:
    sizes = {uid: data.draw(st.integers(0, BYTES)) for uid in uids}
    batches = list(plan(uids, sizes, SETTINGS))
    for batch, following in pairwise(batches):
        full = len(batch.uids) == MESSAGES
        assert full or sum(map(sizes.__getitem__, batch.uids)) + sizes[following.uids[0]] > BYTES


def test_examples() -> None:
    assert list(plan([], {}, SETTINGS)) == []
    assert list(plan([9, 8, 7], {8: BYTES + 1}, SETTINGS)) == [Batch((9,)), Batch((8,), BYTES + 1), Batch((7,))]
    assert list(plan(range(1, 8), {}, SETTINGS)) == [Batch((1, 2, 3, 4, 5)), Batch((6, 7))]
    assert list(plan([1, 2], {1: BYTES, 2: 1}, SETTINGS)) == [Batch((1,)), Batch((2,))]
    assert list(plan([1, 2, 3, 4], {2: 7}, SETTINGS, alone={2})) == [Batch((1,)), Batch((2,), 7), Batch((3, 4))]
