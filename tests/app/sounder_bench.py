"""The sounder's role over a real socket with a sounder that says what it is told, and the flow behind it."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from agent.alarms.alarm import Alarm
from agent.alarms.escalation import Escalation
from agent.annunciators.settings import AnnunciatorSettings, LoudspeakerSettings, PagerSettings, SimulatedSettings
from agent.app.flow import Flow, Outlets
from agent.app.parts import Parts
from agent.app.sounder_role import SounderRole
from agent.clock import Clock
from agent.judge import Judge, Verdict
from agent.residents import Binding, DeviceRole, Resident, Site, Subject, SubjectKind
from agent.rules.finding import Finding, Priority, Prompt
from agent.rules.reason import because
from agent.rules.settings import RuleSettings
from agent.rules.voices import Voices
from agent.staff import Member, Roster
from agent.wire import LineDecoder, Message, encode
from tests.waiting import until

SITE = Site.of(
    [Resident("r-1", "王秀英", "205")],
    [Binding("button", DeviceRole.BUTTON, resident="r-1")],
    roster=Roster.of([Member("s-1", "张建国", pager="815"), Member("s-2", "李桂兰")], (), ()),
)
SETTINGS = AnnunciatorSettings(
    simulated=(SimulatedSettings("bench", "lines"),),
    loudspeaker=(
        LoudspeakerSettings("bed 205", alarms=False, rooms=("205",)),
        LoudspeakerSettings("bed 206", alarms=False, rooms=("206",), language="en"),
        LoudspeakerSettings("also 205", alarms=False, rooms=("205",)),
    ),
    pager=(PagerSettings("dect", "/dev/ttyS0"),),
)
OK = {"state": "ok", "detail": "", "simulated": False, "test": "never", "tested_at": None}
BENCH = Subject(SubjectKind.DEVICE, "bench")


class Sounder:
    """The other end: says what it is told to, keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.speakers: dict[str, dict[str, Any]] = {}  # in each status

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        decoder = LineDecoder(1 << 20)
        while data := await reader.read(65536):
            self.heard += decoder.feed(data)
        writer.close()

    def say(self, kind: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
        self.writers[-1].write(encode(kind, **fields))

    def status(self, deaf: bool = False, **outputs: dict[str, Any]) -> None:
        self.say("status", annunciators={"bench": OK, **self.speakers, **outputs}, deaf=deaf, testing="")

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.heard if message["t"] == kind]


class Bench:
    """A role with a real flow behind it; `now` is its clock."""

    def __init__(self, folder: Path, settings: AnnunciatorSettings) -> None:
        self.now = 1000.0
        self.panels = 0
        self.marks = itertools.count()
        self.restarts: list[str] = []
        self.events: list[str] = []
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.deaths: list[BaseException] = []
        self.sounder = Sounder()
        self.path = folder / "sounder.sock"
        numbers = itertools.count()
        outlets = Outlets(
            lambda alarms: self.role.show(alarms),
            self._keep,
            lambda act: self.role.acted(act),
            lambda: None,
            self.deaths.append,
            lambda prompt: self.role.ask(prompt),
        )
        clock = Clock(lambda: self.now, lambda: 1_800_000_000.0 + self.now, "boot", lambda: True)
        judge = Judge.of(RuleSettings(), Escalation(site=SITE), lambda: f"id-{next(numbers)}")
        self.flow = Flow(judge, clock, outlets)
        self.parts = Parts(self.flow.report, lambda: None)
        self.role = SounderRole(
            self.path,
            settings,
            self.flow,
            self.parts,
            self.restarts.append,
            lambda: self.panels,
            lambda word, subject, data: self.calls.append((word, subject, dict(data))),
            lambda: f"q-{next(numbers)}",
        )

    def _keep(self, verdict: Verdict) -> None:
        self.events += [event.happened.value for event in verdict.events]

    def tick(self, after_s: float = 1.0) -> None:
        self.now += after_s
        self.parts.tick(self.now)
        self.role.tick()

    def press(self) -> Alarm:
        subject = SITE.subject_of("button")
        why = (because("pressed", device="button", press="press"),)
        self.flow.report([Finding("sos", subject, Priority.HIGH, self.now, why, "button")])
        return next(alarm for alarm in self.flow.open if alarm.kind == "sos")

    def ask(self, room: str) -> None:
        """A rule wants somebody asked in `room`."""
        self.flow.report([Prompt("are_you_all_right", Subject(SubjectKind.PLACE, room, room), self.now, room=room)])

    async def works(self, *names: str) -> None:
        """These loudspeakers work, and no others."""
        dead = {**OK, "state": "fault", "detail": "unplugged"}
        self.sounder.speakers = {one.name: OK if one.name in names else dead for one in SETTINGS.loudspeaker}
        await self.taken()

    @property
    def voices(self) -> Voices:
        """Where a question can be asked."""
        return self.flow.judge.rules.ground.voices

    def faults(self, kind: str = "annunciator_fault") -> dict[str, str]:
        """Why, by part, of alarms whose condition goes on."""
        found = [alarm for alarm in self.flow.open if alarm.kind == kind and alarm.condition]
        return {alarm.subject.id: alarm.reasons[-1].text() for alarm in found}

    async def connected(self) -> None:
        await until(lambda: len(self.sounder.writers) == 1, "connected")
        self.sounder.say("held", alarms=[])
        await until(lambda: self.sounder.of("open"), "greeted")

    async def taken(self) -> None:
        """Until the role has read all that was said: a word of the sounder that changes a note comes last."""
        mark = f"mark {next(self.marks)}"
        self.sounder.status(mark={**OK, "state": "fault", "detail": mark})
        await until(lambda: any(one.detail == mark for one in self.parts.statuses()), "read")


async def running(bench: Bench) -> AsyncIterator[Bench]:
    server = await asyncio.start_unix_server(bench.sounder.serve, str(bench.path))
    bench.role.use(SITE)
    bench.role.begin()
    task = asyncio.create_task(bench.role.run())
    try:
        await bench.connected()
        yield bench
        assert bench.deaths == []
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        server.close()
        for writer in bench.sounder.writers:
            writer.close()
        await server.wait_closed()
