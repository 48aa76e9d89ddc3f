"""The examples in docstrings give what they say."""

import ast
import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

import atmis

PACKAGE = Path(atmis.__file__).resolve().parent
# Names that a user meets first: what they are, with an example that is run.
SHOWN = ("Ensemble", "Mission", "Scenario", "load", "simulate")


def modules_with_examples() -> list[str]:
    """Dotted names of the modules with an example in any docstring."""
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8"))
    names = (".".join(("atmis", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in paths)
    return [name.removesuffix(".__init__") for name in names]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_are_right(name):
    failed, tried = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_met_first_has_an_example(name):
    assert ">>> " in (getattr(atmis, name).__doc__ or "")


@pytest.mark.parametrize(
    "name", [name for name in atmis.__all__ if name not in ("__version__", "HEADLINES", "INDICATORS")]
)
def test_all_that_is_exported_says_what_it_is(name):
    """And so does each public method and property of it."""
    exported = getattr(atmis, name)
    silent = [name] * (not exported.__doc__)
    if isinstance(exported, type):
        silent += [
            f"{name}.{member}"
            for owner in exported.__mro__
            if owner.__module__.startswith("atmis.")
            for member, value in vars(owner).items()
            if not member.startswith("_") and (callable(value) or isinstance(value, property)) and not value.__doc__
        ]
    assert silent == []


def test_functions_that_are_exported_name_what_they_take_and_return():
    for name in ("load", "simulate"):
        tree = ast.parse(
            Path(import_module(getattr(atmis, name).__module__).__file__ or "").read_text(encoding="utf-8")
        )
        function = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
        text = ast.get_docstring(function) or ""
        assert all(re.search(rf"^(\w+, )*{a.arg}(, \w+)* : ", text, re.MULTILINE) for a in function.args.args), name
        assert all(f"{section}\n" in text for section in ("Parameters", "Returns", "Raises", "Examples")), name
