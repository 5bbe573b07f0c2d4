"""Look for mail that costs more than its size: some place of a mail is filled with one piece, again and again.

    growth.py SECONDS FINDS

Four times the bytes shall be about four times the work. Time is that of the processor, and a suspicion is measured again,
so that a busy machine makes no finds. Runs without instruments, thousands of mails a minute.
"""

import cProfile
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fuzz.vocabulary import LINES, MARKS, PIECES, vocabulary
from parsers.html.sanitize import sanitize_html
from parsers.message import parse_message

SMALL, LARGE = 10_000, 40_000
MOST_GROWTH, UNCERTAIN = 8, 0.02
"""In times and seconds. What is quadratic grows sixteen times."""
PERSON = b"From: ann@client.example\nTo: sales@ours.example\nSubject: %s\nIn-Reply-To: <a@ours.example>\n"
DAEMON = b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n"
REPORT = DAEMON + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nFailed.\n"
STATUS = b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b\n"
SUBJECTS = (b"Offer", b"Re: Offer", b"Fwd: Offer", b"Out of office")
HEADERS = (
    b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Content-Type", b"Received",
    b"Content-Disposition", b"Content-Transfer-Encoding", b"List-Id", b"Authentication-Results", b"Return-Path",
    b"X-Failed-Recipients", b"Auto-Submitted", b"Content-ID",
)  # fmt: skip
PARTS = (
    b"text/plain", b"text/plain; format=flowed", b"text/plain; charset=utf-7", b"text/plain; charset=iso-2022-jp",
    b"text/html", b"text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT", b"text/vcard\n\nBEGIN:VCARD",
    b"message/rfc822", b"multipart/mixed; boundary=b\n\n--b",
    b"multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html", b"application/ms-tnef",
    b"application/octet-stream", b"message/feedback-report",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grown:
    """A mail in which one piece is repeated."""

    before: bytes
    pieces: tuple[bytes, ...]
    after: bytes

    def mail(self, size: int) -> bytes:
        """About so many bytes of it."""
        piece = b"".join(self.pieces)
        return self.before + piece * (size // len(piece)) + self.after


def places(chance: random.Random) -> tuple[bytes, bytes]:
    """What stands before and after the place that is filled."""
    person = PERSON % chance.choice(SUBJECTS)
    return chance.choice(
        [
            (person + chance.choice(HEADERS) + b": ", b"\n\nHello\n"),
            (person + b"\nHello\n", b""),
            (person + b"Content-Type: text/html\n\n<p>Hello", b"</p>"),
            (person + b"Content-Type: " + chance.choice(PARTS) + b"\n\n", b""),
            (DAEMON + b"\nI could not deliver:\n", b""),
            (REPORT, STATUS + b"Status: 5.1.1\n\n--b--\n"),
            (REPORT + STATUS + b"Diagnostic-Code: smtp; ", b"\n\n--b--\n"),
            (b"", b""),
        ]
    )


def mails(chance: random.Random) -> Iterator[Grown]:
    """Ever more mails."""
    words = vocabulary()

    def several(most: int) -> tuple[bytes, ...]:
        return tuple(
            chance.choice(chance.choice((words, PIECES, MARKS, MARKS, LINES))) for _ in range(chance.randint(1, most))
        )

    while True:
        before, after = places(chance)
        odd_start, odd_end = (b"".join(several(2)) if chance.random() < 0.3 else b"" for _ in range(2))
        yield Grown(before + odd_start, several(4), odd_end + after)


def work(raw: bytes, *, times: int = 1) -> float:
    """Seconds of the processor that it takes to understand and show a mail, at best."""
    spent = []
    for _ in range(times):
        before = time.thread_time()
        parsed = parse_message(raw)
        if parsed.html:
            sanitize_html(parsed.html, cid_urls={}, allow_remote=False)
        spent.append(time.thread_time() - before)
    return min(spent)


def is_steep(grown: Grown) -> bool:
    """Whether it costs more than its size."""
    return outgrows(grown.mail(LARGE), grown.mail(SMALL))


def outgrows(large: bytes, small: bytes) -> bool:
    """Whether a mail costs more than it should, measured by one of a quarter of its size."""
    more = work(large)
    if more <= UNCERTAIN or more <= MOST_GROWTH * work(small) + UNCERTAIN:
        return False
    return work(large, times=2) > MOST_GROWTH * work(small, times=3) + UNCERTAIN


def simplest(grown: Grown) -> Grown:
    """The same with fewer words in its piece, where that is enough."""
    for number in range(len(grown.pieces) - 1, -1, -1):
        fewer = grown.pieces[:number] + grown.pieces[number + 1 :]
        if fewer and is_steep(shorter := Grown(grown.before, fewer, grown.after)):
            grown = shorter
    return grown


def culprit(grown: Grown) -> str:
    """The function of ours in which most of the time goes, with what it calls in C."""
    profile = cProfile.Profile(builtins=False)
    profile.runcall(work, grown.mail(LARGE))
    profile.create_stats()
    (path, _, name), _ = max(profile.stats.items(), key=lambda entry: entry[1][2])
    return f"{Path(path).stem}-{name}"


def search(seconds: float, finds: Path) -> None:
    """Try mails until the time is over. Of each function that is steep one mail is written, and the piece told."""
    known = {path.stem for path in finds.glob("growth-*.eml")}
    deadline = time.monotonic() + seconds
    for grown in mails(random.Random()):
        if time.monotonic() > deadline:
            break
        if is_steep(grown) and (stem := f"growth-{culprit(grown)}") not in known:
            known.add(stem)
            grown = simplest(grown)
            (finds / f"{stem}.eml").write_bytes(grown.mail(LARGE))
            sys.stderr.write(f"FOUND {stem}: {b''.join(grown.pieces)!r} again and again behind {grown.before!r}\n")


if __name__ == "__main__":
    search(float(sys.argv[1]), Path(sys.argv[2]))
