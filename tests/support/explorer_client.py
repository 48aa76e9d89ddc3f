"""Serve the explorer as for a user, and send it requests over HTTP."""

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
from atmis.experiments.hydra_app import compose_jobs, parse_config_dir

SMALL = ("period.end=2023-12-31", "replicates=6", "open=false", "workers=1")


@dataclass(frozen=True)
class Response:
    """A response of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The body, decoded from JSON."""
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The message of a request that was refused."""
        assert self.status == 400, self.body
        return str(self.content["error"])


@dataclass(frozen=True)
class ExplorerClient:
    """Requests to an explorer that is being served."""

    explorer: Any
    port: int

    @property
    def address(self) -> str:
        """Where the browser of its owner finds it, as it is printed."""
        return f"http://127.0.0.1:{self.port}/?token={self.explorer.token}"

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Response:
        """Send a GET request with the token."""
        address = f"{path}?{urlencode(query)}" if query else path
        return self.request("GET", address, x_atmis_token=self.explorer.token, **headers)

    def post(self, path: str, payload: Any, **headers: str) -> Response:
        """Send a POST request with the token."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.request("POST", path, body, **{"x_atmis_token": self.explorer.token} | headers)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Response:
        """Send a request as anybody on this machine may."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        response = Response(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        connection.close()
        return response


def make_explorer(*words: str) -> Any:
    """An explorer that is not served."""
    ((data, origin),) = compose_jobs(list(words), "explore")
    return explore.build_explorer(data, origin, parse_config_dir(list(words)))


@contextmanager
def serve(*words: str, folder: Path) -> Iterator[ExplorerClient]:
    """Serve an explorer while the context lasts; it saves below a folder."""
    explorer = make_explorer(f"save_in={folder}", *words)
    with explore.listen(0) as listening:
        server = explore.build_server(explorer, listening)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield ExplorerClient(explorer, int(listening.getsockname()[1]))
        finally:
            server.should_exit = True
            thread.join()
            explorer.quick.close()
