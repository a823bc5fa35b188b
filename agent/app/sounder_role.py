"""The core's dealings with the sounder: alarms and questions to it, its deeds and faults to flow and parts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from agent.alarms.alarm import Alarm, CommandError
from agent.annunciators.client import SounderClient
from agent.annunciators.settings import AnnunciatorSettings
from agent.app import past
from agent.app.ears import NOT_HEARD_YET, Ears
from agent.app.flow import Flow
from agent.app.parts import Parts
from agent.app.questions import Questions
from agent.app.sound_test import TASK, SoundTest
from agent.detection.acts import Act
from agent.residents import Site
from agent.rules.finding import Prompt
from agent.wire import Message, WireError

NO_OUTPUT = "no buzzer or lamp is configured (annunciators.toml)"


class SounderRole:
    """`run` keeps the connection to the sounder at `path`; everything else returns at once.

    `restart` kills a sounder that hangs. `panels`: how many panels would be heard. `keep` gets what became of a call or
    question, by a word, the id of its subject and what there is to know. `new_id` gives ids for questions.
    """

    def __init__(
        self,
        path: Path,
        settings: AnnunciatorSettings,
        flow: Flow,
        parts: Parts,
        restart: Callable[[str], None],
        panels: Callable[[], int],
        keep: Callable[[str, str, Mapping[str, Any]], None],
        new_id: Callable[[], str],
    ) -> None:
        self.names = settings.names
        self._flow = flow
        self._parts = parts
        self._keep = keep
        self._was_heard = False
        self._faults: dict[str, str] = {}  # output -> what its device lacks
        self._calls: dict[tuple[str, str], tuple[str, str]] = {}  # (output, pager or room) -> (alarm, why it failed)
        self._client = SounderClient(path, self._take, self._on_link, restart)
        self._test = SoundTest(settings.names, flow.report, lambda: flow.judge.tasks.open, parts)
        self._ears = Ears(settings.sounds, panels, flow.deaf, self._now)
        self._questions = Questions(settings.loudspeaker, self._client.prompt, flow, new_id)

    async def run(self) -> None:
        """Connect and stay connected, until cancelled."""
        await self._client.run()

    def begin(self) -> None:
        """What stands before the sounder is heard; after the past was taken up."""
        now = self._now
        self._parts.expect("sounder")
        self._parts.state("sounder", NOT_HEARD_YET, now)
        if not self.names:
            self._parts.state("annunciator:none", NO_OUTPUT, now)
        self.take_up()

    def take_up(self) -> None:
        """Faults of outputs that went on before a restart are known now."""
        self._test.take_up((*self._flow.open, *self._flow.left), self._now)

    def use(self, site: Site) -> None:
        """Site facts have changed: whom to call by which pager, and who lives where. Names stay on this machine."""
        pagers = {member.id: member.pager for member in site.roster.members.values() if member.pager}
        rooms = {one.id: {"room": one.room, "name": one.name} for one in site.residents.values()}
        self._client.site(pagers, rooms)

    def show(self, alarms: Iterable[Alarm]) -> None:
        """These are open."""
        self._client.show(alarms)

    def ask(self, prompt: Prompt) -> None:
        """Ask aloud; what nobody speaks is told to the flow."""
        self._questions.ask(prompt)

    def acted(self, act: Act) -> None:
        """Whoever has heard a test says so by `heard`, or by ticking its task off."""
        if act.name == "heard" or (act.name == "task_done" and act.value == TASK):
            self._test.heard(act.subject.id, act.actor, act.at)
            self._client.heard(act.subject.id, act.actor)

    def test(self) -> None:
        """Test all outputs, as soon as no urgent alarm sounds; raises `CommandError`: no output, or no sounder."""
        if not self.names:
            raise CommandError("no_sounder", NO_OUTPUT)
        if not self._client.test():
            raise CommandError("no_sounder", "the sounder does not run; it is started again and again, see the log")

    def bye(self) -> None:
        """The core ends in order."""
        self._client.bye()

    def down(self, why: str) -> None:
        """Its process ended or cannot start; its greeting says that it works again."""
        if why:
            self._parts.state("sounder", why, self._now)

    def tick(self) -> None:
        """Each second."""
        now = self._now
        self._test.tick(now)
        self._ears.look(now)
        if self._calls:
            self._forget_calls({alarm.id for alarm in self._flow.open})

    @property
    def _now(self) -> float:
        return self._flow.moment.monotonic

    def _on_link(self, up: bool) -> None:
        why = "" if up else "no connection to the sounder"
        self._parts.state("sounder", why, self._now)
        if why:
            self._test.sounder_gone()
            self._questions.sounder_gone()
            self._ears.sounder(why, self._now)

    def _take(self, message: Message) -> None:
        """One line; raises `WireError` when it breaks the contract, which ends the connection."""
        take = {
            "held": self._held,
            "sounded": lambda told: self._flow.sounded(told["id"], told["at"]),
            "status": self._status,
            "prompted": self._prompted,
            "paged": self._paged,
        }.get(message["t"])
        if take is None:
            return
        try:
            take(message)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise WireError(f"{message['t']}: {error!r}") from error

    def _held(self, message: Message) -> None:
        """What it sounds that the store may not have; later it can only repeat what we told it."""
        if self._was_heard:
            return
        self._was_heard = True
        if problems := past.restore_held(message["alarms"], self._flow):
            self._parts.state("open alarms", "; ".join(problems), self._now)
        self._parts.inherit(self._flow.open, self._now)
        self._test.take_up(self._flow.open, self._now)

    def _status(self, message: Message) -> None:
        now = self._now
        for name, told in message["annunciators"].items():
            self._parts.note(f"annunciator:{name}", "simulated" if told["simulated"] else "")
            self._faults[name] = told["detail"] if told["state"] == "fault" else ""
            self._tell(name)
            if by := self._test.status(name, told, now):
                self._client.heard(name, by)
        self._questions.status(message["annunciators"], now)
        self._ears.sounder("every buzzer is dead" if message["deaf"] else "", now)

    def _prompted(self, message: Message) -> None:
        """Each loudspeaker of the room answers."""
        told = {"output": message["name"], "ok": message["ok"], "detail": message["detail"]}
        self._questions.answered(message, self._now)
        self._keep("prompted", message["id"].rpartition(":")[0], told)
        if message["name"] and not message["busy"]:
            self._called(message["name"], message["room"], "", "" if message["ok"] else message["detail"])

    def _paged(self, message: Message) -> None:
        """One that the base will never take stays a fault; another is one as long as its alarm is open."""
        about = next((alarm.subject.id for alarm in self._flow.open if alarm.id == message["id"]), "")
        told = {key: message[key] for key in ("person", "ok", "detail")}
        self._keep("paged", about, {"alarm": message["id"], "output": message["name"], **told})
        alarm = "" if message["final"] else message["id"]
        self._called(message["name"], message["pager"], alarm, "" if message["ok"] else message["detail"])

    def _called(self, name: str, whom: str, alarm: str, why: str) -> None:
        self._calls.pop((name, whom), None)
        if why:
            self._calls[name, whom] = alarm, f"{whom}: {why}"
        self._tell(name)

    def _forget_calls(self, open_: Collection[str]) -> None:
        """Those that nobody tries again, and of which nothing says that they could not work."""
        for key, (alarm, _) in list(self._calls.items()):
            if alarm and alarm not in open_:
                del self._calls[key]
                self._tell(key[0])

    def _tell(self, name: str) -> None:
        """A device that does not work explains the calls that failed."""
        calls = "; ".join(why for (output, _), (_, why) in self._calls.items() if output == name)
        self._parts.state(f"annunciator:{name}", self._faults.get(name, "") or calls, self._now)
