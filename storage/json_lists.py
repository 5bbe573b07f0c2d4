"""Asking for a word in a column that holds a JSON list, on both databases."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class has_word(FunctionElement[bool]):
    """`has_word(Contact.tags, "vip")`: whether the list has that word, as it is written."""

    type = Boolean()
    inherit_cache = True


@compiles(has_word, "sqlite")
def _on_sqlite(element: has_word, compiler: SQLCompiler, **options: Any) -> str:
    words, word = (compiler.process(clause, **options) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({words}) WHERE value = {word})"


@compiles(has_word, "postgresql")
def _on_postgresql(element: has_word, compiler: SQLCompiler, **options: Any) -> str:
    words, word = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({words} ? {word})"
