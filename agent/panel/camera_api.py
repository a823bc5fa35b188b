"""`/api/v1/cameras`: each camera with its state, consent and zones, and the outline of its room on which to draw."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.alarms.snapshot import CameraStatus
from agent.panel.auth import Door, check_script
from agent.panel.camera_port import OutlineRefusedError
from agent.panel.errors import ApiError
from agent.panel.ports import Home

PATH = "/api/v1/cameras"


def routes(home: Home, door: Door) -> list[Route]:
    """The routes; zones are edited as any site fact is: table `camera`."""

    async def get(request: Request) -> Response:
        door.staff(request)
        return JSONResponse({"cameras": [camera_json(one) for one in home.snapshot().cameras]})

    async def post_outline(request: Request) -> Response:
        caller = door.staff(request)
        check_script(request)
        try:
            found = await home.camera_desk.outline(request.path_params["id"], caller.actor)
        except OutlineRefusedError as refused:
            raise ApiError(refused.code) from None
        return JSONResponse(found.to_json())

    return [Route(PATH, get), Route(PATH + "/{id:path}/outline", post_outline, methods=["POST"])]


def camera_json(camera: CameraStatus) -> dict[str, Any]:
    """One camera for programs; `facts` as a row of the site facts has them."""
    facts = camera.facts
    return {
        "id": camera.id,
        "role": camera.role,
        "room": camera.room,
        "state": camera.state,
        "faults": list(camera.faults),
        "being_set": not camera.holds,
        "consent": {"from": camera.consent_from, "until": camera.consent_until, "days_left": camera.days_left},
        "beds": list(camera.beds),
        "facts": {
            "zones": [{**zone.told(), "name": zone.name} for zone in facts.zones],
            "mode": facts.mode.value,
            "threshold": facts.threshold,
            "view": facts.view.value,
        },
    }
