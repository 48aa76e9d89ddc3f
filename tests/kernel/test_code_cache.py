"""Machine code on disk: what is lost, damaged, or of somebody else costs a compilation and a sentence, no more."""

import errno
import os
import random
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from numba.core import config

from atmis.kernel import code_cache
from atmis.kernel.compiled import PLAIN_PYTHON, entry_point, is_compiled, source_hash

pytestmark = pytest.mark.skipif(PLAIN_PYTHON, reason="nothing is compiled")
FLIPS = 60


def double(number):
    return 2 * number


def triple(number):
    return 3 * number


def files(place):
    return sorted(place.rglob("*.nbc"))


@pytest.fixture(autouse=True)
def nothing_told():
    code_cache._tell.cache_clear()


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty base of caches."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "base"))
    return tmp_path / "base"


@pytest.fixture
def kept(place):
    """A base with the code of `double`."""
    assert entry_point(double)(4) == 8
    return place


def is_loaded(function=double):
    """Call a function in a dispatcher of its own; whether its code came from the cache."""
    made = entry_point(function)
    assert made(4) == function(4)
    return not made.stats.cache_misses


def sentence(capsys, folder, *words):
    """The one sentence on stderr."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    for word in ("atmis: ", str(folder / f"code-{source_hash()}"), "NUMBA_CACHE_DIR", *words):
        assert word in said
    return said


def test_what_is_whole_is_loaded_and_for_this_user_only(kept, capsys):
    (file,) = files(kept)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file.parent, file)] == [0o700, 0o600]
    assert is_compiled()
    assert is_loaded()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "kind", ["empty", "cut", "one byte short", "one more", "of numba itself", "of another function"]
)
def test_a_damaged_file_is_compiled_again_and_mended(kept, capsys, kind):
    (file,) = files(kept)
    whole = file.read_bytes()
    entry_point(triple)(4)
    (other,) = set(files(kept)) - {file}
    damaged = {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "one byte short": whole[:-1],
        "one more": whole + b"\0",
        "of numba itself": whole[len(code_cache._HEADER) + 32 :],
        "of another function": other.read_bytes(),
    }[kind]
    file.write_bytes(damaged)
    assert not is_loaded()
    sentence(capsys, kept, "is damaged, so the rules are compiled again")
    assert is_loaded()
    assert capsys.readouterr().err == ""
    assert len(files(kept)) == 2


def test_no_flipped_bit_is_loaded(kept, monkeypatch):
    """Unpickled or run, what has flipped would end the process."""
    (file,) = files(kept)
    whole, loaded = file.read_bytes(), []
    monkeypatch.setattr(code_cache.pickle, "loads", loaded.append)
    chance = random.Random(17)
    cache = code_cache.CodeCache(double, file.parent)
    made = entry_point(double)
    for place in [0, len(code_cache._HEADER), *(chance.randrange(len(whole)) for _ in range(FLIPS))]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        assert cache.load_overload(signature(), made.targetctx) is None
    assert loaded == []


def signature():
    """What numba passes for one whole number."""
    from numba import int64

    return (int64,)


def test_code_of_another_version_or_processor_is_left_alone(kept, monkeypatch, capsys):
    monkeypatch.setattr(code_cache, "_SETUP", ("0.1", "cpython-311", ""))
    assert not is_loaded()
    monkeypatch.undo()
    assert len(files(kept)) == 2
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("cause", ["base is a file", "folder is a file", "a folder for the file"])
def test_where_nothing_can_be_kept_it_is_compiled_and_told_once(place, capsys, cause):
    folder = place / f"code-{source_hash()}"
    if cause == "a folder for the file":
        entry_point(double)(4)
        (file,) = files(place)
        file.unlink()
        file.mkdir()
        (file / "x").touch()
    else:
        blocked = place if cause == "base is a file" else folder
        blocked.parent.mkdir(exist_ok=True)
        blocked.touch()
    for function in (double, double):
        assert not is_loaded(function)
    sentence(capsys, place, "cannot be kept in")
    assert is_compiled() == (cause == "a folder for the file")


def test_a_full_disk_leaves_nothing_behind(place, capsys, monkeypatch):
    def full(*paths):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(code_cache.os, "replace", full)
    assert not is_loaded()
    sentence(capsys, place, "no space left on device")
    assert {path.name for path in place.rglob("*") if path.is_file()} == {".compiling"}


def test_a_folder_that_others_may_write_is_not_used(kept, capsys):
    (file,) = files(kept)
    for path, mode in ((file.parent, 0o770), (file.parent, 0o703)):
        path.chmod(mode)
        assert not is_loaded()
        path.chmod(0o700)
    sentence(capsys, kept, "other users can write there")
    file.chmod(0o620)  # what somebody may have written is not loaded, and replaced
    assert not is_loaded()
    assert is_loaded()


@pytest.mark.parametrize(
    ("owner", "mode", "trusted"),
    [
        ("me", 0o40700, True),
        ("me", 0o40755, True),
        ("root", 0o40755, True),
        ("other", 0o40700, False),
        ("me", 0o40775, False),
        ("me", 0o100606, False),
    ],
)
def test_only_what_this_user_or_root_alone_can_have_written_is_trusted(monkeypatch, owner, mode, trusted):
    monkeypatch.setattr(code_cache.os, "geteuid", lambda: 1000)
    found = SimpleNamespace(st_uid={"me": 1000, "root": 0, "other": 1001}[owner], st_mode=mode)
    if trusted:
        code_cache.check_owner(found)
    else:
        with pytest.raises(code_cache.Unusable):
            code_cache.check_owner(found)


@pytest.mark.parametrize("home", ["gone", None])
def test_a_home_that_does_not_exist_is_not_made(tmp_path, monkeypatch, capsys, home):
    """As of users of services and of containers; None: a user whom the system does not know."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if home is None:
        monkeypatch.delenv("HOME")
        monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    else:
        monkeypatch.setenv("HOME", str(tmp_path / home))
    assert not is_loaded()
    sentence(capsys, code_cache.base_folder(), "there is no home folder")
    assert list(tmp_path.iterdir()) == []


def test_nobody_to_tell(kept, monkeypatch):
    files(kept)[0].write_bytes(b"")
    monkeypatch.setattr("sys.stderr", None)
    assert not is_loaded()


def test_numba_can_tell_and_empty_the_cache(kept):
    made = entry_point(double)
    assert Path(made.stats.cache_path) == files(kept)[0].parent
    made._cache.flush()
    assert files(kept) == []
