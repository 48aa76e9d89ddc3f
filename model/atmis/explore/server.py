"""What the page asks for, and who may ask: answers over HTTP, on this machine only.

Nothing here leaves 127.0.0.1: the name of the host in each request must be this machine's (else a page elsewhere could
reach it by a name of its own), requests that other sites make are refused, and what writes or opens a folder needs a
token that only the page knows, new at each start.
"""

import asyncio
import json
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atmis.explore import course, differences, opened, pictures, saving, scenery
from atmis.explore.futures import Future, Futures, in_words
from atmis.explore.quick import Both, Quick, Runs
from atmis.scenario.errors import InputError
from atmis.scenario.levers import ExploreSettings

PAGE = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_MOST_BYTES = 20_000  # of what is sent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # for reports, made of others' files


class Explorer:
    """What is explored: the settings, the futures, the runs that are kept, the folders that were opened."""

    def __init__(self, futures: Futures, settings: ExploreSettings, saving_to: saving.Place, first: str) -> None:
        self.futures, self.settings, self.saving_to = futures, settings, saving_to
        self.first = Future(first)
        self.token = secrets.token_urlsafe(24)
        self.quick = Quick(settings.workers)
        self.folders: dict[str, Path] = {}
        self._turn = threading.Lock()
        self._courses = lru_cache(maxsize=8)(self._course)

    def course(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        """The course of one run, kept; who asks while it is run waits for it."""
        with self._turn:
            return self._courses(future, seed, replicate)

    def warm_up(self) -> None:
        """What the first view needs, before it asks."""
        with suppress(InputError):  # what cannot be is said when it is asked for
            self.course(self.first, self.settings.seed, 0)

    @cached_property
    def setting(self) -> dict[str, Any]:
        """What does not change while one explores."""
        levers = {
            name: lever.model_dump(exclude={"key", "block", "absent"}) for name, lever in self.futures.levers.items()
        }
        groups = {lever.group for lever in self.futures.levers.values() if lever.group}
        return {
            "scenarios": self.futures.scenarios(),
            "levers": levers,
            "choices": {group: self.futures.choices(group) for group in sorted(groups)},
            "first": self.first.scenario,
            "seed": self.settings.seed,
            "replicates": self.settings.replicates,
            "save_in": str(self.saving_to.folder),
            **scenery.told(self.futures.scenario(self.first)),
        }

    def rest(self, asked: Mapping[str, str], side: str) -> dict[str, Any]:
        """Where levers rest and stand, and what the future assumes."""
        future = self.futures.asked(asked, side)
        bare = Future(
            future.scenario, tuple((name, at) for name, at in future.moved if self.futures.levers[name].group)
        )
        plain, levers = self.futures.rest(Future(future.scenario)), self.futures.levers
        rest = {name: plain[name] if levers[name].group else at for name, at in self.futures.rest(bare).items()}
        told = {
            name: in_words(at, levers[name]) for name, at in {**rest, **dict(future.moved)}.items() if at is not None
        }
        return {
            "label": future.label,
            "rest": rest,
            "moved": dict(future.moved),
            "words": told,
            "assumes": self.futures.assumes(future) if future.moved else self.futures.scenarios()[future.scenario],
        }

    def _course(self, future: Future, seed: int, replicate: int) -> dict[str, Any]:
        return course.run(self.futures.scenario(future), seed, replicate).told()

    def sides(self, asked: Mapping[str, str]) -> tuple[list[Runs], tuple[str, str], int]:
        """The runs of both futures, their labels, and how many replicates are wanted."""
        both = [self.futures.asked(asked, side) for side in "ab"]
        seed, replicates = _whole(asked, "seed", self.settings.seed), self.settings.replicates
        for future in both:
            self.futures.scenario(future)  # says what cannot be
        labels = both[0].label, both[1].label if both[1].label != both[0].label else f"{both[1].label} (2)"
        runs = [self.quick.runs(future.label, self.futures.data(future), seed, replicates) for future in both]
        return runs, labels, replicates

    def compared(self, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Progress, and what is known so far; the last of these is all."""
        runs, labels, replicates = self.sides(asked)
        total = 2 * replicates
        for found in self.quick.both(runs[0], runs[1], replicates):
            if isinstance(found, int):
                yield {"done": found, "total": total}
            else:
                yield {"total": total, **differences.shown(found, labels)}

    def both(self, asked: Mapping[str, str]) -> tuple[Both, tuple[str, str]]:
        """Both ensembles, whole."""
        runs, labels, replicates = self.sides(asked)
        return (self.quick.all(runs[0], replicates), self.quick.all(runs[1], replicates)), labels

    def save(self, sent: Mapping[str, Any]) -> dict[str, str]:
        """Save the second future as a scenario."""
        asked, name = sent.get("future"), sent.get("name")
        if (
            not isinstance(asked, dict)
            or not isinstance(name, str)
            or not all(isinstance(v, str) for v in asked.values())
        ):
            raise InputError("what was sent is not a future with a name")
        future = self.futures.asked(asked, "b")
        return saving.save(
            self.futures, future, name, self.saving_to, _whole(asked, "seed", self.settings.seed), self.settings
        )

    def open(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Open a folder of results."""
        word = sent.get("folder")
        if not isinstance(word, str) or not word.strip() or "\0" in word:
            raise InputError("name a folder of `atmis run`, `atmis compare` or `atmis sweep`")
        path = Path(word.strip()).expanduser()
        found = opened.told(path)
        number = secrets.token_urlsafe(12)
        self.folders[number] = path
        return {"id": number, "folder": str(path), **found}

    def report(self, number: str) -> bytes:
        """The report of a folder that was opened."""
        if number not in self.folders:
            raise InputError("this folder is not open any more; open it again")
        return opened.report(self.folders[number])


# --- answers ---


def application(explorer: Explorer, port: Callable[[], int]) -> ASGIApp:
    """The answers to what the page asks. `port`: on which it listens, known once it does."""

    def told(make: Callable[[Request], Any]) -> Callable[[Request], Response]:
        """An answer as JSON; a sentence where it cannot be."""

        def answer(request: Request) -> Response:
            try:
                made = make(request)
            except (InputError, ValueError) as error:
                return _sorry(error)
            return made if isinstance(made, Response) else _json(made)

        return answer

    def of_course(request: Request) -> Any:
        asked = request.query_params
        future = explorer.futures.asked(asked, _side(request))
        return explorer.course(future, _whole(asked, "seed", explorer.settings.seed), _whole(asked, "replicate", 0))

    def of_picture(request: Request) -> Response:
        name, kind = request.path_params["name"], request.path_params["kind"]
        both, labels = explorer.both(request.query_params)
        if kind == "csv":
            return _file(pictures.numbers(name, both, labels), "text/csv", f"{name}.csv")
        made = pictures.picture(name, kind, both, labels)
        return _file(made, pictures.KINDS[kind], f"{labels[1]}_{name}.{kind}".replace(" ", "_"))

    def sent_to(act: Callable[[Mapping[str, Any]], Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                sent = await _sent(request, explorer.token)
                return _json(await asyncio.to_thread(act, sent))
            except InputError as error:
                return _sorry(error)

        return answer

    routes = [
        Route("/", lambda request: _page(explorer.token)),
        Route("/page/{name}", lambda request: _of_page(request.path_params["name"])),
        Route("/api/setting", told(lambda request: explorer.setting)),
        Route("/api/labels", told(lambda request: scenery.labels(explorer.futures.scenario(explorer.first)))),
        Route("/api/rest/{side}", told(lambda request: explorer.rest(request.query_params, _side(request)))),
        Route("/api/course/{side}", told(of_course)),
        Route("/api/compared", lambda request: _stream(lambda: explorer.compared(request.query_params))),
        Route("/api/take/{name}.{kind}", told(of_picture)),
        Route("/api/report/{id}", told(lambda r: _report(explorer.report(r.path_params["id"])))),
        Route("/api/save", sent_to(explorer.save), methods=["POST"]),
        Route("/api/open", sent_to(explorer.open), methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), port)


def _json(made: Any) -> Response:
    return JSONResponse(made)


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
        raise InputError(f"there is no future '{side[:80]}'; allowed: a, b")
    return side


def _whole(asked: Mapping[str, str], key: str, otherwise: int) -> int:
    word = asked.get(key, str(otherwise))
    if not word.isdecimal() or len(word) > 18:
        raise InputError(f"{key}: '{word[:80]}' is not a whole number")
    return int(word)


class Guard:
    """Lets in only what asks for this machine by name, and what no other site asks for; adds headers to answers."""

    def __init__(self, inner: ASGIApp, port: Callable[[], int]) -> None:
        self.inner, self.port = inner, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        hosts = {f"{name}:{self.port()}" for name in ("127.0.0.1", "localhost")}
        elsewhere = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        origin = headers.get("origin", "")
        foreign = bool(origin) and origin.removeprefix("http://") not in hosts
        if headers.get("host") not in hosts or (scope["path"] != "/" and elsewhere) or foreign:
            await Response("refused", status_code=403, media_type="text/plain")(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_added(message["headers"])]
            await send(message)

        await self.inner(scope, receive, sent)


def _added(headers: Any) -> list[tuple[bytes, bytes]]:
    """Headers of every answer, but for those that are there."""
    there = {name.lower() for name, _ in headers}
    every = {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }
    return [(name.encode(), value.encode()) for name, value in every.items() if name.encode() not in there]
