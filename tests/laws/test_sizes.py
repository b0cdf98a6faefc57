"""The law of sizes: a file fits on a few screens, a function on one; what outgrows them is divided, never excused."""

from __future__ import annotations

import ast
from pathlib import Path

from linli.config.home import PROJECT

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60


def sources() -> list[Path]:
    """Everything that somebody wrote; migrations are written by a program."""
    files = [f for folder in ("src", "tests") for f in (PROJECT / folder).rglob("*.py") if "migrations" not in f.parts]
    return [*files, *(PROJECT / "src").rglob("*.js"), PROJECT / "run.py"]


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_four_hundred_lines():
    long = {str(f.relative_to(PROJECT)): n for f in sources() if (n := len(f.read_bytes().splitlines())) > MOST_LINES}
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for file in sources():
        if file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > MOST_LINES_OF_A_FUNCTION:
                long[f"{file.relative_to(PROJECT)}:{node.name}"] = lines_of(node)
    assert long == {}
