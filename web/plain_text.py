"""Plain text of mails shown as HTML: links live, quoting levels visible, nothing else interpreted."""

import re

from markupsafe import Markup, escape

LINK = re.compile(r"(?P<url>https?://[^\s<>\"]+)|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
TRAILING = ".,;:!?)]}'»”"


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
