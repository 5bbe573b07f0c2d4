"""yEnc: files as raw bytes in the midst of a text, from newsgroups and their gateways.

The bytes are no text in any charset, so they are left out of what is read; the message itself keeps them.
"""

BEGIN = b"=ybegin "
END = b"\n=yend"
MOST = 100


def without_yenc(text: bytes) -> bytes:
    """The text without the bytes of its files; the lines that name and end each file stay."""
    if BEGIN not in text:
        return text
    kept: list[bytes] = []
    position = 0
    for _ in range(MOST):
        begin = _line_start(text, BEGIN, position)
        if begin < 0:
            break
        line_end = text.find(b"\n", begin)
        end = text.find(END, line_end) if line_end >= 0 else -1
        if end < 0 or b" size=" not in text[begin:line_end]:
            break
        kept.append(text[position:line_end])
        position = end
    kept.append(text[position:])
    return b"".join(kept)


def _line_start(text: bytes, mark: bytes, position: int) -> int:
    found = text.find(mark, position)
    while found > 0 and text[found - 1 : found] != b"\n":
        found = text.find(mark, found + 1)
    return found
