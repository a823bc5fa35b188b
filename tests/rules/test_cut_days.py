"""A restart at any event changes no word of a rule that remembers (docs/rules.md says what does not)."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.detection.acts import Act
from agent.detection.event import Event
from agent.moment import DAY_S
from agent.residents import Site, Subject, SubjectKind
from agent.rules.finding import Said
from agent.rules.ground import Ground
from agent.rules.registry import ROWS
from agent.rules.settings import RuleSettings
from tests.rules.cut import Twice, learned
from tests.rules.ward import said_as
from tests.simulator.days.month import Month

# What a restart forgets on purpose: each says itself why.
FORGETFUL = {"sos", "hazard_contact", "silent_device", "bed_flutter", "camera_sight", "service_request"}
KEEPING = tuple(row for row in ROWS if row.name not in {*FORGETFUL, "fall"})  # falls are kept, not their evidence
FEW = frozenset({"r-02", "r-09", "r-10", "r-35"})  # of the kinds that the rules tell apart
MORE = frozenset({*FEW, "r-00", "r-03", "r-04", "r-11", "r-28"})


def some_of(whole: Site, people: frozenset[str]) -> Site:
    """The home of `people` alone: their rooms, the devices there, and the tags of staff."""
    rooms = {whole.residents[one].room for one in people}
    near = [one for one in whole.bindings.values() if whole.subject_of(one.device).room in rooms or one.staff]
    return replace(
        whole,
        residents={id_: one for id_, one in whole.residents.items() if one.room in rooms},
        bindings={one.device: one for one in near},
    )


def heard(month: Month, site: Site) -> Iterator[Event]:
    """What concerns those who live in `site`."""
    for event in month.events():
        if isinstance(event, Act):
            if event.subject.id in site.residents or event.subject.room in {
                one.room for one in site.residents.values()
            }:
                yield event
        elif event.device in site.bindings:
            yield event


def compared(twice: Twice, told: Iterator[tuple[float, list[Said], list[Said]]]) -> Counter[str]:
    """How often each kind was told; both lives told the same, in whatever order within a moment."""
    kinds: Counter[str] = Counter()
    for when, said, also in told:
        whole, cut = (sorted(said_as((when, one) for one in told)) for told in (said, also))
        assert cut == whole, twice.deaths
        kinds.update(getattr(one, "kind", "") for one in said)
    return kinds


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("seed", "people"),
    [(1, FEW), *(pytest.param(seed, MORE, marks=pytest.mark.slow) for seed in (2, 3, 4, 5))],
)
def test_a_day_of_the_simulated_home(seed: int, people: frozenset[str]) -> None:
    month = Month(seed, 1)
    site = some_of(month.home.site, people)
    twice = Twice(site, KEEPING, random.Random(seed), cuts=0.003)
    kinds = compared(twice, twice.live(heard(month, site), DAY_S))
    assert learned(twice.cut) == learned(twice.whole)
    assert twice.deaths > 50
    assert len(kinds) > 12, kinds


def test_every_rule_remembers_or_is_known_to_forget() -> None:
    ground = Ground.of(Month(1, 1).home.site, RuleSettings())
    forgetful = {row.name for row in ROWS if row.build(ground, Subject(SubjectKind.RESIDENT, "r-00")).keeps is None}
    assert forgetful == FORGETFUL
