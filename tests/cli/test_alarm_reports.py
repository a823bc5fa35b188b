"""`nightlamp alarms stats` and `bundle`, as people and programs meet them; no daemon runs."""

import json
from pathlib import Path

import pytest

from agent.alarms.alarm import Cause
from tests.cli.test_commands import nightlamp
from tests.store.logs import Ward


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder of settings whose store knows two alarms; and the id of one."""
    config = tmp_path_factory.mktemp("home")
    (config / "nightlamp.toml").write_text('id = "gw-7"\n[folders]\nstate = "state"\nrun = "run"\n', "utf-8")
    ward = Ward(config / "state")
    ward.live(Cause.FALSE_ALARM)
    alarm = ward.live()
    ward.close()
    return config, alarm.id


def test_figures_for_people_and_for_programs(home: tuple[Path, str]) -> None:
    options = ("--days", "366", "--carers", "1.5", "--config", str(home[0]))
    told = json.loads(nightlamp("alarms", "stats", "--json", *options).stdout)
    assert set(told) >= {"load", "periods", "stale", "top_sources", "responses_s", "kinds"}
    english = nightlamp("alarms", "stats", *options)
    assert english.returncode == 0
    assert "per carer and hour" in english.stdout
    assert "每人每小时" in nightlamp("alarms", "stats", *options, language="zh_CN.UTF-8").stdout


def test_a_bundle_is_made_checked_and_found_changed(home: tuple[Path, str], tmp_path: Path) -> None:
    config, alarm = home
    out = tmp_path / "incident.jsonl"
    made = nightlamp("alarms", "bundle", alarm, "--out", str(out), "--config", str(config))
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert nightlamp("alarms", "bundle", alarm, "--config", str(config)).stdout.count("\n") > 5
    good = nightlamp("alarms", "bundle", "--verify", str(out))
    assert good.returncode == 0
    assert f"whole, {len(out.read_text('utf-8').splitlines())} lines, alarm {alarm}" in good.stdout
    assert "not signed" in good.stdout
    assert json.loads(nightlamp("alarms", "bundle", "--verify", str(out), "--json").stdout)["ok"] is True
    again = nightlamp("alarms", "bundle", alarm, "--out", str(out), "--config", str(config))
    assert (again.returncode, "give another name" in again.stderr) == (1, True)
    out.write_text(out.read_text("utf-8").replace("panel:carer", "panel:other", 1), "utf-8")
    for arguments in ((), ("--json",)):
        bad = nightlamp("alarms", "bundle", "--verify", str(out), *arguments)
        assert bad.returncode == 1
        assert f"{out}:" in bad.stderr
        assert "was changed" in bad.stderr
    assert json.loads(bad.stdout)["error"] == "changed"
    assert "内容被改动" in nightlamp("alarms", "bundle", "--verify", str(out), language="zh_CN.UTF-8").stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("stats", "--carers", "0"), 2, "above 0"),
        (("stats", "--carers", "inf"), 2, "above 0"),
        (("stats", "--carers", "nan"), 2, "above 0"),
        (("stats", "--days", "0"), 2, "days"),
        (("bundle",), 2, "--verify FILE"),
        (("bundle", "x", "--verify", "y"), 2, "--verify FILE"),
        (("bundle", "nothing"), 1, "no alarm nothing"),
        (("bundle", "--verify", "/nowhere/x"), 1, "/nowhere/x: No such file"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure(
    home: tuple[Path, str], arguments: tuple[str, ...], status: int, words: str
) -> None:
    told = nightlamp("alarms", *arguments, "--config", str(home[0]))
    assert told.returncode == status
    assert words in told.stderr
    assert "Traceback" not in told.stderr


def test_without_a_log_and_with_misplaced_options(tmp_path: Path) -> None:
    told = nightlamp("alarms", "stats", "--config", str(tmp_path))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "alarms.db" in told.stderr
    misplaced = nightlamp("alarms", "--config", str(tmp_path), "stats")
    assert (misplaced.returncode, "stand behind it" in misplaced.stderr) == (2, True)


def test_a_key_that_cannot_be_used_is_told(home: tuple[Path, str]) -> None:
    key = home[0] / "state" / "gateway.key"
    key.write_text("garbage", "utf-8")
    try:
        told = nightlamp("alarms", "bundle", home[1], "--config", str(home[0]))
    finally:
        key.unlink()
    assert told.returncode == 1
    assert "gateway.key" in told.stderr
