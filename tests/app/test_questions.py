"""A question is asked where a loudspeaker works, and one that nobody spoke leaves nobody to answer it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.app.questions import MUTE_S
from tests.app.sounder_bench import SETTINGS, Bench, running
from tests.waiting import until


@pytest.fixture
async def bench(run_folder: Path) -> AsyncIterator[Bench]:
    async for made in running(Bench(run_folder, SETTINGS)):
        yield made


async def asked(bench: Bench, room: str) -> str:
    """Ask in `room`; the question's id, as the sounder has it."""
    before = len(bench.sounder.of("prompt"))
    bench.ask(room)
    await until(lambda: len(bench.sounder.of("prompt")) > before, "asked")
    return str(bench.sounder.of("prompt")[-1]["id"])


async def test_questions_are_for_rooms_whose_loudspeaker_works_now(bench: Bench) -> None:
    assert bench.voices.rooms == frozenset(), "not before the sounder has said so"
    await bench.works("bed 205", "bed 206")
    assert bench.voices.rooms == {"205", "206"}
    await bench.works("bed 206")
    assert bench.voices.rooms == {"206"}
    bench.ask("205")
    assert bench.sounder.of("prompt") == []
    assert not bench.voices.can_answer("205", bench.now)


async def test_what_was_asked_where_nobody_could_speak_has_no_answer_once_somebody_can(bench: Bench) -> None:
    await bench.works("bed 206")
    asked_at = bench.now
    bench.ask("205")
    await bench.works("bed 205", "bed 206")
    assert not bench.voices.can_answer("205", asked_at)
    assert bench.voices.can_answer("205", asked_at + 1.0)


async def test_a_sounder_that_is_gone_asks_nobody(bench: Bench) -> None:
    await bench.works("bed 205")
    asked_at = bench.now
    await asked(bench, "205")
    assert bench.voices.can_answer("205", asked_at)
    bench.sounder.writers[-1].close()
    await until(lambda: not bench.voices.rooms, "gone")
    assert not bench.voices.can_answer("205", asked_at)
    await until(lambda: len(bench.sounder.writers) == 2, "back")
    bench.now += 1.0
    await bench.works("bed 205")
    assert not bench.voices.can_answer("205", asked_at), "what it had not spoken it has forgotten"
    assert bench.voices.can_answer("205", bench.now)


async def test_what_was_spoken_before_the_sounder_went_has_its_time_once_it_is_back(bench: Bench) -> None:
    await bench.works("bed 205")
    asked_at = bench.now
    answer = {"name": "bed 205", "room": "205", "busy": False, "ok": True, "detail": ""}
    bench.sounder.say("prompted", **answer, id=await asked(bench, "205"))
    await bench.taken()
    bench.sounder.writers[-1].close()
    await until(lambda: not bench.voices.rooms, "gone")
    await until(lambda: len(bench.sounder.writers) == 2, "back")
    await bench.works("bed 205")
    assert bench.voices.can_answer("205", asked_at)


@pytest.mark.parametrize("busy", [True, False])
async def test_what_was_not_spoken_is_told_and_a_loudspeaker_without_a_voice_is_left_for_a_while(
    bench: Bench, busy: bool
) -> None:
    await bench.works("bed 205")
    id_ = await asked(bench, "205")
    answer = {"name": "bed 205", "id": id_, "room": "205", "detail": "an alarm sounds" if busy else "no speech"}
    bench.sounder.say("prompted", **answer, busy=busy, ok=False)
    await bench.taken()
    assert not bench.voices.can_answer("205", bench.now)
    assert bench.voices.rooms == ({"205"} if busy else frozenset())
    bench.now += MUTE_S - 1.0
    await bench.taken()
    assert bench.voices.rooms == ({"205"} if busy else frozenset())
    bench.now += 1.0
    await bench.taken()
    assert bench.voices.rooms == {"205"}
    assert bench.voices.can_answer("205", bench.now), "the next question is another one"


async def test_what_was_spoken_has_its_time_and_its_speaker_a_voice_again(bench: Bench) -> None:
    await bench.works("bed 205")
    answer = {"name": "bed 205", "room": "205", "busy": False}
    id_ = await asked(bench, "205")
    bench.sounder.say("prompted", **answer, id=await asked(bench, "205"), ok=False, detail="no speech")
    await bench.taken()
    assert bench.voices.rooms == frozenset()
    bench.now += 5.0
    bench.sounder.say("prompted", **answer, id=id_, ok=True, detail="")
    await bench.taken()
    assert bench.voices.rooms == {"205"}
    bench.sounder.say("prompted", **{**answer, "busy": True}, id=id_, ok=False, detail="twice")
    await bench.taken()
    assert bench.voices.can_answer("205", bench.now)


async def test_one_loudspeaker_of_two_is_enough(bench: Bench) -> None:
    await bench.works("bed 205", "also 205")
    id_ = await asked(bench, "205")
    answer = {"id": id_, "room": "205", "busy": True, "ok": False, "detail": "an alarm sounds"}
    bench.sounder.say("prompted", **answer, name="bed 205")
    await bench.taken()
    assert bench.voices.can_answer("205", bench.now)
    bench.sounder.say("prompted", **answer, name="also 205")
    await bench.taken()
    assert not bench.voices.can_answer("205", bench.now)
    id_ = await asked(bench, "205")
    bench.now += 1.0
    bench.sounder.say("prompted", **{**answer, "id": id_}, name="")
    await bench.taken()
    assert not bench.voices.can_answer("205", bench.now), "the sounder answers once when none can speak"
