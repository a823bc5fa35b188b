"""Since when an alarm has been let sound."""

import math
from dataclasses import replace

from agent.alarms.let_sound import LetSound
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Finding, Priority
from agent.rules.reason import because
from tests.alarms.engines import raised

LI = Subject(SubjectKind.RESIDENT, "r-1", "201")
LOUD = raised(Finding("spo2_low", LI, Priority.HIGH, 1.0, (because("cause", cause="x"),), "oxi"))
QUIET = replace(LOUD, sounding=False)


def test_it_counts_from_when_it_began_to_be_let_sound_last() -> None:
    heard = LetSound()
    assert heard.since(LOUD.id) == -math.inf
    heard.note([QUIET], 10.0)
    assert heard.since(LOUD.id) == -math.inf
    heard.note([LOUD], 20.0)
    heard.note([LOUD], 30.0)
    assert heard.since(LOUD.id) == 20.0
    heard.note([QUIET], 40.0)
    assert heard.since(LOUD.id) == 20.0, "the sounder's word may still be on its way"
    heard.note([LOUD], 50.0)
    assert heard.since(LOUD.id) == 50.0


def test_what_is_closed_is_forgotten_and_each_alarm_counts_by_itself() -> None:
    heard, other = LetSound(), replace(LOUD, id="other")
    heard.note([LOUD], 20.0)
    heard.note([LOUD, other], 30.0)
    assert (heard.since(LOUD.id), heard.since("other")) == (20.0, 30.0)
    heard.note([other], 40.0)
    assert (heard.since(LOUD.id), heard.since("other")) == (-math.inf, 30.0)
