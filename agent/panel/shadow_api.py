"""`/api/v1/shadow`: what cameras would have raised, what people say of it, and the switch to live and back."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.camera_facts import THRESHOLD_LEAST, THRESHOLD_MOST, CameraMode
from agent.panel import shadow_view
from agent.panel.auth import Caller, Door, check_script
from agent.panel.errors import FAULTS, ApiError
from agent.panel.ports import Home
from agent.panel.shadow_port import ShadowDesk
from agent.panel.site_errors import EDIT_ERRORS, not_edited
from agent.shadow.book import ShadowError
from agent.shadow.candidate import Candidate, Label
from agent.shadow.proposal import Forecast
from agent.shadow.status import ShadowStatus
from agent.store.events import utc

PATH = "/api/v1/shadow"
PAGE = 100
EARLIEST, LATEST = 1e9, 1e11  # UTC seconds: what lies outside was meant as something else
DAY_S = 86_400

Body = Callable[[Request], Awaitable[Mapping[str, Any]]]
Number = Callable[[Request, str, int, int, int], int]
Deed = Callable[[Mapping[str, Any], Caller, str], Awaitable[dict[str, Any]]]


def routes(home: Home, door: Door, body: Body, number: Number, language_of: Callable[[Request], str]) -> list[Route]:
    """The routes; `body` reads a JSON object, `number` one of the query."""
    desk = home.shadow

    async def get(request: Request) -> Response:
        door.staff(request)
        language = language_of(request)
        return JSONResponse({"cameras": [status_json(one, language) for one in desk.statuses()]})

    async def get_candidates(request: Request) -> Response:
        door.staff(request)
        limit = number(request, "limit", PAGE, 1, 2000)
        try:
            found = desk.candidates(request.query_params.get("camera", ""))
        except ShadowError as error:
            raise refused(error) from error
        return JSONResponse({"candidates": [candidate_json(one) for one in found[:limit]]})

    def doing(deed: Deed) -> Callable[[Request], Awaitable[Response]]:
        async def post(request: Request) -> Response:
            caller = door.staff(request)
            check_script(request)
            try:
                return JSONResponse(await deed(await body(request), caller, language_of(request)))
            except ShadowError as error:
                raise refused(error) from error

        return post

    deeds: tuple[tuple[str, Deed], ...] = (("label", _label(desk)), ("missed", _missed(desk)), ("mode", _mode(desk)))
    return [
        Route(PATH, get),
        Route(f"{PATH}/candidates", get_candidates),
        *(Route(f"{PATH}/{name}", doing(deed), methods=["POST"]) for name, deed in deeds),
    ]


def _label(desk: ShadowDesk) -> Deed:
    async def deed(asked: Mapping[str, Any], caller: Caller, _: str) -> dict[str, Any]:
        try:
            label = Label(str(asked.get("label", "")))
        except ValueError:
            raise ApiError("bad_label", labels=", ".join(Label)) from None
        return {"candidate": candidate_json(desk.label(str(asked.get("candidate", "")), label, caller.actor))}

    return deed


def _missed(desk: ShadowDesk) -> Deed:
    async def deed(asked: Mapping[str, Any], caller: Caller, _: str) -> dict[str, Any]:
        return {"candidate": candidate_json(desk.note(str(asked.get("camera", "")), _when(asked), caller.actor))}

    return deed


def _mode(desk: ShadowDesk) -> Deed:
    async def deed(asked: Mapping[str, Any], caller: Caller, language: str) -> dict[str, Any]:
        camera = str(asked.get("camera", ""))
        try:
            mode = CameraMode(str(asked.get("mode", "")))
        except ValueError:
            raise ApiError("bad_mode", modes=", ".join(CameraMode)) from None
        before = next((one for one in desk.statuses() if one.camera == camera), None)
        own = before.threshold if before is not None and before.own else None
        threshold = _threshold(asked["threshold"]) if "threshold" in asked else own
        if asked.get("confirm") is not True:
            raise ApiError(f"confirm_{mode.value}", camera=camera)
        try:
            after = await desk.switch(camera, mode, threshold, caller.actor)
        except EDIT_ERRORS as error:
            raise not_edited(error, "camera") from None
        return {"camera": status_json(after, language), "by": caller.actor}

    return deed


def _when(asked: Mapping[str, Any]) -> float:
    """UTC seconds of `at`, or of the last time that local clocks showed `clock` (HH:MM); raises `ApiError`."""
    at, clock = asked.get("at"), asked.get("clock")
    if clock is not None:
        return _last(str(clock), time.time())
    if isinstance(at, bool) or not isinstance(at, int | float) or not EARLIEST <= at <= LATEST:
        raise ApiError("bad_time")
    return float(at)


def _last(clock: str, now: float) -> float:
    try:
        told = time.strptime(clock.strip(), "%H:%M")
    except ValueError:
        raise ApiError("bad_time") from None
    local = time.localtime(now)
    wall = time.mktime((*local[:3], told.tm_hour, told.tm_min, 0, 0, 0, -1))
    return wall if wall <= now else wall - DAY_S


def _threshold(given: object) -> float | None:
    if given is None:
        return None
    low, high = THRESHOLD_LEAST, THRESHOLD_MOST
    if isinstance(given, bool) or not isinstance(given, int | float) or not low <= given <= high:
        raise ApiError("bad_threshold", low=low, high=high)
    return float(given)


def refused(error: ShadowError) -> ApiError:
    """A refusal of the book as ours."""
    assert error.code in FAULTS
    return ApiError(error.code, **error.values)


def status_json(one: ShadowStatus, language: str) -> dict[str, Any]:
    """A camera's shadow for programs; `words` are for people, in `language`."""
    proposal = one.proposal
    return {
        "camera": one.camera,
        "place": one.place,
        "mode": one.mode.value,
        "threshold": one.threshold,
        "own_threshold": one.own,
        "hours": round(proposal.hours, 2),
        "day": asdict(one.day),
        "window": asdict(one.window),
        "recent": [candidate_json(found) for found in one.recent],
        "in_force": _forecast(one.now),
        "proposal": {
            "why": proposal.why.value,
            "needed_h": proposal.needed_h,
            "goal_a_week": proposal.goal_a_week,
            "forecast": _forecast(proposal.forecast),
        },
        "words": list(shadow_view.lines(one, language)),
    }


def candidate_json(one: Candidate) -> dict[str, Any]:
    """A candidate for programs."""
    return {
        "id": one.id,
        "camera": one.camera,
        "place": one.place,
        "time": utc(one.wall),
        "score": one.score,
        "kind": one.kind.value,
        "mode": one.mode.value,
        "reasons": list(one.reasons),
        "label": one.label,
        "by": one.by,
        "labelled": utc(one.labelled_at) if one.label else None,
    }


def _forecast(one: Forecast | None) -> dict[str, Any] | None:
    return None if one is None else {key: round(value, 3) for key, value in asdict(one).items()}
