"""Whatever people do here and other mail programs do there, in any order: in the end both show the same."""

import os
from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from integration.mailsync.actions.hands import FOLDERS, do, in_store, no_number_is_missing, on_server, outcomes, tell
from integration.mailsync.by_hand import audit, by_hand
from mailsync.actions.asking import Wish

EXAMPLES = int(os.environ.get("TEST_HISTORIES", "4"))
MAILS = ("one", "two", "three", "four")
OURS = (Wish.READ, Wish.UNREAD, Wish.FLAG, Wish.UNFLAG, Wish.ARCHIVE, Wish.DELETE, Wish.JUNK, Wish.NOT_JUNK)
THEIRS = ("+seen", "-seen", "+flagged", "-flagged", "move to Archive", "move to Trash", "move to INBOX", "delete")

mails = st.sampled_from(MAILS)
steps = st.one_of(
    st.tuples(st.just("ours"), st.sampled_from(OURS), mails),
    st.tuples(st.just("theirs"), st.sampled_from(THEIRS), mails),
    st.tuples(st.sampled_from(["tell", "pass"])),
)


def theirs(synced, what: str, subject: str) -> None:
    """Another mail program finds the mail and changes it."""
    for folder in FOLDERS:
        with by_hand(synced, folder) as client:
            found = client.uid("SEARCH", "UNDELETED", "SUBJECT", f'"{subject}"')[1][0].split()
            if not found:
                continue
            uid = found[0].decode()
            if what[0] in "+-":
                client.uid("STORE", uid, f"{what[0]}FLAGS", f"(\\{what[1:].capitalize()})")
            elif what != f"move to {folder}":
                if what != "delete":
                    client.uid("COPY", uid, what.removeprefix("move to "))
                client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
                client.expunge()
            return


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=st.lists(steps, min_size=4, max_size=14))
@example(story=[("ours", Wish.DELETE, "one"), ("tell",), ("tell",), ("theirs", "move to Archive", "one")])
def play(fresh: Callable, story: list) -> None:
    synced = fresh()
    synced.deliver(*MAILS)
    synced.bring_up()
    for step in story:
        if step[0] == "ours":
            with suppress(Conflict):  # It is being moved, and its new number is not known yet.
                do(synced, *step[1:])
        elif step[0] == "theirs":
            theirs(synced, *step[1:])
        elif step[0] == "tell":
            tell(synced)
        else:
            synced.pass_once()
    tell(synced)
    synced.bring_up()
    tell(synced)
    synced.bring_up()
    assert in_store(synced) == on_server(synced)
    assert no_number_is_missing(synced)
    assert not {state for _, state, _ in outcomes(synced)} & {"waiting", "sent", "refused"}, outcomes(synced)
    assert not audit(synced).differs


def test_both_sides_end_the_same(fresh) -> None:
    play(fresh)
