"""A stranger's days of care: a sentence of the standard, its day, and its nearest false case."""

import pytest

from tests.replay.strange_home import MORNING, Day, bound, does, each, home, read

MINUTE, HOUR = 60.0, 3600.0
RISK = home(fall_risk="high")
BUTTON, BED = bound("btn", "button", resident="r1"), bound("bed", "bed", resident="r1")
BELT, READER = bound("belt", "wearable", resident="r1"), bound("rd", "reader", room="201")
TAGS = (bound("tag", "tag", resident="r1"), bound("li-tag", "tag", staff="li"))
IN_BED, EDGE, UP = (
    read(1, "bed", "bed_occupied", True),
    read(60, "bed", "edge_of_bed", True),
    read(70, "bed", "bed_occupied", False),
)
ASLEEP, LONG = (
    each(60, 2 * HOUR, 4 * MINUTE, "bed", "bed_occupied", True),
    each(60, 12 * HOUR, 4 * MINUTE, "bed", "bed_occupied", True),
)
AWAY = each(120, 30 * MINUTE, 4 * MINUTE, "bed", "bed_occupied", False)

NIGHTS = (
    Day(
        "fall risk high: at the edge medium, out of bed high after 60 s",
        "bed_exit",
        (RISK, BED, IN_BED, EDGE, UP),
        140,
        ["60 raised medium", "60 sounded medium", "130 escalated high", "130 sounded high"],
    ),
    Day(
        "back in bed a second before that",
        "bed_exit",
        (RISK, BED, IN_BED, UP, read(129, "bed", "bed_occupied", True)),
        300,
    ),
    Day(
        "staff in the room hold it back for ten minutes after their last proof",
        "bed_exit",
        (RISK, BED, READER, IN_BED, read(60, "rd", "card", "card-li"), UP),
        670,
        ["660 raised high", "660 sounded high"],
        ["130 suppressed high"],
    ),
    Day(
        "everybody else: not back after 15 min medium, 30 min high",
        "not_back_in_bed",
        (home(), BED, IN_BED, UP, AWAY),
        31 * MINUTE,
        ["970 raised medium", "970 sounded medium", "1150 escalated medium", "1330 escalated medium"],
    ),
    Day(
        "back in the fifteenth minute's last second",
        "not_back_in_bed",
        (home(), BED, IN_BED, UP, read(969, "bed", "bed_occupied", True)),
        HOUR,
    ),
    Day(
        "in bed for more than 12 h, for who is mobile",
        "in_bed_long",
        (home(), BED, IN_BED, LONG),
        12 * HOUR + 10,
        ["43201 raised low", "43201 sounded low"],
    ),
    Day(
        "turning: 15 min over the own interval medium",
        "turning_due",
        (home(turning_min=60), BED, does(10, "turned"), IN_BED, ASLEEP),
        2 * HOUR,
        [
            "4510 raised medium",
            "4510 sounded medium",
            "4690 escalated medium",
            "4870 escalated medium",
            "5410 escalated medium",
        ],
    ),
    Day(
        "turned in the last second",
        "turning_due",
        (home(turning_min=60), BED, does(10, "turned"), IN_BED, ASLEEP, does(10 + 75 * MINUTE - 1, "turned")),
        2 * HOUR,
    ),
    Day(
        "in the toilet at night: 15 min medium, 25 min high",
        "toilet_stay",
        (home(), bound("pir", "environment", room="wc"), each(60, 1600, 60, "pir", "presence", True)),
        1600,
        [
            "960 raised medium",
            "960 sounded medium",
            "1140 escalated medium",
            "1320 escalated medium",
            "1560 escalated high",
            "1560 sounded high",
        ],
    ),
    Day(
        "out of it again after 14 min",
        "toilet_stay",
        (
            home(),
            bound("pir", "environment", room="wc"),
            each(60, 840, 60, "pir", "presence", True),
            read(900, "pir", "presence", False),
        ),
        HOUR,
        [],
        ["900 suppressed"],
    ),
    Day(
        "a resident who may get lost at an exit: at once",
        "exit_zone",
        (home(wander_risk=True), TAGS, read(60, "tag", "seen_at", "door")),
        100,
        ["62 raised high", "62 sounded high"],
    ),
    Day(
        "an exit with a member of staff beside them",
        "exit_zone",
        (home(wander_risk=True), TAGS, read(58, "li-tag", "seen_at", "door"), read(60, "tag", "seen_at", "door")),
        80,
        [],
        ["60 suppressed"],
    ),
    Day(
        "a silent bed sensor: 5 min medium, and over with its first word",
        "device_silent",
        (home(), BED, IN_BED, read(400, "bed", "bed_occupied", True)),
        410,
        ["301 raised medium", "301 sounded medium", "400 closed medium"],
    ),
)
DAYTIME = (
    Day(
        "pulse at 50 for 5 min medium, at 40 for a minute high",
        "heart_rate_low",
        (
            home(),
            BELT,
            each(0, 50, 10, "belt", "heart_rate", 70),
            each(60, 400, 10, "belt", "heart_rate", 50),
            each(410, 500, 10, "belt", "heart_rate", 40),
        ),
        500,
        ["360 raised medium", "360 sounded medium", "470 escalated high", "470 sounded high"],
        begins=MORNING,
    ),
    Day(
        "a pulse of 51 all day",
        "heart_rate_low",
        (home(), BELT, each(0, HOUR, 10, "belt", "heart_rate", 51)),
        HOUR,
        begins=MORNING,
    ),
    Day(
        "a fever of 38.1 is medium, in whatever unit",
        "temperature_high",
        (home(), BELT, {**read(60, "belt", "body_temperature", 100.58), "unit": "°F"}),
        90,
        ["60 raised medium", "60 sounded medium"],
        begins=MORNING,
    ),
    Day(
        "one 37.4 is no fever, a second an hour later is",
        "temperature_high",
        (home(), BELT, read(60, "belt", "body_temperature", 37.4), read(60 + HOUR, "belt", "body_temperature", 37.5)),
        2 * HOUR,
        ["3660 raised low", "3660 sounded low"],
        begins=MORNING,
    ),
    Day(
        "a chart that adds up to 7 is high",
        "news2",
        (
            home(),
            BELT,
            does(10, "consciousness", value="A"),
            [
                read(20, "belt", *one)
                for one in (
                    ("respiratory_rate", 24),
                    ("spo2", 93),
                    ("systolic", 95),
                    ("body_temperature", 37.0),
                    ("heart_rate", 95),
                )
            ],
        ),
        30,
        ["20 raised high", "20 sounded high"],
        ["20 suppressed"],
        begins=MORNING,
    ),
    Day(
        "six of seven are a partial score, never one",
        "news2",
        (
            home(),
            BELT,
            [
                read(20, "belt", *one)
                for one in (
                    ("respiratory_rate", 25),
                    ("spo2", 90),
                    ("systolic", 90),
                    ("body_temperature", 37.0),
                    ("heart_rate", 131),
                )
            ],
        ),
        30,
        [],
        ["20 suppressed"],
        begins=MORNING,
    ),
    Day(
        "closed while it goes on: a high one comes back after 5 min",
        "heart_rate_low",
        (
            home(),
            BELT,
            each(0, 460, 10, "belt", "heart_rate", 38),
            does(100, "attended"),
            does(110, "closed", value={"kind": "heart_rate_low", "cause": "assisted"}),
        ),
        450,
        [
            "60 raised high",
            "60 sounded high",
            "100 attended high",
            "110 closed high",
            "410 raised high",
            "410 sounded high",
        ],
        begins=MORNING,
    ),
    Day(
        "who asks for water is a task and no alarm",
        "service_request sos",
        (home(), BUTTON, read(60, "btn", "service", "water")),
        100,
        begins=MORNING,
    ),
)


@pytest.mark.parametrize("day", [*NIGHTS, *DAYTIME], ids=lambda day: day.sentence)
def test_what_a_day_comes_to(day: Day) -> None:
    assert day.played() == day.expected
