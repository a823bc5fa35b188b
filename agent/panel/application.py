"""All handlers as one ASGI application, with what holds for every answer."""

import logging
from collections.abc import Callable

from h11 import LocalProtocolError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.panel import static_files
from agent.panel.api import PREFIX, Api, language_of
from agent.panel.errors import ApiError
from agent.panel.pages import Pages

_LOGGER = logging.getLogger(__name__)

# OWASP secure headers; nothing is loaded from elsewhere, nobody may frame the panel, nothing is kept.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def application(api: Api, pages: Pages) -> ASGIApp:
    """The application; refusals are JSON under `/api/`, pages elsewhere."""

    def answer(request: Request, error: ApiError) -> Response:
        if not request.scope["path"].startswith(PREFIX.rpartition("/")[0] + "/"):
            response = pages.error(request, error)
        else:
            response = JSONResponse(error.to_json(language_of(request)), error.status)
        return response

    async def on_refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return answer(request, error)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = answer(request, ApiError("method_not_allowed" if error.status_code == 405 else "not_found"))
        response.headers.update(error.headers or {})
        return response

    app = Starlette(
        routes=[*api.routes(), *pages.routes(), *static_files.routes()],
        exception_handlers={ApiError: on_refused, HTTPException: on_http},
        middleware=[Middleware(_Frame, answer=lambda request: answer(request, ApiError("internal")))],
    )
    app.router.redirect_slashes = False
    return app


class _Frame:
    """Around every answer: the headers above; what fails inside is logged whole and told in one sentence."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = False

        async def framed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, framed)
        except ClientDisconnect:  # gone in the middle of what it sent: nobody to answer, nothing that failed here
            return
        except LocalProtocolError as error:  # what it sent after its head was no HTTP: the server has hung up
            _LOGGER.warning("panel: %s %r: the answer was not taken: %s", scope["method"], scope["path"], error)
        except Exception:  # a failed page must not look like a failed gateway; the log has it whole
            _LOGGER.exception("panel: %s %r failed", scope["method"], scope["path"])
            if not started:  # else uvicorn cuts the half answer off
                await self._answer(Request(scope))(scope, receive, framed)
