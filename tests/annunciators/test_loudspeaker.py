"""Loudspeakers of the real sounder process; a program that records takes the place of aplay."""

import math
import shutil
from pathlib import Path

import pytest

from agent.annunciators import tones
from agent.annunciators.loudspeaker import spoken
from agent.annunciators.patterns import HIGH, LOW, MEDIUM, TECHNICAL, Burst
from agent.annunciators.scene import Scene
from agent.annunciators.settings import AnnunciatorSettings, LoudspeakerSettings, SimulatedSettings
from agent.annunciators.speech import CORE_GONE
from tests.annunciators.bench import running
from tests.annunciators.test_board import alarm
from tests.simulator.player import BYTES_A_SECOND, Player
from tests.waiting import until

espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng (apt install espeak-ng)")


@pytest.fixture
def player(run_folder: Path) -> Player:
    return Player(run_folder / "player")


def speaker(player: Player, **settings: object) -> LoudspeakerSettings:
    row: dict[str, object] = {"name": "hall", "device": "hw:1", "player": str(player.program), "speech": False}
    return LoudspeakerSettings(**{**row, **settings})  # type: ignore[arg-type]


async def test_an_alarm_is_played_in_its_pattern(run_folder: Path, player: Player) -> None:
    async with running(run_folder, AnnunciatorSettings(loudspeaker=(speaker(player),))) as bench:
        await until(lambda: bench.states() == {"hall": "ok"}, "checked with silence")
        assert player.arguments == ["-q -D hw:1 -t raw -f S16_LE -r 22050 -c 1"]
        bench.client.show([alarm("a", "medium")])
        await until(lambda: player.plays() and player.plays()[0].whole, "one burst played")
        assert player.plays()[0].sound == tones.pcm(MEDIUM)
        assert [said["id"] for said in bench.of("sounded")] == ["a"]


async def test_seen_is_silence_at_once(run_folder: Path, player: Player) -> None:
    async with running(run_folder, AnnunciatorSettings(loudspeaker=(speaker(player),))) as bench:
        bench.client.show([alarm("a")])
        await until(lambda: player.plays(0.5), "half a second of it")
        bench.client.show([alarm("a", sounding=False)])
        count = len(bench.of("status"))
        await until(lambda: len(bench.of("status")) > count + 1, "two more seconds")
        assert [play.whole for play in player.plays()] == [False]
        assert len(player.plays()[0].sound) < len(tones.pcm(HIGH))
        assert bench.states() == {"hall": "ok"}


@pytest.mark.parametrize("fault", ["broken", pytest.param("hung", marks=pytest.mark.slow)])
async def test_a_dead_loudspeaker_falls_back_to_the_buzzer(run_folder: Path, player: Player, fault: str) -> None:
    """The buzzer of rank 2 stands by, lamps shining, until the loudspeaker fails."""
    settings = AnnunciatorSettings(
        loudspeaker=(speaker(player),), simulated=(SimulatedSettings("bench", str(run_folder / "lines.jsonl"), rank=2),)
    )
    async with running(run_folder, settings) as bench:
        await until(lambda: bench.states() == {"hall": "ok", "bench": "ok"}, "both work")
        bench.client.show([alarm("a", "low")])
        await until(lambda: player.plays() and player.plays()[0].whole, "the loudspeaker sounds")
        assert bench.lines("yellow"), "the lamp of the other shines"
        assert bench.lines("buzzer") == []
        player.fail(fault)
        bench.client.show([alarm("a", "low"), alarm("b")])
        await until(lambda: bench.lines("buzzer"), "the buzzer takes over")
        assert bench.states() == {"hall": "fault", "bench": "ok"}
        assert bench.of("status")[-1]["deaf"] is False
        player.recover()
        await until(lambda: bench.states()["hall"] == "ok", "it is tried again")
        await until(lambda: not bench.lines("buzzer")[-1]["on"], "the buzzer stands by again")


async def test_without_a_player_nothing_can_sound(run_folder: Path) -> None:
    settings = AnnunciatorSettings(loudspeaker=(LoudspeakerSettings("hall", player=str(run_folder / "none")),))
    async with running(run_folder, settings) as bench:
        await until(lambda: bench.of("status") and bench.of("status")[-1]["deaf"], "deaf")
        assert "alsa-utils" in bench.of("status")[-1]["annunciators"]["hall"]["detail"]
        bench.client.prompt("p", "205", "您还好吗？")
        await until(lambda: bench.of("prompted"), "answered")
        said = bench.of("prompted")[0]
        assert (said["name"], said["ok"], said["busy"]) == ("", False, False)


@espeak
async def test_between_bursts_it_says_where_and_what(run_folder: Path, player: Player) -> None:
    async with running(run_folder, AnnunciatorSettings(loudspeaker=(speaker(player, speech=True),))) as bench:
        await until(lambda: bench.states() == {"hall": "ok"}, "checked with silence")
        bench.client.site({}, {"r1": {"room": "205", "name": "张三"}})
        fall = {**alarm("a", "low"), "kind": "fall", "subject": {"kind": "resident", "id": "r1", "room": ""}}
        bench.client.show([fall])
        await until(lambda: len([play for play in player.plays() if play.whole]) == 2, "tones, then words")
        tone, words = player.plays()
        assert tone.sound == tones.pcm(LOW)
        assert 1.0 < len(words.sound) / BYTES_A_SECOND < 5.0
        assert words.at > tone.at + len(tone.sound) / BYTES_A_SECOND - 0.1


@espeak
async def test_a_question_is_asked_in_its_room_alone(run_folder: Path, player: Player) -> None:
    other = Player(run_folder / "other")
    settings = AnnunciatorSettings(
        loudspeaker=(
            speaker(player, name="bed 205", alarms=False, rooms=("205",)),
            speaker(other, name="bed 206", alarms=False, rooms=("206",)),
        )
    )
    async with running(run_folder, settings) as bench:
        bench.client.show([alarm("a")])
        assert bench.client.prompt("p1", "205", "您好吗")
        await until(lambda: bench.of("prompted"), "asked")
        told = {key: value for key, value in bench.of("prompted")[0].items() if key not in ("v", "t")}
        assert told == {"name": "bed 205", "id": "p1", "room": "205", "ok": True, "busy": False, "detail": ""}
        assert [play.whole for play in player.plays()] == [True], "the question and no alarm"
        assert other.plays() == []
        bench.client.prompt("p2", "207", "您还好吗？")
        await until(lambda: len(bench.of("prompted")) == 2, "answered")
        assert bench.of("prompted")[1]["detail"] == "no loudspeaker for room 207"
        assert bench.of("status")[-1]["deaf"] is False, "loudspeakers that only ask are none of the alarms'"


@pytest.mark.skipif(shutil.which("aplay") is None, reason="needs aplay (apt install alsa-utils)")
async def test_aplay_itself_plays_every_sample(run_folder: Path) -> None:
    """Through ALSA's own file device, which fills up the last period with silence."""
    heard = run_folder / "heard.raw"
    device = f"file:FILE={heard},FORMAT=raw"
    row = LoudspeakerSettings("hall", device=device, speech=False)
    async with running(run_folder, AnnunciatorSettings(loudspeaker=(row,))) as bench:
        await until(lambda: bench.states() == {"hall": "ok"}, "checked with silence")
        sound = tones.pcm(LOW)
        bench.client.show([alarm("a", "low")])
        await until(lambda: heard.stat().st_size >= len(sound), "played")
        assert heard.read_bytes()[: len(sound)] == sound
        assert not any(heard.read_bytes()[len(sound) :])


@pytest.mark.skipif(shutil.which("aplay") is None, reason="needs aplay (apt install alsa-utils)")
async def test_a_sound_card_that_is_not_there_is_told(run_folder: Path) -> None:
    row = LoudspeakerSettings("hall", device="hw:CARD=none")
    async with running(run_folder, AnnunciatorSettings(loudspeaker=(row,))) as bench:
        await until(lambda: bench.states() == {"hall": "fault"}, "no such card")
        assert "aplay -L" in bench.of("status")[-1]["annunciators"]["hall"]["detail"]


@pytest.mark.parametrize(("gone", "burst"), [(True, TECHNICAL), (False, TECHNICAL), (True, HIGH)])
def test_that_nobody_judges_any_more_is_said_before_a_low_alarm(gone: bool, burst: Burst) -> None:
    low = {**alarm("a", "low", alarm_class="technical"), "kind": "battery_low", "subject": None}
    scene = Scene({}, math.inf, burst, 1.0, (low,), core_gone=gone)
    said = spoken(scene, 0, "none", "en")
    assert (said == CORE_GONE["en"]) is (gone and burst is TECHNICAL)
