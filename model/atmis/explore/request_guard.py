"""Who may ask: only what this machine's own page sends."""

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Guard:
    """Lets in only what asks for this machine by name, and what no other site asks for; adds headers to answers."""

    def __init__(self, inner: ASGIApp, port: int) -> None:
        self.inner, self.port = inner, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        hosts = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
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
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }
    return [(name.encode(), value.encode()) for name, value in every.items() if name.encode() not in there]
