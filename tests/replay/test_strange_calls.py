"""A stranger's days of calls, smoke and falls: a sentence of the design, its day, and its nearest false case."""

import pytest

from tests.replay.strange_home import NIGHT, Day, bound, does, home, read, seen

HOUR = 3600.0
BUTTON, SMOKE = bound("btn", "button", resident="r1"), bound("smk", "life_safety", room="201")
CAMERA, BELT = bound("cam", "camera", room="201"), bound("belt", "wearable", resident="r1")
PRESS, FALL = read(10, "btn", "button", "press"), seen(60, "cam", "fall", 0.95)

CALLS = (
    Day(
        "a call nobody answers sounds at once and climbs at 60, 120 and 300 s",
        "sos",
        (home(), BUTTON, PRESS),
        400,
        ["10 raised high", "10 sounded high", "70 escalated high", "130 escalated high", "310 escalated high"],
    ),
    Day("letting a button go is no call", "sos", (home(), BUTTON, read(10, "btn", "button", "release")), 60),
    Day(
        "seen quiets; not attended 180 s later it sounds one rung higher",
        "sos",
        (home(), BUTTON, PRESS, does(20, "seen")),
        210,
        ["10 raised high", "10 sounded high", "20 seen high", "200 escalated high", "200 sounded high"],
    ),
    Day(
        "attended a second before that ends it",
        "sos",
        (home(), BUTTON, PRESS, does(20, "seen"), does(199, "attended")),
        HOUR,
        ["10 raised high", "10 sounded high", "20 seen high", "199 attended high"],
    ),
    Day(
        "a press after attended is a new alarm, one before it the same",
        "sos",
        (
            home(),
            BUTTON,
            PRESS,
            read(15, "btn", "button", "press"),
            does(20, "attended"),
            read(30, "btn", "button", "press"),
        ),
        40,
        [
            "10 raised high",
            "10 sounded high",
            "15 sounded high",
            "20 attended high",
            "30 raised high",
            "30 sounded high",
        ],
    ),
    Day(
        "neither staff in the room, nor being out, nor maintenance, nor a shelf holds a call or smoke back",
        "sos smoke",
        (
            home(),
            BUTTON,
            SMOKE,
            does(1, "present", resident=None, place="201"),
            does(2, "out", value=NIGHT + HOUR),
            does(3, "maintenance", resident=None, device="btn", value=NIGHT + HOUR),
            does(4, "shelve", value={"kind": "bed_exit", "reason": "visitor", "minutes": 60}),
            PRESS,
            read(20, "smk", "smoke", True),
        ),
        30,
        ["10 sos raised high", "10 sos sounded high", "20 smoke raised high", "20 smoke sounded high"],
    ),
    Day(
        "smoke latches, also when its contact opens and a second detector is another alarm once somebody came",
        "smoke",
        (
            home(),
            SMOKE,
            bound("smk2", "life_safety", room="201"),
            read(10, "smk", "smoke", True),
            read(20, "smk", "smoke", False),
            does(30, "attended", resident=None, place="201"),
            read(40, "smk2", "smoke", True),
        ),
        60,
        ["10 raised high", "10 sounded high", "30 attended high", "40 raised high", "40 sounded high"],
    ),
    Day(
        "a doubtful press is a call, marked unverified, beside a technical alarm",
        "sos device_unverified",
        (home(), BUTTON, {**PRESS, "quality": "unverified"}),
        20,
        [
            "10 sos raised high",
            "10 sos sounded high",
            "10 device_unverified raised medium",
            "10 device_unverified sounded medium",
        ],
    ),
    Day(
        "a press out of a button's memory neither raises nor clears",
        "sos",
        (home(), BUTTON, {**PRESS, "stored": True}),
        20,
    ),
    Day(
        "attended and closed with a cause, it is over",
        "sos",
        (home(), BUTTON, PRESS, does(20, "attended"), does(30, "closed", value={"kind": "sos", "cause": "assisted"})),
        HOUR,
        ["10 raised high", "10 sounded high", "20 attended high", "30 closed high"],
    ),
)
FALLS = (
    Day(
        "a fall is medium at once and high after 15 s without recovery",
        "fall",
        (home(), CAMERA, FALL),
        100,
        ["60 raised medium", "60 sounded medium", "75 escalated high", "75 sounded high"],
    ),
    Day(
        "who gets up in time had a near fall: low, and never withdrawn",
        "fall",
        (home(), CAMERA, FALL, seen(74, "cam", "recovered")),
        HOUR,
        ["60 raised medium", "60 sounded medium"],
        ["74 suppressed low"],
    ),
    Day(
        "who gets up a second too late fell",
        "fall",
        (home(), CAMERA, FALL, seen(76, "cam", "recovered")),
        100,
        ["60 raised medium", "60 sounded medium", "75 escalated high", "75 sounded high"],
    ),
    Day(
        "a second source makes it high at once, and one alarm",
        "fall",
        (home(), CAMERA, BELT, FALL, read(63, "belt", "body_fall", "fall")),
        70,
        ["60 raised medium", "60 sounded medium", "63 escalated high", "63 sounded high"],
    ),
    Day(
        "one weak sign alone is left, with its numbers",
        "fall",
        (home(), CAMERA, seen(60, "cam", "fall", 0.4)),
        200,
        [],
        ["60 suppressed"],
    ),
    Day(
        "staff in the room never make a fall less than medium",
        "fall",
        (home(), CAMERA, does(50, "present", resident=None, place="201"), FALL),
        100,
        ["60 raised medium", "60 sounded medium", "75 escalated high", "75 sounded high"],
    ),
    Day(
        "a fall after attended is another",
        "fall",
        (home(), CAMERA, FALL, does(90, "attended"), seen(300, "cam", "fall", 0.95)),
        310,
        [
            "60 raised medium",
            "60 sounded medium",
            "75 escalated high",
            "75 sounded high",
            "90 attended high",
            "300 raised high",
            "300 sounded high",
        ],
    ),
)


@pytest.mark.parametrize("day", [*CALLS, *FALLS], ids=lambda day: day.sentence)
def test_what_a_day_comes_to(day: Day) -> None:
    assert day.played() == day.expected
