"""Message-IDs out of Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), however broken: without brackets, in order.

Programs that fold, copy or escape ids break them in a few well-known ways, and an id that is not read the same in both
places parts a conversation. Letters keep their case. Work is linear in the value.
"""

import re

BRACKETED = re.compile(r"<([^<>]+)>")
COMMENT = re.compile(r"(<[^<>]*>)|\([^()]*\)")
"""A comment (RFC 5322 §3.2.2) may hold an address in brackets; brackets that come first may hold parentheses."""
BRACKET = re.compile(r"[<>]")
BREAK = re.compile(r"[\s<>\"(),;]+")
ESCAPED = re.compile(r"(?:^|[\s<,])(?:%3C|&lt;)", re.IGNORECASE)
ESCAPE = re.compile(r"%(2[0-9A-F]|3[0-9A-F]|40)|&(lt|gt);", re.IGNORECASE)
"""Links of archives (`mailto:?In-Reply-To=…`) come back as they were written; only what is printable is undone."""
MOST = 1_000
"""Ids of one header; a thread of more mails cites its newest ones."""


def message_ids(*values: str | None) -> tuple[str, ...]:
    """Every id of all headers of one name, each once.

    Ids without brackets count where none of a value has brackets, if they look like ids.
    """
    ids: dict[str, None] = {}
    for value in values:
        if not value:
            continue
        for each in _usual(value) or _found(value):
            ids[each] = None
    return tuple(ids)[-MOST:]


def message_id(*values: str | None) -> str | None:
    """The one id of a message, of all its Message-ID headers: the first that says something.

    A value that is no id, but something, is taken whole.
    """
    for value in values:
        if value and (found := message_ids(value)):
            return found[0]
    return next((whole for value in values if value and (whole := "".join(BREAK.split(value)))), None)


def _usual(value: str) -> list[str]:
    """Ids of a value that is as nearly all are, words in brackets and nothing else; none of any other."""
    words = value.split()
    if "%" in value or "&" in value or not value.count("<") == value.count(">") == len(words):
        return []
    ids = [word[1:-1] for word in words if len(word) > 2 and word[0] == "<" and word[-1] == ">"]
    return ids if len(ids) == len(words) else []


def _found(value: str) -> list[str]:
    """Ids of any value."""
    ids: list[str] = []
    for each in _written(value):
        words = each.split()
        ids += words if len(words) == 1 else _parted(each, words)
    return ids


def _written(value: str) -> list[str]:
    """Ids of a value as they stand there."""
    found = BRACKETED.findall(value)
    is_plain = found and "(" not in value and "%3" not in value and "&" not in value
    return found if is_plain and _is_balanced(value, found) else _mended(value)


def _is_balanced(value: str, found: list[str]) -> bool:
    return len(found) == value.count("<") == value.count(">")


def _mended(value: str) -> list[str]:
    """Ids of a value that holds more than ids in brackets."""
    if ESCAPED.search(value):
        value = ESCAPE.sub(_unescaped, value)
    if "(" in value:
        value = COMMENT.sub(r"\1", value).strip() or value
    found = BRACKETED.findall(value)
    if not found and not BRACKET.search(value):
        return _bare(value)
    if _is_balanced(value, found):
        return found
    # A bracket is missing or doubled. What stands between two brackets and is one word with an @ is an id.
    words = [piece.strip() for piece in BRACKET.split(value)]
    return [word for word in words if "@" in word and len(word.split()) == 1] or found or _bare(value)


def _unescaped(match: re.Match[str]) -> str:
    code, name = match.groups()
    if name:
        return "<" if name.lower() == "lt" else ">"
    return chr(int(code, 16))


def _bare(value: str) -> list[str]:
    """Words that stand without brackets: several if each has an @, or a single one that at least has a digit."""
    words = [word for word in BREAK.split(value) if word]
    is_one = len(words) == 1 and any(character.isdigit() for character in words[0])
    return words if is_one or all("@" in word for word in words) else []


def _parted(written: str, words: list[str]) -> list[str]:
    """What stands with blanks in one pair of brackets. Within quotes (X.400 gateways) it is an id, blanks and all.

    Where each word could be an id, a bracket between them was lost. Else it is none: no grammar has blanks there, not even
    the obsolete one (RFC 5322 §4.5.4), and the subject decides better than a guess at what was broken.
    """
    if any('"' in word for word in words):
        return [written.strip().replace("\t", " ")]  # A tab is where somebody folded it.
    return words if all("@" in word.strip("@") for word in words) else []
