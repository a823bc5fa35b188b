"""The pages for staff: made on the server in the carer's language, kept up to date by the live stream."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.alarms.snapshot import Snapshot
from agent.clock import Clock
from agent.figures import table
from agent.panel import camera_view, history_view, view
from agent.panel.api import LANGUAGE_COOKIE, body_of, language_of, number
from agent.panel.auth import COOKIE, Caller, Door, check_origin
from agent.panel.errors import ApiError
from agent.panel.fragments import Fragments
from agent.panel.language import LANGUAGES
from agent.panel.live import Live
from agent.panel.ports import HistoryUnavailableError, Home

CAMERAS = "cameras"
VIEWS = (
    ("alarms", "/"),
    ("care", "/care"),
    ("devices", "/devices"),
    (CAMERAS, "/cameras"),
    ("system", "/system"),
    ("history", "/history"),
    ("figures", "/figures"),
)
ASIDE = (("shadow", "/shadow"),)  # pages that others link to: the head has no room for them
SHOWN = (*VIEWS, *ASIDE)
ZONES = "zones"  # the page on which a camera's zones are drawn: nothing of it changes by itself
HISTORY_ROWS = 50
FIGURE_DAYS = (1, 7, 30)
YEAR_S = 365 * 24 * 3600


class Pages:
    """Handlers of everything that a browser opens."""

    def __init__(
        self,
        home: Home,
        door: Door,
        live: Live,
        clock: Clock,
        is_night: Callable[[], bool],
        session_s: int,
        secure: bool,
    ) -> None:
        self._home = home
        self._door = door
        self._live = live
        self._clock = clock
        self._is_night = is_night
        self._fragments = Fragments()
        self._cookie: dict[str, Any] = {"max_age": session_s, "httponly": True, "secure": secure, "samesite": "strict"}

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route("/login", self._get_login, methods=["GET"]),
            Route("/login", self._post_login, methods=["POST"]),
            Route("/logout", self._post_logout, methods=["POST"]),
            Route("/live/{view}", self._get_live),
            *(Route(path, self._get_page, name=name) for name, path in SHOWN),
            Route("/cameras/{id:path}", self._get_zones),
        ]

    def error(self, request: Request, error: ApiError) -> Response:
        """The page of a refused request; to the login where that is the cure."""
        if error.code == "login_needed" and request.method == "GET":
            return RedirectResponse(f"/login?next={request.scope['path']}", 303)
        return self._html(request, "error.html", error.status, error=error)

    async def _get_page(self, request: Request) -> Response:
        language = request.query_params.get("lang", "")
        if language in LANGUAGES:
            return self._in_language(request.scope["path"], language)
        caller = self._caller(request)
        name = next(name for name, path in SHOWN if path == request.scope["path"])
        stored = {"history": self._history, "figures": self._figures}.get(name)
        content = (
            await stored(request) if stored else self._fragments.live(name, self._home.snapshot(), language_of(request))
        )
        return self._page(request, caller, name, content)

    async def _get_zones(self, request: Request) -> Response:
        """Where the zones of one camera are drawn."""
        language = request.query_params.get("lang", "")
        if language in LANGUAGES:
            return self._in_language(request.scope["path"], language)
        caller, language = self._caller(request), language_of(request)
        camera = next((one for one in self._home.snapshot().cameras if one.id == request.path_params["id"]), None)
        if camera is None:
            raise ApiError("no_such_camera")
        content = self._fragments.render(
            "zones.html",
            language,
            camera=camera,
            drawing=camera_view.drawing(camera, language),
            kinds=camera_view.KINDS,
            views=camera_view.VIEWS,
        )
        return self._page(request, caller, CAMERAS, content, ZONES)

    def _page(
        self, request: Request, caller: Caller, name: str, content: Markup | str | None, stream: str = ""
    ) -> Response:
        """The page `name`, kept up to date by `stream` where that is another; without cameras there is none of them."""
        seeing = bool(self._home.snapshot().cameras)
        return self._html(
            request,
            "page.html",
            view=name,
            stream=stream or name,
            views=[one for one in VIEWS if seeing or one[0] != CAMERAS],
            here=request.scope["path"],
            content=content,
            clock=view.clock_time(self._clock.stamp().wall),
            caller=caller,
            actor=view.actor(caller.actor),
        )

    async def _history(self, request: Request) -> str:
        before = number(request, "before", 0, 1, 2**62)
        rows, older = None, 0
        try:
            found = await self._home.history(HISTORY_ROWS, before or None)
            rows = history_view.history(found, language_of(request))
            older = found[-1].get("sequence", 0) if len(found) == HISTORY_ROWS else 0
        except HistoryUnavailableError:
            pass  # the page says so; open alarms do not need the store
        return self._fragments.render("history.html", language_of(request), rows=rows, older=older)

    async def _figures(self, request: Request) -> str:
        days, language = number(request, "days", FIGURE_DAYS[1], 1, FIGURE_DAYS[-1]), language_of(request)
        found = None
        with suppress(HistoryUnavailableError):  # the page says so
            found = await self._home.stats(days)
        return self._fragments.render(
            "figures.html",
            language,
            days=days,
            choices=FIGURE_DAYS,
            span=table.span(found, language) if found else "",
            sections=table.sections(found, language, view.names(self._home.snapshot())) if found else None,
        )

    async def _get_live(self, request: Request) -> Response:
        caller, language, name = self._caller(request), language_of(request), request.path_params["view"]
        if name not in (*dict(SHOWN), ZONES):
            raise ApiError("not_found")

        def render(snapshot: Snapshot) -> tuple[object, dict[str, Any]]:
            shown = {
                "html": self._fragments.live(name, snapshot, language),
                "clock": view.clock_time(self._clock.stamp().wall),
                "open": len(snapshot.alarms),
                "sounding": view.sounding(snapshot),
                "night": self._is_night(),
            }
            return shown, shown

        return self._live.response(render, lambda: self._door.remaining_s(caller))

    def _caller(self, request: Request) -> Caller:
        return self._door.staff(request)

    async def _get_login(self, request: Request) -> Response:
        language = request.query_params.get("lang", "")
        if language in LANGUAGES:
            return self._in_language("/login", language)
        return self._html(
            request, "login.html", error=None, name="", next=_own_path(request.query_params.get("next", "/"))
        )

    async def _post_login(self, request: Request) -> Response:
        check_origin(request)
        fields = _fields(await body_of(request))
        name, following = fields.get("name", ""), _own_path(fields.get("next", "/"))
        address = request.client.host if request.client else "local"
        try:
            token = await self._door.log_in(address, name, fields.get("code", ""))
        except ApiError as error:
            response = self._html(request, "login.html", error.status, error=error, name=name, next=following)
            if error.wait_s is not None:
                response.headers["retry-after"] = str(error.wait_s)
            return response
        response = RedirectResponse(following, 303)
        response.set_cookie(COOKIE, token, **self._cookie)
        return response

    async def _post_logout(self, request: Request) -> Response:
        check_origin(request)
        await self._door.log_out(request)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, **{key: value for key, value in self._cookie.items() if key != "max_age"})
        return response

    def _in_language(self, path: str, language: str) -> Response:
        response = RedirectResponse(path, 303)
        response.set_cookie(LANGUAGE_COOKIE, language, **{**self._cookie, "max_age": YEAR_S})
        return response

    def _html(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
        return HTMLResponse(self._fragments.render(template, language_of(request), **values), status)


def _fields(body: bytes) -> dict[str, str]:
    """Of a form; none of one that is not ours."""
    try:
        return dict(parse_qsl(body.decode(errors="replace"), max_num_fields=8))
    except ValueError:  # more of them
        return {}


def _own_path(path: str) -> str:
    """`path` if it is one of our pages, else the first: nobody is sent elsewhere after the login."""
    return path if path in {own for _, own in SHOWN} else "/"
