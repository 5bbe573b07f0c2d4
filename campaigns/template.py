"""A template compiled once: what is equal for all stands as text, what is not is a slot.

Most slots are a plain variable, perhaps with a default: they are looked up and escaped, without Liquid. Everything else
(conditions, loops, filters) is rendered by Liquid per recipient, but only its own nodes, not the whole mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.template import BoundTemplate
from markupsafe import escape

from campaigns.liquid_text import parse, simple_path
from campaigns.rewriting import Rewritten
from campaigns.variables import Values
from core.errors import UsageError
from delivery.compiled import Pieces, Slot
from delivery.liquid_limits import FAILURES
from delivery.liquid_text import nested


@dataclass(frozen=True, slots=True)
class _Plain:
    """A slot that is a variable."""

    slot: str
    variable: str
    default: str
    escaped: bool


@dataclass(frozen=True, slots=True)
class _Logic:
    """The nodes of one part that need Liquid; they share a context, so that `assign` reaches what follows."""

    template: BoundTemplate
    nodes: tuple[tuple[str, Node], ...]


class CompiledTemplate:
    """Subject, text and html as pieces for `delivery.compiled`, and the values of their slots for each person."""

    def __init__(self, rewritten: Rewritten) -> None:
        self._plain: dict[str, _Plain] = {}
        self._logic: list[_Logic] = []
        self.subject = self._part("subject", rewritten.subject)
        self.text = self._part("text", rewritten.text)
        self.html = self._part("html", rewritten.html, html=True) if rewritten.html.strip() else ()
        self.links = rewritten.links

    def fill(self, values: Values) -> dict[str, str]:
        """The text of every slot for somebody with `values`.

        Raises `UsageError` where Liquid fails on this person's values.
        """
        filled: dict[str, str] = {}
        for plain in self._plain.values():
            value = values[plain.variable]
            # A default is part of the template and goes in as it was written.
            text = plain.default if not value else str(escape(value)) if plain.escaped else value
            filled[plain.slot] = text
        for logic in self._logic:
            _render(logic, values, filled)
        return filled

    def _part(self, name: str, source: str, *, html: bool = False) -> Pieces:
        template = parse(source, f"The {name}", html=html)
        pieces: list[str | Slot] = []
        logic: list[tuple[str, Node]] = []
        for at, node in enumerate(template.nodes):
            if isinstance(node, ContentNode):
                pieces.append(node.text)
                continue
            simple = simple_path(node)
            slot = self._add_plain(*simple, escaped=html) if simple else f"{name}.{at}"
            if simple is None:
                logic.append((slot, node))
            pieces.append(Slot(slot))
        if logic:
            self._logic.append(_Logic(template, tuple(logic)))
        return tuple(pieces)

    def _add_plain(self, variable: str, default: str | None, *, escaped: bool) -> str:
        slot = f"{'html' if escaped else 'text'}:{variable}|{default or ''}"
        self._plain[slot] = _Plain(slot, variable, default or "", escaped)
        return slot


def _render(logic: _Logic, values: Values, filled: dict[str, str]) -> None:
    template = logic.template
    context = template.context_class(template, globals=template.make_globals(nested(values)))
    try:
        for slot, node in logic.nodes:
            buffer = context.get_buffer()
            node.render(context, buffer)
            filled[slot] = buffer.getvalue()
    except FAILURES:
        raise UsageError("The template can not be filled with what is known of this person.") from None


def joined(pieces: Sequence[str | Slot], filled: dict[str, str]) -> str:
    """A whole part for one person, as a preview shows it."""
    return "".join([filled[piece.name] if isinstance(piece, Slot) else piece for piece in pieces])
