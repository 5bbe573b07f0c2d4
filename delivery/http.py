"""The one way in which we call other people's web servers: webhooks, one-click tests, link checks.

Guarded against being sent into a private network: each connection goes to an address that was judged a moment before,
also after a redirect, and no proxy from the environment stands between. Answers are cut at a limit, and never unpacked:
a few compressed bytes can be gigabytes before any limit is looked at.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from typing_extensions import override

from core.errors import Permanent, Transient, UsageError
from delivery.hosts import resolve_host

TIMEOUT = 10.0
MAX_BODY = 256 * 1024
MOST_REDIRECTS = 20
USER_AGENT = "Mailsync"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web server answered; `body` is cut at the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    encrypted: bool = False
    """Whether the whole way was https, redirects included."""


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Connects only to addresses on the public internet, and to the very address that was judged."""

    def __init__(self, *, allow_private: bool, trust: ssl.SSLContext | None = None) -> None:
        # No connection is kept: the pool knows it by its address alone, and the next request to that address may be
        # for another name, which this connection's certificate was never checked for.
        super().__init__(verify=trust or True, retries=0, limits=httpx.Limits(max_keepalive_connections=0))
        self._allow_private = allow_private

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        addresses = await resolve_host(name, allow_private=self._allow_private)
        last: httpx.ConnectError | None = None
        for address in addresses:
            try:
                return await super().handle_async_request(_sent_to(request, address, name))
            except httpx.ConnectError as error:
                last = error
        raise last or httpx.ConnectError("no address")


def _sent_to(request: httpx.Request, address: str, name: str) -> httpx.Request:
    """The same request to one address. The name stays in the Host header, and in TLS, where the certificate is checked
    against it; and in the request that was asked for, from which relative redirects go on."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": name},
    )


class WebClient:
    """One client for a process; close it. `allow_private` is the installation's setting, `trust` whom to trust instead
    of the usual authorities."""

    def __init__(self, *, allow_private: bool, timeout: float = TIMEOUT, trust: ssl.SSLContext | None = None) -> None:
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(allow_private=allow_private, trust=trust),
            timeout=timeout,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    async def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = False,
        limit: int = MAX_BODY,
    ) -> Answer:
        """One request; any status is an answer. At most `limit` bytes of the body are read.

        Raises `UsageError` for a URL that is none or leads into a private network, `Transient` when the server can
        not be reached or does not answer in time, `Permanent` when it does not speak HTTP, answers compressed though it
        was asked not to, or redirects without end.
        """
        _check_url(url)
        try:
            request = self._client.build_request(method, url, content=body, headers=headers)
            return await self._answer(request, MOST_REDIRECTS if follow_redirects else 0, limit)
        except httpx.TimeoutException:
            raise Transient("The web server did not answer in time.") from None
        except httpx.NetworkError:
            raise Transient("The web server can not be reached.") from None
        except httpx.InvalidURL:
            raise UsageError("That is not a URL of the web; it begins with https://.") from None
        except httpx.HTTPError:
            raise Permanent("The web server does not answer as one.") from None

    async def _answer(self, request: httpx.Request, redirects: int, limit: int) -> Answer:
        """Redirects are followed here, because httpx reads their bodies whole."""
        encrypted = True
        for _ in range(redirects + 1):
            response = await self._client.send(request, stream=True)
            try:
                encrypted = encrypted and response.url.scheme == "https"
                if not redirects or response.next_request is None:
                    return Answer(response.status_code, dict(response.headers), await _read(response, limit), encrypted)
            finally:
                await response.aclose()
            request = response.next_request
        raise Permanent("The web server redirects without end.")


async def _read(response: httpx.Response, limit: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Permanent("The web server answers compressed, though it was asked not to.")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= limit:
            break
    return bytes(body[:limit])


def _check_url(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise UsageError("That is not a URL of the web; it begins with https://.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise UsageError("That is not a URL of the web; it begins with https://.")
