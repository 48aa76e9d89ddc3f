"""What a machine refuses, in a sentence: memory, files, threads, disks, and data that is nested without end."""

import errno

_WAYS_OUT = {
    errno.EMFILE: "; `ulimit -n` allows more",
    errno.ENFILE: "; other programs hold too many",
    errno.EFBIG: "; `ulimit -f` allows more",
    errno.ENOMEM: "; `ulimit -v` allows more",
}


def sentence_of(error: Exception) -> str | None:
    """What a machine refused, and the way out; None for an error of another kind."""
    if isinstance(error, MemoryError):
        return "there is not enough memory; ask for fewer replicates or workers at a time, or allow more (`ulimit -v`)"
    if isinstance(error, RecursionError):
        return "a file or a setting that was given is nested too deeply to be read"
    if isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError):
        return (
            f"a library cannot be loaded ({error}); allow more memory (`ulimit -v`) and files (`ulimit -n`), "
            "or install it again"
        )
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return "no thread can be started; ask for fewer workers, or allow more (`ulimit -u`, `ulimit -v`)"
    if isinstance(error, OSError) and error.errno is not None:
        where = error.filename if isinstance(error.filename, str) else "what was printed or opened"
        return f"{where}: {(error.strerror or str(error)).lower()}{_WAYS_OUT.get(error.errno, '')}"
    return None
