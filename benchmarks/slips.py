"""Small changes to a source text, one at a time: slips that a programmer could make, from its syntax tree.

Comparisons, arithmetic, signs, numbers, `and` and `or`, minima and maxima, roundings, branches, statements left out.
"""

import ast
import copy
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parents[1] / "model" / "atmis"
OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.RShift: (ast.LShift,),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "floor": "ceil", "ceil": "floor", "any": "all", "all": "any", "argmax": "argmin"}


class Change(NamedTuple):
    """A source file with one change."""

    file: str  # below model/atmis
    where: str  # name of the function; '' outside functions
    line: int
    old: str  # the lines that are changed
    new: str
    text: str  # the whole file

    @property
    def key(self) -> tuple[str, str, str]:
        """Identifies a change, independently of its line."""
        return f"{self.file} {self.where}", self.old, self.new


def slips(file: str, functions: Collection[str] = ()) -> Iterator[Change]:
    """Every possible change to a file, or to some of its functions, in the order of the text."""
    source = (PACKAGE / file).read_text()
    for part in ast.parse(source).body:
        if not functions or any(isinstance(n, ast.FunctionDef) and n.name in functions for n in ast.walk(part)):
            for node in _code(part, functions):
                for new in _replacements(node):
                    yield _change(file, source, node, new)


def changed(file: str, source: str, start: int, end: int, new: str) -> Change:
    """A file with a part of its text replaced."""
    text = source[:start] + new + source[end:]
    first, last = source.rfind("\n", 0, start) + 1, source.find("\n", end)
    old_lines, new_lines = source[first:last], text[first : last + len(text) - len(source)]
    names = re.findall(r"^ *def (\w+)", source[:start], re.MULTILINE)
    line = source.count("\n", 0, start) + 1
    return Change(
        file, names[-1] if names else "", line, " ".join(old_lines.split()), " ".join(new_lines.split()), text
    )


def _code(node: ast.AST, functions: Collection[str]) -> Iterator[ast.AST]:
    """Code that computes: no docstring, decorator, annotation, import, text or class body."""
    if isinstance(node, ast.ClassDef):
        for part in node.body:
            if isinstance(part, ast.FunctionDef):
                yield from _code(part, functions)
        return
    if isinstance(node, ast.FunctionDef):
        if not functions or node.name in functions:
            for part in node.body:
                yield from _code(part, ())
        return
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr) or _is_text(node):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name != "annotation":
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.expr | ast.stmt | ast.keyword | ast.comprehension):
                    yield from _code(part, functions)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    """Replacements for a piece of code."""
    if isinstance(node, ast.Compare):
        for place, kind in enumerate(node.ops):
            for other in OPERATORS.get(type(kind), ()):
                replaced = copy.deepcopy(node)
                replaced.ops[place] = other()
                yield replaced
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        for other in OPERATORS.get(type(node.op), ()):
            replaced = copy.copy(node)
            replaced.op = other()
            yield replaced
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr])
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    if _may_be_left_out(node):
        yield ast.Pass()


def _may_be_left_out(node: ast.AST) -> bool:
    """Whether the rest runs without a statement: no name would be undefined, no value missing."""
    if isinstance(node, ast.Assign):
        return not isinstance(node.targets[0], ast.Name | ast.Tuple)
    return isinstance(node, ast.Expr | ast.AugAssign) or (isinstance(node, ast.Return) and node.value is None)


def _change(file: str, source: str, node: ast.AST, new: ast.AST) -> Change:
    """The text with a piece of code replaced and all else unchanged."""
    assert isinstance(node, ast.expr | ast.stmt)
    start, end = (
        _place(source, *at) for at in ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
    )
    text = ast.unparse(new)
    is_whole = isinstance(new, ast.stmt | ast.Constant | ast.Name | ast.Attribute)
    return changed(file, source, start, end, text if is_whole else f"({text})")


def _place(source: str, line: int | None, column: int | None) -> int:
    """Position in the text of a position in the tree, which counts lines from 1 and columns in bytes."""
    assert line is not None
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
