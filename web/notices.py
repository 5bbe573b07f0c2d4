"""What was just done to a record, said once on the page behind it, with a button that takes it back.

The address of that page carries it (`done=deleted:contact:5`): it works without script, and in no other tab.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from storage.models import RecordType
from web.forms import row_id

PARAMETER = "done"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and where its button posts to; no button where `action` is empty. `merge_id`: only for who has merged."""

    words: str
    action: str = ""
    button: str = ""
    merge_id: int | None = None
    field: tuple[str, int] | None = None
    """What its button sends along."""


def notice_of(text: str) -> Notice | None:
    """The notice that an address asks for; None for anything that we do not write there."""
    what, _, rest = text.partition(":")
    if what in _SAID:
        return _said(what, row_id(rest))
    if what == "moved":
        return _moved(rest)
    kind, _, number = rest.partition(":")
    record_id = row_id(number)
    if record_id is None or kind not in {record_type.value for record_type in RecordType}:
        return None
    if what == "deleted":
        return Notice(f"The {kind} is in the recycle bin.", f"/records/{kind}:{record_id}/restore", "Restore")
    if what == "merged":
        return Notice("They are one now.", f"/records/merges/{record_id}/undo", "Undo", record_id)
    if what == "unmerged":
        return Notice("They are apart again.")
    if what == "restored":
        return Notice(f"The {kind} is back.")
    return None


_SAID = {
    "posted": ("Your message stands in the stream.", "/feed/{}/delete"),
    "post-deleted": ("The message is deleted.", "/feed/{}/restore"),
    "post-left": ("The message is deleted. Its mail had left already.", "/feed/{}/restore"),
    "post-restored": ("The message is back.", ""),
    "comment-deleted": ("The comment is deleted.", "/comments/{}/restore"),
    "comment-restored": ("The comment is back.", ""),
    "entry-done": ("Done.", "/entries/{}/reopen"),
    "entry-open": ("It is to be done again.", ""),
    "entry-deleted": ("It is deleted.", "/entries/{}/restore"),
    "entry-restored": ("It is back.", ""),
    "task-deleted": ("The task is deleted.", "/tasks/{}/restore"),
    "task-restored": ("The task is back.", ""),
    "file-deleted": ("The file is deleted.", "/files/{}/restore"),
    "file-restored": ("The file is back.", ""),
    "split": ("From this message on it is a conversation of its own.", "/mail/changes/{}/undo"),
    "joined": ("They are one conversation now.", "/mail/changes/{}/undo"),
    "rebound": ("It stands there now, and later answers will.", "/mail/changes/{}/undo"),
    "unbound": ("It stands on no record now, nor will later answers.", "/mail/changes/{}/undo"),
    "mail-on-task": ("The task leads to this mail and its answers now.", "/tasks/{}/mail/remove"),
    "as-before": ("It is as it was before.", ""),
}
"""Notices about posts, comments and conversations, with where their Undo posts to."""


def _said(what: str, number: int | None) -> Notice | None:
    words, action = _SAID[what]
    return None if number is None else Notice(words, action.format(number), "Undo" if action else "")


def told(address: str, notice: str) -> str:
    """The address of a page of ours that says so: instead of what it said before."""
    path, _, rest = address.partition("?")
    query, _, place = rest.partition("#")
    kept = [(name, value) for name, value in parse_qsl(query) if name != PARAMETER]
    return f"{path}?{urlencode([*kept, (PARAMETER, notice)])}{'#' + place if place else ''}"


def moved(kind: RecordType, record_id: int, before: int) -> str:
    """What the address says behind a record that was moved, with the stage that it stood in."""
    return f"moved:{kind.value}:{record_id}:{before}"


def _moved(text: str) -> Notice | None:
    kind, _, numbers = text.partition(":")
    record_id, before = (row_id(number) for number in [*numbers.split(":"), ""][:2])
    if record_id is None or before is None or kind not in ("deal", "lead"):
        return None
    return Notice(
        f"The {kind} stands in another stage now.", f"/{kind}s/{record_id}/stage", "Undo", field=("stage", before)
    )


def done(what: str, kind: RecordType, number: int) -> str:
    """The query that shows a notice."""
    return f"{PARAMETER}={what}:{kind.value}:{number}"
