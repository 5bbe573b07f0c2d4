"""The pictures and backgrounds of a page: those of the mail itself are shown, remote ones sleep and are counted."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

SRC: Final = " src="
BACKGROUND: Final = " background="
ASLEEP: Final = " data-remote="
ASLEEP_BACKGROUND: Final = " data-remote-background="
REMOTE: Final = ("http:", "https:", "//")
DATA_IMAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
LARGEST_DATA_IMAGE = 2_000_000
TINY = re.compile(r"0*+1?(?!\d)")
SIZE = re.compile(r"(?:^|;)(?:width|height):(\d{1,6})")
HIDDEN = re.compile(r"(?:^|;)display:none")


class Pictures:
    """Decides on the pictures of one page, and counts them."""

    def __init__(self, cid_urls: Mapping[str, str], *, allow_remote: bool) -> None:
        self.remote = 0
        self.tracking = 0
        self._cid_urls = cid_urls
        self.allow_remote = allow_remote

    def settled(self, name: str, value: str) -> tuple[str, str]:
        """What becomes of a `src` or `background`, both as HTML writes them; its value is empty where it must go."""
        address = value.strip()
        own = self._own(unescape(address))
        if own or not _is_remote(address):
            return name, escape(own)
        self.remote += 1
        if self.allow_remote:
            return name, address
        return ASLEEP if name == SRC else ASLEEP_BACKGROUND, address

    def in_style(self, address: str) -> str | None:
        """What stands for an address in a style; a remote one has no place there where it could sleep."""
        address = address.strip()
        own = self._own(address)
        if own or not _is_remote(address):
            return None if own.startswith("data:") else own or None
        self.remote += 1
        return address if self.allow_remote else None

    def _own(self, address: str) -> str:
        """Where a picture of the mail itself is had; empty if the mail has none such."""
        if address[:4].lower() == "cid:":
            name = address[4:]
            return self._cid_urls.get(name) or self._cid_urls.get(unquote(name).strip(" <>")) or ""
        if len(address) <= LARGEST_DATA_IMAGE and DATA_IMAGE.match(address):
            return address
        return self._cid_urls.get(address, "")


def _is_remote(address: str) -> bool:
    return address[:6].lower().startswith(REMOTE)


def is_dot(width: str, height: str, style: str) -> bool:
    """Whether a picture shows nothing: no side that is told has more than a pixel, or it is hidden. A drawn line has."""
    told = [side for side in (width, height) if side[:1].isdecimal()]
    if style:
        if HIDDEN.search(style):
            return True
        told += SIZE.findall(style)
    for side in told:
        if not TINY.match(side):
            return False
    return bool(told)
