"""`GET /api/v1/stats` and `GET /api/v1/alarms/{id}/bundle`: figures of the last days, and one alarm's whole story."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.panel.auth import Door
from agent.panel.errors import ApiError
from agent.panel.ports import HistoryUnavailableError, Home
from agent.store.gateway_key import KeyFileError
from agent.store.stats import DAYS_AT_MOST
from agent.store.story import UnknownAlarmError

PREFIX = "/api/v1"
DAYS = 30

Number = Callable[[Request, str, int, int, int], int]


def routes(home: Home, door: Door, number: Number) -> list[Route]:
    """The routes; `number` reads a whole number of the query: name, otherwise, lowest, highest."""

    async def get_stats(request: Request) -> Response:
        door.staff(request)
        days = number(request, "days", DAYS, 1, DAYS_AT_MOST)
        try:
            return JSONResponse((await home.stats(days)).to_json())
        except HistoryUnavailableError:
            raise ApiError("history_unavailable") from None

    async def get_bundle(request: Request) -> Response:
        caller = door.staff(request)
        alarm = request.path_params["id"]
        try:
            lines = await home.bundle(alarm, caller.actor)
        except UnknownAlarmError:
            raise ApiError("no_such_alarm") from None
        except KeyFileError as error:
            raise ApiError("key_unusable", detail=str(error)) from None
        except HistoryUnavailableError:
            raise ApiError("history_unavailable") from None
        headers = {"Content-Disposition": 'attachment; filename="incident.jsonl"', "Cache-Control": "no-store"}
        return Response("".join(lines), media_type="application/x-ndjson", headers=headers)

    return [Route(f"{PREFIX}/stats", get_stats), Route(f"{PREFIX}/alarms/{{id}}/bundle", get_bundle)]
