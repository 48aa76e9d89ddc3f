"""Open an address in the browser of whoever started the command, and tell nobody else what it is."""

import getpass
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def opened(address: str, port: int, wanted: bool) -> Iterator[None]:
    """Open an address while the context lasts; where no browser opens, print how to reach it from elsewhere.

    The browser is given a file that leads to the address, and that nobody else can read: the arguments of a program are
    seen by every user of the machine.
    """
    with TemporaryDirectory(prefix="atmis-explore-") as folder:  # for this user only
        if not wanted or not _has_browser():
            print(_tunnel(port), flush=True)
        else:
            page = Path(folder) / "open.html"
            page.write_text(
                f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={escape(address)}">'
                f'<title>atmis explorer</title><a href="{escape(address)}">Open the explorer</a>\n',
                encoding="utf-8",
            )
            # The browser waits for the answer while the rest is loaded.
            threading.Thread(target=_open, args=[page, port], daemon=True).start()
        yield


def _open(page: Path, port: int) -> None:
    """Open a page; it may take as long as the browser runs."""
    if not webbrowser.open(page.as_uri()):
        print(_tunnel(port), flush=True)


def _has_browser() -> bool:
    """Whether there is a browser with windows: one in the terminal would take that over, and runs no scripts."""
    if sys.platform.startswith("linux") and not {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & set(os.environ):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _tunnel(port: int) -> str:
    """How to reach a port of this machine from another, where the address must be the same."""
    try:
        user = getpass.getuser()
    except (ImportError, KeyError, OSError):  # a user without a name
        user = "USER"
    where = f"{user}@{socket.gethostname()}"
    return f"No browser is opened; from another machine: ssh -L {port}:127.0.0.1:{port} {where}, then the same address."
