"""Plain text of mails and posts shown as HTML: links live, quoting levels visible, nothing else interpreted."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from crm.access.handles import MENTION, Mention

LINK = re.compile(r"(?P<url>https?://[^\s<>\"]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
TRAILING = ".,;:!?)]}'»”"
VIDEO_HOSTS = frozenset(
    {"youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "loom.com", "dailymotion.com", "twitch.tv"}
)
VIDEO_FILES = (".mp4", ".webm", ".mov", ".m4v", ".ogv")


def linked_text(text: str) -> Markup:
    """`text` escaped, with its web and mail addresses as links; line breaks are left to the style sheet."""
    pieces: list[Markup] = []
    end = 0
    for found in LINK.finditer(text):
        whole = found.group().rstrip(TRAILING)
        target = whole if found["url"] else f"mailto:{whole}"
        pieces.append(escape(text[end : found.start()]))
        pieces.append(
            Markup('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>').format(target, whole)
        )
        end = found.start() + len(whole)
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def posted_text(text: str, mentions: Collection[Mention] = ()) -> Markup:
    """`text` as `linked_text`, with colleagues who are mentioned marked, and links to videos with the host that shows them.

    Nothing is loaded from there: a video is a link.
    """
    called = {one.handle for one in mentions}
    pieces: list[Markup] = []
    end = 0
    for found in LINK.finditer(text):
        whole = found.group().rstrip(TRAILING)
        pieces.append(_with_mentions(text[end : found.start()], called))
        host = _video_host(whole) if found["url"] else None
        if host is None:
            pieces.append(linked_text(whole))
        else:
            pieces.append(
                Markup('<a class="video" href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>').format(
                    whole, f"Video at {host}"
                )
            )
        end = found.start() + len(whole)
    pieces.append(_with_mentions(text[end:], called))
    return Markup("").join(pieces)


def titled_text(title: str, address: str, mentions: Collection[Mention] = ()) -> Markup:
    """The title of a post, which leads to the post at `address`; web addresses in it lead where they say, as in `posted_text`.

    A title that is nothing but an address leads there: the post is opened by its comments.
    """
    called = {one.handle for one in mentions}
    pieces: list[Markup] = []
    end = 0
    for found in LINK.finditer(title):
        if found["url"]:
            whole = found.group().rstrip(TRAILING)
            pieces += [_leading(title[end : found.start()], address, called), posted_text(whole)]
            end = found.start() + len(whole)
    pieces.append(_leading(title[end:], address, called))
    return Markup("").join(pieces)


def _leading(text: str, address: str, called: Collection[str]) -> Markup:
    """Words that lead to `address`; blanks and signs between two links are none."""
    if not any(letter.isalnum() for letter in text):
        return escape(text)
    return Markup('<a class="plain" href="{}">{}</a>').format(address, _with_mentions(text, called))


def below_title(text: str, title: str) -> str:
    """What a post says below its title, which may be its first line."""
    first, _, rest = text.partition("\n")
    return rest.strip("\n") if first.strip() == title else text


def _with_mentions(text: str, called: Collection[str]) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for found in MENTION.finditer(text) if called else ():
        if found[1].lower() in called:
            pieces += [escape(text[end : found.start()]), Markup('<b class="mention">{}</b>').format(found[0])]
            end = found.end()
    pieces.append(escape(text[end:]))
    return Markup("").join(pieces)


def _video_host(url: str) -> str | None:
    """The host of a link to a video; None for other links."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    is_video = host in VIDEO_HOSTS or parts.path.lower().endswith(VIDEO_FILES)
    return host if is_video and host else None
