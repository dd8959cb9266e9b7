"""The showcase's addresses. There are no others: no files, no settings, no other run."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from workbench.chat.showing import Counts, Invitation
from workbench.server.showcase import pages
from workbench.server.showcase.answers import Answers
from workbench.server.showcase.bodies import read_choice, read_field, read_prompt
from workbench.server.showcase.door import Door, Refused, Visitor, in_seconds
from workbench.server.showcase.line import Line, Place
from workbench.server.showcase.room import Room
from workbench.server.showcase.rows import in_line, row_of
from workbench.server.showcase.streams import Stream

_COOKIE_SECONDS = 12 * 3600
_MOST_WATCHING = 300

Handler = Callable[[Request], Awaitable[Response]]


class Stage:
    """One showcase: who is inside, who waits, and what the room is asked."""

    def __init__(self, words: pages.Words, door: Door, answers: Answers, invitation: Invitation) -> None:
        self._words = words
        self._door = door
        self._answers = answers
        self.invitation = invitation
        self._line = Line()
        self._room = Room()
        self._questions = 0
        self._asking_room: asyncio.Task[None] | None = None

    def app(self) -> Starlette:
        # A wrong method is no clue either: what is not listed is not there.
        told = {404: _not_here, 405: _not_here, HTTPException: _tell}
        app = Starlette(routes=self._routes(), exception_handlers=told)
        app.router.redirect_slashes = False
        return app

    def counts(self) -> Counts:
        return Counts(self._door.entered, self._room.here, self._questions, self._line.waiting)

    def _routes(self) -> list[Route]:
        reading: dict[str, Handler] = {
            "/": self._on_page,
            "/live": self._on_live,
            "/room": self._on_room,
            "/room/qr.svg": self._on_qr,
            **{f"/{name}": self._on_file for name in pages.FILES},
        }
        writing: dict[str, Handler] = {
            "/enter": self._on_enter,
            "/ask": self._on_ask,
            "/vote": self._on_vote,
            "/room/ask": self._on_room_ask,
            "/room/hand": self._on_hand,
            "/room/reveal": self._on_reveal,
        }
        return [
            *(Route(path, handler, methods=["GET"]) for path, handler in reading.items()),
            *(Route(path, handler, methods=["POST"]) for path, handler in writing.items()),
        ]

    async def _on_page(self, request: Request) -> Response:
        visitor, offered = self._visitor(request), request.query_params.get("code")
        if offered is not None:
            return RedirectResponse("/", 303) if visitor else self._let_in(request, offered)
        return HTMLResponse(pages.visitor_page(self._words)) if visitor else HTMLResponse(pages.code_page(), 401)

    async def _on_enter(self, request: Request) -> Response:
        return self._let_in(request, await read_field(request, "code"))

    async def _on_file(self, request: Request) -> Response:
        name = request.url.path[1:]
        if name not in pages.OPEN_FILES:
            self._inside(request)
        content, kind = pages.read_file(name)
        return Response(content, media_type=kind)

    async def _on_ask(self, request: Request) -> Response:
        visitor = self._inside(request)
        prompt = await read_prompt(request)
        if visitor.is_asking:
            raise HTTPException(409, "Your last question is still being answered.")
        paces = (visitor.pace, self._door.pace_of(_address(request)))
        if wait := max(pace.wait_seconds() for pace in paces):
            raise HTTPException(429, f"You can ask again {in_seconds(wait)}.", {"Retry-After": str(int(wait) + 1)})
        place = self._line.join()
        if place is None:
            raise HTTPException(503, "Very many people are asking. Try again in a minute.")
        for pace in paces:
            pace.take()
        visitor.is_asking = True
        self._questions += 1
        return Stream(self._answer(prompt, place), lambda: _leave(visitor, place))

    async def _answer(self, prompt: str, place: Place) -> AsyncGenerator[dict[str, Any], None]:
        async for position in place.positions():
            yield {"kind": "place", "position": position, "words": in_line(position)}
        yield {"kind": "turn"}
        async with aclosing(self._answers.ask(prompt)) as events:
            async for event in events:
                if row := row_of(event):
                    yield row

    async def _on_live(self, request: Request) -> Response:
        visitor = self._inside(request)
        if self._room.here >= _MOST_WATCHING:
            raise HTTPException(503, "Very many people are watching. Try again later.")
        return Stream(self._room.watch(visitor.token))

    async def _on_vote(self, request: Request) -> Response:
        visitor = self._inside(request)
        number, letter, _ = await read_choice(request)
        return _done(self._room.vote(number, letter, visitor.token))

    async def _on_room(self, request: Request) -> Response:
        known = self._visitor(request)
        if key := request.query_params.get("key", ""):
            presenter = self._door.present(key, known)
            return _with_cookie(request, RedirectResponse("/room", 303), presenter) if presenter else _not_here()
        if not (known and known.presents):
            return _not_here()
        return HTMLResponse(pages.room_page(self._words, self.invitation))

    async def _on_qr(self, request: Request) -> Response:
        self._presenting(request)
        return Response(self.invitation.draw(), media_type="image/svg+xml")

    async def _on_room_ask(self, request: Request) -> Response:
        self._presenting(request)
        prompt = await read_prompt(request)
        if self._asking_room:
            self._asking_room.cancel()
        self._questions += 1
        self._asking_room = asyncio.create_task(self._ask_room(prompt))
        return _done(True)

    async def _ask_room(self, prompt: str) -> None:
        """The room does not wait in line: everybody in it waits for this answer."""
        asked = self._room.begin(prompt)
        async with aclosing(self._answers.ask(prompt)) as events:
            async for event in events:
                self._room.take(asked, event)

    async def _on_hand(self, request: Request) -> Response:
        self._presenting(request)
        return _done(self._room.raise_hand(*await read_choice(request)))

    async def _on_reveal(self, request: Request) -> Response:
        self._presenting(request)
        number, _, _ = await read_choice(request)
        return _done(self._room.reveal(number))

    def _let_in(self, request: Request, code: str) -> Response:
        try:
            visitor = self._door.enter(code, _address(request))
        except Refused as refusal:
            return HTMLResponse(pages.code_page(str(refusal)), 429 if refusal.seconds else 401)
        return _with_cookie(request, RedirectResponse("/", 303), visitor)

    def _visitor(self, request: Request) -> Visitor | None:
        return self._door.visitor(request.cookies.get(_cookie_name(request), ""))

    def _inside(self, request: Request) -> Visitor:
        visitor = self._visitor(request)
        if visitor is None:
            raise HTTPException(401, "Enter the code first.")
        return visitor

    def _presenting(self, request: Request) -> Visitor:
        visitor = self._visitor(request)
        if visitor is None or not visitor.presents:
            raise HTTPException(404)
        return visitor


def _leave(visitor: Visitor, place: Place) -> None:
    place.leave()
    visitor.is_asking = False


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _cookie_name(request: Request) -> str:
    # Browsers share cookies between all ports of a host name.
    return f"showcase-{request.url.port or 80}"


def _with_cookie(request: Request, response: Response, visitor: Visitor) -> Response:
    response.set_cookie(_cookie_name(request), visitor.token, max_age=_COOKIE_SECONDS, httponly=True, samesite="lax")
    return response


def _done(worked: bool) -> Response:
    return Response(status_code=204) if worked else PlainTextResponse("This question is over.\n", 409)


def _not_here(*_: Any) -> Response:
    return PlainTextResponse("There is no such page.\n", 404)


def _tell(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code, error.headers)
