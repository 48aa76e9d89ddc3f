"""What tests of the explorer share: it is served as a user would have it, and asked over HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from atmis.experiments import explore
from atmis.experiments.hydra_app import composed, own_folder

SMALL = ("period.end=2023-12-31", "replicates=6", "open=false", "workers=1")


@dataclass(frozen=True)
class Answer:
    """What the server says."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        assert self.status == 400, self.body
        return str(self.told["error"])


@dataclass(frozen=True)
class Served:
    """An explorer that answers."""

    explorer: Any
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def get(self, path: str, asked: dict[str, Any] | None = None, **headers: str) -> Answer:
        return self._ask("GET", f"{path}?{urlencode(asked)}" if asked else path, None, headers)

    def post(self, path: str, sent: Any, **headers: str) -> Answer:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        return self._ask("POST", path, body, {"x-atmis-token": self.explorer.token} | headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        found = Answer(answer.status, told, answer.read())
        connection.close()
        return found


def made(*words: str) -> Any:
    """An explorer, not served."""
    ((data, origin),) = composed(list(words), "explore")
    return explore.made(data, origin, own_folder(list(words)))


@contextmanager
def served(*words: str, folder: Path) -> Iterator[Served]:
    """An explorer that is served while the context lasts; it saves below a folder."""
    explorer = made(f"save_in={folder}", *words)
    with explore.listening_on(0) as listening:
        server = explore.server(explorer, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Served(explorer, int(listening.getsockname()[1]))
        finally:
            server.should_exit = True
            thread.join()
            explorer.quick.close()
