"""The form in which a mail is written: what its fields hold, and the mail that they make.

A form that is refused is shown again with everything that was typed; files that came with it are kept in a draft.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Form, UploadFile

from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.conversations.repository.messages import message_view
from crm.outgoing.reopening import files_of_mail, reopen
from crm.outgoing.repository import files_of_message
from crm.outgoing.views import Composition, MailKind, OwnFile, Recipient, StoredFile
from delivery.envelope import wire_address
from delivery.errors import SmtpPermanent
from mailsync.actions.drafting import files_of_draft
from parsers.fields.address_list import parse_addresses
from storage.sessions import ReadSession
from storage.store import Store
from web.forms import RowId

LARGEST_UPLOAD = 25 * 1024 * 1024
_FILE = re.compile(r"(mail|sent)-([0-9]{1,18})-([0-9]{1,9})")
RECEIPTS = {"yes": True, "no": False}
File = tuple[str, str, bytes]
"""Name, type and content."""


@dataclass(frozen=True, slots=True)
class MailForm:
    """The fields as they were sent. `stored`: files that go along, by the values of `FileChoice`; `draft`: the message
    of the draft that the mail was until now."""

    mailbox: Annotated[RowId, Form()]
    to: Annotated[str, Form()] = ""
    cc: Annotated[str, Form()] = ""
    bcc: Annotated[str, Form()] = ""
    subject: Annotated[str, Form()] = ""
    text: Annotated[str, Form()] = ""
    kind: Annotated[MailKind, Form()] = MailKind.NEW
    in_reply_to: Annotated[RowId | None, Form()] = None
    later: Annotated[str, Form()] = ""
    receipts: Annotated[str, Form()] = ""
    stored: Annotated[list[str] | None, Form()] = None
    files: Annotated[list[UploadFile] | None, Form()] = None
    back: Annotated[str, Form()] = ""
    draft: Annotated[RowId | None, Form()] = None
    intent: Annotated[str, Form()] = "send"


@dataclass(frozen=True, slots=True)
class FileChoice:
    """A file that goes along unless its box is cleared."""

    value: str
    filename: str
    size: int


@dataclass(frozen=True, slots=True)
class Fields:
    """The form as it is shown."""

    kind: MailKind
    mailbox_id: int
    to: str
    cc: str
    bcc: str
    subject: str
    text: str
    later: str = ""
    receipts: str = ""
    """`yes`, `no`, or as usual."""
    in_reply_to_id: int | None = None
    files: tuple[FileChoice, ...] = ()
    draft_id: int | None = None


def fields_of(mail: Composition, draft_id: int | None = None) -> Fields:
    """The form filled in with a mail."""
    return Fields(
        mail.kind,
        mail.mailbox_id,
        line_of(mail.to),
        line_of(mail.cc),
        line_of(mail.bcc),
        mail.subject,
        mail.text,
        in_reply_to_id=mail.in_reply_to_id,
        files=file_choices(mail),
        draft_id=draft_id,
    )


def fields_again(form: MailForm, files: tuple[FileChoice, ...], draft_id: int | None) -> Fields:
    """The form as it was typed."""
    return Fields(
        form.kind,
        form.mailbox,
        form.to,
        form.cc,
        form.bcc,
        form.subject,
        form.text,
        form.later,
        form.receipts,
        form.in_reply_to,
        files,
        draft_id,
    )


def file_choices(mail: Composition) -> tuple[FileChoice, ...]:
    """The files that go along with a mail, each under the value that names it in the form."""
    return _choices(mail.stored_files, mail.own_files)


def ticked_files(store: Store, viewer: Viewer, form: MailForm) -> tuple[FileChoice, ...]:
    """The stored files that the form goes with, as they were ticked. Raises `NotFound` as `written_mail`."""
    in_mail, in_sent = _ticked(form)
    with store.database.reading() as session:
        stored = _of_messages(session, viewer, in_mail)
    own = [
        file
        for outgoing_id, positions in in_sent.items()
        for file in reopen(store, viewer, outgoing_id).own_files
        if file.position in positions
    ]
    return _choices(stored, own)


def written_mail(store: Store, viewer: Viewer, form: MailForm) -> tuple[Composition, list[File]]:
    """The mail, and the files that are to be stored with it: uploaded, of its draft, of a mail that was taken back.

    Raises `UsageError` for attachments that are too large, `NotFound` for files that are not the viewer's to send.
    """
    stored, drafted, own = _named_files(store, viewer, form)
    mail = Composition(
        form.kind,
        form.mailbox,
        recipients(form.to),
        form.subject,
        form.text,
        cc=recipients(form.cc),
        bcc=recipients(form.bcc),
        in_reply_to_id=form.in_reply_to,
        stored_files=stored,
        receipts=RECEIPTS.get(form.receipts),
    )
    return mail, [*drafted, *own, *uploads(form.files or [])]


def without_unfinished(mail: Composition) -> Composition:
    """The mail to those whose addresses are whole: as it can be kept while somebody types another one."""
    return replace(mail, to=_whole(mail.to), cc=_whole(mail.cc), bcc=_whole(mail.bcc))


def recipients(line: str) -> tuple[Recipient, ...]:
    """Addresses as people type them: with or without names, between commas or semicolons."""
    found = parse_addresses(line.replace(";", ",").replace("\n", ","))
    return tuple(Recipient(address.address or address.name, address.name) for address in found)


def line_of(people: Sequence[Recipient]) -> str:
    """Recipients as the form shows them."""
    return ", ".join(
        f'"{one.name}" <{one.address}>' if one.name and one.name != one.address else one.address for one in people
    )


def written_here(text: str) -> str:
    """The text without the lines that quote somebody else's."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))


def uploads(files: Sequence[UploadFile]) -> list[File]:
    """What came with the form. Raises `UsageError` when it is more than a mail server would take."""
    read = []
    for file in files:
        if file.filename:
            file.file.seek(0)
            content = file.file.read(LARGEST_UPLOAD + 1)
            read.append((file.filename, file.content_type or "application/octet-stream", content))
    if sum(len(content) for _, _, content in read) > LARGEST_UPLOAD:
        raise UsageError("The attachments are larger than 25 MB together: no mail server would take them.")
    return read


def _named_files(store: Store, viewer: Viewer, form: MailForm) -> tuple[tuple[StoredFile, ...], list[File], list[File]]:
    """Files of stored messages, which go along by their names; and with their bytes those of the draft and of a mail
    that was taken back, because these are about to go."""
    in_mail, in_sent = _ticked(form)
    drafted_indexes = in_mail.pop(form.draft, []) if form.draft is not None else []
    with store.database.reading() as session:
        stored = _of_messages(session, viewer, in_mail)
        drafted = files_of_draft(store, session, viewer, form.draft, drafted_indexes) if form.draft is not None else []
        own = [
            file
            for outgoing_id, positions in in_sent.items()
            for file in files_of_mail(store, session, viewer, outgoing_id, positions)
        ]
    return tuple(stored), drafted, own


def _ticked(form: MailForm) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Positions of files, by the stored message and by the outgoing mail that they belong to."""
    found = [_FILE.fullmatch(value) for value in form.stored or ()]
    in_mail: dict[int, list[int]] = {}
    in_sent: dict[int, list[int]] = {}
    for where, holder, position in [(one[1], int(one[2]), int(one[3])) for one in found if one]:
        (in_mail if where == "mail" else in_sent).setdefault(holder, []).append(position)
    return in_mail, in_sent


def _of_messages(session: ReadSession, viewer: Viewer, in_mail: Mapping[int, Sequence[int]]) -> list[StoredFile]:
    stored: list[StoredFile] = []
    for message_id, indexes in in_mail.items():
        message_view(session, viewer, message_id)
        there = files_of_message(session, viewer, message_id)
        stored.extend(StoredFile(message_id, *file) for file in there if file[0] in indexes)
    return stored


def _choices(stored: Sequence[StoredFile], own: Sequence[OwnFile]) -> tuple[FileChoice, ...]:
    of_messages = [FileChoice(f"mail-{one.message_id}-{one.index}", one.filename, one.size) for one in stored]
    of_mails = [FileChoice(f"sent-{one.outgoing_id}-{one.position}", one.filename, one.size) for one in own]
    return (*of_messages, *of_mails)


def _whole(people: Sequence[Recipient]) -> tuple[Recipient, ...]:
    return tuple(one for one in people if _is_whole(one.address))


def _is_whole(address: str) -> bool:
    try:
        return bool(wire_address(address.strip()))
    except SmtpPermanent:
        return False
