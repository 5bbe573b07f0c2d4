import json

from crm.stream.feed.posting import create_post
from crm.stream.views import NewPost
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
