"""A day lived again: the same judge, on the time of the file."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replay.days import HOME, START, Replayed, at, command, press, site

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = [json.loads(line) for line in (ROOT / "docs/replay/example.jsonl").read_text(encoding="utf-8").splitlines()]
WRONG: list[Any] = [
    None, True, 0, -1, 3.5, 10**30, "", "x", "press", "201", "fall", "2027-01-14T16:00:00", [], [1], [[]], {},
    {"id": "r"}, {"kind": "fall"}, {"cause": "test"}, {"rungs": [1]}, {"device": "bed-201"}, ["07:00"],
]  # fmt: skip


def test_a_press_is_raised_sounded_and_climbs_to_the_second() -> None:
    day = Replayed([*HOME, press(10)], until=1_799_928_000.0 + 400)
    assert day.of("sos") == [
        ("00:10", "raised"),
        ("00:10", "sounded"),
        ("01:10", "escalated"),
        ("02:10", "escalated"),
        ("05:10", "escalated"),
    ]
    first = day.told[0]
    assert (first["priority"], first["class"], first["resident"], first["place"]) == (
        "high",
        "physiological",
        "r1",
        "201",
    )
    assert first["reasons"][0]["code"] == "pressed"


def test_commands_drive_seen_attended_and_closed() -> None:
    orders = [
        command(20, "seen", resident="r1", by="li"),
        command(30, "attended", value="sos", by="li"),
        command(40, "closed", resident="r1", value={"kind": "sos", "cause": "assisted"}, by="li"),
    ]
    day = Replayed([*HOME, press(10), *orders])
    assert day.of("sos") == [
        ("00:10", "raised"),
        ("00:10", "sounded"),
        ("00:20", "seen"),
        ("00:30", "attended"),
        ("00:40", "closed"),
    ]
    assert {one["by"] for one in day.told if one["event"] == "closed"} == {"li"}
    assert day.summary["open"] == []


def test_what_cannot_be_carried_out_is_told_and_the_rest_goes_on() -> None:
    day = Replayed([*HOME, press(10), command(15, "closed", value="sos"), "{", command(20, "seen", value="fall")])
    assert [number for number, _ in day.whys] == [5, 6, 7]
    assert day.summary["rejected"] == 3
    assert [event for _, event in day.of("sos")] == ["raised", "sounded"]


def test_two_runs_are_the_same() -> None:
    lines = [*HOME, at(5, "reading", "bed_occupied", device="bed1", value=False), press(70), command(80, "seen")]
    assert Replayed(lines).told == Replayed(lines).told


def test_a_worse_alarm_sounds_again_under_its_old_id() -> None:
    fall = at(10, "observation", "fall", device="cam1", value=True, score=0.9)
    day = Replayed(
        [
            *HOME,
            site("binding", {"device": "cam1", "resident": "r1", "role": "camera"}),
            fall,
            at(40, "reading", "bed_occupied", device="bed1", value=True),
        ]
    )
    told = [(one["t"][14:19], one["event"], one["priority"]) for one in day.told if one["kind"] == "fall"]
    assert told == [
        ("00:10", "raised", "medium"),
        ("00:10", "sounded", "medium"),
        ("00:25", "escalated", "high"),
        ("00:25", "sounded", "high"),
    ]
    assert len({one["alarm"] for one in day.told if one["kind"] == "fall"}) == 1


def test_low_alarms_only_shine_at_night() -> None:
    for hour, sounds in (("04", True), ("16", False)):  # noon and midnight in China
        home = [{**line, "t": line["t"].replace("T12", f"T{hour}")} for line in HOME]
        band = {**site("binding", {"device": "band", "resident": "r1", "role": "wearable"}), "t": home[0]["t"]}
        first = {**at(1, "reading", "heart_rate", device="band", value=60)}
        day = Replayed(
            [*home, band, {**first, "t": first["t"].replace("T12", f"T{hour}")}],
            until=1_799_928_000.0 + (int(hour) - 12) * 3600 + 1900,
        )
        low = [one["event"] for one in day.told if one["subject"] == "band"]
        assert low[:1] == ["raised"]
        assert ("sounded" in low) is sounds


def test_site_facts_may_change_on_the_way() -> None:
    moved = {**site("resident", {"id": "r1", "room": "305"}), "t": "2027-01-14T12:00:30Z"}
    day = Replayed(
        [
            *HOME,
            press(10),
            command(12, "attended", resident="r1"),
            command(13, "closed", resident="r1", cause="test"),
            moved,
            press(40),
        ]
    )
    assert [one["place"] for one in day.told if one["event"] == "raised"] == ["201", "305"]


def test_a_device_that_only_its_readings_bind_is_its_resident_s() -> None:
    day = Replayed([*HOME, at(10, "reading", "button", device="loose", resident="r1", value="press")])
    assert [one["resident"] for one in day.told if one["event"] == "raised"] == ["r1"]


def test_a_thermometer_that_goes_round_is_on_each_line_whose_it_is() -> None:
    warm = [
        at(10 + n, "reading", "body_temperature", device="th", resident=who, value=told)
        for n, (who, told) in enumerate((("r1", 36.6), ("r2", 39.2), ("r1", 36.7)))
    ]
    second = site("resident", {"id": "r2", "room": "202"})
    bound = site("binding", {"device": "th", "resident": "r1", "role": "environment"})
    for lines in ([*HOME, second, *warm], [*HOME, second, bound, *warm]):
        day = Replayed(lines)
        assert [one["resident"] for one in day.told if one["event"] == "raised"] == ["r2"]
    assert day.player.judge.rules.ground.site.bindings["th"].role == "environment"
    roomy = site("binding", {"device": "th", "room": "201", "role": "environment"})
    bindings = Replayed([*HOME, roomy, *warm]).player.judge.rules.ground.site.bindings
    assert (bindings["th"].room, bindings["th"].resident) == ("201", "")


def test_strange_keys_of_a_site_are_left_out_and_told() -> None:
    day = Replayed([site("resident", {"id": "r1", "room": "201", "zodiac": "ox"}), press(5)])
    assert [(one.number, one.why) for one in day.player.warnings] == [
        (1, "site: resident r1: zodiac: not known; was left out")
    ]


def test_beds_give_residents_their_bed() -> None:
    day = Replayed([HOME[0], site("bed", {"id": "b-1", "resident": "r1"}), press(5)])
    assert day.player.judge.rules.ground.site.residents["r1"].bed == "b-1"


def test_late_lines_neither_raise_nor_clear() -> None:
    day = Replayed([*HOME, at(200, "reading", "bed_occupied", device="bed1", value=True), press(10)])
    assert day.of("sos") == []


def test_every_line_is_json_with_the_promised_keys() -> None:
    day = Replayed([*HOME, press(10)])
    keys = {"t", "alarm", "event", "kind", "priority", "class", "resident", "place", "reasons"}
    assert all(keys <= set(json.loads(json.dumps(one))) for one in day.told)
    assert day.summary["from"].startswith(START[:19])


def test_a_camera_with_nothing_to_tell_is_not_silent_but_a_broken_one_is() -> None:
    cam = site("binding", {"device": "cam", "room": "hall", "role": "camera"})
    seen = at(10, "observation", "nobody_in_view", device="cam")
    broken = at(3000, "reading", "link", device="cam", value="fault")
    assert Replayed([*HOME[:1], cam, seen, at(2999, "reading", "battery", device="x", value=90)]).told == []
    assert Replayed([*HOME[:1], cam, seen, broken]).of("device_silent")[0] == ("50:00", "raised")
    blind = at(20, "observation", "no_frames", device="cam")
    assert Replayed([*HOME[:1], cam, seen, blind, broken]).of("camera_blind")[0] == ("00:20", "raised")


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_is_wrong_in_a_day_it_is_played_to_its_end(data: st.DataObject) -> None:
    lines = [dict(line) for line in EXAMPLE]
    for _ in range(data.draw(st.integers(1, 8))):
        line = data.draw(st.sampled_from(lines))
        target = line
        if isinstance(line.get("value"), dict) and line["value"] and data.draw(st.booleans()):
            target = line["value"] = dict(line["value"])
        target[data.draw(st.sampled_from(sorted(target)))] = data.draw(st.sampled_from(WRONG))
    assert Replayed(lines).summary["lines"] == len(EXAMPLE)
