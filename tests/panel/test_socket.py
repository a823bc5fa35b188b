"""The Unix socket: peer credentials instead of a login, and the command line's client."""

import asyncio
import os
import pwd
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.panel.client import ApiClient, ClientError
from agent.panel.server import PanelError, PanelServer
from agent.panel.settings import PanelSettings
from tests.panel.serving import Served, serving
from tests.panel.ward import Ward

ME = pwd.getpwuid(os.geteuid()).pw_name


async def test_a_user_of_this_machine_acts_under_his_name(served: Served) -> None:
    alarm = served.ward.press()
    client = ApiClient(served.socket)
    state = await asyncio.to_thread(client.get, "/api/v1/state")
    assert [one["id"] for one in state["alarms"]] == [alarm.id]
    for action, body in (("seen", None), ("attended", None), ("closed", {"cause": "assisted"})):
        answer = await asyncio.to_thread(client.post, f"/api/v1/alarms/{alarm.id}/{action}", body)
        assert answer["changed"]
    assert {command.actor for command in served.ward.commands} == {f"local:{ME}"}
    assert stat.S_IMODE(served.socket.stat().st_mode) == 0o660


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
async def test_another_user_is_refused(served: Served) -> None:
    served.socket.chmod(0o666)
    for folder in (served.socket.parent, *served.socket.parent.parents[:3]):
        if folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    program = (
        "import os, sys, socket; os.setgid(65534); os.setuid(65534);"
        "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
        "s.sendall(b'GET /api/v1/state HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n');"
        "print(s.makefile().read())"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program, str(served.socket)], capture_output=True, text=True, check=True
    )
    assert "403" in done.stdout.splitlines()[0]
    assert "not_allowed" in done.stdout


@pytest.mark.parametrize(("language", "word"), [("en", "not open any more"), ("zh", "已不在列表中")])
async def test_refusals_reach_the_command_line_in_its_language(served: Served, language: str, word: str) -> None:
    client = ApiClient(served.socket, language)
    with pytest.raises(ClientError, match=word) as refused:
        await asyncio.to_thread(client.post, "/api/v1/alarms/nope/seen")
    assert refused.value.code == "unknown_alarm"


def test_without_a_daemon_the_socket_and_the_cure_are_named(run_folder: Path) -> None:
    path = run_folder / "api.sock"
    with pytest.raises(ClientError, match="nightlamp run") as refused:
        ApiClient(path).get("/api/v1/state")
    assert refused.value.code == "not_running"
    assert str(path) in str(refused.value)
    with socket.socket(socket.AF_UNIX) as left:  # by a killed daemon
        left.bind(str(path))
    with pytest.raises(ClientError, match="nightlamp run"):
        ApiClient(path).get("/api/v1/state")


@pytest.mark.parametrize(("answer", "code"), [(None, "no_answer"), (b"HTTP/1.1 200 OK\r\n\r\nnot json", "bad_answer")])
def test_a_daemon_that_hangs_or_babbles_is_named(run_folder: Path, answer: bytes | None, code: str) -> None:
    path = run_folder / "api.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                if answer is None:
                    connection.recv(1)  # until the client gives up
                else:
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ClientError, match="daemon's log") as refused:
            ApiClient(path, timeout_s=0.3).get("/api/v1/state")
        thread.join()
    assert refused.value.code == code


async def test_a_socket_left_by_a_killed_core_is_replaced(run_folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(run_folder / "api.sock"))
    async with serving(Ward(), run_folder) as panel:
        health = await asyncio.to_thread(ApiClient(panel.socket).get, "/api/v1/health")
        assert health["ok"]


async def test_an_address_in_use_is_named_with_the_cure(served: Served, tmp_path: Path) -> None:
    settings = PanelSettings(port=served.server.port)
    with pytest.raises(PanelError, match=f"port {served.server.port}.*panel.toml"):
        await PanelServer(Ward(), settings, tmp_path, served.state / "other.sock").run()
    with pytest.raises(PanelError, match=r"host in panel\.toml"):
        await PanelServer(Ward(), PanelSettings(host="no.such.host.invalid"), tmp_path, tmp_path / "x").run()
    long = tmp_path / ("x" * 120)
    with pytest.raises(PanelError, match="at most 100 bytes"):
        await PanelServer(Ward(), PanelSettings(port=0), tmp_path, long).run()
    broken = PanelSettings(port=0, tls_certificate=__file__, tls_key=__file__)
    with pytest.raises(PanelError, match="PEM"):
        await PanelServer(Ward(), broken, tmp_path, served.state / "other.sock").run()


async def test_it_can_run_again_after_it_was_cancelled(run_folder: Path) -> None:
    server = PanelServer(Ward(), PanelSettings(port=0), run_folder, run_folder / "api.sock")
    for _ in range(2):
        running = asyncio.create_task(server.run())
        await server.ready.wait()
        health = await asyncio.to_thread(ApiClient(run_folder / "api.sock").get, "/api/v1/health")
        assert health["ok"]
        running.cancel()
        assert isinstance((await asyncio.gather(running, return_exceptions=True))[0], asyncio.CancelledError)
