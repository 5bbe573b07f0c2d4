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
LINK: Final = 'a href="'
"""How nearly all links begin."""


def with_safe_attributes(page: str, pictures: Pictures) -> tuple[str, int]:
    """`page`, as nh3 writes it, with only such attributes as can neither load nor run anything; how many links mislead."""
    pieces = page.split("<")
    tags = _Tags(pieces, pictures)
    for number in range(1, len(pieces)):
        piece = pieces[number]
        if not piece.startswith("/"):
            end = piece.find(">")
            tag = piece[:end]
            if '"' in tag:
                pieces[number] = tags.safe(tag, number) + piece[end:]
    pictures.tracking += len(tags.dots)
    if not pictures.allow_remote:
        # They would be there only to be loaded.
        for number in reversed(tags.dots):
            pieces[number - 1] += pieces.pop(number).partition(">")[2]
    return "<".join(pieces), tags.misleading


class _Tags:
    """The tags of one page; those that can be told by themselves are looked at once, for most pages repeat a few all over."""

    def __init__(self, pieces: list[str], pictures: Pictures) -> None:
        self.misleading = 0
        self.dots: list[int] = []
        """The pieces that are pictures of one pixel."""
        self._pieces = pieces
        self._pictures = pictures
        self._styles = Styles(pictures)
        self._known: dict[str, str] = {}
        self._looks: dict[str, str] = {}
        """What stands for a link without its address."""

    def safe(self, text: str, number: int) -> str:
        """What stands for the tag that begins the piece `number`."""
        known = self._known.get(text)
        if known is not None:
            return known
        if text.startswith(LINK):
            return self._link(text, number)
        tag = _Tag(text)
        remote = self._pictures.remote
        tag.settle(self._styles, self._pictures)
        written = tag.written()
        if tag.name == "a":
            self._look_at_text(tag.value(HREF), number, len(text) + 1)
            return written + OUTWARDS
        if not tag.may_load:
            self._known[text] = written
        elif tag.name == "img" and self._pictures.remote > remote and tag.is_dot():
            self.dots.append(number)
        return written

    def _link(self, text: str, number: int) -> str:
        """A link: each has an address of its own, and mostly looks like the one before."""
        end = text.find('"', len(LINK))
        address = linked(text[len(LINK) : end])
        looks = "a" + text[end + 1 :]
        safe = self._looks.get(looks, "")
        if not safe:
            tag = _Tag(looks)
            tag.settle(self._styles, self._pictures)
            safe = tag.written()
            if not tag.may_load:
                self._looks[looks] = safe
        self._look_at_text(address, number, len(text) + 1)
        return (f'{LINK}{address}"{safe[1:]}' if address else safe) + OUTWARDS

    def _look_at_text(self, address: str, number: int, begins: int) -> None:
        """Count a link to `address` that shows another; its text begins there in the piece `number`."""
        if self._pieces[number][begins : begins + 1] in MAY_SHOW:
            shown = shown_host(self._pieces, number)
            self.misleading += shown != "" and misleads(shown, address)


class _Tag:
    """A tag with attributes, as it is written; each attribute goes by what stands before its value.

    It is cut at the quotes, for a value may well look like attributes.
    """

    def __init__(self, text: str) -> None:
        self._parts = text.split('"')
        """Names at even places and values at odd ones."""
        first = self._parts[0]
        self.name = first.partition(" ")[0]
        self._parts[0] = first[len(self.name) :]
        self.may_load = False
        """Whether it names something to be loaded; pictures are counted each time they stand in a page."""

    def settle(self, styles: Styles, pictures: Pictures) -> None:
        """Keep, change or take away each attribute."""
        parts = self._parts
        place = 0
        while place < len(parts) - 1:
            name, value = parts[place], parts[place + 1]
            if name == STYLE:
                self.may_load |= "url" in value
                value = styles.safe(value)
            elif name == HREF:
                value = linked(value)
            elif name in (SRC, BACKGROUND):
                self.may_load = True
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

    def value(self, name: str) -> str:
        """What an attribute says, as it is written; empty where there is none such."""
        for place in range(0, len(self._parts) - 1, 2):
            if self._parts[place] == name:
                return self._parts[place + 1]
        return ""

    def is_dot(self) -> bool:
        """Whether it is a picture that shows nothing."""
        return is_dot(self.value(WIDTH), self.value(HEIGHT), self.value(STYLE))

    def written(self) -> str:
        """All of it."""
        return self.name + '"'.join(self._parts)
