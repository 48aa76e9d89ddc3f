"""Protection of the server: only requests of this machine's own page, made by whoever started it, are let in."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TOKEN_HEADER = "x-atmis-token"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_NO_TOKEN = (
    "open the whole address that atmis explore has printed, with its token: "
    "without it nothing is shown, since others may use this machine too"
)


class RequestGuard:
    """Middleware that refuses requests for other hosts, from other sites or of strangers, and adds security headers.

    Whoever comes with the token of the printed address gets a cookie for the page, its files and its data. Browsers
    send cookies to every port of a machine, servers of others among them: so this one is not the token, and what
    writes or opens folders needs the token itself.
    """

    def __init__(self, inner: ASGIApp, port: int, token: str) -> None:
        self.inner, self.port, self.token = inner, port, token
        self.cookie_name, self.cookie = f"atmis-{port}", secrets.token_urlsafe(24)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        request, added = Request(scope), dict(_SECURITY)
        answer: ASGIApp = self.inner
        if self._is_foreign(request):
            answer = Response("refused", status_code=403, media_type="text/plain")
        elif _is_equal(request.query_params.get("token", ""), self.token):
            added["set-cookie"] = f"{self.cookie_name}={self.cookie}; HttpOnly; SameSite=Strict; Path=/"
        elif not self._is_known(request):
            answer = _refusal(request)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_missing_headers(message["headers"], added)]
            await send(message)

        await answer(scope, receive, send_with_headers)

    def _is_foreign(self, request: Request) -> bool:
        """Whether a request is for another host or comes from another site; a page elsewhere may link to the page."""
        hosts = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost")}
        is_cross_site = request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        origin = request.headers.get("origin", "")
        return (
            request.headers.get("host") not in hosts
            or (request.url.path != "/" and is_cross_site)
            or (bool(origin) and origin.removeprefix("http://") not in hosts)
        )

    def _is_known(self, request: Request) -> bool:
        """Whether a request comes with the token in its header, or only reads and comes with the cookie."""
        if _is_equal(request.headers.get(_TOKEN_HEADER, ""), self.token):
            return True
        return request.method in ("GET", "HEAD") and _is_equal(request.cookies.get(self.cookie_name, ""), self.cookie)


def _is_equal(given: str, secret: str) -> bool:
    """Whether a text is a secret, in a time that tells nothing of it."""
    return secrets.compare_digest(given.encode(errors="replace"), secret.encode())


_SECURITY = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
}


def _refusal(request: Request) -> Response:
    """The sentence for a request without a token, as the page reads it or as a person does."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": _NO_TOKEN}, status_code=403)
    return Response(f"{_NO_TOKEN[0].upper()}{_NO_TOKEN[1:]}.\n", status_code=403, media_type="text/plain")


def _missing_headers(headers: Any, added: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers that are to be added to a response, without those that are set already."""
    present = {name.lower() for name, _ in headers}
    return [(name.encode(), value.encode()) for name, value in added.items() if name.encode() not in present]
