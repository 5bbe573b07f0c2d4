"""What a template may cost: Liquid that ends, whoever wrote it, before it takes the process with it.

Liquid itself bounds what is written out and each loop alone. Here all loops together are bounded, and all values that
filters, `assign` and `capture` make, and that comparisons look through: a text that is appended to itself doubles with
every round, and one that is searched in every round takes as long as a large one.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from liquid import Environment, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.expression import Expression
from liquid.template import BoundTemplate
from liquid.token import Token
from liquid.undefined import Undefined
from typing_extensions import override

MOST_OUTPUT = 1024 * 1024
"""Bytes that one text may have."""
MOST_LOOPS = 10_000
"""Rounds of all loops together, entries of a list, and the ends of a range."""
MOST_WORK = 8 * 1024 * 1024
"""Bytes of all values that filters read or make, that variables are given, and that are compared or searched."""
MOST_OF_NUMBER = 1024
"""Bytes of a whole number: multiplying takes the square of them."""
_PER_ENTRY = 64
_DATE_GROWS = 256
"""strftime(3) may write so many times its format, as Python lets it."""
_COMPARISONS = (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LtExpression,
    NeExpression,
)
FAILURES = (LiquidError, ArithmeticError, ValueError)
"""What rendering may raise: filters let Python's own errors through where numbers are too large for it."""


class Unknown(Undefined):
    """A value that nobody knows: filters leave it as it is, but for `default`; `if` is false, and alone it is its name.

    `seen` is given the name when the value becomes text.
    """

    __slots__ = ("_seen",)

    def __init__(self, name: str, seen: Callable[[str], None]) -> None:
        super().__init__(name)
        self._seen = seen

    @override
    def __str__(self) -> str:
        self._seen(self.name)
        return f"{{{{ {self.name} }}}}"


class _Context(RenderContext):
    """One rendering, and what it may still cost."""

    rounds_left = MOST_LOOPS
    work_left = MOST_WORK

    @override
    def assign(self, key: str, val: Any) -> None:
        self.spend(_size_of(val))
        super().assign(key, val)

    @override
    def filter(self, name: str, token: Token | None = None) -> Callable[..., object]:
        return partial(self._filtered, name, super().filter(name, token))

    @override
    def raise_for_loop_limit(self, length: int = 1) -> None:
        super().raise_for_loop_limit(length)
        self.rounds_left -= length
        if self.rounds_left < 0:
            raise ResourceLimitError(f"loops have at most {MOST_LOOPS} rounds together", token=None)

    def _filtered(self, name: str, apply: Callable[..., object], left: object, *args: Any, **named: Any) -> object:
        if isinstance(left, Unknown) and name not in ("default", "size"):
            return left
        self.spend(_size_of(left))
        if name in _GROWING:
            self.spend(_GROWING[name](left, *args, **named))
        made = apply(left, *args, **named)
        self.spend(_size_of(made))
        return made

    def spend(self, size: int) -> None:
        """Raises `ResourceLimitError` where no work is left for so many bytes."""
        self.work_left -= size
        if self.work_left < 0:
            raise ResourceLimitError("its values become too large: let it build and compare less of them", token=None)


class _Charged(Expression):
    """One side of a comparison: what it comes to is looked through, and paid for."""

    __slots__ = ("side",)

    def __init__(self, side: Expression) -> None:
        super().__init__(side.token)
        self.side = side

    @override
    def __str__(self) -> str:
        return str(self.side)

    @override
    def evaluate(self, context: RenderContext) -> object:
        value = self.side.evaluate(context)
        if isinstance(context, _Context):
            context.spend(_size_of(value))
        return value

    @override
    def children(self) -> Iterable[Expression]:
        return [self.side]


class _Template(BoundTemplate):
    context_class = _Context

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        _charge_for_comparisons(self.nodes, RenderContext(self))


class BoundedEnvironment(Environment):
    """Liquid with limits: a template is somebody's text, not a program of ours."""

    output_stream_limit = MOST_OUTPUT
    loop_iteration_limit = MOST_LOOPS
    template_class = _Template


def _charge_for_comparisons(nodes: Iterable[Node], context: RenderContext) -> None:
    for node in nodes:
        if isinstance(node, MultiExpressionBlockNode):  # What `case` compares with each `when`.
            chosen = node.expression
            chosen.left, chosen.expressions = _Charged(chosen.left), [_Charged(one) for one in chosen.expressions]
        for expression in node.expressions():
            _charge_inside(expression)
        _charge_for_comparisons(node.children(context, include_partials=False), context)


def _charge_inside(expression: Expression) -> None:
    for child in expression.children():
        _charge_inside(child)
    if isinstance(expression, _COMPARISONS):
        expression.left, expression.right = _Charged(expression.left), _Charged(expression.right)


def too_long_range(template: BoundTemplate) -> RangeLiteral | None:
    """A range whose ends are not written as whole numbers up to `MOST_LOOPS`: what it costs is not known before."""
    context = RenderContext(template)
    return next((one for one in _ranges(template.nodes, context) if not _is_short(one)), None)


def _ranges(nodes: Iterable[Node], context: RenderContext) -> Iterable[RangeLiteral]:
    for node in nodes:
        for expression in node.expressions():
            yield from _ranges_in(expression)
        yield from _ranges(node.children(context, include_partials=False), context)


def _ranges_in(expression: Expression) -> Iterable[RangeLiteral]:
    if isinstance(expression, RangeLiteral):
        yield expression
    for child in expression.children():
        yield from _ranges_in(child)


def _is_short(found: RangeLiteral) -> bool:
    ends = (found.start, found.stop)
    return all(isinstance(end, IntegerLiteral) and abs(end.value) <= MOST_LOOPS for end in ends)


def _size_of(value: object) -> int:
    """Bytes, about: entries of lists are counted as many, and not looked into."""
    if isinstance(value, range | list | tuple):
        if len(value) > MOST_LOOPS:
            raise ResourceLimitError(f"lists have at most {MOST_LOOPS} entries", token=None)
        return len(value) * _PER_ENTRY
    size = sys.getsizeof(value, 1)
    if isinstance(value, int) and size > MOST_OF_NUMBER:
        raise ResourceLimitError("a number becomes too large", token=None)
    return size


def _replaced(left: object, seq: object = "", sub: object = "") -> int:
    return str(left).count(str(seq)) * len(str(sub))


def _joined(left: object, separator: object = " ") -> int:
    return len(str(separator)) * len(left) if isinstance(left, Sequence) else 0


def _dated(_left: object, fmt: object = "") -> int:
    return _DATE_GROWS * len(str(fmt))


_GROWING: dict[str, Callable[..., int]] = {"replace": _replaced, "join": _joined, "date": _dated}
"""Filters that make much of little in one go: what it comes to, told before."""
