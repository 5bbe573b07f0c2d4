"""Conversations arranged by hand, over HTTP without script and as a program does it."""

import re

from sqlalchemy import select

from crm.access.api_tokens import Scope
from storage.models import Deal, Message, Thread


def ask(console, statement):
    with console.store.database.reading() as session:
        return list(session.execute(statement).scalars())


def a_long_thread(console) -> tuple[int, list[int]]:
    """A conversation of some messages that Marta may read."""
    for thread_id in ask(console, select(Thread.id).where(Thread.message_count > 3).order_by(Thread.id)):
        if console.browser("marta").get(f"/mail/threads/{thread_id}").status_code == 200:
            query = select(Message.id).where(Message.thread_id == thread_id).order_by(Message.date, Message.id)
            return thread_id, ask(console, query)
    raise AssertionError("the company has long conversations")


def test_splitting_merging_and_rebinding_with_undo(console, csrf) -> None:
    marta = console.browser("marta")
    thread_id, messages = a_long_thread(console)
    form = {"csrf": csrf(marta, f"/mail/threads/{thread_id}/records")}

    split = marta.post(f"/mail/messages/{messages[2]}/split", data=form)
    part = int(re.search(r"/mail/threads/(\d+)", str(split.url))[1])
    assert part != thread_id
    assert "a conversation of its own" in split.text
    undo = re.search(r'action="(/mail/changes/\d+/undo)"', split.text)[1]
    assert str(marta.post(undo, data=form).url).split("?")[0].endswith(f"/mail/threads/{thread_id}")
    assert marta.post(undo, data=form).status_code == 409
    assert marta.get(f"/mail/threads/{part}").status_code == 200, "its old address still leads there"

    offered = marta.get(f"/mail/threads/{thread_id}/merge?words=levante").text
    other = int(re.search(r'name="other" value="(\d+)"', offered)[1])
    merged = marta.post(f"/mail/threads/{thread_id}/merge", data={**form, "other": other})
    assert "one conversation now" in merged.text
    marta.post(re.search(r'action="(/mail/changes/\d+/undo)"', merged.text)[1], data=form)
    assert ask(console, select(Thread.merged_into_id).where(Thread.id.in_((thread_id, other)))) == [None, None]

    deal = ask(console, select(Deal).order_by(Deal.id.desc()).limit(1))[0]
    moved = marta.post(f"/mail/threads/{thread_id}/records", data={**form, "about_words": deal.title})
    assert f'href="/deals/{deal.id}"' in moved.text
    off = marta.post(f"/mail/threads/{thread_id}/records", data=form)
    assert "It stands on no record now" in off.text
    assert f'href="/deals/{deal.id}"' not in re.search(r'conversation-facts">.*?</p>', off.text, re.DOTALL)[0]
    back = marta.post(re.search(r'action="(/mail/changes/\d+/undo)"', off.text)[1], data=form)
    assert f'href="/deals/{deal.id}"' in back.text


def test_what_can_not_be_done_is_said(console, csrf) -> None:
    marta = console.browser("marta")
    thread_id, messages = a_long_thread(console)
    form = {"csrf": csrf(marta, "/compose")}
    tries = {
        f"/mail/messages/{messages[0]}/split": 422,
        "/mail/messages/999999/split": 404,
        "/mail/messages/99999999999999999999/split": 422,
        f"/mail/threads/{thread_id}/merge": 422,
        "/mail/threads/999999/records": 404,
        "/mail/changes/999/undo": 404,
    }
    for path, status in tries.items():
        assert marta.post(path, data=form).status_code == status, path
    assert marta.post(f"/mail/threads/{thread_id}/merge", data={**form, "other": thread_id}).status_code == 422
    assert marta.post(f"/mail/threads/{thread_id}/records", data={**form, "about": "deal:999999"}).status_code == 422
    lost = marta.post(f"/mail/threads/{thread_id}/records", data={**form, "about_words": "no such thing"})
    assert (lost.status_code, "is called no such thing" in lost.text) == (422, True)


def test_programs_arrange_conversations(console) -> None:
    thread_id, messages = a_long_thread(console)
    program = console.program("marta", Scope.RECORDS_WRITE)
    reader = console.program("marta", Scope.RECORDS_READ)
    assert reader.post(f"/api/v1/messages/{messages[1]}/split").status_code == 403
    change = program.post(f"/api/v1/messages/{messages[1]}/split").json()["id"]
    part = ask(console, select(Message.thread_id).where(Message.id == messages[1]))[0]
    assert program.post(f"/api/v1/thread-changes/{change}/undo").status_code == 204
    assert program.post(f"/api/v1/threads/{thread_id}/merge", json={"thread_id": part}).status_code == 422
    deal = {"type": "deal", "id": ask(console, select(Deal.id))[0]}
    assert program.post(f"/api/v1/threads/{thread_id}/records", json={"add": [deal]}).status_code == 201
    assert program.post(f"/api/v1/threads/{thread_id}/records", json={}).status_code == 422
    wrong = {"add": [{"type": "deal", "id": 10**9 - 1}]}
    assert program.post(f"/api/v1/threads/{thread_id}/records", json=wrong).status_code == 404


def test_a_mail_is_put_on_a_task_and_taken_off(console, csrf) -> None:
    marta = console.browser("marta")
    thread_id, messages = a_long_thread(console)
    form = {"csrf": csrf(marta, "/compose")}
    offered = marta.get(f"/mail/messages/{messages[-1]}/task").text
    task = re.search(r'name="task" value="(\d+)"', offered)[1]
    bound = marta.post(f"/mail/messages/{messages[-1]}/task", data={**form, "task": task})
    assert f'href="/mail/threads/{thread_id}"' in bound.text
    assert "leads to this mail" in bound.text
    assert marta.post(f"/mail/messages/{messages[0]}/task", data={**form, "task": task}).status_code == 409
    assert marta.post(f"/mail/messages/{messages[0]}/task", data={**form, "task": 99999}).status_code == 404
    off = marta.post(f"/tasks/{task}/mail/remove", data=form)
    assert f'href="/mail/threads/{thread_id}"' not in off.text
