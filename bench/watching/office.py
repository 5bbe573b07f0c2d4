"""An office of many mailboxes: a Dovecot with a user for each, and a store in which all of them are connected.

One person owns them all, so that one token of the API sees them all. Each inbox holds one short mail, so that none is a
special case. What a person would do a thousand times at the console is done by the same functions, without testing each.
"""

from collections.abc import Sequence

from bench.sync.stores import Place
from core.config import load_settings
from crm.access.api_tokens import Scope, create_token
from crm.access.people import NewPerson, add_person
from crm.access.repository import person_by_key
from crm.access.viewer import Viewer
from mailsync.connecting import NewMailbox, add_mailbox
from mailsync.imap.server import Security
from servers.dovecot import Dovecot
from storage.models import Role

PERSON = "ann@office.example"


def mail(user: str, number: int) -> bytes:
    """The mail of that number to a user; its subject is `subject(number)`."""
    head = f"From: Ben <ben@client.example>\r\nTo: {user}\r\nSubject: {subject(number)}\r\n"
    date = "Date: Sun, 22 Nov 2026 09:30:00 +0000\r\n"
    return f"{head}{date}Message-ID: <{number}.{user}>\r\n\r\nThe machine is here. When do you come?\r\n".encode()


def subject(number: int) -> str:
    """What tells one mail from the next."""
    return f"News {number}"


def new_users(server: Dovecot, count: int) -> list[str]:
    """So many users with one mail each."""
    users = [server.new_user() for _ in range(count)]
    for user in users:
        server.deliver(user, mail(user, 0))
    return users


def open_office(place: Place) -> str:
    """Make the store, with the person in it. Returns a token that reads their mail."""
    store = place.open()
    person = add_person(store, Viewer.system(), NewPerson(PERSON, "Ann", Role.ADMINISTRATOR, "a long password"))
    token = create_token(store, Viewer.system(), name="bench", scopes=[Scope.MAIL_READ], user_id=person)
    store.close()
    return token


def connect_all(place: Place, users: Sequence[str], server: Dovecot, port: int, security: Security) -> None:
    """Connect a mailbox for each user, with ids from 1 in their order; `port` is the server's, or of what stands before."""
    settings, store = load_settings(**place.settings), place.open()
    with store.database.reading() as session:
        owner = person_by_key(session, Viewer.system(), PERSON)
    for user in users:
        given = NewMailbox(
            email=user,
            password=server.password,
            imap_host=server.host,
            imap_port=port,
            imap_security=security,
            username=user,
            owner_id=owner.id if owner else None,
        )
        add_mailbox(store, settings, given, test=False)
    store.close()
