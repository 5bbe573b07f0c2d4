"""Compression as a stream: nothing is lost, and little at a time comes out of what stands for very much."""

import random
import zlib

import pytest

from mailsync.imap.deflate import PIECE_BYTES, Deflater, Inflater
from mailsync.imap.errors import ProtocolError


def inflated(inflater: Inflater) -> bytes:
    out = b""
    while inflater.has_more:
        piece = inflater.take()
        assert len(piece) <= PIECE_BYTES
        out += piece
    return out


@pytest.mark.parametrize("size", [1, 1000, PIECE_BYTES, 3 * PIECE_BYTES + 1])
def test_each_write_can_be_read_at_once_however_it_is_cut(size) -> None:
    chance = random.Random(size)
    deflater, inflater = Deflater(), Inflater()
    for _ in range(3):
        said = chance.randbytes(size // 2) + b"A1 OK\r\n" * (size // 10)
        sent, heard = deflater.compress(said), b""
        while sent:
            cut = chance.randint(1, len(sent))
            inflater.feed(sent[:cut])
            sent = sent[cut:]
            heard += inflated(inflater)
        assert heard == said


def test_a_bomb_comes_out_in_pieces() -> None:
    inflater = Inflater()
    inflater.feed(Deflater().compress(b"\0" * 50_000_000))
    assert len(inflater.take()) == PIECE_BYTES
    assert inflater.has_more


@pytest.mark.parametrize("sent", [b"* OK plain text\r\n", zlib.compress(b"with a header"), b"\xff" * 10])
def test_what_is_not_deflate_is_not_imap(sent) -> None:
    inflater = Inflater()
    inflater.feed(sent)
    with pytest.raises(ProtocolError):
        inflated(inflater)


def test_a_stream_that_ends_is_not_gone_on_with() -> None:
    stream = zlib.compressobj(wbits=-15)
    inflater = Inflater()
    inflater.feed(stream.compress(b"* OK\r\n") + stream.flush())
    with pytest.raises(ProtocolError):
        inflated(inflater)
