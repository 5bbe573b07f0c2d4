"""Large files cost memory once: their own decoded size, and neither a copy beside it nor the sum of all of them."""

import base64
import tracemalloc
from collections.abc import Callable

import pytest

from parsers.content.attachments import attachment_content
from parsers.message import parse_message

MEGABYTE = 1024 * 1024
SIZE = 8 * MEGABYTE
CONTENT = bytes(range(256)) * (SIZE // 256)
HEAD = b"From: ann@a.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHello\n"
PART = b"--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: %s\n\n"


@pytest.fixture(scope="module")
def base64_part() -> bytes:
    return PART % b"base64" + base64.encodebytes(CONTENT)


def peak(work: Callable[[], object]) -> int:
    """Bytes that were held at most beside what was there before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_in_base64_costs_its_own_size(base64_part):
    raw = HEAD + base64_part + b"--b--\n"
    cut = HEAD + base64_part[:-20]

    assert peak(lambda: parse_message(raw)) < 1.2 * SIZE
    assert peak(lambda: parse_message(cut)) < 1.2 * SIZE
    assert peak(lambda: attachment_content(raw, 0)) < 1.2 * SIZE


def test_a_file_that_is_not_encoded_costs_its_own_size():
    raw = HEAD + PART % b"binary" + CONTENT + b"\n--b--\n"

    assert peak(lambda: parse_message(raw)) < 1.2 * SIZE


def test_several_files_cost_the_largest_of_them(base64_part):
    raw = HEAD + base64_part * 3 + b"--b--\n"

    parsed = parse_message(raw)

    assert [file.size for file in parsed.attachments] == [SIZE] * 3
    assert peak(lambda: parse_message(raw)) < 1.2 * SIZE
    assert attachment_content(raw, 1) == CONTENT


def test_a_long_text_costs_what_is_read_of_it():
    raw = b"From: ann@a.example\n\n" + b"All work and no play makes Jack a dull boy.\n" * (SIZE // 44)

    parsed = parse_message(raw)

    assert "text_cut" in {defect.code for defect in parsed.defects}
    assert peak(lambda: parse_message(raw)) < 10 * len(parsed.text)
