"""Calls to other people's web servers: bounded, in time, and never into a private network."""

import asyncio
import ssl
from collections.abc import AsyncIterator

import pytest
import trustme

from core.errors import Permanent, Transient, UsageError
from delivery.hosts import resolve_host
from delivery.http import WebClient

PACKED = b"Content-Encoding: %s\r\nContent-Length: 12\r\n\r\nnot unpacked"
"""What fails as soon as anybody tries to unpack it."""
ANSWERS = {
    "/ok": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok",
    "/gone": b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
    "/inside": b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/secret\r\nContent-Length: 0\r\n\r\n",
    "/large": b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 1_000_000,
    "/packed": b"HTTP/1.1 200 OK\r\n" + PACKED % b"gzip",
    "/twice": b"HTTP/1.1 200 OK\r\n" + PACKED % b"identity, gzip",
    "/as-it-is": b"HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\nContent-Length: 2\r\n\r\nok",
    "/on": b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 0\r\n\r\n",
    "/packed-way": b"HTTP/1.1 302 Found\r\nLocation: /ok\r\n" + PACKED % b"gzip",
    "/noise": b"SSH-2.0-x\r\n\r\n",
}


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=[False])
async def site(request: pytest.FixtureRequest, authority: trustme.CA) -> AsyncIterator[tuple[str, list[bytes]]]:
    """The base of its URLs and the heads of requests; with the parameter True in TLS, for its name alone."""
    seen: list[bytes] = []
    encrypted = None
    if request.param:
        encrypted = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(encrypted)
    open_ones: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        seen.append(head)
        answer = ANSWERS.get(head.split(b" ")[1].decode())
        if answer is not None:
            writer.write(answer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=encrypted)
    yield f"{'https' if encrypted else 'http'}://localhost:{server.sockets[0].getsockname()[1]}", seen
    server.close()
    for writer in open_ones:
        writer.close()


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    web = WebClient(allow_private=True, timeout=0.5)
    yield web
    await web.close()


async def test_any_status_is_an_answer(site, client):
    base, seen = site

    answer = await client.call("POST", f"{base}/ok", body=b"x", headers={"X-B": "c"})

    assert (answer.status, answer.body, answer.headers["x-a"]) == (200, b"ok", "b")
    assert f"host: {base.removeprefix('http://')}".encode() in seen[0].lower()
    assert (await client.call("GET", f"{base}/gone")).status == 410
    assert (await client.call("GET", f"{base}/inside")).status == 302


async def test_a_long_answer_is_cut(site, client):
    base, _ = site
    assert len((await client.call("GET", f"{base}/large", limit=1000)).body) == 1000


async def test_a_compressed_answer_is_never_unpacked(site, client):
    base, seen = site
    for path in ("packed", "twice"):
        with pytest.raises(Permanent, match="compressed"):
            await client.call("GET", f"{base}/{path}", limit=1000)
    assert (await client.call("GET", f"{base}/packed-way", follow_redirects=True)).body == b"ok"
    assert (await client.call("GET", f"{base}/as-it-is")).body == b"ok"
    assert b"accept-encoding: identity\r\n" in seen[0].lower()


@pytest.mark.parametrize("site", [True], indirect=True)
async def test_a_relative_redirect_goes_to_the_name_and_not_to_its_address(site, authority):
    base, seen = site
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    client = WebClient(allow_private=True, timeout=5, trust=trusting)
    try:
        answer = await client.call("GET", f"{base}/packed-way", follow_redirects=True)
    finally:
        await client.close()
    assert (answer.body, answer.encrypted, len(seen)) == (b"ok", True, 2)


async def test_redirects_come_to_an_end(site, client):
    base, _ = site
    with pytest.raises(Permanent, match="without end"):
        await client.call("GET", f"{base}/on", follow_redirects=True)


async def test_silence_noise_and_absence_are_told_apart(site, client, unused_tcp_port):
    base, _ = site
    with pytest.raises(Transient, match="in time"):
        await client.call("GET", f"{base}/silence")
    with pytest.raises(Permanent, match="as one"):
        await client.call("GET", f"{base}/noise")
    with pytest.raises(Transient, match="reached"):
        await client.call("GET", f"http://127.0.0.1:{unused_tcp_port}/")


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "example.org", "https://", "https://u:p@example.org", "https://exa mple/"]
)
async def test_what_is_no_url_is_refused(client, url):
    with pytest.raises(UsageError):
        await client.call("GET", url)


async def test_private_networks_are_out_of_reach(site):
    base, seen = site
    guarded = WebClient(allow_private=False, timeout=0.5)
    port = base.rpartition(":")[2]
    try:
        for host in ("localhost", "127.0.0.1", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
            with pytest.raises(UsageError):
                await guarded.call("GET", f"http://{host}:{port}/ok")
    finally:
        await guarded.close()
    assert not seen


async def test_a_redirect_does_not_lead_inside(site, monkeypatch):
    base, _ = site

    async def only_loopback(host: str, *, allow_private: bool) -> list[str]:
        return ["127.0.0.1"] if host == "localhost" else await resolve_host(host, allow_private=False)

    monkeypatch.setattr("delivery.http.resolve_host", only_loopback)
    guarded = WebClient(allow_private=False, timeout=0.5)
    try:
        with pytest.raises(UsageError, match="private"):
            await guarded.call("GET", f"{base}/inside", follow_redirects=True)
    finally:
        await guarded.close()
