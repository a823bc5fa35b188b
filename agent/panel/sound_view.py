"""`/api/v1/sound/test` and `/api/v1/sound/heard`: whether buzzers and lamps work, as people hear and see it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.alarms.alarm import CommandError
from agent.panel.auth import Door, check_script
from agent.panel.errors import refused
from agent.panel.ports import Home

PREFIX = "/api/v1/sound"


def routes(home: Home, door: Door, body: Callable[[Request], Awaitable[Mapping[str, Any]]]) -> list[Route]:
    """The routes; `body` reads a JSON object."""

    async def test(request: Request) -> Response:
        door.staff(request)
        check_script(request)
        try:
            home.test_sound()
        except CommandError as error:
            raise refused(error) from error
        return JSONResponse({"asked": True})

    async def heard(request: Request) -> Response:
        caller = door.staff(request)
        check_script(request)
        asked = await body(request)
        try:
            act = home.act("heard", {"device": asked.get("name")}, caller.actor)
        except CommandError as error:
            raise refused(error) from error
        return JSONResponse({"name": act.subject.id, "by": act.actor})

    return [Route(f"{PREFIX}/test", test, methods=["POST"]), Route(f"{PREFIX}/heard", heard, methods=["POST"])]
