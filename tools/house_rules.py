"""The house rules that ruff, mypy and import-linter can not say; `make lint` runs them.

Each finding is one line, `path:line: what is wrong and where it belongs instead`. Exit status 1 when there is any.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("cli", "web", "workers", "campaigns", "mailsync", "crm", "delivery", "parsers", "storage", "core")
OTHER_FOLDERS = ("tests", "bench", "tools")
GENERATED = "storage/migrations/versions"
# The session, which commits for `unit_of_work()` alone, and the schema, which changes outside of any unit.
COMMIT_POINTS = ("storage/sessions.py", "storage/migrate.py")
ENDS_OF_TRANSACTION = {"commit", "rollback"}
QUERY_FUNCTIONS = {"select", "insert", "update", "delete", "text"}
EMPTY_NAMES = {"utils", "helpers", "common", "misc"}
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule."""

    path: str
    line: int
    sentence: str


def check(path: str, source: str) -> list[Finding]:
    """Every finding in one module; `path` is relative to the repository and decides which rules apply."""
    tree = ast.parse(source)
    found = [*_long_module(path, source), *_long_functions(path, tree), *_empty_name(path)]
    if _is_package(path):
        found += [*_commits(path, tree), *_queries(path, tree), *_inner_imports(path, tree)]
    return sorted(found)


def _is_package(path: str) -> bool:
    return path.split("/")[0] in PACKAGES


def _long_module(path: str, source: str) -> Iterator[Finding]:
    if (lines := source.count("\n")) > LONGEST_MODULE:
        yield Finding(path, 1, f"The module has {lines} lines (at most {LONGEST_MODULE}): part it by what it does.")


def _long_functions(path: str, tree: ast.Module) -> Iterator[Finding]:
    for function in _functions(tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield Finding(path, function.lineno, f"{function.name} has {lines} lines (at most {LONGEST_FUNCTION}).")


def _empty_name(path: str) -> Iterator[Finding]:
    if EMPTY_NAMES & set(Path(path).with_suffix("").parts):
        yield Finding(path, 1, "The name says nothing: call the module by what it does.")


def _commits(path: str, tree: ast.Module) -> Iterator[Finding]:
    if path in COMMIT_POINTS:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if (name := node.func.attr) in ENDS_OF_TRANSACTION:
            yield Finding(path, node.lineno, f"{name}() ends a transaction: that is for unit_of_work() alone.")


def _queries(path: str, tree: ast.Module) -> Iterator[Finding]:
    if path.startswith("storage/") or path.endswith("/repository.py") or "/repository/" in path:
        return
    for line, name in [*_imported_functions(tree), *_functions_by_module(tree)]:
        if name in QUERY_FUNCTIONS:
            yield Finding(path, line, f"{name}() asks the database: move the query into a repository.py.")


def _imported_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`from sqlalchemy import select`"""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _is_sqlalchemy(node.module or ""):
            yield from ((node.lineno, alias.name) for alias in node.names)


def _functions_by_module(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """`import sqlalchemy as sa`, then `sa.select`"""
    imports = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules = {alias.asname or alias.name for alias in imports if _is_sqlalchemy(alias.name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield node.lineno, node.attr


def _is_sqlalchemy(module: str) -> bool:
    return module.split(".")[0] == "sqlalchemy"


def _inner_imports(path: str, tree: ast.Module) -> Iterator[Finding]:
    if path.startswith("cli/"):
        return
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield Finding(path, node.lineno, f"An import inside {function.name}: put it at the top of the file.")


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def main() -> int:
    """Check every module of the repository, apart from generated migrations."""
    modules = [path for folder in (*PACKAGES, *OTHER_FOLDERS) for path in Path(folder).rglob("*.py")]
    checked = [path for path in modules if not path.is_relative_to(GENERATED)]
    found = [finding for path in checked for finding in check(path.as_posix(), path.read_text(encoding="utf-8"))]
    sys.stdout.writelines(f"{finding.path}:{finding.line}: {finding.sentence}\n" for finding in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
