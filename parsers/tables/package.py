"""The parts of an XLSX archive (ISO/IEC 29500-2), read as streams, and never more of one than a list needs.

Whoever uploads a file may have made it to hurt: a part of 400 MB fits into as many KB. So each part has a bound, elements are
counted and kept by nobody, document types (entities) are refused, and so is a name or value that never ends.
"""

import struct
import zipfile
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import BinaryIO, Final, Protocol
from xml.parsers.expat import ExpatError, ParserCreate
from zlib import error as ZlibError

from core.errors import UsageError

MOST_UNPACKED: Final = 400 * 1024 * 1024
MOST_STRINGS: Final = 100 * 1024 * 1024
"""The table of texts, which is kept in memory."""
MOST_SMALL: Final = 16 * 1024 * 1024
"""What tells about sheets: names, places, formats."""
MOST_ELEMENTS: Final = 30_000_000
MOST_ENTRIES: Final = 2_000
LONGEST_TOKEN: Final = 1024 * 1024
CHUNK: Final = 64 * 1024
ENCODINGS: Final = frozenset({None, "utf-8", "utf-16", "us-ascii", "iso-8859-1"})
BROKEN = "The XLSX file is damaged: open it in a spreadsheet program and save it again."
BOMB = "The XLSX file unpacks to far more than a list needs: save the list alone as a new file."
OPEN_DOCUMENT = "This is an OpenDocument file: save the list as .xlsx or CSV."
MIMETYPE: Final = "mimetype"
ENCRYPTED: Final = 0x1
COMPRESSED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
Attributes = dict[str, str]
_NO_ARCHIVE = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, struct.error)
_NO_ENTRY = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, ZlibError)
"""What `zipfile` raises for damaged files."""


class Damaged(UsageError):
    """The file is not what it claims to be."""

    def __init__(self) -> None:
        super().__init__(BROKEN)


class PartReader(Protocol):
    """What is told of a part: names without prefix, in the order of the file. `seen` counts the elements."""

    seen: int

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """A piece of text."""


class Package:
    """An opened archive. Every method raises `UsageError` for one that is damaged or too large."""

    def __init__(self, file: BinaryIO) -> None:
        size = file.seek(0, 2)
        try:
            self._archive = zipfile.ZipFile(file)
        except _NO_ARCHIVE:
            raise Damaged from None
        entries = self._archive.infolist()
        self._entries = {entry.filename.lower(): entry for entry in entries}
        if any(not 0 <= entry.header_offset <= size for entry in entries):
            raise Damaged
        if MIMETYPE in self._entries and b"opendocument" in b"".join(self._pieces(MIMETYPE, CHUNK)):
            raise UsageError(OPEN_DOCUMENT)
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
            raise UsageError(BOMB)

    def has(self, name: str) -> bool:
        """Whether there is such a part; names are compared without regard to capitals."""
        return name.lower() in self._entries

    def elements(self, name: str) -> Iterator[tuple[str, Attributes]]:
        """The elements of a small part, each with its attributes; none where there is no such part."""
        if self.has(name):
            told = _Told()
            for _ in self.read(name, told, MOST_SMALL):
                yield from told.elements
                told.elements.clear()

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The relations of a part (empty: of the archive) by id: the last word of their kind, and the part they lead to."""
        folder, _, last = name.rpartition("/")
        return {
            given["Id"]: (given["Type"].rpartition("/")[2], _resolved(dirname(name), given["Target"]))
            for element, given in self.elements(join(folder, "_rels", f"{last}.rels"))
            if element == "Relationship" and {"Id", "Type", "Target"} <= given.keys()
        }

    def read(self, name: str, reader: PartReader, most: int) -> Iterator[None]:
        """Tell `reader` of a part of at most so many bytes, a piece at a time."""
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda element, given: reader.start(element.rpartition(":")[2], given)
        parser.EndElementHandler = lambda element: reader.end(element.rpartition(":")[2])
        parser.CharacterDataHandler = reader.text
        parser.XmlDeclHandler = lambda _version, encoding, _standalone: _demand_known_encoding(encoding)
        parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype()
        silent = seen = 0
        try:
            for piece in self._pieces(name, most):
                parser.Parse(piece, False)
                silent = silent + len(piece) if reader.seen == seen else 0
                seen = reader.seen
                if seen > MOST_ELEMENTS or silent > LONGEST_TOKEN:
                    raise UsageError(BOMB)
                yield
            parser.Parse(b"", True)
        except ExpatError:
            raise Damaged from None
        yield

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        entry = self._entries.get(name.lower())
        if entry is None or entry.flag_bits & ENCRYPTED or entry.compress_type not in COMPRESSED:
            raise Damaged
        if entry.file_size > most:
            raise UsageError(BOMB)
        try:
            with self._archive.open(entry) as opened:
                while piece := opened.read(CHUNK):
                    yield piece
        except _NO_ENTRY:
            raise Damaged from None


class _Told:
    """Keeps the elements of one piece."""

    def __init__(self) -> None:
        self.seen = 0
        self.elements: list[tuple[str, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self.seen += 1
        self.elements.append((name, attributes))

    def end(self, name: str) -> None:
        """Only beginnings count."""

    def text(self, data: str) -> None:
        """Attributes tell all."""


def _resolved(folder: str, target: str) -> str:
    return normpath(join("/", folder, target)).lstrip("/")


def _demand_known_encoding(encoding: str | None) -> None:
    """XML of this kind is UTF-8 or UTF-16; what the parser would ask Python for is refused."""
    if (encoding.lower() if encoding else None) not in ENCODINGS:
        raise Damaged


def _refuse_doctype() -> None:
    raise Damaged
