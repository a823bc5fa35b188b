"""`POST /api/v1/acts`: what staff did that is no answer to an alarm (turned, out, back, round, …)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.alarms.alarm import CommandError
from agent.panel.auth import Door, check_script
from agent.panel.errors import refused
from agent.panel.ports import Home

PATH = "/api/v1/acts"


def routes(home: Home, door: Door, body: Callable[[Request], Awaitable[Mapping[str, Any]]]) -> list[Route]:
    """The route; `body` reads a JSON object."""

    async def post(request: Request) -> Response:
        caller = door.staff(request)
        check_script(request)
        asked = await body(request)
        try:
            act = home.act(str(asked.get("act", "")), asked, caller.actor)
        except CommandError as error:
            raise refused(error) from error
        about = {"kind": act.subject.kind.value, "id": act.subject.id, "room": act.subject.room}
        return JSONResponse({"act": act.name, "subject": about, "value": act.value, "by": act.actor})

    return [Route(PATH, post, methods=["POST"])]
