"""From bytes to `Understood`, without lock, database or clock: may run in a thread or in another process.

What is imported here is memory of that process too.

Identity (design §4, step 1) is Message-ID + From + Date, so that nobody can make us swallow a mail by using its
Message-ID again; without a Message-ID it is the parser's fingerprint.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from core.addresses import address_key, domain_of
from core.limits import Limits
from crm.intake.mail import Cited, Mail, Person, SearchText, Understood
from delivery.reply_addresses import named_message
from delivery.tokens import intake_token, mask_tokens
from parsers.fields.headers import Headers
from parsers.fields.subjects import base_subject, has_reply_prefix
from parsers.message import parse_message
from parsers.model import Kind, ParsedMessage
from parsers.threads import ThreadInput, cited_ids
from storage.folding import fold
from storage.packing import BlobWriter, PreparedBlob
from storage.tsvector import vector_of

UNEXPECTED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What one odd message can make a parser or a statement raise; it goes to quarantine, the rest goes on."""
SNIPPET = 200
AHEAD = timedelta(days=2)
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
MOST_CITED = 100
"""A message that cites more counts by its newest: threads of that length are tied together many times over."""
DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to")
VERDICT = "authentication-results"
TRACE = frozenset({"received", VERDICT})
MOST_TRACE = 30
PURPOSES = frozenset({"task", "feed"})
"""Of secret addresses; as `storage.models.Purpose`, which brings the database with it."""
SECRET_MARKS = ("task+", "feed+", "reply+")
FIELD_OF_ROLE = {"from": "sender", "sender": "sender", "reply_to": "sender", "to": "recipients", "cc": "copies"}
"""Where people's names are searched; a Bcc is known to one place only, so nobody finds a message by it."""
Given = tuple[bytes, datetime]
"""A mail as received, and its INTERNALDATE."""


def understand(
    blobs: BlobWriter, limits: Limits, mails: Sequence[Given], *, with_vectors: bool = False
) -> list[Understood | str]:
    """Understand mails and make their bytes ready, in order; in place of one that can not be read stands why.

    `with_vectors`: their words as well, as PostgreSQL searches them.
    """
    parsed = [_parsed(raw, limits) for raw, _ in mails]
    halves: list[bytes] = []
    for (raw, _), each in zip(mails, parsed, strict=True):
        if isinstance(each, ParsedMessage):
            halves += (raw[: each.head_size], raw[each.head_size :])
    ready = iter(blobs.prepare(halves))
    return [
        _understood(raw, each, internal_date, next(ready), next(ready), with_vector=with_vectors)
        if isinstance(each, ParsedMessage)
        else each
        for (raw, internal_date), each in zip(mails, parsed, strict=True)
    ]


def mail_of(parsed: ParsedMessage, internal_date: datetime) -> Mail:
    """What the steps need of a parsed message. An absent or absurd Date gives way to `internal_date`."""
    people = tuple(_people(parsed))
    author = parsed.from_[0].address if parsed.from_ else ""
    ids = ThreadInput(parsed.message_id, parsed.references, parsed.in_reply_to)
    keys = {person.key for person in people}
    cited = tuple(Cited(name, hashed_id(name)) for name in cited_ids(ids, people=keys)[-MOST_CITED:])
    is_answer = has_reply_prefix(parsed.subject)
    base = base_subject(parsed.subject).lower()
    subject = _masked(parsed.subject)
    return Mail(
        identity=identity_of(parsed, address_key(author)),
        fingerprint=parsed.fingerprint,
        message_id=parsed.message_id,
        id_hash=hashed_id(parsed.message_id) if parsed.message_id else None,
        cites=cited,
        parent=_parent(ids, cited),
        signed_id=parsed.headers.first("x-mailsync-id") or parsed.message_id,
        date=_believable(parsed.date, internal_date),
        subject=subject,
        subject_hash=hashed(base) if base else "",
        is_answer=is_answer,
        answers_by_subject=not cited and bool(base) and is_answer,
        kind=_kind(parsed),
        people=people,
        tokens=tuple(dict.fromkeys(_tokens(parsed))),
        trace=tuple(_trace(parsed.headers)),
        attachments=parsed.attachments,
        snippet=_masked(_beginning(parsed.reply.text or parsed.text)),
        search=_search_text(parsed, subject, people),
        quoted_author=_quoted_author(parsed),
        sent_to=tuple(dict.fromkeys(each for each in _delivered_to(parsed) if named_message(each))),
    )


def _quoted_author(parsed: ParsedMessage) -> str:
    """The key of whoever wrote what is passed on; empty where no address is told."""
    author = parsed.forwarded.from_ if parsed.forwarded else None
    return address_key(_masked(author.address)) if author and author.address else ""


def _parent(ids: ThreadInput, cited: tuple[Cited, ...]) -> Cited | None:
    """The first of In-Reply-To, else the last of References (RFC 5322 §3.6.4)."""
    answered = (each for name in ids.in_reply_to for each in cited if each.message_id == name)
    return next(answered, cited[-1] if cited else None)


def _beginning(text: str) -> str:
    """The first words, with single blanks; the fourth part looked at is mostly enough."""
    beginning = " ".join(text[: SNIPPET + SNIPPET // 4].split())
    return (beginning if len(beginning) >= SNIPPET else " ".join(text[: SNIPPET * 4].split()))[:SNIPPET]


def identity_of(parsed: ParsedMessage, author_key: str) -> str:
    """What makes two copies the same message."""
    if parsed.message_id is None:
        return parsed.fingerprint
    date = parsed.date.isoformat() if parsed.date else ""
    return hashed(f"1\0{_as_stored(parsed.message_id)}\0{author_key}\0{date}")


def hashed(text: str) -> str:
    """A key for what outsiders can make as long as they like."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def hashed_id(message_id: str) -> str:
    """A key for a Message-ID, whichever blanks were kept of one in quotes."""
    return hashed(_as_stored(message_id))


def _as_stored(message_id: str) -> str:
    """Blanks as single ones: so they were always stored, and mail that is known must stay known."""
    return " ".join(message_id.split())


def _parsed(raw: bytes, limits: Limits) -> ParsedMessage | str:
    try:
        return parse_message(raw, limits=limits)
    except UNEXPECTED as error:
        return f"could not be read ({type(error).__name__})"


def _understood(
    raw: bytes,
    parsed: ParsedMessage,
    internal_date: datetime,
    head: PreparedBlob,
    body: PreparedBlob,
    *,
    with_vector: bool,
) -> Understood | str:
    try:
        mail = mail_of(parsed, internal_date)
        if with_vector:
            mail = mail._replace(vector=vector_of(mail.search))
    except UNEXPECTED as error:
        return f"makes no sense ({type(error).__name__})"
    return Understood(hashlib.sha256(raw).hexdigest(), head, body, mail)


def _people(parsed: ParsedMessage) -> Iterable[Person]:
    """Everybody named; secret addresses without their secret."""
    named = (
        ("from", parsed.from_),
        ("sender", parsed.sender),
        ("reply_to", parsed.reply_to),
        ("to", parsed.to),
        ("cc", parsed.cc),
        ("bcc", parsed.bcc),
    )
    for role, addresses in named:
        for address in addresses:
            if address.address or address.name:
                shown = _masked(address.address)
                yield Person(role, _masked(address.name), shown, address_key(shown))


def _tokens(parsed: ParsedMessage) -> Iterable[str]:
    """Tokens of secret addresses: first where the last servers delivered it, only then as it is addressed."""
    for address in _delivered_to(parsed):
        local, _, domain = address.rpartition("@")
        purpose, plus, token = local.partition("+")
        if plus and purpose.lower() in PURPOSES and (spelled := intake_token(token)):
            yield f"{spelled}@{domain_of(address_key(f'x@{domain}'))}"


def _delivered_to(parsed: ParsedMessage) -> Iterable[str]:
    """Where the last servers delivered it, and then whom it is addressed to."""
    servers = [value for name in DELIVERED_TO if (value := parsed.headers.first(name))]
    for address in (*servers, *(each.address for each in (*parsed.to, *parsed.cc))):
        yield address.strip().strip("<>")


def _believable(date: datetime | None, internal_date: datetime) -> datetime:
    if date is None or date < EARLIEST or date > internal_date + AHEAD:
        return internal_date
    return date


def _kind(parsed: ParsedMessage) -> Kind:
    """The parser's class; what the server before us took for spam counts as bulk."""
    if parsed.kind is not Kind.NORMAL:
        return parsed.kind
    flagged = (parsed.headers.first("x-spam-flag") or parsed.headers.first("x-spam-status") or "").lower()
    return Kind.BULK if flagged.startswith("yes") else Kind.NORMAL


def _trace(headers: Headers) -> Iterable[tuple[str, str]]:
    """What a verdict is read from; nothing where no server has given one."""
    if VERDICT in headers:
        for name, value in headers.named(TRACE, MOST_TRACE):
            yield name, value.decode("latin-1")


def _search_text(parsed: ParsedMessage, subject: str, people: Iterable[Person]) -> SearchText:
    words = [parsed.reply.text or parsed.text]
    if parsed.forwarded is not None and parsed.reply.text:
        words.append(parsed.forwarded.text)
    named = dict.fromkeys(("sender", "recipients", "copies"), "")
    for person in people:
        if field := FIELD_OF_ROLE.get(person.role):
            named[field] += f"{person.name} {person.address}\n"
    files = _masked("\n".join(attachment.filename for attachment in parsed.attachments))
    return SearchText(
        fold(subject),
        **{field: fold(names) for field, names in named.items()},
        files=fold(files),
        body=fold(_masked("\n".join(words))),
    )


def _masked(text: str) -> str:
    """Without the secret part of intake addresses; looks closely only where one may be."""
    if "+" not in text and "%2" not in text:
        return text
    lowered = text.lower().replace("%2b", "+").replace("=2b", "+")
    return mask_tokens(text) if any(mark in lowered for mark in SECRET_MARKS) else text
