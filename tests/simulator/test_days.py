"""The simulated home: the same by seed, as full of trouble as it promises, and readable by a replay."""

import io
import itertools
import json
from collections import Counter

import pytest

from agent.alarms.settings import AlarmSettings
from agent.detection.observations import Observation
from agent.replay.player import Player
from agent.residents import FallRisk
from agent.rules.settings import RuleSettings
from drivers.reading import Quality, Reading
from tests.simulator.days.day_file import write
from tests.simulator.days.home import CAMERAS, RESIDENTS, home
from tests.simulator.days.life import DAY, ordinary
from tests.simulator.days.scripts import SCRIPTS, of_day

SEED = 3


def test_a_home_is_the_same_by_its_seed() -> None:
    assert home(SEED).site == home(SEED).site
    assert [one.heart_rate for one in home(SEED).people] != [one.heart_rate for one in home(SEED + 1).people]


def test_a_quarter_at_least_may_fall_and_everybody_has_a_bed_a_band_and_a_button() -> None:
    built = home(SEED)
    assert len(built.people) == RESIDENTS
    assert sum(one.resident.fall_risk is FallRisk.HIGH for one in built.people) >= RESIDENTS / 4
    for person in built.people:
        assert {f"{what}-{person.id}" for what in ("bed", "band", "button")} <= set(built.site.bindings)


def test_a_day_is_as_noisy_as_the_floor_demands() -> None:
    built = home(SEED)
    events = ordinary(built, 0)
    assert all(a.at <= b.at for a, b in itertools.pairwise(events))
    false = Counter(one.device for one in events if isinstance(one, Observation) and one.name == "fall")
    assert all(false[camera] >= 2 for camera in CAMERAS)
    dips = [one for one in events if isinstance(one, Reading) and one.quantity == "spo2" and float(one.value) <= 88]
    assert any(one.quality is Quality.GOOD for one in dips)
    assert any(one.quality is Quality.UNCERTAIN for one in dips)
    worn = [one for one in events if isinstance(one, Reading) and one.quantity == "worn" and one.value is False]
    assert len(worn) >= RESIDENTS


def test_forty_scripts_and_more_play_in_turn() -> None:
    assert len(SCRIPTS) >= 40
    names = {one.name for day in range(6) for one in of_day(home(SEED), day, 12)}
    assert len(names) >= 38


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_day_file_is_understood_whole_by_a_replay() -> None:
    """The first hours of it: every kind of line, none left out."""
    out = io.StringIO()
    write(SEED, 1, out)
    lines = out.getvalue().splitlines()
    site = [line for line in lines if '"kind": "site"' in line or '"kind":"site"' in line]
    rest = lines[len(site) : len(site) + 20_000]
    player = Player(RuleSettings(), AlarmSettings())
    told = [one for line in (*site, *rest) for one in player.feed(line)]
    assert player.rejected == []
    assert player.warnings == ()
    assert told
    assert json.loads(lines[-1])["t"]
    assert DAY == 86_400.0
