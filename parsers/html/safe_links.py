"""The links of a page: they lead out of it, or within it, and those are told that lie about where."""

import re
from typing import Final

HREF: Final = " href="
NAME: Final = " name="
LINKS: Final = ("http:", "https:", "mailto:", "tel:")
NAMED: Final = "mail-"
"""Keeps the names of places in a mail apart from those of the page it is shown in."""
OUTWARDS: Final = ' target="_blank" rel="noopener noreferrer nofollow"'
"""Stands in every link: it opens elsewhere and tells nothing about us."""
HOST = re.compile(r"https?:[/\\]{0,4}([^/?#\\]{1,300}+)", re.IGNORECASE)
SHOWN_HOST = re.compile(r"(?:https?://|www\.)([^\s<>/?#:]{1,300}+)", re.IGNORECASE)
MAY_SHOW: Final = "<hHwW \n\t\r\u3000"
"""What the text of a link begins with that shows an address; or a tag, which may lie around the text."""
MOST_TAGS_IN_LINK = 30
LONGEST_SECOND_LEVEL = 3


def linked(address: str) -> str:
    """Where a link leads that wants to lead to `address`; empty where it may not."""
    if address.startswith(LINKS):
        return address
    address = address.strip()
    if address.startswith("#"):
        return f"#{NAMED}{address[1:]}"
    return address if address.lower().startswith(LINKS) else ""


def shown_host(pieces: list[str], number: int) -> str:
    """The host that a link shows in its text, if any.

    `pieces` are the page cut behind each tag that has attributes, their ends left out; the link is the end of `number`.
    """
    left = MOST_TAGS_IN_LINK
    for piece in pieces[number + 1 : number + 1 + MOST_TAGS_IN_LINK]:
        # What is last has its text in the next piece.
        tags = piece.split("<", left)[:-1]
        left -= len(tags)
        for tag in tags:
            if tag.startswith("/a>"):
                return ""
            text = tag[tag.find(">") + 1 :].lstrip()
            if text:
                shown = SHOWN_HOST.match(text) if text[0] in "hHwW" else None
                return shown[1] if shown else ""
    return ""


def misleads(shown: str, address: str) -> bool:
    """Whether a link that shows one host and leads to `address` leads to another owner's, as far as the names tell."""
    leads_to = HOST.match(address)
    if leads_to is None:
        return False
    host = leads_to[1].rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")
    ours, theirs = host.split("."), shown.lower().removeprefix("www.").rstrip(".").split(".")
    if host.replace(".", "").isdigit() or len(ours) < 2:
        return ours != theirs
    # Below `co.uk` and its like the owner's name is the third label.
    labels = 3 if len(ours[-2]) <= LONGEST_SECOND_LEVEL else 2
    return ours[-labels:] != theirs[-labels:]
