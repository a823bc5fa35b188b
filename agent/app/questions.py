"""Questions asked aloud: where a loudspeaker works now, and which of them nobody spoke."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.annunciators.outputs import OK
from agent.annunciators.settings import LoudspeakerSettings
from agent.app.flow import Flow
from agent.rules.finding import Prompt
from agent.rules.prompts import PROMPTS

MUTE_S = 600.0  # a loudspeaker that could not speak, though its device works, is asked again after so long


class Questions:
    """Knows which loudspeakers work, and tells the flow where a question can be asked and what was not spoken.

    `send(id, room, text)` gives a question to the sounder; False: there is none. `new_id` gives ids for questions.
    """

    def __init__(
        self,
        speakers: Iterable[LoudspeakerSettings],
        send: Callable[[str, str, str], bool],
        flow: Flow,
        new_id: Callable[[], str],
    ) -> None:
        self._speakers = {one.name: one for one in speakers if one.rooms}
        self._send = send
        self._flow = flow
        self._new_id = new_id
        self._working: frozenset[str] = frozenset()  # by name, as the sounder says
        self._mute: dict[str, float] = {}  # could not speak, by name -> until when it is not asked to
        self._open: dict[str, tuple[str, frozenset[str]]] = {}  # question -> room, loudspeakers that may still speak it

    def ask(self, prompt: Prompt) -> None:
        """Have it spoken by every loudspeaker of its room, in the language of the first."""
        speakers = [one for one in self._speakers.values() if prompt.room in one.rooms and one.name in self._working]
        id_ = f"{prompt.subject.id}:{self._new_id()}"  # the answers bring it back, however many there are
        if not speakers or not self._send(id_, prompt.room, PROMPTS[prompt.text][speakers[0].language == "zh"]):
            self._flow.unasked(prompt.room)
            return
        self._open[id_] = prompt.room, frozenset(one.name for one in speakers)

    def answered(self, told: Mapping[str, Any], now: float) -> None:
        """A loudspeaker has spoken a question to its end, or has not; one that was merely busy can do it next time."""
        name, question = told["name"], told["id"]
        if told["ok"]:
            self._mute.pop(name, None)
            self._open.pop(question, None)
            return
        if not told["busy"]:
            self._mute[name] = now + MUTE_S
        if question not in self._open:
            return
        room, able = self._open.pop(question)
        left = able - {name} if name in able else frozenset()  # the sounder itself answers once when none can speak
        if left:
            self._open[question] = room, left
        else:
            self._flow.unasked(room)

    def status(self, outputs: Mapping[str, Mapping[str, Any]], now: float) -> None:
        """The sounder's word on each output, each second."""
        self._working = frozenset(name for name, told in outputs.items() if told["state"] == OK)
        self._mute = {name: until for name, until in self._mute.items() if until > now}
        able = (one for name, one in self._speakers.items() if name in self._working and name not in self._mute)
        self._flow.can_ask(room for one in able for room in one.rooms)

    def sounder_gone(self) -> None:
        """Nobody can be asked; what it had not spoken, it never will, however soon it is back."""
        self._working = frozenset()
        for room, _ in self._open.values():
            self._flow.unasked(room)
        self._open.clear()
        self._flow.can_ask(())
