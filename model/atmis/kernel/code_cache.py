"""Keep machine code on disk, and load none of it that is damaged or that another user may have written.

numba's own cache unpickles and runs what it finds: a bit that has flipped ends the process. Here each file holds one
function for one signature and one kind of processor, behind a checksum that is verified before anything is loaded. A
cache that cannot be used costs a compilation and one sentence on stderr, and never more than that.
"""

import os
import pickle
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numba
import platformdirs
from numba.core import config
from numba.core.caching import CompileResultCacheImpl
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

_HEADER = b"machine code of atmis\n"
_SETUP = (numba.__version__, sys.implementation.cache_tag, getattr(sys, "abiflags", ""))


class Unusable(OSError):
    """A file or folder that is not used, for a reason that `str` tells."""


class Damaged(Exception):
    """A file does not hold what was written."""


class CodeCache:
    """The cache of one function in a folder, with the methods that a dispatcher of numba calls."""

    def __init__(self, function: Callable[..., Any], folder: Path) -> None:
        self.folder = folder
        self._prefix = f"{function.__module__}.{function.__name__}-"
        code: Any = function.__code__  # type: ignore[attr-defined]
        self._function = (function.__module__, function.__qualname__, code.co_firstlineno, code.co_code)

    @property
    def cache_path(self) -> str:
        """The folder."""
        return str(self.folder)

    def is_empty(self) -> bool:
        """Whether there is no file of this function."""
        return not is_kept(self.folder, self._prefix)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load what was compiled for a signature; None when it has to be compiled."""
        target_context.refresh()
        path, key = self._entry(sig, target_context.codegen())
        try:
            return CompileResult._rebuild(target_context, *pickle.loads(read(path, key)))
        except OSError:  # nothing is there, or it is not used: that is told when it cannot be written either
            return None
        except Exception:
            _tell(f"the machine code in {self.folder} is damaged, so the rules are compiled again")
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled for a signature, where that is possible."""
        path, key = self._entry(sig, data.codegen)
        try:
            prepare(self.folder)
            write(path, key, dumps(CompileResultCacheImpl.reduce(None, data)))
        except OSError as error:
            why = str(error) if isinstance(error, Unusable) else (error.strerror or str(error)).lower()
            _tell(f"machine code cannot be kept in {self.folder} ({why}), so each command compiles the rules")

    def _entry(self, sig: Any, codegen: Any) -> tuple[Path, bytes]:
        """The file of a signature, and what its content belongs to."""
        key = repr((_SETUP, self._function, sig, codegen.magic_tuple())).encode()
        return self.folder / f"{self._prefix}{sha256(key).hexdigest()[:16]}.nbc", key

    def flush(self) -> None:
        """Forget what was kept of this function."""
        for path in self.folder.glob(f"{self._prefix}*.nbc"):
            path.unlink(missing_ok=True)


# --- files ---


def write(path: Path, key: bytes, content: bytes) -> None:
    """Write a file with its checksum under another name, and rename it. Raises OSError, and leaves nothing behind."""
    with NamedTemporaryFile(dir=path.parent, prefix=".unfinished-", delete=False) as file:  # for this user only
        try:
            file.write(_HEADER + _checksum(key, content) + content)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                file.close()
            with suppress(OSError):
                os.unlink(file.name)
            raise


def read(path: Path, key: bytes) -> bytes:
    """The content of a file of this user that belongs to the key. Raises OSError, or Damaged."""
    check_owner(path.parent.stat())
    with path.open("rb") as file:
        check_owner(os.fstat(file.fileno()))
        found = file.read()
    begin = len(_HEADER) + sha256().digest_size
    if found[:begin] != _HEADER + _checksum(key, found[begin:]):
        raise Damaged(path)
    return found[begin:]


def _checksum(key: bytes, content: bytes) -> bytes:
    return sha256(key + b"\0" + content).digest()


def check_owner(found: os.stat_result) -> None:
    """Raise Unusable for what another user than this one or root may have written: it would be run."""
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unusable("other users can write there")


# --- the folder ---


def base_folder() -> Path:
    """The folder below which code is kept: NUMBA_CACHE_DIR, or one of this user."""
    try:
        return Path(config.CACHE_DIR or platformdirs.user_cache_dir("atmis"))
    except RuntimeError:  # a user whom the system does not know; older versions leave the ~ as it is
        return Path("~/.cache/atmis")


def is_kept(folder: Path, prefix: str = "") -> bool:
    """Whether a folder holds machine code, of a function if its prefix is given."""
    try:
        return any(folder.glob(f"{prefix}*.nbc"))
    except OSError:  # nobody may look
        return False


def prepare(folder: Path) -> None:
    """Make the folder of a cache, for this user only. Raises OSError."""
    home = Path(os.path.expanduser("~"))
    if folder.is_relative_to(home) and not home.is_dir():
        raise Unusable("there is no home folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    check_owner(folder.stat())


@cache
def _tell(sentence: str) -> None:
    """Say once on stderr what became of the cache."""
    with suppress(OSError, ValueError, AttributeError):
        print(
            f"atmis: {sentence}; NUMBA_CACHE_DIR can name another folder, of your own",
            file=sys.stderr,
            flush=True,
        )
