"""What a person is given of a mail: its body made safe, its pictures, its files, its original; and who is given nothing."""

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from core.clock import utcnow
from crm.access.api_tokens import Scope
from crm.conversations.repository import messages
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely


def _with_html(console, where: str = "1=1") -> list[int]:
    with console.store.database.reading() as session:
        ids = session.execute(
            text(
                "SELECT m.id FROM message m JOIN place p ON p.message_id = m.id JOIN mailbox b ON b.id = p.mailbox_id "
                f"WHERE b.email LIKE 'marta@%' AND {where} ORDER BY m.id"
            )
        ).scalars()
        return list(ids)


def test_the_body_of_a_mail_runs_nothing_and_loads_nothing(console) -> None:
    marta = console.browser("marta")
    bodies = [marta.get(f"/mail/messages/{message_id}/body") for message_id in _with_html(console)]
    shown = [body for body in bodies if body.status_code == 200]

    assert len(shown) > 3
    for body in shown:
        policy = body.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert "https:" not in policy
        assert not re.search(r"<script|<iframe|<form|\son[a-z]+=|src=\"https?:", body.text, re.IGNORECASE)


def test_pictures_from_elsewhere_come_only_when_asked_and_tracking_pixels_never(console) -> None:
    marta = console.browser("marta")
    pixel, picture = "https://t.example/open?u=7", "https://p.example/a.png"
    page = f'<p>Hello</p><img src="{pixel}" width="1" height="1"><img src="{picture}" width="300">'
    message_id = _deliver(console, {}, html=page)

    asleep = marta.get(f"/mail/messages/{message_id}/body")
    awake = marta.get(f"/mail/messages/{message_id}/body?pictures=1")

    assert 'data-remote="2" data-tracking="1"' in asleep.text
    assert 'src="http' not in asleep.text
    assert f'src="{picture}"' in awake.text
    assert "t.example" not in asleep.text + awake.text
    assert "img-src 'self' data: https: http:" in awake.headers["content-security-policy"]


def test_programs_are_told_what_was_left_out_of_a_page(console) -> None:
    marta, program = console.browser("marta"), console.program("marta", Scope.MAIL_READ)
    told = set()
    for message_id in _with_html(console):
        asleep = marta.get(f"/mail/messages/{message_id}/body").text
        content = program.get(f"/api/v1/messages/{message_id}/content").json()
        shown = re.search(r'data-remote="(\d+)" data-tracking="(\d+)" data-misleading="(\d+)"', asleep)
        if shown:
            counts = (content["remote_count"], content["tracking_count"], content["misleading_links"])
            assert counts == tuple(map(int, shown.groups()))
            told.add(counts)
    assert len(told) > 1, "mails with remote pictures and mails without"


def test_inline_pictures_come_from_the_mail_itself(console) -> None:
    marta = console.browser("marta")
    inline = _with_html(console, "m.id IN (SELECT message_id FROM part WHERE inline AND content_id IS NOT NULL)")
    assert inline
    pictures = re.findall(
        r'src="(/mail/messages/\d+/parts/\d+\?inline=1)"', marta.get(f"/mail/messages/{inline[0]}/body").text
    )
    assert pictures
    picture = marta.get(pictures[0])
    assert picture.headers["content-type"].startswith("image/")
    assert picture.content[:8] in (b"\x89PNG\r\n\x1a\n",) or picture.content[:2] == b"\xff\xd8"


def test_an_attachment_is_a_download_whatever_it_calls_itself(console) -> None:
    marta = console.browser("marta")
    with console.store.database.reading() as session:
        parts = session.execute(
            text(
                'SELECT p.message_id, p."index", p.size FROM part p JOIN place l ON l.message_id = p.message_id '
                "JOIN mailbox b ON b.id = l.mailbox_id WHERE b.email LIKE 'marta@%' AND NOT p.inline"
            )
        ).all()
    assert parts
    for message_id, index, size in parts:
        file = marta.get(f"/mail/messages/{message_id}/parts/{index}")
        assert file.status_code == 200
        assert len(file.content) == size
        assert file.headers["content-type"] == "application/octet-stream"
        assert file.headers["content-disposition"].startswith('attachment; filename="')
        assert file.headers["x-content-type-options"] == "nosniff"
    assert marta.get(f"/mail/messages/{parts[0][0]}/parts/99").status_code == 404


def test_pictures_and_documents_are_shown_in_place_and_nothing_else(console) -> None:
    marta = console.browser("marta")
    files = {
        "plan.pdf": (b"%PDF-1.4 x", "application", "pdf", "application/pdf"),
        "scan.pdf": (b"%PDF-1.4 y", "application", "octet-stream", "application/pdf"),
        "photo.png": (b"\x89PNG\r\n\x1a\n", "image", "png", "image/png"),
        "photo2.png": (b"\xff\xd8\xff\xe0", "image", "png", "image/jpeg"),
        "page.png": (b"<script>alert(1)</script>", "image", "png", None),
        "page.pdf": (b"<html><script>", "application", "pdf", None),
        "drawing.svg": (b"<svg onload='x()'/>", "image", "svg+xml", None),
        'odd"; x=y.html': (b"<script>", "text", "html", None),
    }
    message_id = _deliver(console, {name: given[:3] for name, given in files.items()})
    page = marta.get(f"/mail/messages/{message_id}", headers={"hx-request": "true"}).text
    for index, (name, (data, _, _, shown)) in enumerate(files.items()):
        address = f"/mail/messages/{message_id}/parts/{index}"
        kept, inline = marta.get(address), marta.get(f"{address}?inline=1")
        assert kept.headers["content-disposition"].startswith("attachment; "), name
        assert kept.content == inline.content == data
        assert inline.headers["x-content-type-options"] == "nosniff"
        assert inline.headers["content-type"] == (shown or "application/octet-stream"), name
        assert inline.headers["content-disposition"].startswith("inline; " if shown else "attachment; "), name
        assert "default-src 'none'" in inline.headers["content-security-policy"]
        assert ("sandbox" in inline.headers["content-security-policy"]) is (shown != "application/pdf")
    assert page.count('class="file"') == len(files)

    preview = marta.get(f"/mail/messages/{message_id}/parts/0/preview")
    assert f'<iframe src="/mail/messages/{message_id}/parts/0?inline=1"' in preview.text
    assert '<img src="' in marta.get(f"/mail/messages/{message_id}/parts/2/preview").text
    assert (
        marta.get(f"/mail/messages/{message_id}/parts/6/preview").headers["content-type"] == "application/octet-stream"
    )
    assert marta.get(f"/mail/messages/{message_id}/parts/99/preview").status_code == 404
    tom = console.browser("tom")
    for path in ("parts/0", "parts/0?inline=1", "parts/0/preview"):
        assert tom.get(f"/mail/messages/{message_id}/{path}").status_code == 404, path


def test_the_strip_of_files_says_how_many_there_are_when_it_shows_the_newest_only(
    console, monkeypatch: pytest.MonkeyPatch
) -> None:
    marta = console.browser("marta")
    message_id = _deliver(console, {f"{number}.pdf": (b"%PDF-1.4", "application", "pdf") for number in range(3)})
    with console.store.database.reading() as session:
        thread_id = session.execute(
            text("SELECT thread_id FROM message WHERE id = :id"), {"id": message_id}
        ).scalar_one()
    assert "The newest" not in marta.get(f"/mail/threads/{thread_id}").text
    monkeypatch.setattr(messages, "FILES_SHOWN", 2)
    page = marta.get(f"/mail/threads/{thread_id}").text
    strip = page.partition('<details class="thread-files">')[2].partition("</details>")[0]
    assert "3 files in this conversation" in strip
    assert "The newest 2 are shown" in strip
    assert strip.count('class="file"') == 2


def _deliver(console, files: dict[str, tuple[bytes, str, str]], html: str = "") -> int:
    """A mail with these files in Marta's inbox; the id of its message."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "stranger@nowhere.example", "marta@example.com", "Files"
    mail.set_content("See the files.")
    if html:
        mail.add_alternative(html, subtype="html")
    for name, (data, kind, subtype) in files.items():
        mail.add_attachment(data, maintype=kind, subtype=subtype, filename=name)
    mailbox_id = console.seed.mailboxes["marta"]
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE mailbox SET on_unknown_incoming = 'nothing'"))
        folder_id = session.execute(
            text("SELECT id FROM folder WHERE mailbox_id = :mailbox AND role = 'inbox'"), {"mailbox": mailbox_id}
        ).scalar_one()
    arrival = Arrival(folder_id, 99_999, Flags(), utcnow(), mail.as_bytes())
    taken = take_in_safely(console.store, mailbox_id, prepare(console.store, [arrival]))
    (place_id,) = taken.places.values()
    with console.store.database.reading() as session:
        return session.execute(text("SELECT message_id FROM place WHERE id = :id"), {"id": place_id}).scalar_one()


def test_the_original_is_byte_for_byte_what_the_server_gave(console) -> None:
    marta = console.browser("marta")
    known = {sample.raw for sample in console.seed.company.messages}
    answers = [marta.get(f"/mail/messages/{message_id}/raw") for message_id in _with_html(console)[:20]]
    assert answers
    assert all(answer.content in known for answer in answers)


def test_nobody_reads_what_is_not_theirs(console) -> None:
    private = _with_html(console, "m.id NOT IN (SELECT message_id FROM activity WHERE message_id IS NOT NULL)")
    with console.store.database.reading() as session:
        toms = set(
            session.execute(
                text(
                    "SELECT message_id FROM place p JOIN mailbox b ON b.id = p.mailbox_id "
                    "WHERE b.email LIKE 'tom@%' OR b.shared"
                )
            ).scalars()
        )
    hidden = [message_id for message_id in private if message_id not in toms]
    assert hidden
    tom = console.browser("tom")
    for path in ("body", "raw", "parts/0", "designed", "reply"):
        assert tom.get(f"/mail/messages/{hidden[0]}/{path}").status_code == 404, path


def test_a_secret_address_is_masked_for_everybody_but_the_owner_of_the_mailbox(console) -> None:
    """Members of the mailbox that receives secret mail read it, and learn nobody's secret from it."""
    tokens = set(console.seed.company.tokens.values())
    with console.store.database.reading() as session:
        secret = session.execute(
            text(
                "SELECT DISTINCT p.message_id FROM place p JOIN mailbox b ON b.id = p.mailbox_id "
                "WHERE b.shared AND p.message_id NOT IN (SELECT message_id FROM place q JOIN mailbox c "
                "ON c.id = q.mailbox_id WHERE NOT c.shared)"
            )
        ).scalars()
        ids = list(secret)
    ines = console.browser("ines")
    masked = 0
    for message_id in ids:
        for path in ("raw", "body"):
            shown = ines.get(f"/mail/messages/{message_id}/{path}").text
            assert not any(token in shown.lower() for token in tokens), (message_id, path)
            masked += "task+?@" in shown or "feed+?@" in shown
        page = ines.get(f"/mail/messages/{message_id}").text
        assert not any(token in page.lower() for token in tokens), message_id
    assert masked, "the sample company has mail to secret addresses"
