"""`/api/v1/pause`, `/api/v1/resume`, `/api/v1/shelves`: what staff do to keep the noise down, each with an end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.alarms.alarm import CommandError
from agent.alarms.standing import ShelveOrder
from agent.panel.auth import Door, check_script
from agent.panel.errors import ApiError, refused
from agent.panel.ports import Home

PREFIX = "/api/v1"
PAUSE_S = 120.0
SHIFT_S = 8 * 3600.0
_TURNS = 5

Body = Callable[[Request], Awaitable[Mapping[str, Any]]]
Order = Callable[[Request, Mapping[str, Any], str], None]


def routes(home: Home, door: Door, body: Body) -> list[Route]:
    """The routes; `body` reads a JSON object."""

    def handler(order: Order) -> Callable[[Request], Awaitable[Response]]:
        async def post(request: Request) -> Response:
            caller = door.staff(request)
            check_script(request)
            asked = await body(request)
            if await _has_gone(request):
                raise ApiError("asker_gone")
            try:
                order(request, asked, caller.actor)
            except CommandError as error:
                raise refused(error) from error
            return JSONResponse({"done": True})

        return post

    def shelve(_: Request, asked: Mapping[str, Any], actor: str) -> None:
        words = [str(asked.get(name) or "") for name in ("kind", "subject", "reason")]
        home.shelve(ShelveOrder(words[0], words[1], actor, words[2], _seconds(asked, SHIFT_S)))

    orders: tuple[tuple[str, Order], ...] = (
        ("/pause", lambda _, asked, actor: home.pause(_seconds(asked, PAUSE_S), actor)),
        ("/resume", lambda _, __, actor: home.resume(actor)),
        ("/shelves", shelve),
        ("/shelves/{id}/end", lambda request, _, actor: home.unshelve(request.path_params["id"], actor)),
    )
    return [Route(PREFIX + path, handler(order), methods=["POST"]) for path, order in orders]


async def _has_gone(request: Request) -> bool:
    """Whether nobody waits for the answer any more: then we were held up, and what sounds now is not what was meant.

    The end of a connection is read some turns of the loop after what was said before it.
    """
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    return await request.is_disconnected()


def _seconds(asked: Mapping[str, Any], usual: float) -> float:
    seconds = asked.get("seconds", usual)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise CommandError("bad_value", "seconds is a number")
    return float(seconds)
