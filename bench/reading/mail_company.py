"""Who works in the large store: five mailboxes of very different size, and twelve people with different rights in them."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from crm.access.signing_in import hash_token
from storage.models import (
    Folder,
    FolderRole,
    LoginSession,
    Mailbox,
    MailboxMember,
    MailboxState,
    Role,
    ShareLevel,
    User,
)
from storage.sessions import WriteSession

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
FOLDERS = {
    "INBOX": (FolderRole.INBOX, 45),
    "Sent": (FolderRole.SENT, 24),
    "Archive": (FolderRole.ARCHIVE, 22),
    "Projects": (FolderRole.OTHER, 3),
    "Junk": (FolderRole.JUNK, 3),
    "Trash": (FolderRole.TRASH, 2),
    "Drafts": (FolderRole.DRAFTS, 1),
}
"""Each with its share of a hundred mails."""


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox. `share` of a thousand conversations; `people`: who works in it, by their number."""

    email: str
    share: int
    people: tuple[int, ...]


BOXES = (
    Box("sales@ours.example", 500, (0, 1, 2, 3, 4, 5, 6)),
    Box("support@ours.example", 300, (0, 1, 2, 7, 8)),
    Box("anna@ours.example", 120, (0, 3)),
    Box("boris@ours.example", 75, (0, 9)),
    Box("clara@ours.example", 5, (0, 10)),
)
PEOPLE = 12
ADMINISTRATOR, ONE_MAILBOX, SMALL_MAILBOX, NO_MAILBOX = 0, 9, 10, 11


@dataclass(frozen=True, slots=True)
class Company:
    """Ids of what was made: folders by mailbox, in the order of `FOLDERS`."""

    mailboxes: tuple[int, ...]
    folders: tuple[tuple[int, ...], ...]
    users: tuple[int, ...]


def token_of(person: int) -> str:
    """With what a person's browser is signed in."""
    return hashlib.sha256(f"session of {person}".encode()).hexdigest()


def make_company(session: WriteSession) -> Company:
    """People with sessions, mailboxes with folders and members."""
    users = tuple(_add_person(session, number) for number in range(PEOPLE))
    mailboxes, folders = [], []
    for box in BOXES:
        mailbox = Mailbox(
            email=box.email,
            email_key=box.email,
            shared=len(box.people) > 2,
            share_level=ShareLevel.EVERYTHING,
            imap_host="localhost",
            imap_port=993,
            imap_security="tls",
            username=box.email,
            password_encrypted="-",
            state=MailboxState.PAUSED,
            connected_at=NOW,
            new_since=NOW,
        )
        session.add(mailbox)
        session.flush()
        session.add_all(MailboxMember(mailbox_id=mailbox.id, user_id=users[person]) for person in box.people)
        rows = [
            Folder(mailbox_id=mailbox.id, name=name, name_hash=name, role=role) for name, (role, _) in FOLDERS.items()
        ]
        session.add_all(rows)
        session.flush()
        mailboxes.append(mailbox.id)
        folders.append(tuple(row.id for row in rows))
    return Company(tuple(mailboxes), tuple(folders), users)


def _add_person(session: WriteSession, number: int) -> int:
    email = f"person{number}@ours.example"
    user = User(
        email=email,
        email_key=email,
        name=f"Person {number}",
        role=Role.ADMINISTRATOR if number == ADMINISTRATOR else Role.SELLER,
        created_at=NOW,
    )
    session.add(user)
    session.flush()
    login = {
        "user_id": user.id,
        "token_hash": hash_token(token_of(number)),
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=3650),
        "user_agent": "",
    }
    session.execute(insert(LoginSession), [login])
    return user.id
