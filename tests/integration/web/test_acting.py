"""What is done to mail in the console and over the API: in whose mailboxes, and what is written down for the server."""

import re

from sqlalchemy import select, text

from crm.access.api_tokens import Scope
from storage.models import ActionKind, ActionState, Folder, FolderRole, MailAction, Mailbox, Place, ShareLevel


def actions(console) -> list[MailAction]:
    with console.store.database.reading() as session:
        return list(session.execute(select(MailAction).order_by(MailAction.id)).scalars())


def threads_in(page: str) -> list[int]:
    return list(dict.fromkeys(int(found) for found in re.findall(r"/mail/threads/(\d+)", page)))


def roles_of(console, thread: int, mailbox: str) -> list[FolderRole]:
    statement = text(
        "SELECT f.role FROM place p JOIN folder f ON f.id = p.folder_id JOIN message m ON m.id = p.message_id "
        "WHERE m.thread_id = :thread AND p.mailbox_id = :mailbox ORDER BY p.id"
    )
    with console.store.database.reading() as session:
        rows = session.execute(statement, {"thread": thread, "mailbox": console.seed.mailboxes[mailbox]})
        return [FolderRole(role) for (role,) in rows]


def test_several_conversations_are_archived_and_brought_back(console, csrf) -> None:
    marta = console.browser("marta")
    threads = threads_in(marta.get("/mail").text)[:3]
    form = {"csrf": csrf(marta, "/mail"), "wish": "archive", "thread": threads, "view": "inbox", "query": "view=inbox"}

    done = marta.post("/mail/acts", data=form)

    assert done.url.path == "/mail"
    assert "Archived." in done.text
    assert not set(threads) & set(threads_in(done.text))
    assert {row.kind for row in actions(console)} == {ActionKind.MOVE}
    undo = re.search(r'action="(/mail/acts/\w+/undo)"', done.text).group(1)
    taken_back = marta.post(undo, data={"csrf": form["csrf"], "back": "/mail?view=inbox"})
    assert "Taken back." in taken_back.text
    assert set(threads) <= set(threads_in(taken_back.text))
    assert {row.state for row in actions(console)} == {ActionState.CANCELLED}, "the server is told nothing"


def test_opening_marks_read_only_what_is_ones_own_and_only_if_one_wants(console, csrf) -> None:
    """Given mail of Marta's that Tom reads through its record, when he opens it, then it stays unread for her."""
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE place SET seen = false"))
        session.execute(text("UPDATE mailbox SET share_level = :all"), {"all": ShareLevel.EVERYTHING.value})
    tom, marta = console.browser("tom"), console.browser("marta")
    hers = _only_in(console, "marta")

    assert tom.get(f"/mail/threads/{hers}").status_code == 200
    assert not actions(console)
    refused = tom.post("/mail/acts", data={"csrf": csrf(tom, "/mail"), "wish": "delete", "thread": [hers]})
    assert "There was nothing to change." in refused.text
    assert not actions(console)

    marta.post("/settings/account/reading", data={"csrf": csrf(marta, "/settings/account")})
    marta.get(f"/mail/threads/{hers}")
    assert not actions(console), "she wants to mark it herself"
    marta.post("/settings/account/reading", data={"csrf": csrf(marta, "/settings/account"), "marks_read": "true"})
    marta.get(f"/mail/threads/{hers}")
    assert {(row.kind, row.flag) for row in actions(console)} == {(ActionKind.FLAG, "seen")}
    assert {row.mailbox_id for row in actions(console)} == {console.seed.mailboxes["marta"]}


def test_what_is_in_trash_is_asked_about_before_it_is_deleted(console, csrf) -> None:
    marta = console.browser("marta")
    thread = threads_in(marta.get("/mail").text)[0]
    form = {"csrf": csrf(marta, "/mail"), "thread": [thread], "view": "inbox"}
    marta.post("/mail/acts", data={**form, "wish": "delete"})
    assert FolderRole.TRASH in {role for name in console.seed.mailboxes for role in roles_of(console, thread, name)}

    asked = marta.post("/mail/acts", data={**form, "wish": "delete_for_ever", "view": "trash"})

    assert "Delete for ever?" in asked.text
    assert ActionKind.REMOVE not in {row.kind for row in actions(console)}
    done = marta.post("/mail/acts", data={**form, "wish": "delete_for_ever", "view": "trash", "sure": "true"})
    assert "Deleted for ever." in done.text
    assert [row.kind for row in actions(console)][-1] is ActionKind.REMOVE
    assert marta.get("/mail?view=trash").text.count(f"/mail/threads/{thread}?") == 0


def test_guests_see_no_buttons_and_may_do_nothing(console, csrf) -> None:
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE \"user\" SET role = 'guest' WHERE name = 'Tom Ashby'"))
        session.execute(text("UPDATE place SET seen = false"))
    tom = console.browser("tom")
    page = tom.get("/mail").text
    assert 'action="/mail/acts"' not in page
    thread = threads_in(page)[0]
    tom.get(f"/mail/threads/{thread}")
    assert not actions(console), "a guest's reading marks nothing"
    assert (
        tom.post("/mail/acts", data={"csrf": csrf(tom, "/mail"), "wish": "read", "thread": [thread]}).status_code == 403
    )


def test_what_came_to_nothing_is_said_on_the_message(console) -> None:
    marta = console.browser("marta")
    thread = threads_in(marta.get("/mail").text)[0]
    marta.get(f"/mail/threads/{thread}")
    program = console.program("marta", Scope.MAIL_READ, Scope.MAIL_SEND)
    act = program.post("/api/v1/acts", json={"wish": "flag", "thread_ids": [thread]}).json()["act"]
    with console.store.database.unit_of_work() as session:
        session.execute(
            text("UPDATE mail_action SET state = 'refused', reason = 'No such right.' WHERE act = :a"), {"a": act}
        )

    assert "The mark did not stay. No such right." in marta.get(f"/mail/threads/{thread}").text
    assert "No such right." not in console.browser("ines").get(f"/mail/threads/{thread}").text


def test_programs_act_undo_and_see_how_it_went(console) -> None:
    program = console.program("marta", Scope.MAIL_READ, Scope.MAIL_SEND)
    thread = program.get("/api/v1/threads?limit=1").json()["items"][0]["id"]
    folders = program.get("/api/v1/folders").json()["items"]
    assert {folder["mailbox_id"] for folder in folders} >= {console.seed.mailboxes["marta"]}
    with console.store.database.reading() as session:
        place = (
            session.execute(
                select(Place)
                .join(Folder)
                .where(
                    Folder.role == FolderRole.INBOX, Place.mailbox_id.in_([folder["mailbox_id"] for folder in folders])
                )
            )
            .scalars()
            .first()
        )
    target = next(f for f in folders if f["mailbox_id"] == place.mailbox_id and f["role"] == "archive")

    wanted = {"wish": "move", "message_ids": [place.message_id], "target_folder_id": target["id"]}
    done = program.post("/api/v1/acts", json=wanted)

    assert done.status_code == 202
    assert done.json()["count"] == 1
    act = done.json()["act"]
    seen = program.get(f"/api/v1/acts/{act}").json()["items"]
    assert [(row["kind"], row["state"]) for row in seen] == [("move", "waiting")]
    assert console.program("tom", Scope.MAIL_READ).get(f"/api/v1/acts/{act}").status_code == 404
    assert console.program("tom", Scope.MAIL_SEND).post(f"/api/v1/acts/{act}/undo").status_code == 404
    assert program.post(f"/api/v1/acts/{act}/undo").json()["count"] == 1
    assert program.get(f"/api/v1/acts/{act}").json()["items"][0]["state"] == "cancelled"
    assert program.post("/api/v1/acts", json={"wish": "read"}).status_code in (400, 422)
    for seen in (False, True):
        assert program.patch(f"/api/v1/threads/{thread}", json={"seen": seen}).status_code == 204
    assert actions(console)[-1].flag == "seen"


def _only_in(console, mailbox: str) -> int:
    """A conversation on a record that only this mailbox holds."""
    statement = text(
        "SELECT m.thread_id FROM message m JOIN activity a ON a.message_id = m.id JOIN place p ON p.message_id = m.id "
        "JOIN activity_binding b ON b.activity_id = a.id "
        "GROUP BY m.thread_id HAVING min(p.mailbox_id) = :mailbox AND max(p.mailbox_id) = :mailbox ORDER BY 1"
    )
    with console.store.database.reading() as session:
        assert session.get(Mailbox, console.seed.mailboxes[mailbox])
        return session.execute(statement, {"mailbox": console.seed.mailboxes[mailbox]}).scalars().first()
