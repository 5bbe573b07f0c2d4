"""P7: bytes to meaning, `parse_message` beside the standard library's `policy.default`, which does less.

Ours gives all that the program keeps and shows of a mail: headers, addresses, text, reply, forward, files, kind, report, and
HTML that is safe. It is done in the program's order: a batch is parsed, as sync does; then the pages in it are made safe, as
reading does. `mail by mail` does both to each mail before the next, which no process does (two large programs that take turns
a thousand times a second push each other out of the processor's caches). `stored` is without the safe HTML. Theirs, in turn,
one process, one thread:

- `read`: the message parsed, the content of every part got, and the eight headers read that everybody wants. `policy.default`
  puts both off until they are asked for. The yardstick.
- `contents`: no header is read.
- `begun`: `message_from_bytes` and nothing more: no word of any header and no text is known yet.
- For information the old policy, `compat32`, begun and read, and where it is installed fast-mail-parser's tree with its parts
  decoded: measures of the machine and of the mails (docs/benchmarks.md tells what for).

Mails are the P1 mix, and with `--corpora` every file below that folder (an .mbox is cut up, JSON and Markdown are left out).
Prints name, ours, theirs (medians of the rounds, µs of CPU a mail), ratios; `make compile` first, for the compiled parsers.

    PYTHONPATH=[build/compiled:]. python bench/parse_row.py [--messages 1000] [--rounds 5] [--corpora FOLDER]
"""

import argparse
import email
import importlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from pathlib import Path

import parsers.message
from bench.sync.sales_mailbox import sales_mailbox
from parsers.html.sanitize import sanitize_html
from parsers.message import parse_message
from parsers.mime.mbox import split_mbox

Reader = Callable[[bytes], object]
Run = Callable[[Sequence[bytes]], None]
BATCH = 200
"""Mails that sync stores in one transaction."""
HEADERS = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References")
NO_MAIL = {".json", ".jsonl", ".md"}
ROW = "P7 parse"
TREE = "fast-mail-parser, tree decoded"


def begun(raw: bytes) -> EmailMessage:
    """What `policy.default` makes of the bytes."""
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def contents(raw: bytes) -> EmailMessage:
    """And the content of each part; where it has no codec for a charset, the bytes."""
    message = begun(raw)
    for part in message.walk():
        if not part.is_multipart():
            try:
                part.get_content()
            except LookupError:
                part.get_payload(decode=True)
    return message


def read(raw: bytes) -> None:
    """And the headers that a mail program shows."""
    message = contents(raw)
    for name in HEADERS:
        # Its header parser raises on some real mail; that is its result then.
        with suppress(ValueError, IndexError, AttributeError, TypeError):
            str(message[name])


def compat32(raw: bytes) -> Message:
    """The old policy: headers as strings, nothing decoded."""
    return email.message_from_bytes(raw)


def compat32_read(raw: bytes) -> None:
    """And, by hand as it wants it, every part decoded and the headers that a mail program shows."""
    message = compat32(raw)
    for part in message.walk():
        if isinstance(payload := part.get_payload(decode=True), bytes) and part.get_content_maintype() == "text":
            with suppress(LookupError):
                payload.decode(part.get_content_charset("ascii"), "replace")
    for name in HEADERS:
        with suppress(ValueError, LookupError, HeaderParseError):
            str(make_header(decode_header(message[name] or "")))


def ours(mails: Sequence[bytes]) -> None:
    """Everything that is known of the mails, and then their HTML made safe, batch by batch."""
    for start in range(0, len(mails), BATCH):
        for page in [parse_message(raw).html for raw in mails[start : start + BATCH]]:
            made_safe(page)


def mail_by_mail(raw: bytes) -> None:
    """The same of one mail."""
    made_safe(parse_message(raw).html)


def made_safe(page: str | None) -> None:
    """What a reader of the mail is shown, if it has a page."""
    if page:
        sanitize_html(page, cid_urls={}, allow_remote=False)


def each(reader: Reader) -> Run:
    """Reads one mail after the other."""

    def run(mails: Sequence[bytes]) -> None:
        for raw in mails:
            reader(raw)

    return run


def peers() -> dict[str, Reader]:
    """Everybody who is measured beside us."""
    found: dict[str, Reader] = {
        "policy.default, read": read,
        "policy.default, contents": contents,
        "policy.default, begun": begun,
        "compat32, begun": compat32,
        "compat32, read": compat32_read,
    }
    try:
        library = importlib.import_module("fast_mail_parser")
    except ImportError:
        print(f"{ROW}: fast-mail-parser left out, it is not installed")
        return found
    refusals = (library.ParseError, library.DecodeError)

    def tree(raw: bytes) -> None:
        with suppress(*refusals):
            parts = [library.parse_email_tree(raw, mode="lazy")]
            for part in parts:
                parts += part.children
                with suppress(*refusals):
                    part.content  # noqa: B018  # Decoded when it is asked for.

    return {**found, TREE: tree}


def mails_below(folder: Path) -> Iterator[bytes]:
    """Every mail in the files below `folder`, in a steady order."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in NO_MAIL:
            continue
        if path.suffix == ".mbox":
            yield from split_mbox(path.read_bytes())
        else:
            yield path.read_bytes()


def measure(runs: dict[str, Run], mails: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Median of the rounds, in µs of CPU a mail; in each round everybody reads all the mails, in turn."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            begun = time.process_time()
            run(mails)
            taken[name].append((time.process_time() - begun) / len(mails) * 1e6)
    return {name: statistics.median(rates) for name, rates in taken.items()}


def show(name: str, mails: Sequence[bytes], rounds: int) -> None:
    """One line a peer."""
    size = sum(map(len, mails)) / len(mails)
    build = "as sources" if (parsers.message.__file__ or "").endswith(".py") else "compiled"
    print(f"{ROW}, {name}: {len(mails):,} mails of {size / 1000:.1f} KB, median of {rounds} rounds, ours {build}")
    theirs = {peer: each(reader) for peer, reader in peers().items()}
    own = {"ours": ours, "mail by mail": each(mail_by_mail), "stored": each(parse_message)}
    medians = measure({**own, **theirs}, mails, rounds)
    print(f"{ROW}, {name}  " + ", ".join(f"{way} {medians[way]:,.0f} µs" for way in own))
    for peer in theirs:
        ratios = ", ".join(f"to {way} {medians[peer] / medians[way]:.2f}" for way in own)
        print(f"{ROW}, {name}  {peer} {medians[peer]:,.0f} µs  ratio {ratios}")


def main() -> None:
    """Read the options, measure both sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--corpora", type=Path)
    arguments = parser.parse_args()
    show("P1 mix", [mail.raw for mail in sales_mailbox(arguments.messages)], arguments.rounds)
    if arguments.corpora is None or not arguments.corpora.is_dir():
        print(f"{ROW}: corpora left out, no folder is given by --corpora")
        return
    show("corpora", list(mails_below(arguments.corpora)), arguments.rounds)


if __name__ == "__main__":
    main()
