"""The HTTP server of the explorer, for this machine only.

Nothing here leaves 127.0.0.1: the Host header of each request must name this machine (else a page elsewhere could reach
it under a name of its own: DNS rebinding), requests made by other sites are refused, and so are those of other users of
this machine, who do not know the token in the printed address, new at each start (see `request_guard`).
"""

import asyncio
import json
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
from atmis.explore.request_guard import RequestGuard
from atmis.scenario.errors import InputError, shorten

PAGE = Path(__file__).parent / "page"
_MEDIA_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MOST_BYTES = 20_000  # of a request's body
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # for reports


def application(explorer: Explorer, port: int) -> ASGIApp:
    """The application that answers the page's requests. `port`: that it is served on."""
    routes = [
        Route("/", lambda request: _page()),
        Route("/page/{name}", lambda request: _page_file(request.path_params["name"])),
        Route("/api/setting", _json_endpoint(lambda request: explorer.page_settings)),
        Route(
            "/api/labels",
            _json_endpoint(lambda request: map_data.zone_labels(explorer.futures.scenario(explorer.first))),
        ),
        Route(
            "/api/rest/{side}",
            _json_endpoint(lambda request: explorer.lever_state(request.query_params, _side(request))),
        ),
        Route(
            "/api/course/{side}", _json_endpoint(lambda request: explorer.course(request.query_params, _side(request)))
        ),
        Route("/api/compared", lambda request: _stream(lambda: explorer.stream_comparison(request.query_params))),
        Route("/api/take/{name}.{kind}", _json_endpoint(lambda request: _download(explorer, request))),
        Route("/api/report/{id}", _json_endpoint(lambda request: _report(explorer.report(request.path_params["id"])))),
        Route("/api/save", _post_endpoint(explorer.save), methods=["POST"]),
        Route("/api/open", _post_endpoint(explorer.open_folder), methods=["POST"]),
    ]
    return RequestGuard(Starlette(routes=routes), port, explorer.token)


def _json_endpoint(make: Callable[[Request], Any]) -> Callable[[Request], Response]:
    """Answers a request with plain data as JSON, or with the sentence of an InputError."""

    def answer(request: Request) -> Response:
        try:
            content = make(request)
            return content if isinstance(content, Response) else JSONResponse(content)
        except Exception as error:
            return _error_response(error)

    return answer


def _post_endpoint(act: Callable[[Mapping[str, Any]], Any]) -> Callable[[Request], Awaitable[Response]]:
    """Passes what the page sends to a function, and answers with its result."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await asyncio.to_thread(act, await _read_payload(request)))
        except Exception as error:
            return _error_response(error)

    return answer


def _download(explorer: Explorer, request: Request) -> Response:
    """A figure or a table, as a file."""
    from atmis.explore import exports

    name, kind = request.path_params["name"], request.path_params["kind"]
    pair, labels = explorer.ensembles(request.query_params)
    if kind == "csv":
        return _attachment(exports.table_bytes(name, pair, labels), "text/csv", f"{name}.csv")
    content = exports.figure_bytes(name, kind, pair, labels)
    return _attachment(content, exports.MEDIA_TYPES[kind], f"{labels[1]}_{name}.{kind}".replace(" ", "_"))


def _error_response(error: Exception) -> Response:
    """The sentence of an error, as JSON."""
    return JSONResponse({"error": _sentence(error)}, status_code=400)


def _sentence(error: Exception) -> str:
    """What the page shows of an error: it goes on, whatever was asked for."""
    if isinstance(error, OSError) and error.errno is not None:
        sentence = f"{shorten(str(error.filename or 'a file'))}: {(error.strerror or str(error)).lower()}"
    elif isinstance(error, RecursionError):
        sentence = "what was sent is nested too deeply to be read"
    elif isinstance(error, InputError | ValueError) and not isinstance(error, UnicodeError):
        sentence = str(error)
    else:
        sentence = f"atmis explore cannot answer this ({type(error).__name__}: {error})"
    return sentence.encode(errors="replace").decode()


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(content: bytes) -> Response:
    """A report, in a sandbox."""
    return Response(content, media_type="text/html", headers={"Content-Security-Policy": _SANDBOX})


def _page() -> Response:
    """The page. It holds no token: its scripts find that in its address, and take it away from there."""
    return Response((PAGE / "index.html").read_bytes(), media_type="text/html")


def _page_file(name: str) -> Response:
    """A file of the page."""
    files = {path.name: path for path in PAGE.iterdir() if path.name != "index.html"}
    if name not in files:
        return Response("there is no such file", status_code=404, media_type="text/plain")
    return Response(files[name].read_bytes(), media_type=_MEDIA_TYPES[files[name].suffix])


def _stream(parts: Callable[[], Iterator[dict[str, Any]]]) -> Response:
    """Lines of JSON as they are made; if an error ends them, its message on the last."""

    def lines() -> Iterator[str]:
        try:
            for part in parts():
                yield json.dumps(part, allow_nan=False) + "\n"
        except Exception as error:
            yield json.dumps({"error": _sentence(error)}) + "\n"

    return StreamingResponse(iterate_in_threadpool(lines()), media_type="application/x-ndjson")


async def _read_payload(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent. Raises InputError."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise InputError(f"what was sent is larger than {_MOST_BYTES:,} bytes")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise InputError("what was sent is not a block of JSON")
    return payload


def _side(request: Request) -> str:
    """Which of both futures a path names. Raises InputError."""
    side = str(request.path_params["side"])
    if side not in ("a", "b"):
        raise InputError(f"there is no future '{shorten(side)}'; allowed: a, b")
    return side
