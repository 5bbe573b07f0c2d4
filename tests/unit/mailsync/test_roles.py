"""What a folder is for: by the server's word, else by its name in many languages, and never by a guess."""

import pytest

from mailsync.imap.folders import ListedFolder
from mailsync.roles import NAMES_STRIPPED, SPECIAL_USES, roles_of
from storage.models import FolderRole

SENT, DRAFTS, JUNK, TRASH = FolderRole.SENT, FolderRole.DRAFTS, FolderRole.JUNK, FolderRole.TRASH
OTHER, INBOX = FolderRole.OTHER, FolderRole.INBOX


def folder(name: str, special_use: str | None = None, delimiter: str | None = "/") -> ListedFolder:
    return ListedFolder(name, delimiter, frozenset(), special_use, selectable=True)


def roles(*names: str, delimiter: str | None = "/") -> list[FolderRole]:
    found = roles_of([folder(name, delimiter=delimiter) for name in names])
    return [found[name] for name in names]


@pytest.mark.parametrize(("use", "role"), SPECIAL_USES.items())
def test_the_servers_word_wins_over_names(use: str, role: FolderRole) -> None:
    found = roles_of([folder("INBOX"), folder("Sent"), folder("Anything", use)])
    assert found["Anything"] is role
    assert found["Sent"] is (OTHER if role is SENT else SENT)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Sent Items", SENT),
        ("Gesendete Elemente", SENT),
        ("ÉLÉMENTS ENVOYÉS", SENT),
        ("Отправленные", SENT),
        ("送信済みメール", SENT),
        ("Odeslaná pošta", SENT),
        ("Entwürfe", DRAFTS),
        ("下書き", DRAFTS),
        ("Courrier indésirable", JUNK),
        ("スパム", OTHER),
        ("Papierkorb", TRASH),
        ("Silinmiş öğeler", TRASH),
        ("Архив", FolderRole.ARCHIVE),
        ("Customers", OTHER),
    ],
)
def test_names_in_the_worlds_languages(name: str, role: FolderRole) -> None:
    assert roles("INBOX", name) == [INBOX, role]


def test_of_two_candidates_neither_is_it() -> None:
    assert roles("Sent", "Gesendet") == [OTHER, OTHER]
    assert roles("Sent", "Trash") == [SENT, TRASH]


def test_below_the_inbox_counts_and_below_other_folders_does_not() -> None:
    assert roles("INBOX", "INBOX.Sent", "INBOX.Trash", delimiter=".") == [INBOX, SENT, TRASH]
    assert roles("Customers/Sent", "Customers") == [OTHER, OTHER]
    assert roles("Sent", "Customers/Sent") == [SENT, OTHER]
    assert roles("a/b/Sent", "INBOX/b/Sent") == [OTHER, OTHER]


def test_gmail() -> None:
    expected = {
        folder("INBOX"): INBOX,
        folder("[Gmail]/Alle Nachrichten", "\\All"): FolderRole.ALL,
        folder("[Gmail]/Gesendet", "\\Sent"): SENT,
        folder("[Gmail]/Papierkorb", "\\Trash"): TRASH,
        folder("[Gmail]/Markiert", "\\Flagged"): OTHER,
        folder("[Gmail]/Spam"): JUNK,
        folder("Sent"): OTHER,
    }
    assert roles_of(list(expected)) == {one.name: role for one, role in expected.items()}


def test_the_inbox_is_one_in_any_spelling_and_no_other() -> None:
    assert roles("Inbox", "Work/INBOX") == [INBOX, OTHER]
    assert roles_of([]) == {}


def test_a_server_without_hierarchy() -> None:
    assert roles("Sent", "INBOX.Trash", delimiter=None) == [SENT, OTHER]


def test_no_name_means_two_things() -> None:
    seen: dict[str, FolderRole] = {}
    for role, names in NAMES_STRIPPED.items():
        for name in names:
            assert name, role
            assert name == name.casefold(), name
            assert seen.setdefault(name, role) is role, name
