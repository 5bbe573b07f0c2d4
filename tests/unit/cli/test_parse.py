"""`mailsync parse`: many files over all cores in their order, an mbox in a folder, a file that cannot be read."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from cli.commands.parse import CHUNK

MANY = 4 * CHUNK + 7
UNREADABLE = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="needs a file that nobody can read from its beginning"
)


def written(folder: Path, count: int) -> list[str]:
    paths = [folder / f"{number:04}.eml" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"From: a@example.com\r\nSubject: %d\r\n\r\nHello %d\r\n" % (number, number))
    return list(map(str, paths))


def parse(*words: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    return mailsync("parse", *words, stderr=stderr)


def mailsync(*words: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from cli.main import run; run()", *words]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, check=False, timeout=60)


def test_a_folder_keeps_its_order_over_several_processes(tmp_path: Path) -> None:
    paths = written(tmp_path, MANY)

    ended = parse(str(tmp_path))

    found = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert [one["path"] for one in found] == paths
    assert [one["subject"] for one in found] == [str(number) for number in range(MANY)]


def test_a_person_sees_progress_and_the_output_stays_clean(tmp_path: Path) -> None:
    written(tmp_path, MANY)
    terminal, its_other_end = pty.openpty()
    fcntl.ioctl(its_other_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

    ended = parse(str(tmp_path), stderr=its_other_end)

    os.close(its_other_end)
    seen = os.read(terminal, 1_000_000).decode()
    os.close(terminal)
    assert len(ended.stdout.splitlines()) == MANY
    assert all(json.loads(line)["path"] for line in ended.stdout.splitlines())
    assert "messages" in seen
    assert "/s" in seen


def test_an_mbox_in_a_folder_is_many_messages(tmp_path: Path) -> None:
    written(tmp_path, 1)
    mbox = tmp_path / "sent"
    mbox.write_bytes(
        b"From x Mon Nov  2 10:02:03 2026\nSubject: one\n\n1\n\nFrom y Tue Nov  3 10:02:03 2026\nSubject: two\n\n2\n"
    )

    found = [json.loads(line) for line in parse(str(tmp_path)).stdout.splitlines()]

    assert [(Path(one["path"]).name, one["subject"]) for one in found] == [
        ("0000.eml", "0"),
        ("sent:1", "one"),
        ("sent:2", "two"),
    ]


def test_an_mbox_without_a_name_for_it_may_begin_with_a_long_mail(tmp_path: Path) -> None:
    inbox = tmp_path / "Inbox"
    mark = b"From x Mon Nov  2 10:02:03 2026\n"
    inbox.write_bytes(mark + b"Subject: one\n\n" + b"long\n" * 3_000 + b"\n" + mark + b"Subject: two\n\n2\n")
    (tmp_path / "alone").write_bytes(mark + b"Subject: three\n\n3\n")

    found = [json.loads(line) for line in parse(str(tmp_path)).stdout.splitlines()]

    assert [(Path(one["path"]).name, one["subject"]) for one in found] == [
        ("Inbox:1", "one"),
        ("Inbox:2", "two"),
        ("alone", "three"),
    ]


@UNREADABLE
def test_a_file_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    paths = written(tmp_path, 2)
    (tmp_path / "0000a").symlink_to("/proc/self/mem")

    ended = parse(str(tmp_path))

    assert [json.loads(line)["path"] for line in ended.stdout.splitlines()] == paths
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith(f"mailsync: {tmp_path}/0000a could not be read")
    assert ended.stderr.count(b"\n") == 1


@UNREADABLE
def test_threads_reads_the_same_messages_out_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Message-ID: <1@x>\n\n1\n")
    mark = b"From x Mon Nov  2 10:02:03 2026\n"
    answers = (b"Message-ID: <2@x>\nReferences: <1@x>\n\n2\n", b"Message-ID: <3@x>\n\n3\n")
    (tmp_path / "sent").write_bytes(b"\n".join(mark + answer for answer in answers))
    assert json.loads(mailsync("threads", str(tmp_path)).stdout) == [["1@x", "2@x"], ["3@x"]]

    (tmp_path / "b.eml").symlink_to("/proc/self/mem")
    ended = mailsync("threads", str(tmp_path))
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert ended.stderr.startswith(f"mailsync: {tmp_path}/b.eml could not be read".encode())


def test_the_limits_of_the_settings_hold_here_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also over several processes, and for `threads`, which reads the headers alone."""
    monkeypatch.setenv("MAILSYNC_PARSE_ADDRESSES", "10")
    monkeypatch.setenv("MAILSYNC_PARSE_HEADERS", "50")
    people = ", ".join(f"p{number}@example.com" for number in range(12)).encode()
    for number in range(2 * CHUNK):
        (tmp_path / f"{number:04}.eml").write_bytes(b"From: a@example.com\r\nTo: " + people + b"\r\n\r\nHello\r\n")
    long_head = b"Message-ID: <2@x>\n" + b"X-Trace: 1\n" * 60 + b"References: <1@x>\n\nTwo\n"
    mbox = tmp_path / "two.mbox"
    mark = b"From x Mon Nov  2 10:02:03 2026\n"
    mbox.write_bytes(mark + b"Message-ID: <1@x>\n\nOne\n\n" + mark + long_head)

    found = [json.loads(line) for line in parse(str(tmp_path)).stdout.splitlines()]
    threads = json.loads(mailsync("threads", str(mbox)).stdout)

    assert {len(one["to"]) for one in found[: 2 * CHUNK]} == {10}
    assert threads == [["1@x"], ["2@x"]]
