import json

from crm.stream.feed.commenting import add_comment, change_comment, delete_comment, restore_comment
from crm.stream.feed.posting import change_post, create_post, delete_post, restore_post
from crm.stream.feed.repository import standing_of
from crm.stream.views import NewPost, SubjectType
from crm.work.tasks import create_task
from crm.work.views import NewTask


def test_open_pages_hear_what_needs_attention_and_the_stream_ends_with_the_server(console) -> None:
    marta = console.browser("marta")
    with marta.stream("GET", "/live") as stream:
        events = (line.removeprefix("data: ") for line in stream.iter_lines() if line.startswith("data: {"))
        before = json.loads(next(events))
        with console.store.database.unit_of_work() as session:
            viewer = console.seed.viewer("ines")
            create_task(session, viewer, NewTask("Ask the bank", console.seed.people["marta"]))
        after = json.loads(next(events))

        assert after["notifications"] == before["notifications"] + 1
        console.app.state.live.close()
        assert next(events, None) is None


def test_signing_out_ends_the_stream(console, csrf) -> None:
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, "/")}
    with marta.stream("GET", "/live") as stream:
        events = (line for line in stream.iter_lines() if line.startswith("data: {"))
        next(events)
        marta.post("/logout", data=form)
        console.store.database.notifier.wake("now")
        assert next(events, None) is None


def test_a_stranger_hears_nothing(console) -> None:
    assert console.browser().get("/live", follow_redirects=False).status_code == 303


def test_open_pages_hear_of_a_new_entry_whoever_wrote_it(console) -> None:
    marta = console.browser("marta")
    with marta.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        heard = (next(lines).removeprefix("data: ") for line in lines if line == "event: stream")
        before = int(next(heard))
        with console.store.database.unit_of_work() as session:
            create_post(session, console.seed.viewer("tom"), NewPost("News", "", in_stream=True))
        assert int(next(heard)) > before


def test_open_pages_hear_of_what_is_said_edited_and_taken_away(console) -> None:
    tom, marta = console.seed.viewer("tom"), console.browser("marta")
    act = console.store.database.unit_of_work
    with act() as session:
        post_id = create_post(
            session, tom, NewPost("News", "", everyone=False, readers=(console.seed.people["marta"],))
        )
    with marta.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        heard = (int(next(lines).removeprefix("data: ")) for line in lines if line == "event: talk")
        numbers = [next(heard)]
        with act() as session:
            comment_id = add_comment(session, tom, SubjectType.POST, post_id, "First")
        numbers.append(next(heard))
        for change in (
            lambda session: change_comment(session, tom, comment_id, "Second"),
            lambda session: delete_comment(session, tom, comment_id),
            lambda session: restore_comment(session, tom, comment_id),
            lambda session: change_post(session, tom, post_id, title="Other news", text="", tags=()),
            lambda session: delete_post(session, tom, post_id),
            lambda session: restore_post(session, tom, post_id),
        ):
            with act() as session:
                change(session)
            numbers.append(next(heard))
        assert len(set(numbers)) == len(numbers)

    # what they ask for then is what they may see, as it is now
    talk = marta.get(f"/feed/{post_id}/talk").text
    assert "Other news" in talk
    assert "Second" in talk
    assert "First" not in talk
    assert console.browser("ines").get(f"/feed/{post_id}/talk").status_code == 404, "it is to Marta alone"
    assert console.browser().get(f"/feed/{post_id}/talk", follow_redirects=False).status_code == 303


def test_shown_entries_are_told_again_to_whoever_may_see_them(console) -> None:
    tom = console.seed.viewer("tom")
    with console.store.database.unit_of_work() as session:
        new = NewPost("To Marta", "", everyone=False, readers=(console.seed.people["marta"],), in_stream=True)
        post_id = create_post(session, tom, new)
        entry_id, _ = standing_of(session, post_id)
        add_comment(session, tom, SubjectType.POST, post_id, "One")
    marta, ines = console.browser("marta"), console.browser("ines")
    page = marta.get(f"/stream/again?ids={entry_id},99999999,x,²&here=").text
    assert f'id="entry-{entry_id}"' in page
    assert page.count('class="event ') == 1
    assert "Comments" in page
    assert f'id="entry-{entry_id}"' not in ines.get(f"/stream/again?ids={entry_id}").text
    assert marta.get("/stream/again?ids=1&here=invoice:7").status_code == 422
