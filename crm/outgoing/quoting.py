"""The old message under the new one: quoted below a reply, passed on below a forward. Pure."""

from datetime import datetime

from parsers.fields.subjects import has_forward_prefix, has_reply_prefix
from parsers.model import Address, ParsedMessage

LONGEST_QUOTE = 200_000
FORWARDED = "---------- Forwarded message ---------"


def reply_subject(subject: str) -> str:
    """`subject` with one "Re:" before it, in whatever language it has it already."""
    subject = " ".join(subject.split())
    return subject if has_reply_prefix(subject) else f"Re: {subject}".strip()


def forward_subject(subject: str) -> str:
    """`subject` with one "Fwd:" before it."""
    subject = " ".join(subject.split())
    return subject if has_forward_prefix(subject) else f"Fwd: {subject}".strip()


def reply_text(original: ParsedMessage, at: datetime, signature: str) -> str:
    """Room to write, the signature, and the original behind ">" marks."""
    author = original.from_[0] if original.from_ else Address("", "")
    quoted = "\n".join(_quote_line(line) for line in original.text[:LONGEST_QUOTE].strip().splitlines())
    attribution = f"On {_moment(at)}, {_written(author) or 'somebody'} wrote:"
    return f"\n\n{_signature(signature)}{attribution}\n{quoted}\n"


def forward_text(original: ParsedMessage, at: datetime, signature: str) -> str:
    """Room to write, the signature, and the original under a heading that says whose it is."""
    lines = [
        FORWARDED,
        f"From: {', '.join(map(_written, original.from_))}",
        f"Date: {_moment(at)}",
        f"Subject: {' '.join(original.subject.split())}",
        f"To: {', '.join(map(_written, original.to))}",
    ]
    if original.cc:
        lines.append(f"Cc: {', '.join(map(_written, original.cc))}")
    heading = "\n".join(lines)
    return f"\n\n{_signature(signature)}{heading}\n\n{original.text[:LONGEST_QUOTE].strip()}\n"


def new_text(signature: str) -> str:
    """Room to write above the signature."""
    return f"\n\n{_signature(signature)}".rstrip() + "\n" if signature.strip() else ""


def with_signature(text: str, signature: str) -> str:
    """What somebody wrote, above the signature."""
    return f"{text.rstrip()}\n\n{_signature(signature)}".rstrip() + "\n"


def _quote_line(line: str) -> str:
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _signature(signature: str) -> str:
    return f"-- \n{signature.strip()}\n\n" if signature.strip() else ""


def _moment(at: datetime) -> str:
    """As `Fri, 20 Nov 2026 at 09:30`, in whatever zone `at` is."""
    return f"{at:%a}, {at.day} {at:%b %Y} at {at:%H:%M}"


def _written(address: Address) -> str:
    bracketed = f"<{address.address}>" if address.address else ""
    return " ".join(part for part in (" ".join(address.name.split()), bracketed) if part)
