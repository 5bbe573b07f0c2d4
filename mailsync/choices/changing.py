"""Changing what was chosen about a mailbox: each choice alone, all of them in one unit of work, or none."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from core.addresses import address_key, domain_of
from core.errors import Forbidden, NotFound, UsageError
from crm.access.audit import record_act
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from mailsync import repository as rows
from mailsync.choices import repository
from mailsync.choices.depth import Depth
from storage.models import Mailbox, ShareLevel
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

FROM_ALL_TO_NOTHING = (ShareLevel.EVERYTHING, ShareLevel.SUBJECT, ShareLevel.METADATA, ShareLevel.PRIVATE)
POLL_MINUTES = (1, 5, 15, 60)
LONGEST_NAME, LONGEST_SIGNATURE = 200, 10_000


class AddressNotYours(Forbidden):
    """Mail of such an address would count as ours, so an administrator decides."""

    def __init__(self) -> None:
        super().__init__(
            "One of the other addresses is at a domain that nobody here has an address at, so only an administrator may "
            "add it: ask one, or leave it out."
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What is to change; None leaves a thing as it is. `folders` are the ids of all that are followed."""

    name: str | None = None
    signature: str | None = None
    signed_answers: bool | None = None
    aliases: Sequence[str] | None = None
    share_level: ShareLevel | None = None
    folders: Sequence[int] | None = None
    depth: Depth | None = None
    poll_minutes: int | None = None
    members: Sequence[int] | None = None
    queue: Sequence[int] | None = None


def change_mailbox(store: Store, viewer: Viewer, mailbox_id: int, wanted: Choices) -> None:
    """Put the choices in force; the next pass, which begins at once, goes by them.

    More depth loads what is missing; less keeps what is stored. A folder that is left out keeps its mail too. Raises
    `UsageError` for what can not be chosen, `Forbidden` for whoever does not steer the mailbox or may not choose this,
    `Conflict` while it is being removed.
    """
    with store.database.unit_of_work(Urgency.PERSON) as session:
        row = rows.mailbox(session, mailbox_id)
        require_right(viewer, row)
        require_staying(row)
        _describe(row, wanted)
        _sync_so(session, row, wanted)
        _share(viewer, row, wanted)
        _let_people(session, row, wanted)
        if wanted.aliases is not None:
            repository.replace_aliases(session, row.id, _addresses(session, viewer, row, wanted.aliases))
        changed = [name for name in Choices.__slots__ if getattr(wanted, name) is not None]
        record_act(session, viewer, "mailbox.change", mailbox_id=row.id, what=changed)


def _describe(row: Mailbox, wanted: Choices) -> None:
    if wanted.name is not None:
        row.name = " ".join(wanted.name.split())[:LONGEST_NAME]
    if wanted.signature is not None:
        row.signature = wanted.signature.replace("\r\n", "\n").strip()[:LONGEST_SIGNATURE]

    if wanted.signed_answers is not None:
        row.signed_answers = wanted.signed_answers


def _sync_so(session: WriteSession, row: Mailbox, wanted: Choices) -> None:
    if wanted.folders is not None:
        known = repository.folder_names(session, row.id)
        if not set(wanted.folders) <= known.keys():
            raise NotFound("One of these folders is not there any more: load the page again.")
        if known and not wanted.folders:
            raise UsageError("Choose one folder at least, or pause the mailbox.")
        repository.choose(session, row.id, wanted.folders)
    if wanted.depth is not None:
        row.depth_since = wanted.depth.since
    if wanted.poll_minutes is not None:
        if wanted.poll_minutes not in POLL_MINUTES:
            raise UsageError(f"Choose one of {', '.join(map(str, POLL_MINUTES))} minutes.")
        row.poll_minutes = wanted.poll_minutes
    if wanted.folders is not None or wanted.depth is not None:
        rows.ask_for_pass(session, row.id)


def _share(viewer: Viewer, row: Mailbox, wanted: Choices) -> None:
    """What a personal mailbox shows of its mail is its owner's word: an administrator may take from it, not add to it."""
    if wanted.share_level is None:
        return
    shows_more = FROM_ALL_TO_NOTHING.index(wanted.share_level) < FROM_ALL_TO_NOTHING.index(row.share_level)
    if (
        shows_more
        and not row.shared
        and row.owner_id is not None
        and not viewer.is_system
        and viewer.user_id != row.owner_id
    ):
        raise Forbidden("Only who owns this mailbox may show colleagues more of its mail: ask them.")
    row.share_level = wanted.share_level


def _let_people(session: WriteSession, row: Mailbox, wanted: Choices) -> None:
    if wanted.members is not None:
        if wanted.members and not row.shared:
            raise UsageError("Only a shared mailbox has members: this one belongs to one person.")
        repository.replace_members(session, row.id, _people(session, wanted.members))
    if wanted.queue is not None:
        row.queue = _people(session, wanted.queue)


def _people(session: WriteSession, user_ids: Sequence[int]) -> list[int]:
    wanted = list(dict.fromkeys(user_ids))
    if set(wanted) != repository.working_people(session, wanted):
        raise UsageError("One of these people does not work here any more: choose again.")
    return wanted


def _addresses(session: WriteSession, viewer: Viewer, row: Mailbox, given: Sequence[str]) -> dict[str, str]:
    found = {address_key(each): each for each in (one.strip() for one in given) if each}
    for key, address in found.items():
        name, at, domain = address.rpartition("@")
        if not (name and at and domain) or any(letter.isspace() for letter in address):
            raise UsageError("One of the other addresses is none: write each as name@domain.")
        if key == row.email_key:
            raise UsageError("An address is named as another one of the mailbox, and is its own: leave it out.")
    if repository.taken_keys(session, row.id, list(found)):
        raise UsageError("One of the other addresses belongs to another mailbox that is connected here.")
    if not viewer.may_administer:
        _may_be_taken(session, viewer, found.keys() - set(map(address_key, repository.aliases(session, row.id))))
    return found


def _may_be_taken(session: WriteSession, viewer: Viewer, fresh: Set[str]) -> None:
    """Mail of an alias counts as ours: a colleague's address or a stranger's is given to a mailbox by administrators."""
    if repository.colleagues_keys(session, viewer, fresh):
        raise UsageError(
            "One of the other addresses is a colleague's: leave it out, or ask an administrator to add it."
        )
    if not {domain_of(key) for key in fresh} <= repository.own_domains(session):
        raise AddressNotYours
