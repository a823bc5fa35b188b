"""`nightlamp replay` of a file that was written by hand: bytes, line ends, and what is told of wrong lines."""

import json
from pathlib import Path

from tests.cli.test_commands import nightlamp
from tests.replay.days import HOME, at, press, site


def test_line_ends_a_mark_and_half_a_line_lose_nothing_else(tmp_path: Path) -> None:
    wrong = [
        json.dumps(site("binding", {"device": "zz", "resident": "r1", "role": "gong"})).encode(),
        b"",
        b"   ",
        b"\xff\xfe\x00garbage",
        json.dumps(at(5, "reading", "mood", device="x", value=1)).encode(),
        json.dumps(press(10)).encode(),
        json.dumps({**press(20), "unit": "Hz", "value": "clik"}).encode(),
        b'{"t": "2027-01-14T12:00:30Z", "kin',
    ]
    day = tmp_path / "day.jsonl"
    day.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*(json.dumps(one).encode() for one in HOME), *wrong]))
    done = nightlamp("replay", str(day), "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["event"] for one in told if one.get("kind") == "sos"] == ["raised", "sounded", "sounded"]
    assert (told[-1]["summary"]["lines"], told[-1]["summary"]["rejected"]) == (11, 3)
    errors = [line.removeprefix(f"{day}:") for line in done.stderr.splitlines()]
    starts = [
        "4: site: binding zz: role: ",
        "10: value is 'clik'; button is one of press, ",
        "7: no JSON: ",
        "8: quantity 'mood' is not known ",
        "11: no JSON: the line is cut: ",
        "nightlamp: 3 lines were left out",
    ]
    assert [error[: len(start)] for error, start in zip(errors, starts, strict=True)] == starts
    assert nightlamp("replay", str(day), "--strict").returncode == 1


def test_an_alarm_that_got_milder_was_raised_all_the_same(tmp_path: Path) -> None:
    cam = site("binding", {"device": "cam", "resident": "r1", "role": "camera"})
    fall, up = (at(second, "observation", name, device="cam") for second, name in ((10, "fall"), (20, "recovered")))
    day = tmp_path / "day.jsonl"
    day.write_text("".join(json.dumps(line) + "\n" for line in (*HOME, cam, fall, up)), "utf-8")
    done = nightlamp("replay", str(day))
    told = [line.split()[1:3] for line in done.stdout.splitlines() if "Fall:" in line]
    assert told == [["raised", "medium"], ["sounds", "medium"], ["milder", "low"]]
