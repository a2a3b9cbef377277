"""The program's own source as syntax trees, for the rules of the house."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from servicedesk import paths

TOP = paths.PACKAGE.parent


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the program by its path from the top of the repository."""
    files = sorted(paths.PACKAGE.rglob("*.py"))
    assert files
    return {str(file.relative_to(TOP)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def outside(*allowed: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of every module whose path does not begin with one of `allowed`."""
    for name, tree in modules().items():
        if not allowed or not name.startswith(allowed):
            for node in ast.walk(tree):
                yield name, node


def dotted(node: ast.AST) -> str:
    """`datetime.datetime.now` for such an expression; '' for what is no plain dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def at(name: str, node: ast.AST) -> str:
    return f"{name}:{getattr(node, 'lineno', 0)}"


def docstrings(tree: ast.AST) -> set[int]:
    """The identities of constants that are only documentation."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def size(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
