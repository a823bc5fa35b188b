"""`/api/v1/site`: who lives where, who works when and who is called, read whole and edited row by row."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.panel.auth import Door, check_script
from agent.panel.errors import ApiError
from agent.panel.site_errors import EDIT_ERRORS, not_edited
from agent.panel.site_port import TABLES, Edit, SiteDesk, SiteRefusedError

PATH = "/api/v1/site"

Body = Callable[[Request], Awaitable[Mapping[str, Any]]]


def routes(desk: SiteDesk, door: Door, body: Body, language_of: Callable[[Request], str]) -> list[Route]:
    """The routes; `body` reads a JSON object."""

    async def get(request: Request) -> Response:
        door.staff(request)
        return JSONResponse(desk.document)

    async def put(request: Request) -> Response:
        caller = door.staff(request)
        check_script(request)
        return await answer(request, await body(request), caller.actor)

    async def delete(request: Request) -> Response:
        caller = door.staff(request)
        check_script(request)
        return await answer(request, None, caller.actor)

    async def answer(request: Request, row: Mapping[str, Any] | None, author: str) -> Response:
        table, id_ = request.path_params["table"], request.path_params["id"]
        if table not in TABLES:
            raise ApiError("unknown_table", tables=", ".join(TABLES))
        language = language_of(request)
        try:
            warnings = await desk.edit(Edit(table, id_, row), author)
        except EDIT_ERRORS as refused:
            error = not_edited(refused, table)
            if not isinstance(refused, SiteRefusedError):
                raise error from None
            told = [one.to_json(language) for one in refused.problems]
            return JSONResponse({**error.to_json(language), "problems": told}, error.status)
        told = [one.to_json(language) for one in warnings]
        return JSONResponse({"table": table, "id": id_, "by": author, "warnings": told})

    path = PATH + "/{table}/{id:path}"
    return [
        Route(PATH, get),
        Route(path, put, methods=["PUT"]),
        Route(path, delete, methods=["DELETE"]),
    ]
