"""Engines for tests that need one, and the alarm that a finding becomes."""

import itertools
from collections.abc import Iterable

from agent.alarms.alarm import Alarm, AlarmEvent, Happened
from agent.alarms.engine import Engine, Outcome
from agent.alarms.escalation import Escalation
from agent.detection.ward import Ward
from agent.moment import Moment
from agent.residents import Site
from agent.rules.finding import Finding


def engine(escalation: Escalation | None = None, ward: Ward | None = None, prefix: str = "id") -> Engine:
    """An engine whose ids are ``PREFIX-1``, ``PREFIX-2``, …"""
    numbers = itertools.count(1)
    escalation = escalation or Escalation()
    return Engine(escalation, ward or Ward(escalation.site or Site()), lambda: f"{prefix}-{next(numbers)}")


def alarms(outcomes: Iterable[Outcome]) -> list[AlarmEvent]:
    """The alarm events among `outcomes`."""
    return [one for one in outcomes if isinstance(one, AlarmEvent)]


def happened(events: Iterable[AlarmEvent]) -> list[Happened]:
    """What each of `events` tells."""
    return [event.happened for event in events]


def raised(finding: Finding, moment: Moment = Moment(1.0, 2.0)) -> Alarm:  # noqa: B008 - frozen
    """The alarm that `finding` becomes in an engine of its own."""
    return alarms(engine().take([finding], moment))[0].alarm
