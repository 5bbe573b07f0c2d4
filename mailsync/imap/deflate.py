"""COMPRESS=DEFLATE (RFC 4978): each direction of a connection is one stream of raw deflate, flushed after every command.

Compressed bytes are let out a piece at a time: a kilobyte can stand for a megabyte, and whoever reads decides how much
of that is enough. No I/O.
"""

import zlib

from mailsync.imap.errors import ProtocolError

PIECE_BYTES = 64 * 1024
_RAW = -zlib.MAX_WBITS
_WINDOW, _MEMORY = -12, 4
"""What we send is short: 24 KB of state instead of 256."""


class Inflater:
    """Feed it what arrives; `take` gives it back uncompressed, at most `PIECE_BYTES` a time."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_RAW)
        self._waiting = b""
        self.has_more = False
        """Whether `take` would give more without being fed."""

    def feed(self, data: bytes) -> None:
        """Take what came from the server."""
        self._waiting += data
        self.has_more = True

    def take(self) -> bytes:
        """The next piece, perhaps empty. Raises `ProtocolError` for what is not deflate, or ends."""
        try:
            piece = self._stream.decompress(self._waiting, PIECE_BYTES)
        except zlib.error:
            raise ProtocolError("what it sends is not compressed as agreed") from None
        self._waiting = self._stream.unconsumed_tail
        if self._stream.eof:
            raise ProtocolError("it stopped compressing")
        self.has_more = bool(self._waiting) or len(piece) == PIECE_BYTES
        return piece


class Deflater:
    """Compresses what is sent."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, _WINDOW, _MEMORY)

    def compress(self, data: bytes) -> bytes:
        """`data`, such that the other side can read all of it at once."""
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)
