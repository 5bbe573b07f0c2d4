"""Liquid as people write it: parsed strictly, and every mistake told in words, with its line.

What is checked before anything is sent: syntax, filters, and that each variable is one we can fill. Rendering is then
bounded in output, loops and values (`delivery.liquid_limits`), and reads nothing but the values it is given.
"""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache

from liquid import Environment
from liquid.builtin.expressions import FilteredExpression, Path, StringLiteral
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError
from liquid.span import Span
from liquid.static_analysis import TemplateAnalysis
from liquid.template import BoundTemplate

from core.errors import UsageError
from delivery.liquid_limits import FAILURES, MOST_LOOPS, BoundedEnvironment, too_long_range

Values = Mapping[str, object]
"""Variables by their full names; None for what is not known."""
_UNCLOSED = re.compile(r"expected tag end(\w+), found end")


@lru_cache(maxsize=2)
def environment(*, html: bool) -> Environment:
    """The one for HTML escapes what it puts in; the other leaves text as it is."""
    return BoundedEnvironment(autoescape=html)


def parse(
    source: str, where: str, known: Collection[str], *, unnamed: Collection[str] = (), html: bool = False
) -> BoundTemplate:
    """Parse `source`, which may use the `known` variables, and the `unnamed` ones that nobody is told of.

    Raises `UsageError` that names `where` (“The subject”), the line, and what is wrong.
    """
    try:
        template = environment(html=html).from_string(source)
    except LiquidError as error:
        raise UsageError(_told(error, where)) from None
    analysis = template.analyze(include_partials=False)
    if found := too_long_range(template):
        raise UsageError(f"{where}: the ends of {found} must be whole numbers, up to {MOST_LOOPS}.")
    _check_filters(template, analysis.filters, where)
    _check_tags(analysis.tags, where)
    _check_variables(analysis, source, where, known, unnamed)
    return template


def render(template: BoundTemplate, values: Values, where: str) -> str:
    """The whole text for one person.

    Raises `UsageError` where a filter can not do with what it is given, and where the template costs too much.
    """
    try:
        return template.render(nested(values))
    except FAILURES as error:
        raise UsageError(_told(error, where)) from None


def nested(values: Values) -> dict[str, object]:
    """The same as Liquid wants it: `contact.name` becomes `{"contact": {"name": …}}`."""
    tree: dict[str, object] = {}
    for path, value in values.items():
        head, dot, tail = path.partition(".")
        if dot:
            branch = tree.setdefault(head, {})
            if isinstance(branch, dict):
                branch[tail] = value
        else:
            tree[head] = value
    return tree


def simple_path(node: object, known: Collection[str]) -> tuple[str, str | None] | None:
    """`(variable, default)` where the node is no more than `{{ variable }}` or `{{ variable | default: "…" }}`."""
    if not isinstance(node, OutputNode) or not isinstance(node.expression, FilteredExpression):
        return None
    expression = node.expression
    filters = expression.filters or []
    if not isinstance(expression.left, Path) or str(expression.left) not in known:
        return None
    if not filters:
        return str(expression.left), None
    arguments = [argument.value for argument in filters[0].args]
    if len(filters) != 1 or filters[0].name != "default" or len(arguments) != 1:
        return None
    literal = arguments[0]
    return (str(expression.left), str(literal.value)) if isinstance(literal, StringLiteral) else None


def _told(error: Exception, where: str) -> str:
    if not isinstance(error, LiquidError):
        return f"{where}: a number in it becomes too large, or is none."
    context = error.context()
    line = f", line {context[0]}" if context else ""
    message = str(error.message or "it can not be understood").rstrip(".")
    if unclosed := _UNCLOSED.search(message):
        message = f"{{% {unclosed[1]} %}} is never closed by {{% end{unclosed[1]} %}}"
    return f"{where}{line}: {message[:200]}."


def _check_filters(template: BoundTemplate, filters: Mapping[str, list[Span]], where: str) -> None:
    for name in filters:
        if name not in template.env.filters:
            near = get_close_matches(name, template.env.filters, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            raise UsageError(f"{where}: there is no filter “{name}”.{hint}")


def _check_tags(tags: Mapping[str, list[Span]], where: str) -> None:
    if partials := tags.keys() & {"include", "render"}:
        raise UsageError(f"{where}: “{min(partials)}” needs other templates, and there are none; write it out here.")


def _check_variables(
    analysis: TemplateAnalysis, source: str, where: str, known: Collection[str], unnamed: Collection[str]
) -> None:
    hidden = {name for name in analysis.locals if name in {path.partition(".")[0] for path in known}}
    if hidden:
        raise UsageError(f"{where}: “{min(hidden)}” is a name of ours; assign to another one.")
    for variables in analysis.globals.values():
        for variable in variables:
            name = str(variable)
            if name not in known and name not in unnamed:
                line = source.count("\n", 0, variable.span.index) + 1
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}."
                raise UsageError(f"{where}, line {line}: there is no variable {name}; {hint}")
