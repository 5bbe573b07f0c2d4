"""Files of a record over HTTP, as a browser without script and as a program."""

import re

from crm.access.api_tokens import Scope
from storage.models import RecordFile

PICTURE = b"\x89PNG\r\n\x1a\nrest"


def rows(console):
    with console.store.database.reading() as session:
        return list(session.query(RecordFile).order_by(RecordFile.id))


def test_files_are_added_looked_at_and_refused_in_words(console, csrf) -> None:
    # given: a seller on a contact's page, which leads to its files also without script
    tom = console.browser("tom")
    number = 1
    where = f"/records/contact:{number}/files"
    assert f'href="{where}"' in tom.get(f"/contacts/{number}").text
    token = csrf(tom, where)

    # when: two files and the empty field of a browser, one of them a page that would run
    sent = [
        ("files", ("offer.png", PICTURE, "image/png")),
        ("files", ("run<me>.html", b"<script>alert(1)</script>", "text/html")),
    ]
    page = tom.post(where, data={"csrf": token}, files=sent)

    # then: they stand in the list, in the card and in the timeline; the picture is shown, the page is only kept
    assert (page.status_code, page.url.path) == (200, where), page.text[:2000]
    picture, script = rows(console)
    for shown in (page.text, tom.get(f"{where}/newest").text, tom.get(f"/contacts/{number}").text):
        assert f'href="/files/{picture.id}/preview"' in shown
        assert "run_me_.html" in shown
    assert "Added 2 files" in tom.get("/stream?whose=all").text
    found = tom.get("/search?words=offer+png").text
    assert (f'href="/files/{picture.id}"' in found, 'href="/contacts/1"' in found) == (True, True)
    seen = tom.get(f"/files/{picture.id}?inline=1")
    assert (seen.headers["content-type"], seen.content) == ("image/png", PICTURE)
    kept = tom.get(f"/files/{script.id}?inline=1")
    assert kept.headers["content-disposition"].startswith('attachment; filename="run_me_.html"')
    assert (kept.headers["content-type"], kept.headers["x-content-type-options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert "sandbox" in kept.headers["content-security-policy"]
    assert tom.get(f"/files/{script.id}/preview").headers["content-disposition"].startswith("attachment")

    # and: what can not be kept is said above the list, and nothing of it was kept
    nothing = (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    )
    refused = tom.post(where, content=nothing, headers={"content-type": "multipart/form-data; boundary=x"})
    assert (refused.status_code, "Choose a file first." in refused.text) == (422, True)
    for files, words in (
        ([("files", ("ok.txt", b"ok", "text/plain")), ("files", ("none.txt", b"", "text/plain"))], "none.txt is empty"),
        ([("files", ("big.bin", b"x" * (25 * 1024 * 1024 + 1), "x/y"))], "big.bin is larger than 25 MB"),
    ):
        refused = tom.post(where, data={"csrf": token}, files=files)
        assert refused.status_code == 422
        assert words in refused.text
        assert "offer.png" in refused.text
    assert len(rows(console)) == 2

    for path in ("/records/nonsense:1/files", "/records/contact:x/files", f"{where}?after=%00", f"{where}?source=x"):
        assert tom.get(path).status_code == 422, path
    assert tom.get("/records/contact:999999/files").status_code == 404


def test_a_file_is_renamed_deleted_and_brought_back_by_hand_and_by_a_program(console, csrf) -> None:
    number, tom = 1, console.browser("tom")
    token = csrf(tom, f"/records/contact:{number}/files")
    sent = [("files", ("offer.png", PICTURE, "image/png"))]
    tom.post(f"/records/contact:{number}/files", data={"csrf": token}, files=sent)
    [picture] = rows(console)

    renamed = tom.post(f"/files/{picture.id}/rename", data={"csrf": token, "filename": "Ofertas Łódź"})
    assert "Ofertas Łódź.png" in renamed.text
    assert "UTF-8''Ofertas%20%C5%81%C3%B3d%C5%BA.png" in tom.get(f"/files/{picture.id}").headers["content-disposition"]
    gone = tom.post(f"/files/{picture.id}/delete", data={"csrf": token})
    assert "The file is deleted." in gone.text
    assert re.search(rf'action="/files/{picture.id}/restore"', gone.text)
    assert tom.get(f"/files/{picture.id}").status_code == tom.get(f"/files/{picture.id}/preview").status_code == 404
    assert "Ofertas" not in tom.get(f"/contacts/{number}").text
    waiting = tom.get("/settings/recycle-bin").text
    assert "Ofertas Łódź.png" in waiting
    assert f'action="/files/{picture.id}/restore"' in waiting
    back = tom.post(f"/files/{picture.id}/restore", data={"csrf": token})
    assert "Ofertas Łódź.png" in back.text
    # and: a program does the same; what its token was not made for is refused
    program = console.program("tom", Scope.RECORDS_READ, Scope.RECORDS_WRITE)
    api = f"/api/v1/contacts/{number}/files"
    listed = program.get(api).json()["items"]
    assert [(one["source"], one["filename"]) for one in listed if one["source"] == "added"] == [
        ("added", "Ofertas Łódź.png"),
    ]
    [made] = program.post(api, files=[("files", ("a.txt", b"words", "text/plain"))]).json()["ids"]
    assert program.get(f"/api/v1/files/{made}").content == b"words"
    assert program.patch(f"/api/v1/files/{made}", json={"filename": "b.txt"}).status_code == 204
    assert program.delete(f"/api/v1/files/{made}").status_code == 204
    assert program.get(f"/api/v1/files/{made}").status_code == 404
    assert program.post(f"/api/v1/files/{made}/restore").status_code == 204
    assert program.get(api, params={"limit": 1, "source": "added"}).json()["items"][0]["filename"] == "b.txt"
    [by_name] = program.get("/api/v1/search", params={"words": "b txt"}).json()["files"]
    assert (by_name["file"]["source_id"], by_name["records"][0]["id"]) == (made, number)
    assert program.post(api, files=[("files", ("a.txt", b"", "text/plain"))]).status_code == 422
    assert program.post(api, json={"files": "no"}).status_code == 422
    reader = console.program("tom", Scope.RECORDS_READ)
    assert reader.post(api, files=[("files", ("a.txt", b"a", "text/plain"))]).status_code == 403
