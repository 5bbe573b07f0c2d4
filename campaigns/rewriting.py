"""A campaign's Liquid made ready to be sent, still as Liquid: CSS inlined, the text part made, links led through us.

HTML programs know nothing of Liquid: one moves `{% for %}` out of a table, another escapes the quotes of a filter. So
every `{{ … }}` and `{% … %}` travels as a mark that no program minds, and comes back afterwards. Because the source is
rewritten and not the result, links inside `{% if %}` are numbered too, and all of it is done once a campaign.
"""

import re
from dataclasses import dataclass

import css_inline

from campaigns.liquid_text import parse
from campaigns.variables import CLICK_TOKEN, UNSUBSCRIBE_URL
from core.errors import UsageError
from delivery.compiled import Slot
from delivery.links import Tracking, track
from parsers.html.text import text_of_html

_LIQUID = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MARK = re.compile("\ue000(\\d+)\ue001")
_MARK_OR_MARKUP = re.compile(
    "<!--.*?-->|<[a-zA-Z/!?](?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>|\ue000(?P<number>\\d+)\ue001", re.DOTALL
)
_COMMENTED_MARK = re.compile("<!--(\ue000\\d+\ue001)-->")
_STYLE = re.compile(r"<style[\s>]", re.IGNORECASE)
_HREF_BEGINS = re.compile("(?<=\\shref=)(?P<quote>[\"']?)(?=\ue000)", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_HTML_FOOTER = f'<p style="font-size:12px"><a href="{{{{ {UNSUBSCRIBE_URL} }}}}">Unsubscribe</a></p>'
_TEXT_FOOTER = f"\n\nUnsubscribe: {{{{ {UNSUBSCRIBE_URL} }}}}\n"
_PLACEHOLDER = "https://mark.invalid/"
_FENCE = "<\ue002>"
"""Stands around tags in text, so that a URL ends there; it is taken out again."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a campaign says, as its author wrote it. Without `text` one is made from `html`."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The same, ready to be compiled. `links` are Liquid too: number 1 comes first."""

    subject: str
    html: str
    text: str
    links: tuple[str, ...]


def rewrite(source: Source, base_url: str, *, tracked: bool = True) -> Rewritten:
    """Inline styles, make the text part, number the links; a way to unsubscribe is added where there is none.

    Raises `UsageError` for a link that begins inside a tag.
    """
    html = _inlined(_with_unsubscribe_link(source.html, _HTML_FOOTER))
    written = source.text if source.text.strip() else text_from(source.html)
    text = _with_unsubscribe_link(written, _TEXT_FOOTER)
    if not tracked:
        return Rewritten(source.subject, html, text, ())
    marks = _Marks()
    found = track(marks.pieces(html), marks.pieces(text, fenced=True), Tracking(base_url))
    links = tuple(_joined(link.url).replace(_FENCE, "") for link in found.links)
    for number, link in enumerate(links, start=1):
        _check_link(number, link)
    return Rewritten(source.subject, _joined(found.html), _joined(found.text).replace(_FENCE, ""), links)


def has_unsubscribe_link(source: str) -> bool:
    """Whether a part of the mail lets its reader unsubscribe."""
    return UNSUBSCRIBE_URL in source


def text_from(html: str) -> str:
    """The readable text of Liquid HTML, its variables, conditions and links kept."""
    marks = _Marks()
    marked = _HREF_BEGINS.sub(lambda found: f"{found['quote']}{_PLACEHOLDER}", marks.hide(html))
    return marks.show(text_of_html(marked).replace(_PLACEHOLDER, "")) + "\n"


class _Marks:
    """Liquid hidden in a text, by number."""

    def __init__(self) -> None:
        self._hidden: list[str] = []

    def hide(self, text: str) -> str:
        """`text` with a mark for every tag and variable."""
        clean = text.replace("\ue000", "").replace("\ue001", "").replace("\ue002", "")
        return _LIQUID.sub(self._keep, clean)

    def show(self, text: str) -> str:
        """The marks replaced by what they stand for."""
        return _MARK.sub(lambda mark: self._hidden[int(mark[1])], text)

    def in_comments(self, marked: str) -> str:
        """Tags that stand between elements as comments: the only thing that may stand anywhere in a table."""

        def wrap(found: re.Match[str]) -> str:
            number = found["number"]
            between = number is not None and self._hidden[int(number)].startswith("{%")
            return f"<!--{found[0]}-->" if between else found[0]

        return _MARK_OR_MARKUP.sub(wrap, marked)

    def pieces(self, text: str, *, fenced: bool = False) -> list[str | Slot]:
        """`text` as `delivery.links` takes it: Liquid is a slot whose name is its source."""
        out: list[str | Slot] = []
        for at, part in enumerate(_MARK.split(self.hide(text))):
            if at % 2:
                liquid = self._hidden[int(part)]
                fence = [_FENCE] if fenced and liquid.startswith("{%") else []
                out += [*fence, Slot(liquid), *fence]
            elif part:
                out.append(part)
        return out

    def _keep(self, found: re.Match[str]) -> str:
        self._hidden.append(found[0])
        return f"\ue000{len(self._hidden) - 1}\ue001"


def _inlined(html: str) -> str:
    """Styles moved to the elements, because some mail programs drop style sheets; what has none stays as it is."""
    if not _STYLE.search(html):
        return html
    marks = _Marks()
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    try:
        inlined = inliner.inline(marks.in_comments(marks.hide(html)))
    except css_inline.InlineError:
        raise UsageError("The style sheet in the HTML can not be understood: check its brackets.") from None
    return marks.show(_COMMENTED_MARK.sub(r"\1", inlined))


def _with_unsubscribe_link(source: str, footer: str) -> str:
    """No campaign leaves without a way out that people can see; most providers and laws ask for it."""
    if not source.strip() or has_unsubscribe_link(source):
        return source
    ends = list(_BODY_END.finditer(source))
    at = ends[-1].start() if ends else len(source)
    return source[:at] + footer + source[at:]


def _joined(pieces: tuple[str | Slot, ...]) -> str:
    return "".join([_liquid(piece) if isinstance(piece, Slot) else piece for piece in pieces])


def _liquid(slot: Slot) -> str:
    return f"{{{{ {CLICK_TOKEN} }}}}" if slot.name == CLICK_TOKEN else slot.name


def _check_link(number: int, link: str) -> None:
    try:
        parse(link, f"Link {number}")
    except UsageError:
        raise UsageError(
            f"Link {number} begins or ends inside a {{% … %}} tag: put the whole link inside it, or the tag inside the link."
        ) from None
