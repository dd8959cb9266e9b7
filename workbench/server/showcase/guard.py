"""The guard in front of the showcase: own names, own pages, and the strictest policy a page can have."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from workbench.server.guard import Gate, comes_from_us, own_host

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
SAFE_HEADERS = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    # Not "no-referrer": with it, browsers send no origin with the form in which the code is written.
    b"referrer-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cache-control": b"no-store",
}


class ShowcaseGuard(Gate):
    """`names` are host names without a port."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        super().__init__(app, SAFE_HEADERS)
        self._names = names

    def _stop(self, request: Request) -> Response | None:
        if own_host(request.headers, self._names) is None:
            return PlainTextResponse("This page does not answer to this host name.\n", 403)
        if not comes_from_us(request):
            return PlainTextResponse("This page takes no requests from other pages.\n", 403)
        return None
