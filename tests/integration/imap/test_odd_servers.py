"""Servers that keep to IMAP in their own way, or nearly."""

import asyncio

import pytest

from integration.imap.scripted_server import SELECTED, Peer, ScriptedServer, our_client
from mailsync.imap.errors import ConnectionLost, NotOffered, ProtocolError
from mailsync.imap.events import Exists, FlagsChanged


async def test_a_folder_without_modseqs_is_not_asked_for_them():
    """RFC 7162 §3.1.2.2: FETCH MODSEQ and CHANGEDSINCE are answered BAD there, which would cost the connection."""
    without = SELECTED.replace(b"%T", b"* OK [NOMODSEQ] sorry\r\n%T")
    with_modseq = SELECTED.replace(b"%T", b"* OK [HIGHESTMODSEQ 715194045007] ok\r\n%T")
    answers = {"EXAMINE": without, "UID FETCH": b"%T OK\r\n", "SELECT": with_modseq, "UID STORE": b"%T OK\r\n"}
    async with (
        ScriptedServer(answers, capabilities="IMAP4rev1 CONDSTORE") as server,
        our_client(server.port, select=False) as ours,
    ):
        assert (await ours.select("Public")).highestmodseq is None
        await ours.fetch_bodies([1])
        await ours.fetch_flags([1])
        assert not any(b"MODSEQ" in line for line in server.lines)
        with pytest.raises(NotOffered):
            await ours.fetch_changes(5)
        with pytest.raises(NotOffered):
            await ours.store_flags([1], add=["\\Seen"], unchanged_since=5)

        assert (await ours.select("INBOX", read_only=False)).highestmodseq == 715194045007
        assert server.lines[-1].endswith(b'SELECT "INBOX" (CONDSTORE)')
        await ours.fetch_flags([1])
        assert server.lines[-1].endswith(b"UID FETCH 1 (UID FLAGS MODSEQ)")


async def test_folder_names_that_break_the_rules_can_still_be_opened():
    listed = (
        '* LIST (\\HasNoChildren \\Sent) "/" "Отправленные"\r\n'
        "* LIST (\\Noselect) NIL R&D\r\n"
        '* LIST () "." {9}\r\nwith "a" \r\n'
        '* LIST (\\Trash) "/" &BCMENAQwBDsENQQ9BD0ESwQ1-\r\n'
        '* LIST () "/" {5}\r\na\r\nbc\r\n%T OK\r\n'
    ).encode()
    async with ScriptedServer({"LIST": listed}) as server, our_client(server.port) as ours:
        folders = await ours.list_folders()
        assert [folder.name for folder in folders] == ["Отправленные", "R&D", 'with "a" ', "Удаленные", "a\r\nbc"]
        assert [folder.special_use for folder in folders] == ["\\Sent", None, None, "\\Trash", None]
        assert [folder.selectable for folder in folders] == [True, False, True, True, True]
        assert folders[1].delimiter is None

        await ours.select("Отправленные")
        assert server.lines[-1].endswith('EXAMINE "Отправленные"'.encode())
        await ours.select("R&D")
        assert server.lines[-1].endswith(b'EXAMINE "R&D"')
        await ours.select("Удаленные")
        assert server.lines[-1].endswith(b'EXAMINE "&BCMENAQwBDsENQQ9BD0ESwQ1-"')


async def test_an_esearch_that_is_answered_in_the_old_way_or_not_at_all():
    async def old(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"* SEARCH 7\r\n* SEARCH 3 5 (MODSEQ 9)\r\n" + tag + b" OK\r\n")

    async def mute(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send((b"" if b"RETURN" in line else b"* SEARCH 4\r\n") + tag + b" OK\r\n")

    for answer, found in ((old, [3, 5, 7]), (mute, [4]), (b'* ESEARCH (TAG "x") UID\r\n%T OK\r\n', [])):
        async with (
            ScriptedServer({"UID SEARCH": answer}, capabilities="IMAP4rev1 ESEARCH") as server,
            our_client(server.port) as ours,
        ):
            assert await ours.uid_search("ALL") == found


async def test_unrelated_answers_in_a_fetch_are_left_out():
    answer = (
        b"* 9 FETCH (UID 900 FLAGS ())\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* OK [ALERT] hello {5}\r\n"
        b'* 2 FETCH (UID 5 BODY[] "")\r\n* 3 FETCH (UID 6 FLAGS ())\r\n%T OK\r\n'
    )
    async with ScriptedServer({"UID FETCH": answer}) as server, our_client(server.port) as ours:
        assert [(one.uid, one.body) for one in await ours.fetch_bodies([5, 6])] == [(5, b"")]


async def test_ids_of_folders_are_asked_apart_from_numbers_and_only_believed_where_they_are_ids():
    """Cyrus 3.6, asked for both at once, tells bytes of memory that it has freed: another id in each answer."""

    async def status(peer: Peer, tag: bytes, line: bytes) -> None:
        counts = b"MESSAGES 1 UIDNEXT 2 " if b"MESSAGES" in line else b""
        said = b"7H\xb2\x9c\x7fU" if counts or b"Odd" in line else b"l3ddff67x8x68"
        renewed = b"8" if b"Made" in line and not counts else b"7"
        name = line.split()[1]
        answer = b"* STATUS %b (%bUIDVALIDITY %b MAILBOXID (%b))\r\n%b OK\r\n"
        await peer.send(answer % (name, counts, renewed, said, tag))

    async with (
        ScriptedServer({"STATUS": status}, capabilities="IMAP4rev1 OBJECTID") as server,
        our_client(server.port, select=False) as ours,
    ):
        found = await ours.statuses(["INBOX", "Odd", "Made"])
        assert {name: one.object_id for name, one in found.items()} == {
            "INBOX": "l3ddff67x8x68",
            "Odd": None,
            "Made": None,  # Made anew between the two questions.
        }


async def test_news_between_commands_and_before_the_idle_is_confirmed():
    async def early(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"* 8 EXISTS\r\n+ idling\r\n* 3 FETCH (FLAGS (\\Seen \\Recent))\r\n")
        assert await peer.line() == b"DONE"
        await peer.send(tag + b" OK\r\n* 9 EXISTS\r\n")

    async with ScriptedServer({"IDLE": early}) as server, our_client(server.port) as ours:
        async with ours.idle(5) as events:
            assert await anext(events) == Exists(8)
            assert await anext(events) == FlagsChanged(3, None, frozenset({"\\Seen"}), None)
        assert Exists(9) in await ours.noop()


async def test_a_slow_upload_is_not_taken_for_a_silent_server():
    async def slow(peer: Peer, tag: bytes, line: bytes) -> None:
        await peer.send(b"+ go\r\n")
        await asyncio.sleep(0.4)
        heard.append(await peer.reader.readexactly(20_002))
        await peer.send(tag + b" OK [APPENDUID 7 12] done\r\n")

    heard: list[bytes] = []
    async with ScriptedServer({"APPEND": slow}) as server, our_client(server.port, command_timeout=0.2) as ours:
        appended = await ours.append("Sent", b"x" * 20_000)
        assert (appended.uidvalidity, appended.uid) == (7, 12)
        assert heard == [b"x" * 20_000 + b"\r\n"]


async def test_a_long_answer_may_take_longer_than_the_silence_that_is_allowed():
    async def steady(peer: Peer, tag: bytes, line: bytes) -> None:
        for uid in range(1, 7):
            await asyncio.sleep(0.1)
            await peer.send(b"* %d FETCH (UID %d FLAGS ())\r\n" % (uid, uid))
        await peer.send(tag + b" OK\r\n")

    async with ScriptedServer({"UID FETCH": steady}) as server, our_client(server.port, command_timeout=0.3) as ours:
        assert len(await ours.fetch_flags(range(1, 7))) == 6


async def test_floods_are_cut_off():
    async def flood(peer: Peer, tag: bytes, line: bytes) -> None:
        if line == b"IDLE":
            await peer.send(b"+ idling\r\n")
        while True:
            await peer.send(b"* 1 X\r\n" * 10_000)

    async with ScriptedServer({"UID FETCH": flood, "IDLE": flood}) as server:
        async with our_client(server.port, reply_limit=5_000_000) as ours:
            with pytest.raises(ProtocolError):
                await ours.fetch_flags([1])
        async with our_client(server.port) as ours:
            with pytest.raises((ProtocolError, ConnectionLost)):
                async with ours.idle(60) as events:
                    while ours.usable:
                        await asyncio.sleep(0)
                    await anext(events)
