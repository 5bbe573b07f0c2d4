"""The attributes of a page that has only allowed ones left: links, pictures and styles are looked at for what they do.

nh3 can ask about each attribute, but that costs as much as all the rest of its work, and what it writes is easily read: `<`
and `>` stand only where they are markup, `"` in a tag only around values, and an attribute is always ` name="value"`.
"""

from typing import Final

from parsers.html.safe_links import HREF, MAY_SHOW, NAME, NAMED, OUTWARDS, linked, misleads, shown_host
from parsers.html.safe_pictures import BACKGROUND, SRC, Pictures, is_dot
from parsers.html.safe_styles import STYLE, Styles

WIDTH: Final = " width="
HEIGHT: Final = " height="


def with_safe_attributes(page: str, pictures: Pictures) -> tuple[str, int]:
    """`page`, as nh3 writes it, with only such attributes as can neither load nor run anything; how many links mislead."""
    pieces = page.split("<")
    written = [pieces[0]]
    styles = Styles(pictures)
    misleading = 0
    for number in range(1, len(pieces)):
        piece = pieces[number]
        quote = piece.find('"')
        if quote >= 0 and piece.find(">", 0, quote) < 0:
            tag = _Tag(piece)
            remote = pictures.remote
            tag.settle(styles, pictures)
            if tag.name == "a":
                shown = shown_host(pieces, number) if tag.shows_at_first in MAY_SHOW else ""
                misleading += shown != "" and misleads(shown, tag.value(HREF))
                tag.add(OUTWARDS)
            elif tag.name == "img" and pictures.remote > remote and tag.is_dot():
                pictures.tracking += 1
                if not pictures.allow_remote:
                    # It would be there only to be loaded.
                    written.append(tag.text())
                    continue
            piece = tag.written()
        written.append("<")
        written.append(piece)
    return "".join(written), misleading


class _Tag:
    """A tag with attributes, as it is written, and the text behind it; each attribute goes by what stands before its value.

    It is cut at the quotes, for a value may well look like attributes.
    """

    def __init__(self, piece: str) -> None:
        self._parts = piece.split('"')
        """Names at even places and values at odd ones; what is behind follows."""
        first = self._parts[0]
        self.name = first[: first.find(" ")]
        self._parts[0] = first[len(self.name) :]
        self._end = 0

    def settle(self, styles: Styles, pictures: Pictures) -> None:
        """Keep, change or take away each attribute."""
        parts = self._parts
        place = 0
        while place < len(parts) - 1 and not parts[place].startswith(">"):
            name, value = parts[place], parts[place + 1]
            if name == STYLE:
                value = styles.safe(value)
            elif name == HREF:
                value = linked(value)
            elif name in (SRC, BACKGROUND):
                name, value = pictures.settled(name, value)
            elif name == NAME:
                value = NAMED + value
            else:
                place += 2
                continue
            if value:
                parts[place], parts[place + 1] = name, value
                place += 2
            else:
                del parts[place : place + 2]
        self._end = place

    def add(self, attributes: str) -> None:
        """Write more behind its own."""
        self._parts[self._end] = attributes + self._parts[self._end]

    @property
    def shows_at_first(self) -> str:
        """The first character behind it; empty where that is another tag."""
        return self._parts[self._end][1:2]

    def text(self) -> str:
        """The text behind it."""
        return '"'.join(self._parts[self._end :])[1:]

    def value(self, name: str) -> str:
        """What an attribute says, as it is written; empty where there is none such."""
        for place in range(0, self._end, 2):
            if self._parts[place] == name:
                return self._parts[place + 1]
        return ""

    def is_dot(self) -> bool:
        """Whether it is a picture that shows nothing."""
        return is_dot(self.value(WIDTH), self.value(HEIGHT), self.value(STYLE))

    def written(self) -> str:
        """All of it."""
        return self.name + '"'.join(self._parts)
