"""Customers' mail in Settings and over the API: chosen, tried, applied, taken back; kept out; the company; absences."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from core.addresses import AddressList
from core.clock import utcnow
from crm.access.api_tokens import Scope
from crm.intake.arrival import Arrival, Flags
from crm.intake.policies.limits import Limits, read_limits
from crm.intake.preparing import prepare
from crm.intake.revisiting import runs
from crm.intake.revisiting.repository.runs import last_run
from crm.intake.taking import take_in_safely
from crm.office.address_lists import read_lists
from crm.office.settings import read_office
from crm.records.fields.editing import edit_record
from crm_world import mail
from storage.models import Absence, Deal, Folder, FolderRole, Mailbox, OnUnknown, RecordType, SenderRule, ShareLevel

INFO = "info@fontelenta.example"
FORM = {
    "incoming": "mode",
    "outgoing": "nothing",
    "queue_method": "round_robin",
    "repeat_items": "true",
    "makes_from_roles": "true",
}


def day(later: int) -> str:
    """A day so much later than today, in the words of a form."""
    return (utcnow() + timedelta(days=later)).date().isoformat()


def mailbox(console, email: str = INFO) -> Mailbox:
    with console.store.database.reading() as session:
        return session.execute(select(Mailbox).where(Mailbox.email == email)).scalar_one()


def page_of(console, email: str = INFO) -> str:
    return f"/settings/mailboxes/{mailbox(console, email).id}/customers"


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def count(console, table) -> int:
    with console.store.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def strangers_wrote(console, number: int = 3, email: str = INFO) -> None:
    """While the mailbox made nothing, some days ago."""
    box = mailbox(console, email)
    at = utcnow() - timedelta(days=3)
    with console.store.database.unit_of_work() as session:
        row = session.get_one(Mailbox, box.id)
        row.on_unknown_incoming, row.new_since = OnUnknown.NOTHING, utcnow() - timedelta(days=200)
        folder = session.execute(
            select(Folder.id).where(Folder.mailbox_id == box.id, Folder.role == FolderRole.INBOX)
        ).scalar_one()
    raws = [
        mail(f"S{n} <s{n}@stranger{n}.example>", email, f"Question {n}", message_id=f"s{n}@x", date=at)
        for n in range(number)
    ]
    arrivals = [Arrival(folder, 90_000 + n, Flags(), at, raw) for n, raw in enumerate(raws)]
    assert take_in_safely(console.store, box.id, prepare(console.store, arrivals)).stored == number


def test_what_is_chosen_is_saved_and_shown_again(console, csrf) -> None:
    ines, path = console.browser("ines"), page_of(console)
    marta = console.seed.people["marta"]
    form = {
        **FORM,
        "csrf": csrf(ines, path),
        "incoming": "contact",
        "only_written_to": "true",
        "source": "  web   form ",
        "queue": ["0", str(marta), "0"],
        "queue_method": "least_busy",
    }
    del form["makes_from_roles"]

    answer = ines.post(path, data=form)

    assert (answer.status_code, answer.url.path) == (200, path)
    row = mailbox(console)
    assert (row.on_unknown_incoming, row.only_written_to, row.makes_from_roles) == (OnUnknown.CONTACT, True, False)
    assert (row.record_source, row.queue, row.queue_method, row.queue_at_work) == (
        "web form",
        [marta],
        "least_busy",
        False,
    )
    assert re.search(r'name="incoming" value="contact" checked', answer.text)
    assert f'<option value="{marta}" selected>' in answer.text

    wrong = ines.post(path, data={**form, "queue": ["999999"]})
    assert wrong.status_code == 422
    assert "does not work here any more" in wrong.text
    assert mailbox(console).queue == [marta]


def test_a_trial_shows_what_would_be_and_apply_and_undo_do_it(console, csrf) -> None:
    strangers_wrote(console)
    ines, path, before = console.browser("ines"), page_of(console), count(console, Deal)
    token = csrf(ines, path)

    tried = ines.post(path, data={**FORM, "csrf": token, "do": "try"})
    shown = words(tried)
    assert "Nothing was changed." in shown
    assert "Applied to this mail now, it would make 3 deals" in shown
    assert "Question 1" in shown
    assert (count(console, Deal), mailbox(console).on_unknown_incoming) == (before, OnUnknown.NOTHING)

    page = ines.post(path, data={**FORM, "csrf": token, "do": "apply"})
    assert "looked at, nothing made" in words(page)
    with console.store.database.reading() as session:
        number = last_run(session, console.seed.viewer("ines"), mailbox(console).id).number
    runs.go_on(console.store, number)
    assert count(console, Deal) == before + 3
    assert "3 deals and 3 contacts made" in words(ines.get(path))

    with console.store.database.unit_of_work() as session:
        deal_id = session.execute(select(Deal.id).order_by(Deal.id.desc())).scalars().first()
        edit_record(session, console.seed.viewer("ines"), (RecordType.DEAL, deal_id), {"title": "Mine"})

    ines.post(f"{path}/run/{number}/undo", data={"csrf": token})
    runs.go_on(console.store, number)
    told = words(ines.get(f"{path}/run"))
    assert "Taken back: 4 records are in the recycle bin. 2 stay" in told
    assert f"deal {deal_id}" in told
    at = f"/api/v1/mailboxes/{mailbox(console).id}/policy/runs/{number}"
    said = console.program("ines", Scope.SETTINGS_READ).get(at).json()
    assert (said["removed"], said["made"]) == (4, {"contact": 3, "deal": 3})
    assert {"type": "deal", "id": deal_id} in said["kept"]
    again = ines.post(f"{path}/run/{number}/undo", data={"csrf": token})
    assert again.status_code == 422
    assert "can not be taken back" in again.text


def test_senders_are_added_tried_and_removed(console, csrf) -> None:
    ines, path = console.browser("ines"), page_of(console)
    token = csrf(ines, path)
    form = {
        "csrf": token,
        "values": "Partner.Example\nform@shop.example, +48 600 100 200",
        "treatment": "always_new",
        "note": "forms",
    }

    assert "What would have happened" in ines.post(f"{path}/senders", data={**form, "do": "try"}).text
    assert count(console, SenderRule) == 0
    page = ines.post(f"{path}/senders", data=form)
    assert all(value in page.text for value in ("Partner.Example", "form@shop.example", "+48 600 100 200"))
    assert count(console, SenderRule) == 3

    wrong = ines.post(f"{path}/senders", data={**form, "values": "new.example\nno address at all@"})
    assert wrong.status_code == 422
    assert "is no address" in wrong.text
    assert "new.example" in wrong.text, "what was typed stands there again"
    twice = ines.post(f"{path}/senders", data={**form, "values": "PARTNER.example"})
    assert (twice.status_code, count(console, SenderRule)) == (422, 3)

    with console.store.database.reading() as session:
        rule = session.execute(select(SenderRule.id)).scalars().first()
    ines.post(f"{path}/senders/{rule}/remove", data={"csrf": token})
    assert count(console, SenderRule) == 2


def test_only_who_steers_a_mailbox_changes_and_tries(console, csrf) -> None:
    marta, path = console.browser("marta"), page_of(console)
    token = csrf(marta, "/settings/account")
    assert "The owner of the mailbox or an administrator can change this." in words(marta.get(path))
    form = {**FORM, "csrf": token}
    for act, data in (
        ("", form),
        ("", {**form, "do": "try"}),
        ("/senders", {"csrf": token, "values": "a.example"}),
        ("/senders", {"csrf": token, "values": "a.example", "do": "try"}),
        ("/run", {"csrf": token}),
    ):
        assert marta.post(path + act, data=data).status_code == 403, act
    own = page_of(console, "marta@fontelenta.example")
    assert marta.post(own, data=form).status_code == 200
    assert console.browser("diego").get(own).status_code == 404
    for other in ("/settings/company", "/settings/kept-out/lists/free_mail", "/settings/kept-out/senders"):
        assert (
            marta.post(other, data={"csrf": token, "values": "a.example", "added": "a.example"}).status_code == 403
        ), other


def test_an_administrator_reads_no_private_mail_by_a_trial(console, csrf) -> None:
    """Given a private mailbox of somebody else, then a trial tells an administrator numbers, and neither names nor subjects."""
    hers = "marta@fontelenta.example"
    strangers_wrote(console, email=hers)
    with console.store.database.unit_of_work() as session:
        session.get_one(Mailbox, mailbox(console, hers).id).share_level = ShareLevel.PRIVATE
    ines, path = console.browser("ines"), page_of(console, hers)
    tried = words(ines.post(path, data={**FORM, "csrf": csrf(ines, path), "do": "try"}))
    assert "it would make 3 deals" in tried
    assert "Question 1" not in tried
    assert "A mail that you may not read" in tried


def test_lists_are_extended_and_what_is_none_is_told(console, csrf) -> None:
    ines = console.browser("ines")
    token = csrf(ines, "/settings/kept-out")
    page = ines.post(
        "/settings/kept-out/lists/free_mail", data={"csrf": token, "added": "Provider.Example\n\n", "removed": "gmx.de"}
    )
    assert page.status_code == 200
    with console.store.database.reading() as session:
        lists = read_lists(session)
    assert (lists.is_free_mail("provider.example"), lists.is_free_mail("gmx.de")) == (True, False)

    for added, removed, sentence in (
        ("no domain", "", "is no domain"),
        ("mail.provider.example", "", "Write provider.example instead"),
        ("", "unknown.example", "is not in the built-in list"),
        ("a.example", "a.example", "added and taken out at once"),
    ):
        wrong = ines.post(
            "/settings/kept-out/lists/free_mail", data={"csrf": token, "added": added, "removed": removed}
        )
        assert (wrong.status_code, sentence in wrong.text) == (422, True), (added, removed)
    with console.store.database.reading() as session:
        assert read_lists(session) is lists, "as before"


def test_the_company_and_absences(console, csrf) -> None:
    ines = console.browser("ines")
    token = csrf(ines, "/settings/company")
    begin, end = ["08:00"] * 4 + ["08:00", "", ""], ["16:30"] * 4 + ["13:00", "", ""]
    form = {"csrf": token, "time_zone": "Europe/Warsaw", "phone_country": "PL", "begin": begin, "end": end}
    assert ines.post("/settings/company", data=form).status_code == 200
    for wrong, sentence in (
        ({"time_zone": "Mars/Base"}, "There is no time zone"),
        ({"begin": ["", *begin[1:]]}, "Give both times"),
        ({"begin": [""] * 7, "end": [""] * 7}, "one day of the week at least"),
        ({"begin": ["18:00", *begin[1:]]}, "end after they begin"),
        ({"phone_country": "XX"}, "no such country"),
        ({"begin": begin[:3], "end": end[:3]}, "seven days"),
    ):
        answer = ines.post("/settings/company", data={**form, **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True), wrong
    ines.post(
        "/settings/company/holidays", data={"csrf": token, "day": "2026-12-25", "name": "Christmas", "yearly": "true"}
    )
    assert ines.post("/settings/company/holidays", data={"csrf": token, "day": "soon"}).status_code == 422
    with console.store.database.reading() as session:
        office = read_office(session)
    assert (office.time_zone, office.phone_country, office.week[4].end.isoformat("minutes"), office.week[5]) == (
        "Europe/Warsaw",
        "PL",
        "13:00",
        None,
    )
    assert [one.name for one in office.holidays] == ["Christmas"]
    ines.post("/settings/company/holidays/remove", data={"csrf": token, "day": "2026-12-25"})
    with console.store.database.reading() as session:
        assert read_office(session).holidays == ()

    marta, me = console.browser("marta"), console.seed.people["marta"]
    token = csrf(marta, "/settings/absences")
    away = {"csrf": token, "person": me, "first": day(300), "last": day(313), "note": "Sea"}
    assert "Sea" in marta.post("/settings/absences", data=away).text
    for wrong, sentence in (
        ({"first": day(309)}, "noted already"),
        ({"first": day(520), "last": day(488)}, "last day comes before"),
        ({"first": "x"}, "not a date"),
        ({"first": day(488), "last": day(4140)}, "longer than two years"),
    ):
        answer = marta.post("/settings/absences", data={**away, **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True), wrong
    assert marta.post("/settings/absences", data={**away, "person": console.seed.people["ines"]}).status_code == 403
    assert marta.get(f"/settings/absences?person={console.seed.people['ines']}").status_code == 403
    assert count(console, Absence) == 1
    with console.store.database.reading() as session:
        absence = session.execute(select(Absence.id)).scalar_one()
    ines = console.browser("ines")
    gone = {"csrf": csrf(ines, "/settings/absences"), "person": me}
    assert ines.post(f"/settings/absences/{absence}/remove", data=gone).status_code == 200
    assert count(console, Absence) == 0


def test_programs_do_the_same(console) -> None:
    strangers_wrote(console)
    program = console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    at = f"/api/v1/mailboxes/{mailbox(console).id}/policy"

    assert program.get(at).json()["incoming"] == "nothing"
    tried = program.post(f"{at}/trial", json={"policy": {"incoming": "mode"}}).json()
    assert tried["would_make"] == {"deal": 3}
    assert {"Question 0", "Question 2"} <= {each["mail"]["subject"] for each in tried["listed"]}
    assert program.patch(at, json={"incoming": "mode", "source": "shop"}).json()["source"] == "shop"
    run = program.post(f"{at}/runs").json()
    assert program.post(f"{at}/runs").status_code == 409
    runs.go_on(console.store, run["number"])
    assert program.get(f"{at}/runs/{run['number']}").json()["made"] == {"deal": 3, "contact": 3}
    with console.store.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM deal WHERE source = 'shop'")).scalar_one() == 3
    assert program.post(f"{at}/runs/{run['number']}/undo").status_code == 202
    assert runs.go_on(console.store, run["number"]).removed == 6
    assert program.get(f"{at}/runs/99999").status_code == 404

    ids = program.post("/api/v1/sender-rules", json={"senders": [{"value": "a.example"}]}).json()["ids"]
    assert program.get("/api/v1/sender-rules").json()["items"][0]["kind"] == "domain"
    assert program.delete(f"/api/v1/sender-rules/{ids[0]}").status_code == 204
    assert program.delete(f"/api/v1/sender-rules/{ids[0]}").status_code == 404
    company = program.get("/api/v1/company").json()
    assert (
        program.put("/api/v1/company", json={**company, "time_zone": "Asia/Tokyo"}).json()["time_zone"] == "Asia/Tokyo"
    )
    with console.store.database.reading() as session:
        assert read_office(session).formats.sure_decimal == "", "nobody has chosen what `1,200` is"
    assert company["formats"] is None
    chosen = {"dates": "2026-12-31", "clock": "2:30 pm", "numbers": "1,234.56", "first_day": "sunday"}
    for formats in (chosen, None):
        assert program.put("/api/v1/company", json={**company, "formats": formats}).json()["formats"] == chosen
    with console.store.database.reading() as session:
        assert read_office(session).formats.sure_decimal == "."
    lists = program.patch("/api/v1/address-lists", json={"roles": {"added": ["kontakt"]}}).json()
    assert lists["roles"] == {"added": ["kontakt"], "removed": []}
    me = console.seed.people["ines"]
    made = program.post(f"/api/v1/people/{me}/absences", json={"first_day": day(40), "last_day": day(41)})
    assert program.get(f"/api/v1/people/{me}/absences").json()["items"][0]["last_day"] == day(41)
    assert program.delete(f"/api/v1/people/{me}/absences/{made.json()['id']}").status_code == 204


GARBAGE: list[tuple[str, dict[str, Any]]] = [
    ("patch /api/v1/mailboxes/1/policy", {"incoming": "everything"}),
    ("patch /api/v1/mailboxes/1/policy", {"queue": [-1]}),
    ("patch /api/v1/mailboxes/1/policy", {"source": "x" * 101}),
    ("patch /api/v1/mailboxes/1/policy", {"queue": [99999]}),
    ("post /api/v1/mailboxes/1/policy/trial", {"senders": [{"value": "no address@"}]}),
    ("post /api/v1/sender-rules", {"senders": []}),
    ("post /api/v1/sender-rules", {"senders": [{"value": "a.example"}, {"value": "@"}]}),
    ("post /api/v1/sender-rules", {"senders": [{"value": "a.example", "kind": "phone"}]}),
    ("put /api/v1/company", {"time_zone": "UTC", "week": []}),
    ("put /api/v1/company", {"time_zone": "../../etc/passwd", "week": [{"begin": "09:00", "end": "18:00"}] * 7}),
    ("put /api/v1/company", {"time_zone": "UTC", "week": [{"begin": "18:00", "end": "09:00"}] * 7}),
    ("patch /api/v1/address-lists", {"nothing": {}}),
    ("patch /api/v1/address-lists", {"no_reply": {"added": ["a b"]}}),
    ("patch /api/v1/address-lists", {"free_mail": {"added": ["\x00.example"]}}),
    ("post /api/v1/people/1/absences", {"first_day": "2030-01-02", "last_day": "2030-01-01"}),
    ("post /api/v1/people/1/absences", {"first_day": "soon", "last_day": "later"}),
]
READ = ("/api/v1/mailboxes/1/policy", "/api/v1/company", "/api/v1/address-lists", "/api/v1/sender-rules")


def test_garbage_changes_nothing(console) -> None:
    program = console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    before = [program.get(at).json() for at in READ]
    for path, body in GARBAGE:
        method, _, url = path.partition(" ")

        answer = program.request(method.upper(), url, json=body)

        assert answer.status_code in (400, 422), (path, body, answer.text)
        assert answer.json()["detail"], (path, body)
        assert [program.get(at).json() for at in READ] == before, (path, body)
    assert set(AddressList) == {"free_mail", "roles", "no_reply"}


def test_how_much_one_sender_may_make_is_said_in_settings(console, csrf) -> None:
    ines = console.browser("ines")
    token = csrf(ines, "/settings/kept-out")
    typed = {
        "made_of_address": 4,
        "made_of_domain": 5,
        "made_of_form": 6,
        "waiting_of_address": 7,
        "waiting_of_domain": 8,
    }

    assert ines.post("/settings/kept-out/limits", data={"csrf": token, **typed}).status_code in (200, 303)

    with console.store.database.reading() as session:
        assert read_limits(session) == Limits(**typed)
    assert 'name="waiting_of_domain" value="8"' in ines.get("/settings/kept-out").text
    from_its_page = {"referer": str(ines.base_url.join("/settings/kept-out"))}
    for wrong in ("0", "-3", "1" * 30, "x", "²", ""):
        sent = {"csrf": token, **typed, "made_of_domain": 77, "made_of_form": wrong}
        answer = ines.post("/settings/kept-out/limits", data=sent, headers=from_its_page)
        assert (answer.status_code, "A limit is a whole number from 1 to 100000" in answer.text) == (422, True), wrong
        assert re.search(rf'<input[^>]* name="made_of_form"[^>]* value="{wrong}"', answer.text), "as it was typed"
        assert re.search(r'<input[^>]* name="made_of_domain"[^>]* value="77"', answer.text)
    with console.store.database.reading() as session:
        assert read_limits(session) == Limits(**typed)
