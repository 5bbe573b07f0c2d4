"""The wizard of a new mailbox, asked as a browser without script asks it: each page, what it says, and what is saved."""

import re
import socketserver
import threading
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import text
from typing_extensions import override

from mailsync.presets import limits_of
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher

KEPT = re.compile(r'name="kept" value="([^"]*)"')
SEALED = re.compile(r'name="draft" value="([^"]+)"')


@dataclass
class Wizard:
    """A person in front of the wizard."""

    browser: httpx.Client
    token: str

    def servers(self, email: str) -> httpx.Response:
        return self.browser.post("/settings/mailboxes/new/servers", data={"csrf": self.token, "email": email})

    def test(self, **fields: str) -> httpx.Response:
        return self.browser.post("/settings/mailboxes/new/test", data={"csrf": self.token, **fields})

    def save(self, draft: str, **fields: object) -> httpx.Response:
        return self.browser.post("/settings/mailboxes", data={"csrf": self.token, "draft": draft, **fields})


@pytest.fixture
def wizard(console, csrf) -> Wizard:
    marta = console.browser("marta")
    return Wizard(marta, csrf(marta, "/settings/mailboxes/new"))


def on(dovecot: Dovecot, user: str, **more: str) -> dict[str, str]:
    """The form for a mailbox on a server without TLS."""
    place = {"imap_host": "127.0.0.1", "imap_port": str(dovecot.port), "imap_security": "none", "username": user}
    return {"email": "new@fontelenta.example", "password": dovecot.password, **place, **more}


def _row(console, email: str = "new@fontelenta.example"):
    with console.store.database.reading() as session:
        return (
            session.execute(text("SELECT * FROM mailbox WHERE email = :email"), {"email": email})
            .mappings()
            .one_or_none()
        )


def test_servers_are_shown_before_a_password_is_asked_for(wizard: Wizard) -> None:
    page = wizard.servers("ann@gmail.com")
    assert page.status_code == 200
    for said in ("Gmail", "imap.gmail.com", "smtp.gmail.com", "2-step verification", "support.google.com/accounts"):
        assert said in page.text
    assert "/settings/mailboxes/oauth/start?provider=google&amp;email=ann%40gmail.com" in page.text
    assert 'value="imap.gmail.com"' in page.text


def test_a_provider_without_passwords_and_one_without_imap(wizard: Wizard) -> None:
    outlook = wizard.servers("ann@outlook.com").text
    assert "Sign in with Microsoft" in outlook
    assert "Use a password all the same" in outlook
    proton = wizard.servers("ann@proton.me").text
    assert "Proton Mail Bridge" in proton
    assert '<details class="more-fields" open>' in proton


@pytest.mark.parametrize(
    ("email", "says"),
    [("ann", "not an e-mail address"), ("marta@fontelenta.example", "connected already")],
)
def test_a_wrong_address_is_told_beside_its_field(wizard: Wizard, email: str, says: str) -> None:
    page = wizard.servers(email)
    assert page.status_code == 422
    assert says in page.text
    assert 'aria-describedby="wrong-email"' in page.text


def test_from_the_test_to_a_mailbox(console, wizard: Wizard, dovecot: Dovecot, smtp_catcher: MailCatcher) -> None:
    user = dovecot.new_user()
    dovecot.fill(user, [b"Subject: one\r\n\r\nx"])
    dovecot.fill(user, [b"Subject: old\r\n\r\nx"], "Old")
    sending = {"smtp_host": "127.0.0.1", "smtp_port": str(smtp_catcher.port), "smtp_security": "none"}
    page = wizard.test(**on(dovecot, user, **sending))
    steps = re.findall(r'<li class="(\w+)">.*?<b>(.*?)</b>', page.text)
    assert [heading for kind, heading in steps if kind == "ok"] == [
        "Find the server", "Connect", "Sign in", "Read the folders", "Prepare to send",
    ]  # fmt: skip
    assert dovecot.password not in page.text
    assert _row(console) is None, "nothing is saved before the person has chosen"

    draft = SEALED.search(page.text)[1]
    names = re.findall(r'name="folder" value="(\d+)" checked>.*?folder-name">(.*?)<', page.text)
    chosen = [index for index, name in names if name != "Old"]
    assert len(chosen) == len(names) - 1
    saved = wizard.save(draft, name="Marta", depth="month", folder=chosen, level="subject")
    assert re.fullmatch(r"/settings/mailboxes/\d+/connected", saved.url.path)
    assert "Connecting for the first time" in saved.text

    row = _row(console)
    assert (row["name"], row["share_level"], row["shared"], row["username"]) == ("Marta", "subject", False, user)
    assert row["smtp_url"] == f"smtp://127.0.0.1:{smtp_catcher.port}"
    assert row["depth_since"] is not None
    with console.store.database.reading() as session:
        folders = session.execute(text("SELECT name, chosen FROM folder WHERE mailbox_id = :id"), {"id": row["id"]})
        by_name = {one.name: bool(one.chosen) for one in folders}
    assert by_name["Old"] is False
    assert by_name["INBOX"] is True
    assert wizard.save(draft, folder=chosen).status_code == 409, "a second save is told, and makes no second mailbox"


class HeldServer(socketserver.BaseRequestHandler):
    """An IMAP server that lets nobody in until it is told to, and then refuses the password."""

    released = threading.Event()

    @override
    def handle(self) -> None:
        self.request.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        for line in self.request.makefile("rb"):
            tag, _, command = line.partition(b" ")
            if command.upper().startswith(b"LOGIN"):
                assert self.released.wait(20)
                self.request.sendall(tag + b" NO [AUTHENTICATIONFAILED] no\r\n")
                return


def test_each_step_is_seen_as_soon_as_it_is_done(wizard: Wizard) -> None:
    """The server has not answered the login yet, and the page tells already that it is reached."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), HeldServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        fields = {"imap_host": "127.0.0.1", "imap_port": str(server.server_address[1]), "imap_security": "none"}
        form = {"csrf": wizard.token, "email": "a@b.example", "password": "x", **fields}
        page = ""
        with wizard.browser.stream("POST", "/settings/mailboxes/new/test", data=form) as answer:
            for piece in answer.iter_text():
                page += piece
                if re.search(r'class="busy">.*<b>Sign in</b>', page) and not HeldServer.released.is_set():
                    assert "does not accept" not in page
                    HeldServer.released.set()
        server.shutdown()
    assert HeldServer.released.is_set(), "the steps came all at once"
    assert "does not accept this user name and password" in page


def test_each_failure_stands_beside_its_field(wizard: Wizard, dovecot: Dovecot, unused_tcp_port: int) -> None:
    troubles = [
        ({"imap_host": ""}, "imap_host", "Give the IMAP host"),
        ({"imap_host": "mail.nobody.invalid"}, "imap_host", "no host of that name"),
        ({"imap_port": "70000"}, "imap_port", "from 1 to 65535"),
        ({"imap_port": str(unused_tcp_port)}, "imap_port", "takes no connections on that port"),
        ({"imap_security": "tls"}, "imap_security", "does not speak TLS"),
        ({"password": ""}, "password", "Enter the password"),
        ({"smtp_host": "127.0.0.1", "smtp_port": str(unused_tcp_port)}, "smtp_port", "Nothing listens"),
        ({"smtp_host": f"127.0.0.1:{unused_tcp_port}"}, "smtp_port", "Nothing listens"),
        ({"smtp_host": "smtps://smtp.example.com:465"}, "smtp_host", "not a host"),
    ]
    for change, field, says in troubles:
        page = wizard.test(**(on(dovecot, dovecot.new_user()) | change)).text
        told = re.search(rf'id="wrong-{field}" role="alert">(.*?)</span>', page)
        assert told, (change, page[-3000:])
        assert says in told[1]
        assert f'aria-describedby="wrong-{field}"' in page
        assert page.count('role="alert"') == 1
        assert 'name="draft"' not in page
        for name in change.keys() - {"password", "imap_security"}:
            assert f'name="{name}" value="{change[name]}"' in page.replace(' inputmode="numeric"', ""), "it is not lost"


def test_a_password_need_not_be_typed_again_for_a_failure_that_is_not_its_own(
    console, csrf, wizard: Wizard, dovecot: Dovecot, unused_tcp_port: int
) -> None:
    form = on(dovecot, dovecot.new_user())
    page = wizard.test(**(form | {"imap_port": str(unused_tcp_port)})).text
    kept = KEPT.search(page)[1]
    assert kept
    assert dovecot.password not in kept
    again = form | {"password": "", "kept": kept}
    assert SEALED.search(wizard.test(**again).text)

    ines = console.browser("ines")
    theirs = Wizard(ines, csrf(ines, "/settings/mailboxes/new")).test(**again).text
    assert "too old to go on from" in theirs
    assert 'name="draft"' not in theirs

    without = wizard.test(**(form | {"password": ""})).text
    assert KEPT.search(without)[1] == "", "a password that is the problem itself is not kept"


def test_a_draft_is_for_one_person_and_one_hour(console, csrf, wizard: Wizard, dovecot: Dovecot) -> None:
    draft = SEALED.search(wizard.test(**on(dovecot, dovecot.new_user())).text)[1]
    ines = console.browser("ines")
    theirs = Wizard(ines, csrf(ines, "/settings/mailboxes/new"))
    assert theirs.save(draft).status_code == 422
    assert wizard.save(draft[:-4] + "AAAA").status_code == 422
    assert _row(console) is None


def test_what_the_provider_allows_in_a_day_is_told_before_much_is_asked_for(
    wizard: Wizard, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.console.mailbox_wizard.limits_of", lambda _: limits_of("imap.gmail.com"))
    page = wizard.test(**on(dovecot, dovecot.new_user()))
    assert "This provider lets 2,500 MB a day be loaded." in page.text


def test_a_day_of_the_future_is_asked_for_again_and_nothing_is_lost(console, wizard: Wizard, dovecot: Dovecot) -> None:
    draft = SEALED.search(wizard.test(**on(dovecot, dovecot.new_user())).text)[1]
    for day, says in (("01/01/2999", "has not come yet"), ("", "Choose the day"), ("soon", "is not a date")):
        page = wizard.save(draft, depth="day", day=day, folder=["1"], level="subject")
        assert page.status_code == 422
        assert says in page.text
        assert re.findall(r'name="folder" value="(\d+)" checked', page.text) == ["1"]
        assert 'value="subject" checked' in page.text
        assert f'name="day" value="{day}"' in page.text
        assert 'name="name" value=""' in page.text, "a name that was taken out"
    again = SEALED.search(page.text)[1]
    assert wizard.save(again, folder=["0"], depth="day", day="2020-02-29").status_code == 200
    assert str(_row(console)["depth_since"]).startswith("2020-02-2")


def test_a_mailbox_without_a_folder_is_refused_beside_the_folders(console, wizard: Wizard, dovecot: Dovecot) -> None:
    draft = SEALED.search(wizard.test(**on(dovecot, dovecot.new_user())).text)[1]

    page = wizard.save(draft, name="Marta", depth="month", level="subject")

    assert page.status_code == 422
    assert re.search(
        r'<fieldset[^>]*aria-describedby="wrong-folder".*?id="wrong-folder" role="alert">', page.text, re.S
    )
    assert "Choose one folder at least" in page.text
    assert "It works." not in page.text
    assert '<option value="month" selected>' in page.text
    assert 'value="subject" checked' in page.text
    assert _row(console) is None
    both = wizard.save(draft, depth="day", day="2999-01-01").text
    assert "has not come yet" in both
    assert "Choose one folder at least" in both
    assert wizard.save(SEALED.search(page.text)[1], folder=["0"]).status_code == 200


def test_sharing_is_for_administrators(console, csrf, wizard: Wizard, dovecot: Dovecot) -> None:
    draft = SEALED.search(wizard.test(**on(dovecot, dovecot.new_user())).text)[1]
    assert wizard.save(draft, shared="true").status_code == 403

    ines = console.browser("ines")
    hers = Wizard(ines, csrf(ines, "/settings/mailboxes/new"))
    page = hers.test(**on(dovecot, dovecot.new_user())).text
    assert 'name="shared" value="true">' in page
    wrong = hers.save(SEALED.search(page)[1], shared="true", folder=["0"], depth="day", day="2999-01-01")
    assert 'name="shared" value="true" checked' in wrong.text
    assert hers.save(SEALED.search(page)[1], shared="true", folder=["0"]).status_code == 200
    row = _row(console)
    assert (row["shared"], row["share_level"], row["owner_id"]) == (True, "everything", None)


def test_nobody_sees_how_somebody_elses_mailbox_arrives(console, wizard: Wizard) -> None:
    with console.store.database.reading() as session:
        others = session.execute(text("SELECT id FROM mailbox WHERE email = 'info@fontelenta.example'")).scalar_one()
    assert wizard.browser.get(f"/settings/mailboxes/{others + 1000}/connected").status_code == 404
