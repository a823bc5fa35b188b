"""A loudspeaker: tones in the buzzer's pattern, between them the words, and questions into a room.

Every sound is one child of ours that gets PCM on its standard input and ends when it is played: what hangs or fails is
known at once, and is killed. A burst always cuts off words, never the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.annunciators import speech, tones
from agent.annunciators.child import CANNOT_START, Child
from agent.annunciators.outputs import Say
from agent.annunciators.patterns import TECHNICAL, Burst
from agent.annunciators.scene import Scene
from agent.annunciators.settings import LoudspeakerSettings
from agent.annunciators.voice import Voice
from agent.rules.finding import Priority

CHECK_S = 60.0  # a loudspeaker that nobody hears is asked so often whether it would play
SPARE_S = 2.0  # longer than it sounds a player may not take
PROMPT_S = 10.0

_CHECK_LENGTH_S = 0.05
_BUSY = ("an alarm sounds", "something else was to be heard")  # why a question was left, and no fault of anything
_TONES, _WORDS, _PROMPT, _CHECK = "tones", "words", "prompt", "check"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to be asked in `room` before monotonic `until`; `id` is the asker's own."""

    id: str
    room: str
    text: str
    until: float


class LoudspeakerOutput:
    """One ALSA device through `aplay`."""

    simulated = False
    testable = True

    def __init__(self, settings: LoudspeakerSettings, voice: Voice, say: Say) -> None:
        self.sounds = settings.alarms
        self.up = False
        self._settings = settings
        self._voice = voice
        self._say = say
        self._child: Child | None = None
        self._playing = ""
        self._repetition: tuple[float, int] | None = None
        self._spoken = False
        self._check_at = 0.0
        self._prompts: list[Prompt] = []
        for burst in tones.TONES if settings.alarms else ():
            tones.pcm(burst, settings.volume)  # now, since it takes longer than a pulse may be late

    @property
    def rooms(self) -> tuple[str, ...]:
        """Where it is heard by residents."""
        return self._settings.rooms

    def ask(self, prompt: Prompt) -> None:
        """Ask this when nothing else is to be heard; `prompted` tells whether it was."""
        self._prompts.append(prompt)

    def apply(self, scene: Scene, now: float) -> float:
        """Start, go on with or end what is to be heard."""
        self._turn(now)
        if self.up:
            self._follow(scene, now)
        if self._child is None:
            self._begin_what_waits(scene, now)
        self._expire(now)
        return self._wake_at(now)

    def watched(self) -> dict[int, int]:
        """The player and the voice."""
        return {**self._voice.watched(), **(self._child.watched() if self._child is not None else {})}

    def off(self) -> None:
        """Silence."""
        self._voice.close()

    def close(self) -> None:
        """Silence, at once."""
        self.up, self._repetition, self._check_at = False, None, 0.0
        self._stop("the loudspeaker failed")

    def _wake_at(self, now: float) -> float:
        """When something is due without anything having happened; a check that is overdue waits for a voice."""
        own = self._child.wake_at if self._child is not None else self._check_at
        asked = (prompt.until for prompt in self._prompts[int(self._asking) :])
        return min((at for at in (own, self._voice.wake_at, *asked) if at > now), default=float("inf"))

    @property
    def _asking(self) -> bool:
        return self._playing == _PROMPT and self._child is not None

    def _turn(self, now: float) -> None:
        """Look after the player; raises OSError when it failed."""
        if self._child is None:
            return
        status = self._child.turn(now)
        if status is None:
            return
        self._child = None
        if status:
            player = self._settings.player
            cure = "install it (apt install alsa-utils)" if status == CANNOT_START else "`aplay -L` lists the devices"
            raise OSError(f"{player} -D {self._settings.device} ended with status {status}; {cure}")
        self.up, self._check_at = True, now + CHECK_S
        if self._playing == _PROMPT:
            self._answer(self._prompts.pop(0), "")

    def _follow(self, scene: Scene, now: float) -> None:
        """Begin a burst when it is due; end it with its reason."""
        if scene.burst is None or not (self.sounds or scene.testing):
            self._repetition = None
            if self._playing in {_TONES, _WORDS}:
                self._stop("")
            return
        number, within_s = _where(scene.burst, now - scene.burst_at)
        if (scene.burst_at, number) == self._repetition:
            return
        self._stop(_BUSY[0])
        self._repetition, self._spoken = (scene.burst_at, number), False
        sound = tones.pcm(scene.burst, self._settings.volume)[2 * round(within_s * tones.RATE) :]
        if sound:
            self._play(_TONES, sound, now)

    def _begin_what_waits(self, scene: Scene, now: float) -> None:
        """In silence: the words of the alarm, else a question, else the check, which goes first after a failure."""
        if not self.up:
            self._play(_CHECK, tones.silence(_CHECK_LENGTH_S), now)
        elif self._repetition is not None and not self._spoken and self._settings.speech:
            told = spoken(scene, self._repetition[1], self._settings.names, self._settings.language)
            sound = self._words(told, now)
            self._spoken = sound is not None or bool(self._voice.fault)
            if sound:
                self._play(_WORDS, sound, now)
        elif self._prompts:
            sound = self._words(self._prompts[0].text, now)
            if sound:
                self._play(_PROMPT, sound, now)
            elif self._voice.fault:
                self._answer(self._prompts.pop(0), self._voice.fault)
        elif now >= self._check_at:
            self._play(_CHECK, tones.silence(_CHECK_LENGTH_S), now)

    def _words(self, text: str, now: float) -> bytes | None:
        return self._voice.pcm(text, self._settings.language, self._settings.volume, now)

    def _expire(self, now: float) -> None:
        """Answer for questions that could not be asked in time."""
        for prompt in self._prompts[int(self._asking) :]:
            if now >= prompt.until:
                self._prompts.remove(prompt)
                self._answer(prompt, self._voice.fault or _BUSY[1])

    def _play(self, what: str, sound: bytes, now: float) -> None:
        seconds = len(sound) / tones.BYTES_A_SECOND
        self._child = Child(self._command(), sound, now, seconds + SPARE_S)
        self._playing = what
        self._child.turn(now)

    def _command(self) -> Sequence[str]:
        form = ("-t", "raw", "-f", "S16_LE", "-r", str(tones.RATE), "-c", "1")
        return (self._settings.player, "-q", "-D", self._settings.device, *form)

    def _stop(self, why: str) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            if self._playing == _PROMPT:
                self._answer(self._prompts.pop(0), why)
        self._playing = ""

    def _answer(self, prompt: Prompt, why: str) -> None:
        told = {"id": prompt.id, "room": prompt.room, "busy": why in _BUSY}
        self._say("prompted", name=self._settings.name, **told, ok=not why, detail=why)


def spoken(scene: Scene, number: int, names: str, language: str) -> str:
    """What repetition `number` of a burst says: each of the gravest alarms in turn."""
    if scene.testing:
        return speech.TEST[language]
    sounding = [alarm for alarm in scene.alarms if alarm["sounding"]]
    if not sounding or (scene.core_gone and scene.burst is TECHNICAL):
        return speech.CORE_GONE[language]
    gravest = max(Priority.of(alarm["priority"]) for alarm in sounding)
    told = [alarm for alarm in sounding if Priority.of(alarm["priority"]) is gravest]
    return speech.sentence(told[number % len(told)], scene.site, names, language)


def _where(burst: Burst, elapsed_s: float) -> tuple[int, float]:
    """Which repetition of the burst this is, and how many seconds of it have passed."""
    elapsed_ms = max(0, round(elapsed_s * 1000))
    if burst.silence_ms is None:
        return 0, elapsed_ms / 1000
    number, within_ms = divmod(elapsed_ms, burst.length_ms + burst.silence_ms)
    return number, within_ms / 1000
