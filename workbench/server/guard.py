"""The guard in front of the page: it turns away foreign hosts, foreign pages and visitors without the token.

Binding to 127.0.0.1 alone does not keep other web pages out: a page open in the same browser can send requests to
localhost, and a hostile name can be made to resolve to it. So every request must name us in `Host`, must come from our
own page where the browser says where it comes from, and must carry the token, in a cookie or as a bearer. The addresses
for programs take a bearer alone, the token or their own key, which opens nothing else.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.server.access import Access
from workbench.server.openai import API_PATH
from workbench.server.openai.errors import ApiError, no_key

# 'unsafe-eval': gradio compiles the templates and scripts of gr.HTML in the browser.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "media-src 'self' blob: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'self'"
)
SAFE_HEADERS = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
OPEN_PATH = "/healthz"
COOKIE_SECONDS = 365 * 24 * 3600
HOST = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")


class Gate(ABC):
    """Turns requests away before they reach an application, and puts headers on every answer.

    Pure ASGI, so that streamed answers pass through it unbuffered.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[bytes, bytes]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            app = self._stop(Request(scope)) or self._app
            await app(scope, receive, with_headers(send, self._headers))
        else:
            await send({"type": "websocket.close", "code": 1008})

    @abstractmethod
    def _stop(self, request: Request) -> Response | None:
        """The answer that ends this request here; None lets it pass."""


class Guard(Gate):
    """In front of the page."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        super().__init__(app, SAFE_HEADERS)
        self._access = access
        self._sign_in_page = Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8")

    def _stop(self, request: Request) -> Response | None:
        host = own_host(request.headers, self._access.names)
        if host is None:
            return forbid(request, "This page does not answer to this host name.")
        if not comes_from_us(request):
            return forbid(request, "This page takes no requests from other pages.")
        if is_for_programs(request):
            return None if self._access.knows_program(bearer(request)) else no_key().response()
        cookie = f"workbench-{host['port'] or 'default'}"
        if self._brings_link(request):
            return welcome(request, cookie)
        if request.scope["path"] == OPEN_PATH or self._brings_token(request, cookie):
            return None
        return HTMLResponse(self._sign_in_page, 401, {"Cache-Control": "no-store", "WWW-Authenticate": "Bearer"})

    def _brings_link(self, request: Request) -> bool:
        return is_reading(request) and self._access.knows(request.query_params.get("token", ""))

    def _brings_token(self, request: Request, cookie: str) -> bool:
        return self._access.knows(request.cookies.get(cookie, "")) or self._access.knows(bearer(request))


def is_for_programs(request: Request) -> bool:
    path = request.scope["path"]
    return path == API_PATH or path.startswith(f"{API_PATH}/")


def forbid(request: Request, reason: str) -> Response:
    if is_for_programs(request):
        return ApiError(403, reason, "forbidden").response()
    return PlainTextResponse(f"{reason}\n", 403)


def bearer(request: Request) -> str:
    """What the request offers as a key, "" without one."""
    scheme, _, offered = request.headers.get("authorization", "").partition(" ")
    return offered.strip() if scheme.lower() == "bearer" else ""


def own_host(headers: Headers, names: frozenset[str]) -> re.Match[str] | None:
    """The Host header, if there is exactly one and it names us. On any port: a tunnel may lead here from another."""
    hosts = headers.getlist("host")
    match = HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    return match if match and match["name"] in names else None


def comes_from_us(request: Request) -> bool:
    """Whether our own page, the address bar, a link or a program asks: never a script or form of another page."""
    host = request.headers["host"].lower()
    origins = request.headers.getlist("origin")
    if any(origin.lower() not in (f"http://{host}", f"https://{host}") for origin in origins):
        return False
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none") or is_followed_link(request)


def is_followed_link(request: Request) -> bool:
    headers = request.headers
    to_a_tab = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return to_a_tab and is_reading(request)


def is_reading(request: Request) -> bool:
    return request.method in ("GET", "HEAD")


def welcome(request: Request, cookie: str) -> Response:
    """Keep the token in a cookie and send the browser to the same address without it.

    Browsers share cookies between all ports of a host name, so the cookie's name carries the port.
    """
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "token"]
    # One leading slash: "//name" would lead to another host.
    path = "/" + quote(request.scope["path"].lstrip("/"))
    address = f"{path}?{urlencode(rest)}" if rest else path
    answer = Response(status_code=303, headers={"Location": address, "Cache-Control": "no-store"})
    answer.set_cookie(cookie, request.query_params["token"], max_age=COOKIE_SECONDS, httponly=True, samesite="strict")
    return answer


def with_headers(send: Send, headers: Mapping[bytes, bytes]) -> Send:
    """Send each answer with these headers, whatever it says itself."""

    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in headers]
            message = {**message, "headers": [*kept, *headers.items()]}
        await send(message)

    return send_safely
