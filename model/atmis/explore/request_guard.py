"""Protection of the server: only requests of this machine's own page are let in."""

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class RequestGuard:
    """Middleware that refuses requests for other hosts or from other sites, and adds security headers to responses."""

    def __init__(self, inner: ASGIApp, port: int) -> None:
        self.inner, self.port = inner, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        hosts = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        is_cross_site = headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        origin = headers.get("origin", "")
        is_foreign = bool(origin) and origin.removeprefix("http://") not in hosts
        if headers.get("host") not in hosts or (scope["path"] != "/" and is_cross_site) or is_foreign:
            await Response("refused", status_code=403, media_type="text/plain")(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_missing_headers(message["headers"])]
            await send(message)

        await self.inner(scope, receive, send_with_headers)


def _missing_headers(headers: Any) -> list[tuple[bytes, bytes]]:
    """The headers of every response, without those that are set already."""
    present = {name.lower() for name, _ in headers}
    required = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "cross-origin-resource-policy": "same-origin",
    }
    return [(name.encode(), value.encode()) for name, value in required.items() if name.encode() not in present]
