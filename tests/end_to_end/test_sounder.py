"""The sounder is killed, hangs, cannot start or meets another core: what is open goes on sounding."""

import json
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

from agent.wire import encode
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.daemon import Daemon
from tests.end_to_end.home import Home, resident
from tests.end_to_end.sound import heard, longest_silence
from tests.waiting import until

PAUSE_S = 5.15  # of the high pattern, from the last rise of a burst to the first of the next
RESTART_S = 3.0  # a new process: back-off, the interpreter's start on a busy machine, the core's next try to connect
HUNG_S = 4.0  # until the core knows that it hangs: three seconds of silence, seen at the next beat


async def call(home: Home, daemon: Daemon, number: int = 0) -> str:
    """A resident presses; gives the id of the alarm, once it sounds."""
    home.buttons[number].press()
    id_ = str((await daemon.alarm("sos", resident(number)))["id"])
    await until(lambda: id_ in heard(home.lines).began, "it sounds")
    return id_


async def silence_after(home: Home, daemon: Daemon, number: signal.Signals, id_: str) -> float:
    """Send a signal to the sounder in the middle of a pause: the longest silence until the next one sounds."""
    began_at = heard(home.lines).began[id_]
    old = daemon.pid_of("sounder")
    daemon.send(number, "sounder")
    await daemon.runs("sounder", other_than=old)
    rises = len(heard(home.lines).rises)
    await until(lambda: len(heard(home.lines).rises) > rises, "it sounds again", PAUSE_S + RESTART_S)
    return longest_silence(heard(home.lines).rises, [(began_at, time.monotonic())])


async def test_one_that_dies_again_and_again_is_soon_replaced(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        id_ = await call(home, daemon)
        for _ in range(6):  # a back-off that goes on doubling is at six seconds then
            old = daemon.pid_of("sounder")
            daemon.send(signal.SIGKILL, "sounder")
            await daemon.runs("sounder", old, RESTART_S)
        assert await silence_after(home, daemon, signal.SIGKILL, id_) < PAUSE_S + RESTART_S


async def test_one_that_hangs_is_killed_and_replaced(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        id_ = await call(home, daemon)
        silence_s = await silence_after(home, daemon, signal.SIGSTOP, id_)
        assert silence_s < PAUSE_S + HUNG_S + RESTART_S


async def test_a_core_that_is_stopped_is_heard_of_although_all_is_seen(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        await daemon.act(await call(home, daemon), "seen")
        before = len(heard(home.lines).rises)
        daemon.send(signal.SIGSTOP)
        await until(lambda: len(heard(home.lines).rises) > before, "the sounder speaks for itself", 30.0)
        daemon.send(signal.SIGCONT)
        home.buttons[0].press()
        await until(lambda: len(heard(home.lines).rises) > before + 2, "a call after that", 30.0)


async def test_both_are_stopped_and_the_core_goes_on_alone(make_home: MakeHome) -> None:
    home = await make_home()
    async with home.served() as daemon:
        await call(home, daemon)
        old = daemon.pid_of("sounder")
        daemon.send(signal.SIGSTOP, "sounder")
        daemon.send(signal.SIGSTOP)
        before = len(heard(home.lines).rises)
        daemon.send(signal.SIGCONT)
        await daemon.runs("sounder", old, 30.0)
        await until(lambda: len(heard(home.lines).rises) > before, "another sounder sounds", 30.0)


async def test_one_that_cannot_start_is_announced_and_nothing_else_ends(make_home: MakeHome) -> None:
    """First its settings cannot be written, as in a full run folder; then it dies of a socket that it cannot have."""
    home = await make_home()
    run = home.config / "run"
    for name in ("sounder.json", "sounder.sock"):
        (run / name).mkdir(parents=True)
    async with home.daemon() as daemon:
        down = await daemon.alarm("sounder_down")
        assert (down["priority"], down["alarm_class"]) == ("high", "technical")
        (run / "sounder.json").rmdir()
        await until(lambda: "it ended (status 1)" in daemon.log, "it was started")
        (run / "sounder.sock").rmdir()
        await daemon.over(down["id"])
        await home.heard_by(daemon)
        await call(home, daemon)


def _as_another_core(path: Path, line: bytes) -> bytes:
    """What the sounder says to a core that says `line`, until the alarm sounds or the connection is taken away."""
    said = b""
    with socket.socket(socket.AF_UNIX) as other_core, suppress(ConnectionError):
        other_core.connect(str(path))
        other_core.sendall(line)
        while b'"sounded"' not in said and (more := other_core.recv(65536)):
            said += more
    return said


async def test_a_closed_alarm_does_not_come_back_from_the_sounder(make_home: MakeHome) -> None:
    """What the sounder holds counts for a core that has just started; later the core knows better."""
    home = await make_home(buttons=2)
    async with home.served() as daemon:
        id_ = await call(home, daemon)
        alarm = next(one for one in await daemon.alarms() if one["id"] == id_)
        alarm.pop("words")
        await daemon.act(id_, "seen", "attended", "closed")
        said = b""
        while b'"sounded"' not in said:  # the core may take its place back before the line was read
            said = _as_another_core(home.config / "run" / "sounder.sock", encode("open", seq=1, alarms=[alarm]))
        assert json.loads(said.split(b"\n")[0])["t"] == "held"
        await until(lambda: "sounder: connection" in daemon.log, "the core has come back")
        second = await call(home, daemon, 1)
        assert id_ not in {one["id"] for one in await daemon.alarms()}
        assert second in heard(home.lines).began
