"""The attributes of a page that has only allowed ones left: links, pictures and styles are looked at for what they do.

nh3 can ask about each attribute, but that costs as much as all the rest of its work, and what it writes is easily read: `<`
and `>` stand only where they are markup, `"` in a tag only around values, and an attribute is always ` name="value"`.
"""

from typing import Final

from parsers.html.allowed import WORD_STYLE
from parsers.html.safe_links import HREF, MAY_SHOW, NAME, NAMED, OUTWARDS, linked, misleads, shown_host
from parsers.html.safe_pictures import BACKGROUND, SRC, Pictures, is_dot
from parsers.html.safe_styles import STYLE, Styles

WIDTH: Final = " width="
HEIGHT: Final = " height="
LINK: Final = '<a href="'
"""How nearly all links begin."""
END: Final = '">'
"""How a tag with attributes ends, and nothing else does."""
WORD: Final = ' class="Mso'


def with_safe_attributes(page: str, pictures: Pictures) -> tuple[str, int]:
    """`page`, as nh3 writes it, with only such attributes as can neither load nor run anything; how many links mislead."""
    pieces = page.split(END)
    tags = _Tags(pieces, pictures)
    for number in range(len(pieces) - 1):
        piece = pieces[number]
        begins = piece.rfind("<")
        pieces[number] = piece[:begins] + tags.safe(piece[begins:], number)
    pictures.tracking += len(tags.dots)
    # They would be there only to be loaded, and whoever asks for pictures wants to see some.
    for number in reversed(tags.dots):
        pieces[number] = pieces[number].rpartition("<")[0] + pieces.pop(number + 1)
    safe = ">".join(pieces)
    return WORD_STYLE + safe if tags.from_word else safe, tags.misleading


class _Tags:
    """The tags of one page; those that can be told by themselves are looked at once, for most pages repeat a few all over."""

    def __init__(self, pieces: list[str], pictures: Pictures) -> None:
        self.misleading = 0
        self.from_word = False
        self.dots: list[int] = []
        """The pieces that end with a picture of one pixel."""
        self._pieces = pieces
        self._pictures = pictures
        self._styles = Styles(pictures)
        self._known: dict[str, str] = {}
        self._looks: dict[str, str] = {}
        """What stands for a link without its address."""

    def safe(self, text: str, number: int) -> str:
        """What stands for the tag `text`, which lacks its end, behind which the piece `number` is cut."""
        if text.startswith(LINK):
            return self._link(text, number)
        known = self._known.get(text)
        if known is not None:
            return known
        self.from_word |= WORD in text
        tag = _Tag(text + '"')
        remote = self._pictures.remote
        tag.settle(self._styles, self._pictures)
        written = tag.written()
        if tag.name == "<a":
            self._look_at_text(tag.value(HREF), number)
            return written + OUTWARDS
        if not tag.may_load:
            self._known[text] = written
        elif tag.name == "<img" and self._pictures.remote > remote and tag.is_dot():
            self.dots.append(number)
        return written

    def _link(self, text: str, number: int) -> str:
        """A link: each has an address of its own, and mostly looks like the one before."""
        end = text.find('"', len(LINK))
        if end < 0:
            end = len(text)
        address, looks = text[len(LINK) : end], text[end + 1 :]
        safe = self._looks.get(looks)
        if safe is None:
            tag = _Tag(looks and looks + '"')
            tag.settle(self._styles, self._pictures)
            safe = tag.written() + OUTWARDS
            if not tag.may_load:
                self._looks[looks] = safe
        address = linked(address)
        self._look_at_text(address, number)
        return f'{LINK}{address}"{safe}' if address else "<a" + safe

    def _look_at_text(self, address: str, number: int) -> None:
        """Count the link that ends the piece `number` if it leads to `address` and shows another."""
        if self._pieces[number + 1][:1] in MAY_SHOW:
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
