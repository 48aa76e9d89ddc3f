"""What the page asks for, and who may ask: answers over HTTP, on this machine only.

Nothing here leaves 127.0.0.1: the name of the host in each request must be this machine's (else a page elsewhere could
reach it by a name of its own), requests that other sites make are refused, and what writes or opens a folder needs a
token that only the page knows, new at each start.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from atmis.explore import map_data
from atmis.explore.explorer import Explorer
from atmis.explore.request_guard import Guard
from atmis.scenario.errors import InputError, shortened

PAGE = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MOST_BYTES = 20_000  # of what is sent
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # for reports, made of others' files


def application(explorer: Explorer, port: int) -> ASGIApp:
    """The answers to what the page asks. `port`: on which it listens."""
    token = explorer.token
    routes = [
        Route("/", lambda request: _page(token)),
        Route("/page/{name}", lambda request: _of_page(request.path_params["name"])),
        Route("/api/setting", _told(lambda request: explorer.setting)),
        Route("/api/labels", _told(lambda request: map_data.labels(explorer.futures.scenario(explorer.first)))),
        Route("/api/rest/{side}", _told(lambda request: explorer.rest(request.query_params, _side(request)))),
        Route("/api/course/{side}", _told(lambda request: explorer.course(request.query_params, _side(request)))),
        Route("/api/compared", lambda request: _stream(lambda: explorer.compared(request.query_params))),
        Route("/api/take/{name}.{kind}", _told(lambda request: _taken(explorer, request))),
        Route("/api/report/{id}", _told(lambda request: _report(explorer.report(request.path_params["id"])))),
        Route("/api/save", _sent_to(explorer.save, token), methods=["POST"]),
        Route("/api/open", _sent_to(explorer.open, token), methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), port)


def _told(make: Callable[[Request], Any]) -> Callable[[Request], Response]:
    """An answer, plain data as JSON; a sentence where it cannot be."""

    def answer(request: Request) -> Response:
        try:
            made = make(request)
        except (InputError, ValueError) as error:
            return _sorry(error)
        return made if isinstance(made, Response) else JSONResponse(made)

    return answer


def _sent_to(act: Callable[[Mapping[str, Any]], Any], token: str) -> Callable[[Request], Awaitable[Response]]:
    """What the page sends, handed on to what acts on it."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await asyncio.to_thread(act, await _sent(request, token)))
        except InputError as error:
            return _sorry(error)

    return answer


def _taken(explorer: Explorer, request: Request) -> Response:
    """A figure or a table."""
    from atmis.explore import pictures

    name, kind = request.path_params["name"], request.path_params["kind"]
    both, labels = explorer.both(request.query_params)
    if kind == "csv":
        return _file(pictures.numbers(name, both, labels), "text/csv", f"{name}.csv")
    made = pictures.picture(name, kind, both, labels)
    return _file(made, pictures.KINDS[kind], f"{labels[1]}_{name}.{kind}".replace(" ", "_"))


def _sorry(error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=400)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(content: bytes) -> Response:
    return Response(content, media_type="text/html", headers={"Content-Security-Policy": _SANDBOX})


def _page(token: str) -> Response:
    html = (PAGE / "index.html").read_text(encoding="utf-8").replace("{{token}}", token)
    return Response(html, media_type="text/html")


def _of_page(name: str) -> Response:
    """A file of the page."""
    files = {path.name: path for path in PAGE.iterdir() if path.name != "index.html"}
    if name not in files:
        return Response("there is no such file", status_code=404, media_type="text/plain")
    return Response(files[name].read_bytes(), media_type=_KINDS[files[name].suffix])


def _stream(parts: Callable[[], Iterator[dict[str, Any]]]) -> Response:
    """Lines of JSON as they are made; a sentence, on the last, where it cannot go on."""

    def lines() -> Iterator[str]:
        try:
            for part in parts():
                yield json.dumps(part, allow_nan=False) + "\n"
        except (InputError, ValueError) as error:
            yield json.dumps({"error": str(error)}) + "\n"

    return StreamingResponse(iterate_in_threadpool(lines()), media_type="application/x-ndjson")


async def _sent(request: Request, token: str) -> Mapping[str, Any]:
    """What the page sent, if it is from the page. Raises InputError."""
    if not secrets.compare_digest(request.headers.get("x-atmis-token", "").encode(), token.encode()):
        raise InputError("this page belongs to an earlier start of atmis explore; load it again")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise InputError(f"what was sent is larger than {_MOST_BYTES:,} bytes")
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise InputError("what was sent is not a block of JSON")
    return sent


def _side(request: Request) -> str:
    side = str(request.path_params["side"])
    if side not in ("a", "b"):
        raise InputError(f"there is no future '{shortened(side)}'; allowed: a, b")
    return side
