"""Videos of posts play in place: by what they are and not by what they are called, in parts, for those who see the post."""

import base64
import re

import pytest
from sqlalchemy import select

from crm.access.api_tokens import Scope
from storage.models import Post
from web.shown_files import type_by_content, video_type

WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08\x42\x82\x84webm" + bytes(range(256)) * 40
MP4 = b"\x00\x00\x00 ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 900
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (WEBM, "video/webm"),
        (MP4, "video/mp4"),
        (b"\x00\x00\x00 ftypM4A \x00\x00\x02\x00", None),
        (b"\x00\x00\x00 ftypheic\x00\x00\x00\x00", None),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00", None),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01\x42\x82\x88matroska", None),
        (PAGE, None),
        (b"", None),
        (b"\x00\x00\x00 ftyp", None),
    ],
)
def test_a_video_is_known_by_how_it_begins(data: bytes, kind: str | None) -> None:
    assert video_type(data) == kind
    assert type_by_content("video/mp4", data) == (kind or "application/octet-stream")
    assert type_by_content("text/plain", data) == (kind or "text/plain")


def test_they_play_in_place_and_others_are_downloads(console, csrf) -> None:
    # given a post to one colleague with a video that is called a text, and a page that is called a video
    tom, marta, diego = (console.browser(name) for name in ("tom", "marta", "diego"))
    files = [
        ("files", ("notes.txt", WEBM, "text/plain")),
        ("files", ("film.mp4", PAGE, "video/mp4")),
        ("files", ("clip.mp4", MP4, "video/mp4")),
    ]
    form = {"csrf": csrf(tom, "/stream"), "to": f"user:{console.seed.people['marta']}", "text": "Look", "key": "videos"}
    assert tom.post("/stream/posts", data=form, files=files).status_code == 200
    with console.store.database.reading() as session:
        post_id = session.execute(select(Post.id).order_by(Post.id.desc())).scalars().first()
    address = f"/feed/{post_id}/files"

    # then the page plays what is one, wherever the post stands
    for page in (marta.get(f"/feed/{post_id}"), marta.get("/stream?whose=all"), marta.get("/feed")):
        playing = re.findall(r'<video controls preload="metadata"[^>]* src="([^"]+)"', page.text)
        assert playing == [f"{address}/0?inline=1", f"{address}/2?inline=1"]
        assert f'href="{address}/1"' in page.text
        assert "media-src 'self'" in page.headers["content-security-policy"]

    # then its bytes come as a whole and in parts
    whole = marta.get(f"{address}/0?inline=1")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, WEBM, "video/webm")
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    part = marta.get(f"{address}/0?inline=1", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, WEBM[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(WEBM)}"
    assert part.headers["content-length"] == "100"
    behind = marta.get(f"{address}/0?inline=1", headers={"range": "bytes=999999-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(WEBM)}")
    changed = marta.get(f"{address}/0?inline=1", headers={"range": "bytes=0-9", "if-range": '"old"'})
    assert (changed.status_code, changed.content) == (200, WEBM)

    # then what is none is never shown, whatever it is called
    wrong = marta.get(f"{address}/1?inline=1", headers={"range": "bytes=0-9"})
    assert wrong.headers["content-type"] == "application/octet-stream"
    assert wrong.headers["content-disposition"].startswith("attachment")
    assert marta.get(f"{address}/0").headers["content-disposition"].startswith("attachment")

    # then nobody else gets a part of it either
    assert diego.get(f"{address}/0?inline=1", headers={"range": "bytes=0-9"}).status_code == 404


def test_programs_post_them_too_and_a_link_in_the_first_line_can_be_followed(console) -> None:
    program, marta = console.program("tom", Scope.WORK_READ, Scope.WORK_WRITE), console.browser("marta")
    film = {"filename": "film", "content_type": "text/html", "content": base64.b64encode(MP4).decode()}
    new = {"text": "Look: https://vimeo.com/1\nwell done", "in_stream": True, "files": [film]}

    made = program.post("/api/v1/posts", json=new)

    assert made.status_code in (200, 201), made.text
    page = marta.get("/stream?whose=all").text
    assert "<video" in page
    link = '<a class="video" href="https://vimeo.com/1" rel="noopener noreferrer nofollow" target="_blank">Video at vimeo.com</a>'
    assert f'<a class="plain" href="/feed/{made.json()["id"]}">Look: </a>{link}' in page
    assert f">Look: </a>{link}</h2>" in marta.get(f"/feed/{made.json()['id']}").text
