"""Compile the rules with numba, and make a stale machine-code cache impossible.

numba keys its cache on the file of the compiled function, not on the files that function calls.
Here the cache folder carries a hash of every source file of the package, so an edited rule is always recompiled
(`code_cache` says what a file in it holds).
`NUMBA_DISABLE_JIT=1` runs the same functions as plain Python, slowly, to the same bytes.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import numba
from filelock import FileLock
from numba.core import config
from numba.core.cpu import CPUTargetOptions

from atmis.kernel.code_cache import CodeCache, base_folder, is_kept, prepare

PLAIN_PYTHON = bool(config.DISABLE_JIT)

F = TypeVar("F", bound=Callable[..., Any])


def _options() -> dict[str, Any]:
    """Options of numba. Rules neither make nor keep arrays, and counting references costs more than the rules do.

    That it can be left out is no promise of numba's: a version that does not know the option counts, and is slower.
    """
    common = {"nogil": True, "error_model": "numpy"}
    return common | ({"_nrt": False} if hasattr(CPUTargetOptions, "_nrt") else {})


_OPTIONS = _options()


def inlined(function: F) -> F:
    """Compile a function into the compiled functions that call it: passing whole tables costs more than most rules."""
    return _compile(function, forceinline=True)


def internal(function: F) -> F:
    """Compile a function that compiled functions call, and that is too long to copy into each of them."""
    return _compile(function)


def _compile(function: F, **options: bool) -> F:
    """Compile a function for compiled callers only: a door for Python takes as long to compile as the function."""
    made: Any = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **options, **_OPTIONS)(function)
    if not PLAIN_PYTHON:
        # Otherwise a call from Python would end the process.
        made._insert, made._compile_for_args = _ignore_entry, _refuse_call
    return made  # type: ignore[no-any-return]


def _ignore_entry(*entry: object) -> None:
    """Keep numba from listing machine code that Python cannot call."""


def _refuse_call(*words: object, **more: object) -> NoReturn:
    raise TypeError(
        "a rule is called by compiled code only, and Python calls an `entry_point`; with NUMBA_DISABLE_JIT=1 Python "
        "can call every rule"
    )


def entry_point(function: F) -> F:
    """Compile a function that Python calls, and keep its machine code on disk."""
    made: Any = numba.njit(**_OPTIONS)(function)
    if not PLAIN_PYTHON:
        made._cache = CodeCache(function, _cache_folder())
        made.compile = _one_at_a_time(made._cache, made.compile)
    return made  # type: ignore[no-any-return]


def _one_at_a_time(kept: CodeCache, make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let one process compile while others wait for what it leaves: many may begin at once where there is nothing."""

    def compile_or_load(signature: Any) -> Any:
        if not kept.is_empty():
            return make(signature)
        with _holding(kept.folder):
            return make(signature)

    return compile_or_load


@cache
def _lock(folder: Path) -> FileLock:
    return FileLock(folder / ".compiling")


@contextmanager
def _holding(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; where none can be had, nobody is waited for."""
    try:
        prepare(folder)
        lock = _lock(folder)
        lock.acquire()
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()


@inlined
def fill(array, value):
    """Set every element of an array of one dimension (NumPy's way would need reference counts)."""
    for k in range(array.size):
        array[k] = value


@inlined
def copy(array, other):
    """Copy one array of one dimension into another."""
    for k in range(array.size):
        array[k] = other[k]


@cache
def source_hash() -> str:
    """Hash of every source file that can reach a rule: 16 hexadecimal digits (a test holds that none is missing)."""
    digest = hashlib.sha256()
    kernel = Path(__file__).parent
    for path in sorted(kernel.rglob("*.py")):
        digest.update(path.relative_to(kernel).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    return base_folder() / f"code-{source_hash()}"


def is_compiled() -> bool:
    """Whether machine code of these very sources lies in the cache, so that no compilation is to come."""
    return PLAIN_PYTHON or is_kept(_cache_folder())
