"""Settings of mailboxes: who is offered what, what is saved, and what is said where a server refuses the password."""

import re

from sqlalchemy import text, update

from core.clock import utcnow
from crm.access.api_tokens import Scope
from mailsync.traffic.day import HOUR, beginning
from storage.models import Folder, Mailbox, MailboxState, MailboxTraffic, ShareLevel


def _id_of(console, email: str) -> int:
    with console.store.database.reading() as session:
        return int(session.execute(text("SELECT id FROM mailbox WHERE email = :email"), {"email": email}).scalar_one())


def _column(console, mailbox_id: int, name: str) -> object:
    with console.store.database.reading() as session:
        return session.execute(text(f"SELECT {name} FROM mailbox WHERE id = :id"), {"id": mailbox_id}).scalar_one()


def _page(mailbox_id: int, act: str = "") -> str:
    return f"/settings/mailboxes/{mailbox_id}{'/' + act if act else ''}"


def test_only_who_may_steer_a_mailbox_is_offered_to(console, csrf) -> None:
    hers = _id_of(console, "marta@fontelenta.example")
    shared = _id_of(console, "info@fontelenta.example")
    marta, ines = console.browser("marta"), console.browser("ines")

    own, common = marta.get(_page(hers)).text, marta.get(_page(shared)).text
    assert all(_page(hers, act) in own for act in ("privacy", "pause", "loading", "remove"))
    assert _page(shared, "remove") not in common
    assert _page(shared, "pause") not in common
    assert _page(shared, "pause") in ines.get(_page(shared)).text
    form = {"csrf": csrf(marta, "/settings/account"), "level": ShareLevel.PRIVATE.value}
    for act in ("privacy", "loading", "people", "names", "audit", "pass", "remove", "quarantine"):
        assert marta.post(_page(shared, act), data=form).status_code == 403, act
    diego = console.browser("diego")
    assert diego.get(_page(hers)).status_code == 404


def test_what_colleagues_read_is_chosen_and_shown(console, csrf) -> None:
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, _page(mailbox_id)), "level": ShareLevel.METADATA.value}

    answer = marta.post(_page(mailbox_id, "privacy"), data=form)

    assert answer.url.path == _page(mailbox_id)
    assert f'value="{ShareLevel.METADATA.value}" checked' in answer.text
    assert _column(console, mailbox_id, "share_level") == ShareLevel.METADATA.value


def test_folders_depth_names_and_people_are_chosen_and_what_is_wrong_is_said_beside_them(console, csrf) -> None:
    shared = _id_of(console, "info@fontelenta.example")
    ines = console.browser("ines")
    token = {"csrf": csrf(ines, _page(shared))}
    with console.store.database.reading() as session:
        query = text("SELECT id FROM folder WHERE mailbox_id = :id ORDER BY id")
        folders = list(session.execute(query, {"id": shared}).scalars())

    kept = {**token, "folders": folders[:1], "shown": folders[:-1], "depth": "90 days", "poll_minutes": "15"}
    assert ines.post(_page(shared, "loading"), data=kept).status_code == 200
    assert _column(console, shared, "poll_minutes") == 15
    assert _column(console, shared, "depth_since") is not None
    with console.store.database.reading() as session:
        chosen = text("SELECT count(*) FROM folder WHERE mailbox_id = :id AND chosen")
        assert session.execute(chosen, {"id": shared}).scalar_one() == 2, "the one, and the one that was not shown"

    wrong = ines.post(_page(shared, "loading"), data={**kept, "depth": "day", "day": "2999-01-01"})
    assert wrong.status_code == 422
    assert "That day has not come yet" in wrong.text

    names = {**token, "name": "Front desk", "aliases": "desk@fontelenta.example", "signature": "Yours"}
    assert "Front desk" in ines.post(_page(shared, "names"), data=names).text
    assert not _column(console, shared, "signed_answers")
    assert 'value="true" checked' in ines.post(_page(shared, "names"), data={**names, "signed_answers": "true"}).text
    assert _column(console, shared, "signed_answers")
    people = {**token, "members": [console.seed.people["marta"]]}
    assert ines.post(_page(shared, "people"), data=people).status_code == 200
    assert console.browser("diego").get(_page(shared)).status_code == 404


def test_what_was_typed_stands_there_again_when_it_could_not_be_saved(console, csrf) -> None:
    shared = _id_of(console, "info@fontelenta.example")
    ines = console.browser("ines")
    token = {"csrf": csrf(ines, _page(shared))}
    before = ines.get(_page(shared)).text
    folders = re.findall(r'name="shown" value="(\d+)"', before)
    assert _ticked(before, "folders") == folders

    form = {**token, "name": "Front desk", "aliases": "no address\nb@c.example", "signature": "Yours\nInes"}
    page = ines.post(_page(shared, "names"), data=form)
    assert page.status_code == 422
    for kept in ('name="name" value="Front desk"', ">no address\nb@c.example</textarea>", ">Yours\nInes</textarea>"):
        assert kept in page.text

    form = {
        **token,
        "folders": folders[1:],
        "shown": folders,
        "depth": "day",
        "day": "2999-01-01",
        "poll_minutes": "15",
    }
    page = ines.post(_page(shared, "loading"), data=form)
    assert page.status_code == 422
    assert _ticked(page.text, "folders") == folders[1:]
    for kept in ('<option value="day" selected>', 'name="day" value="01/01/2999"', '<option value="15" selected>'):
        assert kept in page.text
    page = ines.post(_page(shared, "loading"), data={**token, "shown": folders, "depth": "30 days"}).text
    assert "Choose one folder at least" in page
    assert _ticked(page, "folders") == []
    assert '<option value="30 days" selected>' in page

    people = [str(console.seed.people[name]) for name in ("marta", "ines")]
    page = ines.post(_page(shared, "people"), data={**token, "members": [*people, "999999"]}).text
    assert "does not work here any more" in page
    assert sorted(_ticked(page, "members")) == sorted(people)
    assert ines.get(_page(shared)).text.count("Front desk") == 0, "nothing was saved"


def test_new_mail_and_older_mail_each_have_their_own_moment_where_the_providers_day_is_used(console) -> None:
    mailbox_id = _id_of(console, "info@fontelenta.example")
    now = beginning(utcnow())
    with console.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(imap_host="imap.gmail.com"))
        unloaded = update(Folder).where(Folder.mailbox_id == mailbox_id)
        session.execute(unloaded.values(uidvalidity=1, oldest_uid=9, backfill_floor=1))
        for hour, megabytes in ((now - 2 * HOUR, 400), (now, 2_050)):
            counted = {"downloaded": megabytes * 1_000_000, "uploaded": 0, "refused": False}
            session.add(MailboxTraffic(mailbox_id=mailbox_id, hour=hour, **counted))
    page = console.browser("ines").get(_page(mailbox_id)).text
    said = re.search(r'id="day-is-used">.*?new mail goes on from (.*?), older mail from (.*?)\.</p>', page)
    assert said is not None
    assert said[1] != said[2]


def _ticked(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="(\d+)" checked', page)


def test_a_mailbox_is_removed_after_a_look_at_the_numbers_and_taken_back(console, csrf) -> None:
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    marta = console.browser("marta")
    seen = marta.get(_page(mailbox_id, "remove"))
    assert "messages are</span>" in seen.text or "are only here" in seen.text

    answer = marta.post(_page(mailbox_id, "remove"), data={"csrf": csrf(marta, "/settings/account"), "mail": "remove"})
    assert "Will be removed in a moment" in answer.text
    assert _column(console, mailbox_id, "state") == MailboxState.REMOVING.value

    answer = marta.post(_page(mailbox_id, "keep"), data={"csrf": csrf(marta, "/settings/account")})
    assert "Will be removed" not in answer.text
    assert _column(console, mailbox_id, "state") == MailboxState.CONNECTING.value


def test_a_page_of_a_mailbox_that_was_removed_leads_back_to_the_list(console) -> None:
    ines = console.browser("ines")
    answer = ines.get(_page(999_999), headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/settings")
    assert ines.get(_page(999_999)).status_code == 404


def test_an_audit_whose_job_died_leaves_the_button(console, csrf) -> None:
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, _page(mailbox_id))}
    busy = marta.post(_page(mailbox_id, "audit"), data=form).text
    assert "Comparing, message by message" in busy
    assert 'id="compare"' not in busy

    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE mailbox_audit SET asked_at = :then"), {"then": "2026-01-01 00:00:00.000000"})
    left = marta.get(_page(mailbox_id)).text
    assert "Comparing, message by message" not in left
    assert "was not finished" in left
    assert 'id="compare"' in left


def test_the_original_of_quarantined_mail_is_offered_to_who_may_load_it(console) -> None:
    shared = _id_of(console, "info@fontelenta.example")
    ines = console.browser("ines")
    with console.store.database.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO quarantine (mailbox_id, folder_id, uid, raw_blob_id, reason, since, version) "
                "SELECT :box, (SELECT min(id) FROM folder WHERE mailbox_id = :box), 4711, (SELECT min(id) FROM blob), "
                "'could not be read', '2026-01-01 00:00:00.000000', ''"
            ),
            {"box": shared},
        )
        number = session.execute(text("SELECT id FROM quarantine WHERE uid = 4711")).scalar_one()
    original = f"quarantine/{number}"
    assert original in ines.get(_page(shared)).text
    assert ines.get(_page(shared, original)).status_code == 200

    with console.store.database.unit_of_work() as session:
        session.execute(
            text("DELETE FROM mailbox_member WHERE mailbox_id = :box AND user_id = :id"),
            {"box": shared, "id": console.seed.people["ines"]},
        )
    assert original not in ines.get(_page(shared)).text
    assert ines.get(_page(shared, original)).status_code == 404
    assert original in console.browser("marta").get(_page(shared)).text


def test_a_program_does_the_same(console) -> None:
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    reader = console.program("ines", Scope.SETTINGS_READ)
    program = console.program("ines", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    url = f"/api/v1/mailboxes/{mailbox_id}"

    found = reader.get(url).json()
    assert found["box"]["email"] == "marta@fontelenta.example"
    assert {"name", "role", "stored", "expected", "refusal"} <= found["folders"][0].keys()
    plan = reader.get(f"{url}/removal").json()
    assert plan["places"] >= plan["only_here"] >= plan["on_records"] > 0

    assert reader.patch(f"{url}/choices", json={"name": "no"}).status_code == 403
    changed = program.patch(
        f"{url}/choices", json={"name": "Marta", "depth": "year", "aliases": ["m@fontelenta.example"]}
    )
    assert (changed.json()["name"], changed.json()["aliases"]) == ("Marta", ["m@fontelenta.example"])
    assert program.patch(f"{url}/choices", json={"depth": "for ages"}).status_code == 422
    assert program.post(f"{url}/audit", json={"repair": True}).status_code == 202
    assert program.post(f"{url}/audit", json={}).status_code == 409
    assert program.delete(url).status_code == 422, "whether mail on records stays has to be said"
    assert program.delete(url, params={"keep_mail": True}).status_code == 202
    assert program.get(url).json()["removal"]["keep_mail"] is True
    assert program.post(f"{url}/pause").status_code == 409
    assert program.post(f"{url}/keep").status_code == 204
    assert program.get("/api/v1/mailboxes/999999").status_code == 404


def test_a_password_that_does_not_work_is_told_beside_its_mailbox_and_not_saved(console, csrf) -> None:
    """Nobody listens where the mailbox of the sample company is said to be."""
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    with console.store.database.unit_of_work() as session:
        session.execute(
            text("UPDATE mailbox SET state = :state, imap_port = 1 WHERE id = :id"),
            {"state": MailboxState.AUTH_FAILED.value, "id": mailbox_id},
        )
    before = _column(console, mailbox_id, "password_encrypted")
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, f"/settings/mailboxes/{mailbox_id}"), "password": "a new one"}

    answer = marta.post(f"/settings/mailboxes/{mailbox_id}/password", data=form)

    assert answer.status_code == 422
    assert answer.text.count('role="alert"') == 1
    assert "a new one" not in answer.text
    assert _column(console, mailbox_id, "password_encrypted") == before


def test_an_address_that_only_an_administrator_may_add_is_refused_beside_what_was_typed(console, csrf) -> None:
    own = console.seed.mailboxes["marta"]
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, _page(own)), "name": "Marta", "aliases": "m@stranger.example", "signature": "Yours"}
    page = marta.post(_page(own, "names"), data=form)
    assert "only an administrator may" in page.text
    assert ">m@stranger.example</textarea>" in page.text
