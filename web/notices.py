"""What was just done to a record, said once on the page behind it, with a button that takes it back.

The address of that page carries it (`done=deleted:contact:5`): it works without script, and in no other tab.
"""

from dataclasses import dataclass

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


def notice_of(text: str) -> Notice | None:
    """The notice that an address asks for; None for anything that we do not write there."""
    what, _, rest = text.partition(":")
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


def done(what: str, kind: RecordType, number: int) -> str:
    """The query that shows a notice."""
    return f"{PARAMETER}={what}:{kind.value}:{number}"
