"""The API, version 1: one set of handlers for the panel's script, the command line and other terminals."""

import asyncio
import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.alarms.alarm import Action, Alarm, Cause, Command, CommandError
from agent.alarms.snapshot import CallStatus, DeviceStatus, Snapshot
from agent.alarms.standing import OpenTask, Suppressed, to_json
from agent.panel import acts_view, camera_api, feed, figures_view, quiet_view, shadow_api, site_view, sound_view, view
from agent.panel.auth import Door, check_script
from agent.panel.errors import ApiError, refused
from agent.panel.language import choose
from agent.panel.live import Live
from agent.panel.ports import HistoryUnavailableError, Home
from agent.store.entry import Lane

PREFIX = "/api/v1"
BODY_LIMIT = 4096
BODY_S = 5
LANGUAGE_COOKIE = "nightlamp-language"
CAUSES = ", ".join(cause.value for cause in view.CAUSES)


class Api:
    """Handlers under `/api/v1`; docs/api.md lists them."""

    def __init__(self, home: Home, door: Door, live: Live) -> None:
        self._home = home
        self._door = door
        self._live = live
        self._health = {"ok": True, "version": importlib.metadata.version("nightlamp")}

    def routes(self) -> list[Route]:
        """The routes, for the application."""
        return [
            Route(f"{PREFIX}/health", self._get_health),
            Route(f"{PREFIX}/state", self._get_state),
            Route(f"{PREFIX}/live", self._get_live),
            Route(f"{PREFIX}/live/answer", self._post_answer, methods=["POST"]),
            Route(f"{PREFIX}/history", self._get_history),
            Route(f"{PREFIX}/events", self._get_events),
            *(
                Route(f"{PREFIX}/alarms/{{id}}/{action.value}", self._post_action, methods=["POST"], name=action.value)
                for action in Action
            ),
            *acts_view.routes(self._home, self._door, json_object),
            *figures_view.routes(self._home, self._door, number),
            *quiet_view.routes(self._home, self._door, json_object),
            *sound_view.routes(self._home, self._door, json_object),
            *camera_api.routes(self._home, self._door),
            *shadow_api.routes(self._home, self._door, json_object, number, language_of),
            *site_view.routes(self._home.desk, self._door, json_object, language_of),
        ]

    async def _get_health(self, request: Request) -> Response:
        return JSONResponse(self._health)

    async def _get_state(self, request: Request) -> Response:
        self._door.staff(request)
        return JSONResponse(state_json(self._home.snapshot(), language_of(request)))

    async def _get_live(self, request: Request) -> Response:
        caller, language = self._door.staff(request), language_of(request)
        return self._live.response(
            lambda snapshot: (snapshot.version, state_json(snapshot, language)), lambda: self._door.remaining_s(caller)
        )

    async def _post_answer(self, request: Request) -> Response:
        self._door.staff(request)
        check_script(request)
        body = await json_object(request)
        known = self._live.hearing.answered(str(body.get("stream", "")), body.get("sounds") is True)
        return JSONResponse({"known": known})

    async def _post_action(self, request: Request) -> Response:
        caller = self._door.staff(request)
        check_script(request)
        action = Action(request.scope["path"].rpartition("/")[2])
        body = await json_object(request)
        try:
            cause = Cause(str(body["cause"])) if "cause" in body else None
        except ValueError:
            raise ApiError("cause_needed", causes=CAUSES) from None
        command = Command(action, request.path_params["id"], caller.actor, cause if action is Action.CLOSE else None)
        try:
            event = self._home.command(command)
        except CommandError as error:
            raise refused(error, CAUSES) from error
        return JSONResponse({"changed": event is not None, "alarm": event.alarm.to_json() if event else None})

    async def _get_history(self, request: Request) -> Response:
        self._door.staff(request)
        limit, before = number(request, "limit", 100, 1, 500), number(request, "before", 0, 1, 2**62)
        try:
            rows = await self._home.history(limit, before or None)
        except HistoryUnavailableError:
            raise ApiError("history_unavailable") from None
        return JSONResponse({"rows": rows})

    async def _get_events(self, request: Request) -> Response:
        self._door.caller(request)
        try:
            lane = Lane(request.query_params.get("lane", Lane.ALARMS.value))
        except ValueError:
            raise ApiError(
                "bad_lane", lane=request.query_params["lane"][:40], lanes=", ".join(one.value for one in Lane)
            ) from None
        cursor, limit = request.query_params.get("cursor", ""), number(request, "limit", 100, 1, 1000)
        after = feed.sequence_of(lane, cursor) if cursor else 0
        try:
            page = await self._home.events(lane, after, limit)
        except HistoryUnavailableError:
            raise ApiError("history_unavailable") from None
        return JSONResponse({"events": list(page.events), "next": feed.cursor_of(lane, page.last)})


def language_of(request: Request) -> str:
    """The language in which `request` is answered."""
    return choose(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def number(request: Request, name: str, otherwise: int, low: int, high: int) -> int:
    """A whole number of the query; raises `ApiError` when it is not one of `low` to `high`."""
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and low <= int(text) <= high):
        raise ApiError("bad_number", name=name, low=low, high=high)
    return int(text)


async def body_of(request: Request) -> bytes:
    """The body; raises `ApiError` when it is too long or too slow."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise ApiError("body_too_large", limit=BODY_LIMIT)
    except TimeoutError:
        raise ApiError("body_too_slow", limit=BODY_S) from None
    return bytes(body)


async def json_object(request: Request) -> Mapping[str, Any]:
    """The body as a JSON object; an empty body is an empty one. Raises `ApiError`."""
    body = await body_of(request)
    if not body:
        return {}
    try:
        value = json.loads(body, parse_constant=_no_json)
    except (ValueError, RecursionError):
        raise ApiError("bad_body") from None
    if not isinstance(value, dict):
        raise ApiError("bad_body")
    return value


def _no_json(word: str) -> None:
    raise ValueError(f"{word} is no JSON (RFC 8259 6)")


def state_json(snapshot: Snapshot, language: str) -> dict[str, Any]:
    """The whole snapshot as JSON; `words` are for people, in `language`, the rest is for programs."""
    return {
        "version": snapshot.version,
        "at": snapshot.at,
        "wall": snapshot.wall,
        "alarms": [_alarm_json(alarm, language) for alarm in snapshot.alarms],
        "devices": [_device_json(device, language) for device in snapshot.devices],
        "rooms": [
            {"room": room.room, "residents": [{"id": id_, "name": name} for id_, name in room.residents]}
            for room in snapshot.rooms
        ],
        "parts": [{"name": part.name, "state": part.state, "detail": part.detail} for part in snapshot.parts],
        "unknown_devices": list(snapshot.unknown_devices),
        "paused": to_json(snapshot.paused) if snapshot.paused else None,
        "shelves": [to_json(shelf) for shelf in snapshot.shelves],
        "suppressed": [_suppressed_json(one, language) for one in snapshot.suppressed],
        "tasks": [_task_json(task, language) for task in snapshot.tasks],
        "flood": snapshot.flood,
        "cameras": [camera_api.camera_json(camera) for camera in snapshot.cameras],
        "calls": [_call_json(call, language) for call in snapshot.calls],
        "residents": [asdict(one) for one in snapshot.care],
        "shadow": [
            {"camera": one.camera, "place": one.place, "mode": one.mode.value, "waiting": one.waiting}
            for one in snapshot.shadows
        ],
    }


def _device_json(device: DeviceStatus, language: str) -> dict[str, Any]:
    # by hand: asdict takes five times as long, in the loop that alarms go through
    return {
        "id": device.id,
        "role": device.role,
        "room": device.room,
        "link": device.link.value,
        "reason": device.reason.text(language) if device.reason else "",
        "age_s": device.age_s,
        "readings": [
            {"quantity": r.quantity, "unit": r.unit, "value": r.value, "quality": r.quality, "age_s": r.age_s}
            for r in device.readings
        ],
    }


def _suppressed_json(one: Suppressed, language: str) -> dict[str, Any]:
    words = {"title": view.title(one.kind, language), "reasons": [reason.text(language) for reason in one.reasons]}
    return {
        "kind": one.kind,
        "subject": asdict(one.subject),
        "priority": one.priority.label,
        "since": one.since,
        "until": one.until,
        "by": one.by,
        "words": words,
    }


def _task_json(task: OpenTask, language: str) -> dict[str, Any]:
    words = {"title": view.task_title(task.kind, language), "reasons": [one.text(language) for one in task.reasons]}
    return {**to_json(task), "words": words}


def _call_json(call: CallStatus, language: str) -> dict[str, Any]:
    why = call.why.text(language) if call.why else ""
    counts = {"made": call.made, "failed": call.failed, "final": call.final}
    return {"alarm": call.alarm, "call": call.call, **counts, "words": {"why": why}}


def _alarm_json(alarm: Alarm, language: str) -> dict[str, Any]:
    words = {"title": view.title(alarm.kind, language), "reasons": [one.text(language) for one in alarm.reasons]}
    return {**alarm.to_json(), "words": words}
