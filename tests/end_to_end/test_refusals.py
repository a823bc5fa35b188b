"""What cannot work is refused in words: what is wrong, where, and what to do; never a traceback, never half a start."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.home import resident
from tests.end_to_end.rights import heed_file_modes
from tests.end_to_end.sound import heard
from tests.waiting import until

MISTAKES = {
    "nightlamp.toml": 'id = "home"\ncolour = "blue"\n[log]\nlevel = "loud"\n',
    "site.toml": '[[resident]]\nid = "r-1"\nname = "王"\nroom = 201\n[[binding]]\ndevice = "b"\nrole = "doorbell"\n',
    "devices.toml": '[[ble]]\n[[ble.device]]\nid = "b"\naddress = "54:48:E6"\nproduct = "bthome"\n',
    "cameras.toml": '[[camera]]\nid = "wc"\nsource = "rtsp://camera/wc"\nrole = "toilet"\n',
    "annunciators.toml": "night_from_h = 99\n",
    "panel.toml": "port = 70000\n",
    "rules.toml": "[fall\nrecovery_s = 15\n",
    "alarms.toml": "[high]\nrungs = []\n",
}
# file, line, key (or what stands for it)
TOLD = (
    ("nightlamp.toml", 2, "colour"),
    ("nightlamp.toml", 4, "log.level"),
    ("site.toml", 4, "resident.0.room"),
    ("site.toml", 7, "binding.0.role"),
    ("devices.toml", 2, "ble.0.device.0"),
    ("cameras.toml", 4, "camera.0.role"),
    ("annunciators.toml", 1, "night_from_h"),
    ("panel.toml", 1, "port"),
    ("rules.toml", 1, "not TOML"),
    ("alarms.toml", 2, "high.rungs"),
)


def nightlamp(*arguments: str, rights: bool = True) -> subprocess.CompletedProcess[str]:
    """One call of the command line; `rights` False: file modes hold even for root."""
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        preexec_fn=None if rights else heed_file_modes,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """It failed with one line on stderr, in which all of `words` stand."""
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("nightlamp: ")
    assert all(word in line for word in words), line


@pytest.fixture
def settings(run_folder: Path) -> Path:
    """A settings folder that is in order."""
    (run_folder / "nightlamp.toml").write_text('id = "home"\n[folders]\nstate = "state"\nrun = "run"\n')
    return run_folder


@pytest.mark.parametrize("command", ["check", "run"])
def test_ten_mistakes_are_told_at_once(run_folder: Path, command: str) -> None:
    for name, text in MISTAKES.items():
        (run_folder / name).write_text(text, encoding="utf-8")
    done = nightlamp(command, "--config", str(run_folder))
    assert done.returncode == 2
    lines = (done.stdout if command == "check" else done.stderr).splitlines()
    for file, line, key in TOLD:
        assert any(said.startswith(f"{file}:{line}: {key}") for said in lines), (file, line, key, lines)
    assert len(lines) == len(TOLD) + 1, lines
    assert "10 mistakes" in lines[-1]
    assert {path.name for path in run_folder.iterdir()} == set(MISTAKES), "nothing was made"


@pytest.mark.parametrize("folder", ["run", "state"])
def test_a_folder_that_cannot_be_made(settings: Path, folder: str) -> None:
    settings.chmod(0o500)
    try:
        done = nightlamp("run", "--config", str(settings), rights=False)
    finally:
        settings.chmod(0o700)
    one_line(done, str(settings / "state"), "Permission denied", "[folders]")
    (settings / folder).write_text("not a folder")
    one_line(nightlamp("run", "--config", str(settings)), str(settings / folder), "[folders]")


def test_a_run_folder_that_is_not_writable(settings: Path) -> None:
    (settings / "run").mkdir(mode=0o500)
    one_line(nightlamp("run", "--config", str(settings), rights=False), "core.lock", "Permission denied", "[folders]")
    assert not list((settings / "run").iterdir())


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "--confg", "x"), "--confg"),
        (("run", "surplus"), "surplus"),
        (("flyaway",), "flyaway"),
        (("seen",), "alarm"),
        (("close", "x", "--cause", "boredom"), "boredom"),
        (("demo", "--seed", "-3"), "--seed"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], word: str) -> None:
    done = nightlamp(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr.splitlines()[-1]
    assert "--help" in done.stderr


def test_commands_without_a_daemon_or_settings(settings: Path) -> None:
    one_line(nightlamp("alarms", "--config", str(settings)), "api.sock", "not running", "nightlamp run")
    done = nightlamp("run", "--config", str(settings / "nowhere"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 2)
    assert "--config" in done.stderr


async def test_a_second_daemon_is_refused_and_harms_nothing(make_home: MakeHome) -> None:
    """On the same folders, and with a run folder of its own but the same databases; also again and again."""
    home = await make_home()
    async with home.served() as daemon:
        second = await asyncio.to_thread(nightlamp, "run", "--config", str(home.config))
        one_line(second, "core.lock", str(daemon.pid), "stop that one first")
        text = (home.config / "nightlamp.toml").read_text()
        (home.config / "nightlamp.toml").write_text(text.replace('run = "run"', 'run = "other"'))
        for _ in range(3):  # so many unclean starts would make the next one come up in safe mode
            second = await asyncio.to_thread(nightlamp, "run", "--config", str(home.config))
            one_line(second, "store.lock", str(daemon.pid))
        (home.config / "nightlamp.toml").write_text(text)

        assert len(daemon.left()) == 2, "the core and its sounder"
        await daemon.kill()
        await daemon.start()
        await home.heard_by(daemon)
        assert "safe_mode" not in {alarm["kind"] for alarm in await daemon.alarms()}
        home.buttons[0].press()
        await daemon.alarm("sos", resident(0))


@pytest.mark.slow
async def test_a_state_folder_that_is_not_writable_keeps_nobody_from_calling(make_home: MakeHome) -> None:
    home = await make_home()
    home.state.mkdir(mode=0o500)
    daemon = home.daemon()
    daemon.before_start = heed_file_modes
    async with daemon:
        await home.heard_by(daemon)
        failed = await daemon.alarm("store_failed", "alarms.db")
        assert failed["priority"] == "high"
        home.buttons[0].press()
        call = await daemon.alarm("sos", resident(0))
        await until(lambda: call["id"] in heard(home.lines).began, "it sounds")
        await daemon.act(call["id"], "seen", "attended", "closed")
        home.state.chmod(0o700)
        await daemon.over(failed["id"])
        daemon.send(signal.SIGTERM)
        assert await daemon.wait() == 0


@pytest.mark.slow
async def test_a_port_in_use_is_told_and_costs_no_call(make_home: MakeHome) -> None:
    home = await make_home()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        home.port = other.getsockname()[1]
        home.write()
        daemon = home.daemon()
        await daemon.start()
        try:
            await until(lambda: f"cannot serve 127.0.0.1 port {home.port}" in daemon.log, "cause and cure are logged")
            await until(lambda: home.bluez.scanning, "it listens to the buttons")
            before = set(heard(home.lines).began)
            home.buttons[0].press()
            await until(lambda: set(heard(home.lines).began) - before, "it sounds")
            other.close()
            await daemon.ready()
            down = await daemon.alarm("panel_down")
            await daemon.over(down["id"], 20.0)
        finally:
            await daemon.end()
