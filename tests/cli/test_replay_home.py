"""`nightlamp replay --config`: a day by the settings of a home."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import nightlamp
from tests.replay.days import HOME, at, site


@pytest.mark.parametrize(("rooms", "raised_at"), [("201", "12:00:25"), ("202", "12:00:10")])
def test_a_weak_sign_is_asked_about_where_the_home_has_a_loudspeaker(
    tmp_path: Path, rooms: str, raised_at: str
) -> None:
    lines = [
        *HOME,
        site("binding", {"role": "camera", "room": "201"}, device="cam1"),
        at(10, "observation", "fall", device="cam1", value=0.8),
        at(40, "reading", "bed_occupied", device="bed1", value=False),
    ]
    (tmp_path / "day.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    speaker = f'[[loudspeaker]]\nname = "bed"\nalarms = false\nrooms = ["{rooms}"]\n'
    (home / "annunciators.toml").write_text(speaker, "utf-8")
    done = nightlamp("replay", str(tmp_path / "day.jsonl"), "--config", str(home), "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    (raised,) = [one for one in told if one.get("event") == "raised" and one["kind"] == "fall"]
    assert raised["t"][11:19] == raised_at
