"""Mail of the store as the steps want it: what they look at when nothing is read from its bytes any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.intake.arrival import Flags
from crm.intake.batch import CORRESPONDENCE, MASS_MAIL, Decided, Item, Letter
from crm.intake.mail import Mail, SearchText
from crm.intake.prepared import Prepared
from parsers.model import Kind
from storage.models import Direction, FolderRole
from storage.packing import PreparedBlob

CREATION = ("match", "create", "timeline")
"""Steps whose decisions are taken anew."""
_NO_BYTES = PreparedBlob("", 0, 0, b"", None, None, None)
_NO_WORDS = SearchText("", "", "", "", "", "")
_NO_FLAGS = Flags()


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """A place of a message, and what was decided for it."""

    id: int
    message_id: int
    folder_id: int
    role: FolderRole
    internal_date: datetime
    is_new: bool
    decision: tuple[dict[str, Any], ...]

    def outcome(self, step: str) -> tuple[str, str] | None:
        """What a step decided, and why; None where it was not reached."""
        found = next((each for each in reversed(self.decision) if each["step"] == step), None)
        return (found["outcome"], found["detail"]) if found else None


def items_of(places: Iterable[StoredPlace], letters: dict[int, Letter]) -> list[Item]:
    """Those of the places that may make something, in the order in which their mail was written."""
    items = [_item(place, letters[place.message_id]) for place in places if place.message_id in letters]
    reached = [item for item in items if _comes_so_far(item)]
    return sorted(reached, key=lambda item: (item.letter.voice.date, item.place_id))


def _item(place: StoredPlace, letter: Letter) -> Item:
    secret = place.outcome("secret address") is not None
    item = Item(_prepared(place, letter), letter, place.id, place.role, is_first=False, is_new=place.is_new)
    item.decision = [Decided(**each) for each in place.decision if each["step"] not in CREATION]
    letter.to_intake |= secret
    return item


def _comes_so_far(item: Item) -> bool:
    """Whether nothing before the match has stopped it when it came."""
    letter = item.letter
    is_mail = item.mail.kind in CORRESPONDENCE or item.mail.kind in MASS_MAIL
    stopped = letter.to_intake or letter.of_campaign or letter.says_to_be_ours_falsely or item.kept_out
    return is_mail and item.is_new and not stopped and letter.has_arrived and letter.direction is not Direction.INTERNAL


def _prepared(place: StoredPlace, letter: Letter) -> Prepared:
    """A copy that a server took for spam stays one: its class stands in the decision."""
    told = place.outcome("class")
    kind = Kind(told[0]) if told else letter.kind
    mail = Mail(
        identity=str(letter.id),
        fingerprint="",
        message_id=None,
        id_hash=None,
        cites=(),
        parent=None,
        signed_id=None,
        date=letter.voice.date,
        subject=letter.subject,
        subject_hash="",
        is_answer=False,
        answers_by_subject=False,
        kind=kind,
        people=tuple(letter.people),
        tokens=(),
        trace=(),
        attachments=(),
        snippet=letter.snippet,
        search=_NO_WORDS,
    )
    return Prepared(
        folder_id=place.folder_id,
        uid=0,
        flags=_NO_FLAGS,
        internal_date=place.internal_date,
        gmail_thread_id=None,
        truncated=False,
        modseq=None,
        raw=b"",
        sha256="",
        head=_NO_BYTES,
        body=_NO_BYTES,
        mail=mail,
    )
