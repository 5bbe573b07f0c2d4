"""From what was typed to what is asked of the store: which folders of the reader's, which words, days and sizes.

Rights begin here: every condition is on mail that lies in one of `folder_ids`, and these are the reader's own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.conversations.search_query import DATES, Operator, SearchQuery, Term
from crm.conversations.search_values import days_of, size_of
from crm.conversations.views.reach import OwnFolder, Reach
from storage.folding import fold
from storage.models import FolderRole
from storage.search import Field, Phrase, phrase_of

FIELDS = {
    Operator.WORD: None,
    Operator.FROM: Field.SENDER,
    Operator.TO: Field.RECIPIENTS,
    Operator.CC: Field.COPIES,
    Operator.SUBJECT: Field.SUBJECT,
    Operator.FILENAME: Field.FILES,
}
PEOPLE = frozenset({Operator.FROM, Operator.TO, Operator.CC, Operator.FILENAME})
"""Whose values may be the beginning of a word: names are short, and few words begin alike."""
SHORTEST_BEGINNING = 2
LIKE_AN_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\W\d_]{2,}")
HIDDEN = frozenset({FolderRole.JUNK, FolderRole.TRASH})
ROLES = {
    "inbox": {FolderRole.INBOX},
    "sent": {FolderRole.SENT},
    "drafts": {FolderRole.DRAFTS},
    "draft": {FolderRole.DRAFTS},
    "archive": {FolderRole.ARCHIVE},
    "junk": {FolderRole.JUNK},
    "spam": {FolderRole.JUNK},
    "trash": {FolderRole.TRASH},
    "bin": {FolderRole.TRASH},
    "all": set(FolderRole) - HIDDEN,
    "anywhere": set(FolderRole),
}


@dataclass(slots=True)
class SearchPlan:
    """Conditions on one message; it lies in one of the folders, and what is said of its mark is said of that place."""

    folder_ids: list[int]
    phrases: list[Phrase] = field(default_factory=list)
    without: list[Phrase] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    not_between: list[tuple[datetime, datetime]] = field(default_factory=list)
    unread: list[bool] = field(default_factory=list)
    flagged: list[bool] = field(default_factory=list)
    attachments: list[bool] = field(default_factory=list)
    at_least: int | None = None
    at_most: int | None = None
    unknown_folders: list[str] = field(default_factory=list)
    """Values of `in:` that are none of the reader's folders; they are searched as words."""
    addresses: list[Phrase] = field(default_factory=list)
    """Those of `phrases` that look like an address typed to its end, though more may follow."""


def plan_search(
    query: SearchQuery,
    reach: Reach,
    folders: Sequence[OwnFolder],
    today: date,
    zone: ZoneInfo,
    *,
    mailbox_id: int | None = None,
) -> SearchPlan:
    """What `query` asks of the mail within `reach`, in its `folders`; days begin where the reader is."""
    plan = SearchPlan([])
    named: list[set[int]] = []
    excluded: set[int] = set()
    last = len(query.terms) - 1
    for at, term in enumerate(query.terms):
        if term.operator is Operator.IN:
            _add_folders(plan, folders_named(reach, folders, term.value), term, named, excluded)
        elif term.operator in FIELDS:
            _add_phrase(plan, term, is_last=at == last)
        elif term.operator in DATES:
            _add_days(plan, term, today, zone)
        else:
            ADD[term.operator](plan, term)
    everywhere = {folder.id for folder in folders if named or folder.role not in HIDDEN}
    allowed = everywhere.intersection(*named) - excluded
    plan.folder_ids = [
        folder.id for folder in folders if folder.id in allowed and mailbox_id in (None, folder.mailbox_id)
    ]
    return plan


def asks_something(query: SearchQuery) -> bool:
    """Whether any of it can be looked for: signs alone can not."""
    return any(term.operator not in FIELDS or phrase_of(term.value) for term in query.terms)


def _add_phrase(plan: SearchPlan, term: Term, *, is_last: bool) -> None:
    """Of the word that was typed last, and of names, the rest may be missing, unless they stand in quotes."""
    unfinished = not term.quoted and not term.negated and (is_last or term.operator in PEOPLE)
    phrase = phrase_of(term.value, FIELDS[term.operator], beginning=unfinished)
    if phrase is None:
        return
    if phrase.beginning and len(phrase.words[-1]) < SHORTEST_BEGINNING:
        phrase = Phrase(phrase.words, phrase.field)
    (plan.without if term.negated else plan.phrases).append(phrase)
    if phrase.beginning and LIKE_AN_ADDRESS.fullmatch(term.value):
        plan.addresses.append(phrase)


def _add_folders(plan: SearchPlan, found: set[int], term: Term, named: list[set[int]], excluded: set[int]) -> None:
    if not found:
        plan.unknown_folders.append(term.value)
        _add_phrase(plan, Term(Operator.WORD, term.value, term.negated, term.quoted), is_last=False)
    elif term.negated:
        excluded |= found
    else:
        named.append(found)


def folders_named(reach: Reach, folders: Sequence[OwnFolder], name: str) -> set[int]:
    """Those of the reader's `folders` of that role or name, or all of the mailbox of that name or address."""
    wanted = _folded(name)
    if roles := ROLES.get(wanted):
        return {folder.id for folder in folders if folder.role in roles}
    mailboxes = {
        mailbox.id
        for mailbox in reach.mailboxes
        if wanted in (_folded(mailbox.name), mailbox.email_key, mailbox.email_key.partition("@")[0])
    }
    return {
        folder.id
        for folder in folders
        if (folder.mailbox_id in mailboxes and folder.role not in HIDDEN) or wanted in _names(folder.name)
    }


def _names(folder: str) -> tuple[str, str]:
    """A folder's whole name, and its last part, whatever stands between the parts."""
    whole = _folded(folder)
    return whole, whole.replace("/", ".").rpartition(".")[2]


def _folded(name: str) -> str:
    """Folding sets characters apart: blanks at the ends and beside one another do not count."""
    return " ".join(fold(name).split())


def _add_days(plan: SearchPlan, term: Term, today: date, zone: ZoneInfo) -> None:
    days = days_of(term.value, today)
    if days is None:
        return
    first, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in days)
    if term.operator is Operator.ON and term.negated:
        plan.not_between.append((first, end))
        return
    if term.operator is Operator.ON or (term.operator is Operator.AFTER) is not term.negated:
        plan.since = max(plan.since or first, first)
    if term.operator is Operator.ON or (term.operator is Operator.BEFORE) is not term.negated:
        until = end if term.operator is Operator.ON else first
        plan.until = min(plan.until or until, until)


def _add_size(plan: SearchPlan, term: Term) -> None:
    size = size_of(term.value) or 0
    if (term.operator is Operator.LARGER) is not term.negated:
        plan.at_least = max(plan.at_least or 0, size)
    else:
        plan.at_most = min(plan.at_most if plan.at_most is not None else size, size)


def _add_mark(plan: SearchPlan, term: Term) -> None:
    marks = plan.flagged if term.value.lower() in ("flagged", "starred") else plan.unread
    marks.append((term.value.lower() != "read") is not term.negated)


def _add_attachments(plan: SearchPlan, term: Term) -> None:
    plan.attachments.append(not term.negated)


ADD: dict[Operator, Callable[[SearchPlan, Term], None]] = {
    Operator.LARGER: _add_size,
    Operator.SMALLER: _add_size,
    Operator.IS: _add_mark,
    Operator.HAS: _add_attachments,
}
