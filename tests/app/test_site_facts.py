"""Site facts edited while the core runs: what is kept, what is in force, what is refused."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.app.past import author_of_import, site_in_force
from agent.app.site_facts import KEPT_S, SiteFacts
from agent.eyes.settings import CameraSettings, CamerasSettings
from agent.panel.site_port import Edit, SiteNotKeptError, SiteNotReadError, SiteRefusedError, UnknownRowError
from agent.residents import DeviceRole, Site
from agent.rules.finding import Priority
from agent.rules.settings import RuleSettings
from agent.settings.camera_check import camera_check
from agent.settings.contradiction import Contradiction
from agent.settings.roster import DutySettings, ShiftSettings, StaffSettings
from agent.settings.site import BindingSettings, PlaceSettings, ResidentSettings, SiteSettings
from agent.settings.site_check import site_check

WRITTEN = SiteSettings(
    resident=(ResidentSettings("r-1", "甲", "201", "1"), ResidentSettings("r-2", "乙", "202", "9")),
    place=(PlaceSettings("201", floor="2"),),
    binding=(
        BindingSettings("dev-1", DeviceRole.BED, resident="r-1"),
        BindingSettings("hall", DeviceRole.CAMERA, room="201"),
    ),
    staff=(StaffSettings("s-1"),),
    shift=(ShiftSettings("day", "06:00", "22:00"),),
    duty=(DutySettings("s-1", "day"),),
    meals=("07:30",),
)
ALARMS = AlarmSettings()
ZONE: dict[str, Any] = {"kind": "bed", "name": "by the window", "bed": "1", "polygon": [[0, 0], [0.5, 0], [0.5, 0.5]]}


class Core:
    """What the facts keep and put in force."""

    def __init__(self, written: SiteSettings = WRITTEN, kept_s: float = KEPT_S) -> None:
        self.kept: list[tuple[dict[str, Any], str]] = []
        self.used: list[tuple[Site, Escalation]] = []
        self.facts = SiteFacts(
            written,
            "digest",
            ALARMS,
            self.check,
            self.keep,
            lambda site, escalation: self.used.append((site, escalation)),
            kept_s,
        )
        self.disk_works = True

    def keep(self, document: dict[str, Any], author: str) -> asyncio.Event:
        self.kept.append((document, author))
        self.safe = asyncio.Event()
        if self.disk_works:
            asyncio.get_running_loop().call_soon(self.safe.set)
        return self.safe

    @staticmethod
    def check(site: SiteSettings) -> Iterable[Contradiction]:
        cameras = CamerasSettings((CameraSettings("hall", "/dev/video0", "hall"),))
        return (*site_check(site, RuleSettings(), ALARMS), *camera_check(site, cameras))

    def put(self, table: str, id_: str, row: dict[str, Any] | None) -> Site:
        self.told = asyncio.run(self.facts.edit(Edit(table, id_, row), "panel:wang"))
        return self.used[-1][0]

    def refused(self, table: str, id_: str, row: dict[str, Any] | None) -> list[tuple[str, str]]:
        before = self.facts.document
        with pytest.raises(SiteRefusedError) as caught:
            self.put(table, id_, row)
        assert (self.facts.document, self.kept, self.used) == (before, [], [])
        return [(one.key, one.text) for one in caught.value.problems]


def test_an_edit_is_in_force_and_kept_with_its_author() -> None:
    core = Core()
    site = core.put("resident", "r-1", {"name": "甲", "room": "305", "turning_min": 120})
    assert (site.residents["r-1"].room, site.residents["r-1"].turning_min) == ("305", 120.0)
    assert list(site.residents) == ["r-1", "r-2"]  # it keeps its place
    [(used, escalation)] = core.used
    assert used is site is escalation.site
    [(document, author)] = core.kept
    assert (author, document["imported"], document["edited_by"]) == ("panel:wang", "digest", "panel:wang")
    assert SiteSettings.from_document(document).to_site() == site
    assert core.facts.document == {key: document[key] for key in document if key not in ("imported", "edited_by")}


@pytest.mark.parametrize(
    ("table", "id_", "row"),
    [
        ("resident", "r-3", {"name": "丙", "room": "203", "limits": {"vitals.spo2_low.medium.at": 88}}),
        ("place", "wc-201", {"kind": "toilet", "room": "201", "floor": "2"}),
        ("binding", "dev-2", {"role": "tag", "staff": "s-1"}),
        ("staff", "s-2", {"name": "王", "card": "04A1"}),
        ("shift", "night", {"from": "22:00", "to": "06:00"}),
        ("duty", "d-2", {"member": "s-1", "shift": "day", "role": "charge_nurse"}),
        ("ladder", "l-1", {"priority": "high", "floor": "2", "rungs": [{"after_s": 0, "tell": ["all_staff"]}]}),
        ("meals", "11:30", {}),
        ("camera", "hall", {"mode": "shadow", "threshold": 0.4, "view": "ceiling", "zones": [ZONE]}),
    ],
)
def test_every_table_takes_a_row_and_gives_it_up_again(table: str, id_: str, row: dict[str, Any]) -> None:
    core = Core()
    before = core.facts.document
    core.put(table, id_, row)
    written = core.facts.document
    assert len(written[table]) == len(before[table]) + 1
    core.put(table, id_, row)
    assert core.facts.document == written
    core.put(table, id_, None)
    assert core.facts.document == before
    with pytest.raises(UnknownRowError):
        core.put(table, id_, None)
    assert len(core.kept) == len(core.used) == 2, "what was so already was not kept again"


def test_a_ladder_is_the_engine_s_at_once() -> None:
    core = Core()
    core.put("ladder", "l", {"priority": "low", "rungs": [{"after_s": 0, "tell": ["all_staff"]}]})
    escalation = core.used[0][1]
    assert escalation.ladders[0].priority is Priority.LOW
    assert escalation.defaults == ALARMS


@pytest.mark.parametrize(
    ("table", "id_", "row", "keys"),
    [
        ("resident", "r-1", {"name": "甲"}, ["resident.0.room"]),
        (
            "resident",
            "r-1",
            {"name": "", "room": "", "rom": 1},
            ["resident.0.name", "resident.0.room", "resident.0.rom"],
        ),
        ("resident", "r-1", {"id": "r-9", "name": "甲", "room": "1"}, ["resident.id"]),
        ("resident", "r-1", None, ["binding.0.resident"]),  # a device is still bound to them
        ("staff", "s-1", None, ["duty.0.member"]),
        ("duty", "d", {"member": "s-9", "shift": "x"}, ["duty.1.member", "duty.1.shift"]),
        ("binding", "dev-9", {"role": "bed"}, ["binding.2"]),
        ("meals", "25:00", {}, ["meals.1"]),
        ("camera", "hall", {"zones": [{**ZONE, "kind": "toilet"}]}, ["camera.0.zones.0.kind"]),
        ("camera", "hall", {"zones": [{**ZONE, "polygon": [[0, 0], [1, 1]]}]}, ["camera.0.zones.0.polygon"]),
        ("camera", "hall", {"zones": [{**ZONE, "bed": "9"}]}, ["camera.0.zones.0.bed"]),
        ("camera", "hall", {"zones": [ZONE] * 9}, ["camera.0.zones"]),
        ("camera", "hall", {"threshold": 0.04}, ["camera.0.threshold"]),
        ("camera", "hall", {"threshold": 1}, ["camera.0.threshold"]),
        ("camera", "hall", {"mode": "on", "view": "up"}, ["camera.0.mode", "camera.0.view"]),
        ("camera", "hall", {"role": "toilet"}, ["camera.0.role"]),
        ("camera", "bath", {}, ["camera.0.id"]),
    ],
)
def test_what_would_not_be_in_order_is_refused_whole(
    table: str, id_: str, row: dict[str, Any] | None, keys: list[str]
) -> None:
    assert [key for key, _ in Core().refused(table, id_, row)] == keys


@pytest.mark.parametrize(
    ("polygon", "told"),
    [
        ([[0.1, 0.1], [0.5, 0.5], [0.5, 0.1], [0.1, 0.5]], "区域的边线交叉或相碰"),
        ([[0.1, 0.1], [1.5, 0.5], [0.5, 0.1]], "有角点在画面外"),
        ([[0.1, 0.1], [0.11, 0.1], [0.11, 0.11]], "区域太小"),
    ],
)
def test_who_draws_a_zone_wrong_is_told_so_in_chinese(polygon: list[list[float]], told: str) -> None:
    with pytest.raises(SiteRefusedError) as caught:
        Core().put("camera", "hall", {"zones": [{**ZONE, "polygon": polygon}]})
    assert caught.value.problems[0].zh.startswith(told)


def test_mistakes_that_were_there_before_refuse_nothing() -> None:
    """Facts with two mistakes can be mended one by one."""
    two = SiteSettings(duty=(DutySettings("a", "x"), DutySettings("b", "x")))
    core = Core(two)
    core.put("staff", "a", {})
    core.put("shift", "x", {"from": "00:00", "to": "00:00"})
    core.put("staff", "b", {})
    assert list(core.check(SiteSettings.from_document(core.facts.document))) == []


def test_warnings_come_with_the_edit_that_causes_them() -> None:
    core = Core()
    core.put("shift", "day", {"from": "06:00", "to": "20:00"})
    assert ["20:00" in one.text and "20:00" in one.zh for one in core.told] == [True]
    core.put("meals", "12:00", {})
    assert core.told == ()


async def test_an_edit_that_the_disk_does_not_take_is_in_force_and_said_so_until_it_does() -> None:
    core = Core(kept_s=0.05)
    core.disk_works = False
    edit = Edit("resident", "r-1", {"name": "甲", "room": "305"})
    for _ in range(2):
        with pytest.raises(SiteNotKeptError):
            await core.facts.edit(edit, "panel:wang")
        assert core.used[-1][0].residents["r-1"].room == "305"
    assert len(core.kept) == 1, "a second try keeps nothing twice"
    core.safe.set()
    assert await core.facts.edit(edit, "panel:wang") == ()
    core.disk_works = True
    with pytest.raises(SiteRefusedError):
        await core.facts.edit(Edit("resident", "r-1", {"rooom": "305"}), "panel:wang")


async def test_an_edit_before_the_store_is_read_changes_nothing_and_is_not_said_to() -> None:
    core = Core()
    core.facts.provisional()
    edit = Edit("resident", "r-1", {"name": "甲", "room": "305"})
    with pytest.raises(SiteNotReadError):
        await core.facts.edit(edit, "panel:wang")
    assert (core.kept, core.used) == ([], [])
    core.facts.take_up(WRITTEN, "digest")
    assert await core.facts.edit(edit, "panel:wang") == ()
    assert core.used[-1][0].residents["r-1"].room == "305"


def test_an_import_over_edits_says_so() -> None:
    core = Core()
    core.put("meals", "11:30", {})
    [(edited, _)] = core.kept
    new = {"imported": "another"}
    assert author_of_import(None, new) == author_of_import(WRITTEN.to_document(), new) == "site.toml"
    assert author_of_import(edited, new) == "site.toml, over edits of panel:wang"
    facts, document, _ = site_in_force({**edited, "imported": WRITTEN.to_document()["imported"]}, WRITTEN)
    assert (facts.meals, document) == (("07:30", "11:30"), None)
    facts, document, _ = site_in_force(edited, WRITTEN)  # the file is another one than was imported
    assert (facts.meals, document is None) == (("07:30",), False)
