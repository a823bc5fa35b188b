"""config/site.toml: every field reaches the core, every mistake is told with its line, warnings are lived with."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.alarms.settings import AlarmSettings, Rung
from agent.moment import DailySpan
from agent.places import Place, PlaceKind
from agent.residents import Binding, DeviceRole, FallRisk, Resident
from agent.rules.finding import Priority
from agent.settings.load import Settings, load, shipped_config
from agent.settings.problem import SettingsError
from agent.settings.site import FacilitySettings, ResidentSettings, SiteSettings
from agent.staff import Duty, Member, Shift

DEVICES = "[[ble]]\n" + "".join(
    f'[[ble.device]]\nid = "{name}"\naddress = "AA:BB:CC:DD:EE:0{n}"\nproduct = "bthome"\n'
    for n, name in enumerate(("button-201", "smoke-k", "tag-7"), 1)
)
WHOLE = """
meals = ["7:30", "11:30"]
[facility]
code = "H-7"
area_code = "310101"
callback = "+86 21 5555"
utc_offset_h = 8.5
[[resident]]
id = "r-1"
name = "甲"
room = "201"
bed = "1"
fall_risk = "high"
spo2_scale_2 = true
wander_risk = true
choking_risk = true
mobile = false
lives_alone = true
turning_min = 120
round_min = 60
assessed_on = "2026-11-02"
visit_days = 30
night = "20:30-05:00"
limits = { "vitals.spo2_low.medium.at" = 88 }
[[place]]
id = "wc-201"
kind = "toilet"
room = "201"
floor = "2"
[[binding]]
device = "button-201"
role = "button"
resident = "r-1"
[[binding]]
device = "smoke-k"
role = "life_safety"
room = "kitchen"
[[binding]]
device = "tag-7"
role = "tag"
staff = "s-7"
[[staff]]
id = "s-7"
name = "王"
card = "04A1"
pager = "21"
phone = "+86 138"
[[shift]]
id = "day"
from = "06:00"
to = "22:00"
[[shift]]
id = "night"
from = "22:00"
to = "06:00"
[[duty]]
member = "s-7"
shift = "night"
role = "charge_nurse"
covers = ["2", "r-1", "kitchen"]
days = ["mon", "sun"]
[[ladder]]
priority = "high"
kind = "fall"
place = "wc-201"
place_kind = "toilet"
floor = "2"
shift = "night"
rungs = [{ after_s = 0, tell = ["charge_nurse"] }, { after_s = 90, tell = ["platform"] }]
unattended_s = 120
again_s = 240
"""


def loaded(folder: Path, site: str) -> Settings:
    (folder / "site.toml").write_text(site, encoding="utf-8")
    (folder / "devices.toml").write_text(DEVICES, encoding="utf-8")
    return load(folder)


def told(folder: Path, site: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        loaded(folder, site)
    return [str(one) for one in caught.value.problems]


def warned(folder: Path, site: str) -> list[str]:
    return [str(one) for one in loaded(folder, site).warnings]


def test_every_field_reaches_the_core(tmp_path: Path) -> None:
    settings = loaded(tmp_path, WHOLE)
    assert settings.warnings == ()
    site = settings.site.to_site()
    assert site.residents["r-1"] == Resident(
        "r-1", "甲", "201", "1", FallRisk.HIGH, True, True, True, False, True, 120.0, 60.0, "2026-11-02", 30.0,
        DailySpan(73_800.0, 18_000.0), (("vitals.spo2_low.medium.at", 88.0),),
    )  # fmt: skip
    assert site.places == {"wc-201": Place("wc-201", PlaceKind.TOILET, "201", "2")}
    assert list(site.bindings.values()) == [
        Binding("button-201", DeviceRole.BUTTON, "r-1"),
        Binding("smoke-k", DeviceRole.LIFE_SAFETY, "", "kitchen"),
        Binding("tag-7", DeviceRole.TAG, "", "", "s-7"),
    ]
    assert site.roster.members == {"s-7": Member("s-7", "王", "04A1", "21", "+86 138")}
    assert site.roster.shifts["night"] == Shift("night", DailySpan(79_200.0, 21_600.0))
    assert site.roster.duties == (Duty("s-7", "night", "charge_nurse", ("2", "r-1", "kitchen"), (0, 6)),)
    assert (site.facility, site.area_code, site.meals) == ("H-7", "310101", (27_000.0, 41_400.0))


def test_ladders_and_the_callback_reach_the_engine(tmp_path: Path) -> None:
    site = loaded(tmp_path, WHOLE).site
    escalation = site.to_escalation(AlarmSettings(callback="other"))
    assert escalation.defaults == AlarmSettings(callback="+86 21 5555")
    (row,) = escalation.ladders
    assert row.conditions == ("high", "fall", "wc-201", "toilet", "2", "night")
    assert row.priority is Priority.HIGH
    assert (row.ladder.rungs, row.ladder.unattended_s, row.ladder.again_s) == (
        (Rung(0, ("charge_nurse",)), Rung(90, ("platform",))),
        120,
        240,
    )
    assert escalation.site == site.to_site()
    assert SiteSettings().to_escalation(AlarmSettings(callback="other")).defaults.callback == "other"


def test_a_document_of_the_store_is_the_same_again(tmp_path: Path) -> None:
    site = loaded(tmp_path, WHOLE).site
    document = site.to_document()
    assert SiteSettings.from_document(document) == site.with_ids()
    assert SiteSettings.from_document(document).to_site() == site.to_site()
    assert document["shift"][0] == {"id": "day", "from": "06:00", "to": "22:00"}
    assert [one["id"] for one in (*document["duty"], *document["ladder"])] == ["s-7-night", "high-fall-wc-201-2-night"]


def test_a_document_from_before_there_were_rosters_loads() -> None:
    old = {
        "facility": {"code": "H", "area_code": ""},
        "resident": [{"id": "r", "name": "甲", "room": "1", "bed": "", "fall_risk": "high", "spo2_scale_2": False}],
        "binding": [{"device": "d", "role": "bed", "resident": "r", "room": ""}],
        "imported": "digest",
    }
    site = SiteSettings.from_document(old)
    assert (site.facility, site.resident[0].fall_risk, site.duty) == (FacilitySettings("H"), FallRisk.HIGH, ())
    with pytest.raises(ValidationError):
        SiteSettings.from_document({**old, "residents": []})


def test_the_import_is_told_by_what_was_written() -> None:
    """A version with more fields must not import the same file anew, over what was edited since."""
    plain = SiteSettings(resident=(ResidentSettings("r", "甲", "1"),))
    spelt = SiteSettings(resident=(ResidentSettings("r", "甲", "1", night="21:00-06:00"),))
    other = SiteSettings(resident=(ResidentSettings("r", "甲", "2"),))
    digests = [one.to_document()["imported"] for one in (plain, spelt, other)]
    assert digests[0] == digests[1] != digests[2]


def test_rows_without_an_id_get_one_that_nobody_has(tmp_path: Path) -> None:
    duty = '[[duty]]\nmember = "s-7"\nshift = "night"\n'
    named = duty + 'id = "s-7-night"\nrole = "charge_nurse"\n'
    site = loaded(tmp_path, WHOLE.replace("[[duty]]", named + duty + "[[duty]]", 1)).site
    assert [one.id for one in site.with_ids().duty] == ["s-7-night", "s-7-night-2", "s-7-night-3"]
    assert site.with_ids().with_ids() == site.with_ids()


@pytest.mark.parametrize(
    ("old", "new", "start", "cure"),
    [
        ('resident = "r-1"', 'resident = "r-9"', "binding.0.resident", "'r-9'; there are r-1"),
        ('staff = "s-7"\n[[', 'staff = "s-8"\n[[', "binding.2.staff", "'s-8'; there are s-7"),
        ('device = "smoke-k"', 'device = "button-201"', "binding.1.device", "is there twice"),
        ('room = "201"\nfloor', 'room = "202"\nfloor', "place.0.room", "no such room: '202'"),
        ('member = "s-7"', 'member = "s-8"', "duty.0.member", "no such member of staff: 's-8'"),
        ('shift = "night"\nrole', 'shift = "nite"\nrole', "duty.0.shift", "there are day, night"),
        ('covers = ["2",', 'covers = ["3",', "duty.0.covers", "no such floor, room or resident: '3'"),
        ('role = "charge_nurse"', 'role = "nurse"', "duty.0.role", "no ladder calls 'nurse'"),
        ('role = "charge_nurse"', 'role = "floor"', "duty.0.role", "no ladder calls 'floor'"),
        ('place = "wc-201"', 'place = "wc"', "ladder.0.place", "no such place: 'wc'"),
        ('floor = "2"\nshift', 'floor = "4"\nshift', "ladder.0.floor", "no such floor: '4'; there are 2"),
        ('shift = "night"\nrungs', 'shift = "n"\nrungs', "ladder.0.shift", "no such shift: 'n'"),
        ('kind = "fall"', 'kind = "fell"', "ladder.0.kind", "no such kind of alarm: 'fell'"),
        ('tell = ["platform"]', 'tell = ["police"]', "ladder.0.rungs.1.tell", "nobody works as 'police'"),
        ("after_s = 90", "after_s = 0", "ladder.0.rungs: rungs begin with", "not 0, 0"),
        ("after_s = 0", "after_s = 1", "ladder.0.rungs: rungs begin with", "not 1, 90"),
        ('"sun"]', '"sunday"]', "duty.0.days.1", "'sun'"),
        ('from = "22:00"', 'from = "24:00"', "shift.1.from", "21:30"),
        ('"7:30"', '"7.30"', "meals.0", "'7.30' is no time of day; write it as 21:30"),
        ('night = "20:30-05:00"', 'night = "20:30"', "resident.0.night", "write it as 21:00-06:00"),
        ('"2026-11-02"', '"2026-11-31"', "resident.0.assessed_on", "day"),
        ("spo2_low.medium.at", "spo2_low.medium.xx", "resident.0.limits", "no such limit; names are"),
        ('place_kind = "toilet"', 'place_kind = "loo"', "ladder.0.place_kind", "toilet"),
        ("utc_offset_h = 8.5", "utc_offset_h = 15", "facility.utc_offset_h", "14"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_cure(tmp_path: Path, old: str, new: str, start: str, cure: str) -> None:
    line = WHOLE[: WHOLE.index(old)].count("\n") + 1
    found = told(tmp_path, WHOLE.replace(old, new, 1))
    assert any(one.startswith(f"site.toml:{line}: {start}") and cure in one for one in found), found


def test_mistakes_are_told_at_once(tmp_path: Path) -> None:
    site = WHOLE.replace('member = "s-7"', 'member = "s-8"').replace('kind = "fall"', 'kind = "fell"')
    site += (
        '[[staff]]\nid = "s-7"\ncard = "04A1"\n[[ladder]]\npriority = "low"\nrungs = [{ after_s = 5, tell = ["x"] }]\n'
    )
    keys = [line.split(": ")[1] for line in told(tmp_path, site)]
    assert keys == [
        "staff.0.card",
        "duty.0.member",
        "ladder.0.kind",
        "staff.1.id",
        "staff.1.card",
        "ladder.1.rungs",
        "ladder.1.rungs.0.tell",
    ]


def test_two_ladders_for_the_same_alarms_are_a_mistake(tmp_path: Path) -> None:
    ladder = WHOLE[WHOLE.index("[[ladder]]") :]
    (line,) = told(tmp_path, WHOLE + ladder)
    assert re.match(r"site.toml:\d+: ladder.1: a ladder with the same conditions", line)
    assert warned(tmp_path, WHOLE + ladder.replace("high", "medium")) == []


def test_a_gap_between_shifts_is_a_warning(tmp_path: Path) -> None:
    (line,) = warned(tmp_path, WHOLE.replace('to = "22:00"', 'to = "20:00"'))
    assert line.startswith("site.toml:48: shift.0: no shift is on duty 20:00-22:00")
    lines = warned(tmp_path, WHOLE.replace('from = "22:00"\nto = "06:00"', 'from = "23:00"\nto = "05:00"'))
    assert [re.findall(r"\d\d:\d\d-\d\d:\d\d", line)[0] for line in lines] == ["05:00-06:00", "22:00-23:00"]
    assert warned(tmp_path, WHOLE.replace('from = "06:00"\nto = "22:00"', 'from = "04:00"\nto = "23:30"')) == []
    whole = WHOLE.replace('from = "22:00"\nto = "06:00"', 'from = "05:00"\nto = "05:00"')
    assert warned(tmp_path, whole) == []


def test_a_step_that_nobody_ever_fills_is_a_warning(tmp_path: Path) -> None:
    (line,) = warned(tmp_path, WHOLE.replace('tell = ["charge_nurse"]', 'tell = ["charge_nurse", "duty_manager"]'))
    assert "ladder.0.rungs.0.tell: nobody on the roster ever works as 'duty_manager'" in line


def test_a_role_of_the_home_s_own_may_be_called(tmp_path: Path) -> None:
    site = WHOLE.replace('role = "charge_nurse"', 'role = "guard"').replace('["charge_nurse"]', '["guard"]')
    assert warned(tmp_path, site) == []


def test_what_the_shipped_file_shows_is_right(tmp_path: Path) -> None:
    """Every commented block, taken together."""
    text = (shipped_config() / "site.toml").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if re.match(r"# (\[\[|\w+ = |  \{|\]$)", line)]
    meals = [line for line in lines if line.startswith("meals")]
    shown = "\n".join([*meals, *(line for line in lines if line not in meals)])
    names = {"charge_nurse": "assigned_carer", '"duty_manager", ': ""}
    for old, new in names.items():
        shown = shown.replace(old, new)
    (tmp_path / "devices.toml").write_text(DEVICES.replace("smoke-k", "x").split('[[ble.device]]\nid = "x"')[0])
    (tmp_path / "site.toml").write_text(shown, encoding="utf-8")
    settings = load(tmp_path)
    assert [re.findall(r"shift.*", str(one))[0][:6] for one in settings.warnings] == ["shift."]
    for table in ("resident", "place", "binding", "staff", "shift", "duty", "meals", "ladder"):
        assert getattr(settings.site, table), table


def test_a_limit_outside_its_guardrails_is_refused_or_told(tmp_path: Path) -> None:
    def limits(text: str) -> str:
        return WHOLE.replace('"vitals.spo2_low.medium.at" = 88', text)

    line = WHOLE[: WHOLE.index("limits = {")].count("\n") + 1
    (refused,) = told(tmp_path, limits('"vitals.spo2_low.medium.at" = 97'))
    assert refused.startswith(f"site.toml:{line}: resident.0.limits: vitals.spo2_low.medium.at = 97 is refused")
    (warning,) = warned(tmp_path, limits('"vitals.spo2_low.medium.at" = 87.5'))
    assert warning.startswith(f"site.toml:{line}: resident.0.limits: vitals.spo2_low.medium.at = 87.5 is unusual")
    (crossed,) = told(tmp_path, limits('"vitals.spo2_low.high.at" = 91.5'))
    assert "vitals.spo2_low.high.at = 91.5 must not be above vitals.spo2_low.medium.at = 91" in crossed
    both = '"vitals.spo2_low.high.at" = 92, "vitals.spo2_low.medium.at" = 93'
    assert ["unusual" in one for one in warned(tmp_path, limits(both))] == [True]
