"""Tracebacks without what people wrote: they are logged, and a database's errors name the rows that they are about.

PostgreSQL tells the failing row and the line of a COPY, its drivers and SQLite quote values. Of those errors only what
names our own tables and rules is kept; of all others the text, with e-mail addresses masked.
"""

import re
import traceback
from collections.abc import Iterator
from types import TracebackType

DRIVERS = frozenset({"psycopg", "psycopg_pool", "sqlalchemy", "sqlite3"})
"""Packages whose errors carry values."""
MASK = "(address)"
_ADDRESS = re.compile(r"""(?<![^\s<>"'(),;:@])[^\s<>"'(),;:@]++@[^\s<>"'(),;]+""")
"""Begins at a word's begin only, and does not go back: linear in any text."""
_COROUTINE = re.compile(r"\bcoro=<([\w.<>]+)")
_MOST_SHOWN = 4000
_QUOTE = re.compile("[\"'«»„“”‘’「]")
_STATEMENT_SHOWN = 1000
_DIAGNOSED = ("sqlstate", "schema_name", "table_name", "column_name", "constraint_name")

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def safe_traceback(exc_info: ExcInfo) -> str:
    """As `traceback.format_exception` gives it, causes and groups included, without values; empty where nothing was raised."""
    error = exc_info[1]
    return "" if error is None else "\n".join(_lines(error, set()))


def safe_text(error: BaseException) -> str:
    """What an error says, without values; 4,000 characters at most."""
    text = " ".join(_told_by_driver(error)) if _is_of_a_driver(error) else str(error)
    return _ADDRESS.sub(MASK, text)[:_MOST_SHOWN]


def safe_event(text: str) -> str:
    """What asyncio says of a callback or task: what happened and to which coroutine, without arguments, results and errors."""
    said = re.split(r"[<\n]|\([^)]", text, maxsplit=1)[0].strip()
    coroutine = _COROUTINE.search(text)
    return f"{said} ({coroutine[1]})" if coroutine else said


def _told_by_driver(error: BaseException) -> Iterator[str]:
    original = getattr(error, "orig", None)
    if original is None:
        yield _QUOTE.split(_first_line(error))[0].strip()
    else:  # What SQLAlchemy wraps may be anybody's error, about a value.
        yield f"({type(original).__name__}) {safe_text(original) if _is_of_a_driver(original) else ''}"
    diagnosis = getattr(error, "diag", None)
    for name in _DIAGNOSED:
        if value := getattr(diagnosis, name, None):
            yield f"{name}={value}"
    if isinstance(statement := getattr(error, "statement", None), str):
        yield f"[SQL: {statement[:_STATEMENT_SHOWN]}]"


def _is_of_a_driver(error: BaseException) -> bool:
    return any(kind.__module__.partition(".")[0] in DRIVERS for kind in type(error).__mro__)


def _first_line(error: BaseException) -> str:
    """The message alone: below it stand the details."""
    return next(iter(str(error).splitlines()), "")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
        reason = "was the direct cause of" if error.__cause__ is not None else "was handled when there came"
        yield f"\nThe above exception {reason} the following:\n"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    text = safe_text(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}" + (f": {text}" if text else "")
    if isinstance(error, BaseExceptionGroup):
        for number, one in enumerate(error.exceptions, start=1):
            yield f"  -- {number} of {len(error.exceptions)} --"
            yield from (f"  {line}" for part in _lines(one, seen) for line in part.splitlines())
