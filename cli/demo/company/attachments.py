"""The files that hang on sample messages, made from `attachments.toml`: real PDF, PNG and Word files that open.

The bytes of a name are always the same, so that a message has the same hash on every machine.
"""

import tomllib
import zipfile
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from cli.demo.company.pictures import Shape, draw, noise

_EPOCH = (1980, 1, 1, 0, 0, 0)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@lru_cache(maxsize=64)
def attachment(name: str) -> bytes:
    """The file `name`. Raises `KeyError` when `attachments.toml` does not describe it."""
    described = _described()[name]
    if "lines" in described:
        return pdf(described["title"], described["lines"])
    if "paragraphs" in described:
        return word(described["paragraphs"])
    if "noise" in described:
        return noise(*described["noise"])
    shapes = [Shape(shape[0], tuple(shape[1]), shape[2]) for shape in described["shapes"]]
    width, height = described["size"]
    return draw(width, height, described["background"], shapes)


@lru_cache(maxsize=1)
def _described() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("attachments.toml").read_text("utf-8"))


def pdf(title: str, lines: list[str]) -> bytes:
    """A PDF 1.4 of one A4 page in Helvetica; the text must fit windows-1252."""
    text = ["BT /F2 18 Tf 64 770 Td", f"({_pdf_text(title)}) Tj", "/F1 11 Tf 0 -34 Td 17 TL"]
    text += [f"({_pdf_text(line)}) Tj T*" for line in lines]
    content = "\n".join([*text, "ET"]).encode("cp1252")
    font = "<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /%s >>"
    return _pdf_file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
            (font % "Helvetica").encode(),
            (font % "Helvetica-Bold").encode(),
        ]
    )


def _pdf_text(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: list[bytes]) -> bytes:
    file = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(file))
    return bytes(file) + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer


def word(paragraphs: list[str]) -> bytes:
    """A Word document (.docx) of plain paragraphs, in its smallest valid form (ECMA-376)."""
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in paragraphs)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN_PART}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, _EPOCH), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content
            )
    return file.getvalue()
