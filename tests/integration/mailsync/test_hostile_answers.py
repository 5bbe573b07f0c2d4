"""Servers whose answers are wrong: what is missing from them is asked for again, what is right is stored, nothing twice.

Whole passes over a scripted server that holds mail (`hostile_account.py`). Each test ends with the server being well
again, and the store equal to it. Which known failure each line comes from: docs/tested-against.md.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.config import load_settings
from integration.mailsync.conftest import letter
from integration.mailsync.hostile_account import (
    CONDSTORE,
    PLAIN,
    Call,
    HostileAccount,
    Spell,
    World,
    hostile_world,
    impatiently,
)
from mailsync import account
from mailsync.fetching import PIECE_BYTES
from mailsync.imap.errors import ConnectionLost, ImapError
from mailsync.imap.uidset import UidSet


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Five messages on a server that keeps MODSEQs: a quiet folder is not opened there."""
    async with five_messages(tmp_path, monkeypatch, CONDSTORE) as made:
        yield made


@pytest.fixture(params=[PLAIN, CONDSTORE], ids=["plain", "condstore"])
async def either(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """The same, and on a server that keeps none."""
    async with five_messages(tmp_path, monkeypatch, request.param) as made:
        yield made


@asynccontextmanager
async def five_messages(folder: Path, monkeypatch: pytest.MonkeyPatch, capabilities: str) -> AsyncIterator[World]:
    monkeypatch.setattr(account, "imap_server", impatiently(account.imap_server))
    settings = load_settings(data_dir=folder, allow_private_hosts=True)
    async with hostile_world(settings, HostileAccount(capabilities)) as made:
        made.account.deliver("one", "two", "three", "four", "five")
        yield made


def asks_for_body(call: Call) -> bool:
    return "BODY.PEEK[]" in call.rest


def asks_for(call: Call, uid: int) -> bool:
    """Whether the UID is in the set of a FETCH or SEARCH."""
    text = re.search(r"[\d:,*]+", call.rest)
    return text is not None and uid in UidSet.parse(text[0].replace("*", "4294967295"))


def without(call: Call, uid: int) -> bytes:
    """The answer to a FETCH without one message."""
    *parts, tagged = re.split(rb"(?m)^(?=\* \d+ FETCH |%b )" % call.tag, call.answer)
    return b"".join(part for part in parts if not re.match(rb"\* \d+ FETCH \(UID %d " % uid, part)) + tagged


def leaves_out(uid: int) -> Spell:
    async def spell(call: Call) -> None:
        await call.peer.send(without(call, uid) if asks_for_body(call) else call.answer)

    return spell


async def test_a_message_that_is_left_out_of_an_answer_is_owed_and_comes(either: World) -> None:
    either.account.spells["UID FETCH"] = leaves_out(3)
    assert await either.look() == 4
    assert list(either.gaps()) == [3]
    assert await either.look() == 0
    assert await either.is_in_step()


async def test_metadata_without_a_body_is_no_message(world: World) -> None:
    """iCloud answers BODY[] now and then with the metadata alone."""

    async def spell(call: Call) -> None:
        body = letter("two")
        bare = call.answer.replace(b" BODY[] {%d}\r\n%b" % (len(body), body), b"")
        await call.peer.send(bare)

    world.account.spells["UID FETCH"] = spell
    assert await world.look() == 4
    assert list(world.gaps()) == [2]
    assert await world.is_in_step()


async def test_one_message_that_the_server_can_not_give_does_not_hold_up_the_others(world: World) -> None:
    """Yahoo answers NO [UNAVAILABLE] for a set of messages because of one of them."""

    async def spell(call: Call) -> None:
        if asks_for(call, 4):
            await call.say(b"NO [UNAVAILABLE] UID FETCH Server error while fetching messages")
        else:
            await call.honestly()

    world.account.spells["UID FETCH"] = spell
    assert await world.look() == 4
    assert list(world.gaps()) == [4]
    assert world.synced.folder().refusals == 0
    world.account.deliver("six")
    assert await world.look() == 1
    assert await world.is_in_step()


async def test_a_server_that_gives_nothing_at_all_is_the_folders_trouble(world: World) -> None:
    async def spell(call: Call) -> None:
        await call.say(b"NO [UNAVAILABLE] Server error")

    world.account.deliver(*(f"more {number}" for number in range(200)))
    world.account.spells["UID FETCH"] = spell
    with pytest.raises(ImapError):
        await world.look()
    assert sum(command.startswith("UID FETCH") for command in world.account.commands) < 40
    assert await world.is_in_step()


@pytest.mark.parametrize("claimed", [0, 10, 3_000_000, 2**32 - 1])
async def test_sizes_that_are_lies(world: World, claimed: int) -> None:
    """Given a size that is too small or too large, then the whole message is stored, in pieces or at once."""
    world.account.put(letter("liar"), claimed_size=claimed)
    await world.look(sync_batch_bytes=1024 * 1024, message_size_limit=2 * 1024 * 1024)
    assert world.stored() == world.on_the_server()
    assert await world.is_in_step()


async def test_a_large_message_that_claims_to_be_less_large_comes_whole(world: World) -> None:
    world.account.put(letter("liar", text="0123456789 " * 300_000), claimed_size=2 * 1024 * 1024)
    await world.look(sync_batch_bytes=1024 * 1024)
    assert await world.is_in_step(sync_batch_bytes=1024 * 1024)


@pytest.mark.parametrize("claimed", [1_500_000, 3_000_000, 3_000_596])
async def test_a_server_that_gives_smaller_pieces_than_asked_for(world: World, claimed: int) -> None:
    """Given half a megabyte at most at once, then the message comes whole, be its size told right or wrong."""

    async def spell(call: Call) -> None:
        smaller = re.sub(r"(BODY\.PEEK\[\]<\d+)\.\d+>", r"\1.524288>", call.rest)
        await call.peer.send(world.account._uid_fetch(call.peer, smaller) + call.tag + b" OK done\r\n")

    world.account.spells["UID FETCH"] = spell
    world.account.put(letter_of(3_000_000), claimed_size=claimed)
    await world.look(sync_batch_bytes=PIECE_BYTES)
    assert world.stored() == world.on_the_server()
    assert await world.is_in_step(sync_batch_bytes=PIECE_BYTES)


async def test_whole_pieces_of_a_message_that_claims_to_be_larger(world: World) -> None:
    """Given a length that is a multiple of our pieces and less than was told, then the empty piece is the end."""
    world.account.put(letter_of(2 * PIECE_BYTES), claimed_size=2 * PIECE_BYTES + 596)
    await world.look(sync_batch_bytes=PIECE_BYTES)
    assert await world.is_in_step(sync_batch_bytes=PIECE_BYTES)


async def test_a_piece_that_is_told_without_its_bytes_is_no_end(world: World) -> None:
    async def spell(call: Call) -> None:
        if f"<{PIECE_BYTES}." in call.rest:
            told = b"* 6 FETCH (UID 6 BODY[]<%d> NIL)\r\n" % PIECE_BYTES
            await call.peer.send(told + call.tag + b" OK done\r\n")
        else:
            await call.honestly()

    world.account.spells["UID FETCH"] = spell
    world.account.put(letter_of(2 * PIECE_BYTES))
    assert await world.look(sync_batch_bytes=PIECE_BYTES) == 5
    assert await world.is_in_step(sync_batch_bytes=PIECE_BYTES)


def letter_of(size: int) -> bytes:
    """A mail of so many bytes."""
    return letter("liar", text="0123456789 " * (size // 11 + 1))[:size]


async def test_a_message_that_goes_while_it_is_fetched(world: World) -> None:
    async def spell(call: Call) -> None:
        if asks_for_body(call) and 2 in (mails := world.account.shelves["INBOX"].mails):
            del mails[2]
            await call.peer.send(b"* 2 EXPUNGE\r\n" + without(call, 2))
        else:
            await call.honestly()

    world.account.spells["UID FETCH"] = spell
    assert await world.look() == 4
    assert await world.is_in_step()
    assert world.gaps() == {}


@pytest.mark.parametrize("is_new", [False, True], ids=["history", "news"])
@pytest.mark.parametrize("times", [1, 1000], ids=["once", "always"])
async def test_a_search_that_leaves_a_message_out(either: World, *, is_new: bool, times: int) -> None:
    """Given a UID that a SEARCH does not tell, then the count tells that one is missing, and it comes; at the latest
    with the nightly audit."""
    if is_new:
        await either.look()
        either.account.deliver("six", "seven", "eight")
    hidden = 7 if is_new else 3
    searches = iter(range(times))

    async def spell(call: Call) -> None:
        lies = asks_for(call, hidden) and next(searches, None) is not None
        await call.peer.send(re.sub(rb" %d\b" % hidden, b"", call.answer) if lies else call.answer)

    either.account.spells["UID SEARCH"] = spell
    await either.look()
    assert hidden not in either.stored()["INBOX"]
    if times > 1:
        either.account.spells.clear()
        await either.audit_and_look()
    await either.look()
    assert either.stored() == either.on_the_server()
    assert await either.is_in_step()


async def test_a_status_that_tells_nothing_new_for_ever(world: World) -> None:
    """Given a folder whose STATUS stands still, then its news waits at most for the nightly audit."""
    await world.look()
    frozen = world.account.told_by_status("INBOX")

    async def spell(call: Call) -> None:
        await call.peer.send(frozen + call.tag + b" OK done\r\n")

    world.account.deliver("six")
    world.account.spells["STATUS"] = spell
    await world.look()
    await world.audit_and_look()
    assert world.stored() == world.on_the_server()
    assert await world.is_in_step()


async def test_a_status_that_counts_what_is_not_there_is_not_followed_for_ever(world: World) -> None:
    async def spell(call: Call) -> None:
        await call.peer.send(call.answer.replace(b"MESSAGES 5", b"MESSAGES 9").replace(b"UIDNEXT 6", b"UIDNEXT 400"))

    world.account.spells["STATUS"] = spell
    assert await world.look() == 5
    before = len(world.account.commands)
    assert await world.look() == 0
    assert len(world.account.commands) - before < 12
    assert await world.is_in_step()


async def test_uids_that_were_never_given_are_not_waited_for(world: World) -> None:
    """Gmail counts UIDNEXT on over messages that nobody ever sees."""
    await world.look()
    world.account.shelves["INBOX"].uidnext += 1000
    world.account.deliver("far above")
    assert await world.look() == 1
    assert world.gaps() == {}
    before = len(world.account.commands)
    assert await world.look() == 0
    assert len(world.account.commands) - before < 12
    assert await world.is_in_step()


async def test_uidvalidity_that_jumps_at_every_look(either: World) -> None:
    """Given a server that renumbers the folder again and again, then no message is downloaded or shown twice."""
    await either.look()
    for _ in range(6):
        either.account.shelves["INBOX"].uidvalidity += 1
        before = len(either.account.commands)
        assert await either.look() == 0
        assert not any("BODY.PEEK[]" in command for command in either.account.commands[before:])
    either.account.shelves["INBOX"].uidvalidity = 3
    assert await either.look() == 0
    assert await either.is_in_step()


@pytest.mark.parametrize(
    "answer",
    [
        b"* 1 FETCH (UID 1 BODY[] {5}\r\nabcdefgh)\r\n",
        b"* 3 FETCH ((((\r\n",
    ],
)
async def test_one_message_that_is_answered_with_nonsense_does_not_hold_up_the_others(
    world: World, answer: bytes
) -> None:
    """The answer ends the connection; the next passes find out which message it is about, and go round it."""

    async def spell(call: Call) -> None:
        nonsense = asks_for_body(call) and asks_for(call, 2)
        await call.peer.send(answer + call.tag + b" OK done\r\n" if nonsense else call.answer)

    world.account.spells["UID FETCH"] = spell
    await passes_until_one_ends(world)
    assert set(world.stored()["INBOX"]) == {1, 3, 4, 5}
    assert list(world.gaps()) == [2]
    world.account.deliver("six")
    assert await world.look() == 1
    assert await world.is_in_step()


async def test_one_message_at_which_the_server_dies_does_not_hold_up_the_others(world: World) -> None:
    """A damaged index makes the server's process crash at the same message each time, in the midst of a literal."""

    async def spell(call: Call) -> None:
        if asks_for_body(call) and asks_for(call, 4):
            await call.peer.send(call.answer[: call.answer.index(b"BODY[]") + 40])
            call.peer.drop()
        else:
            await call.honestly()

    world.account.spells["UID FETCH"] = spell
    await passes_until_one_ends(world)
    assert set(world.stored()["INBOX"]) == {1, 2, 3, 5}
    world.account.deliver("six")
    assert await world.look() == 1
    assert await world.is_in_step()


async def passes_until_one_ends(world: World) -> None:
    """Each that fails is followed by another, as the watch does it: as a whole twice, then message by message."""
    for _ in range(4):
        try:
            await world.look()
        except ConnectionLost:
            continue
        return
    pytest.fail("the mailbox never gets past that message")
