"""Who gets in, and who does not."""

import asyncio
import json
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from agent.clock import Clock
from agent.panel import auth, secret_file
from agent.panel.credentials import ALPHABET, CODE_LENGTH, FILE, Credentials, ensure_code, new_code, new_token
from agent.panel.sessions import Sessions
from agent.panel.settings import PanelSettings
from agent.panel.tries import FREE
from tests.panel.serving import Served, raw, serving
from tests.panel.test_api import Listener
from tests.panel.ward import Ward
from tests.waiting import until

PRIVATE = ["/api/v1/state", "/api/v1/live", "/api/v1/history", "/api/v1/events"]
FORM = b"name=x&code=wrong"
PAGES = ["/", "/devices", "/system", "/history", "/figures", "/live/alarms"]


@pytest.mark.parametrize("path", PRIVATE)
async def test_the_api_needs_a_login(served: Served, path: str) -> None:
    answer = await served.call("GET", path)
    assert (answer.status_code, answer.json()["error"]) == (401, "login_needed")


@pytest.mark.parametrize("path", PAGES)
async def test_pages_lead_to_the_login(served: Served, path: str) -> None:
    answer = await served.call("GET", path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")


async def test_a_form_that_is_not_ours_is_told_so(served: Served) -> None:
    answer = await served.call("POST", "/login", data="&".join(f"field{number}=1" for number in range(9)))
    assert answer.status_code == 400


async def test_nobody_acts_without_a_login(served: Served) -> None:
    alarm = served.ward.press()
    answer = await served.call("POST", f"/api/v1/alarms/{alarm.id}/seen")
    assert answer.status_code == 401
    assert served.ward.commands == []


async def test_the_code_opens_a_session_that_scripts_cannot_read(served: Served) -> None:
    answer = await served.log_in(name="  李  护士 ", code=served.code.lower().replace("-", " "))
    assert (answer.status_code, answer.headers["location"]) == (303, "/devices")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "secure" not in cookie.lower()
    alarm = served.ward.press()
    await served.call("POST", f"/api/v1/alarms/{alarm.id}/seen")
    assert served.ward.commands[0].actor == "panel:李 护士"


async def test_logging_out_ends_the_session_and_its_stream(served: Served) -> None:
    await served.log_in()
    listener = Listener(served)
    await until(lambda: listener.of("state"), "first state")
    stolen = dict(served.session.cookies)
    answer = await served.call("POST", "/logout")
    assert answer.headers["location"] == "/login"
    assert (await served.call("GET", "/api/v1/state", cookies=stolen)).status_code == 401
    await listener.end()
    assert listener.events[-1][0] == "ended"


async def test_a_new_code_ends_all_sessions_and_the_old_code(served: Served) -> None:
    await served.log_in()
    code = new_code(served.state)
    assert (await served.call("GET", "/api/v1/state")).status_code == 401
    assert (await served.log_in()).status_code == 401
    assert (await served.log_in(code=code)).status_code == 303


async def test_a_restart_of_the_gateway_logs_nobody_out(run_folder: Path) -> None:
    async with serving(Ward(), run_folder) as first:
        await first.log_in()
        cookies, kept = dict(first.session.cookies), (run_folder / FILE).read_bytes()
    async with serving(Ward(), run_folder) as second:
        (run_folder / FILE).write_bytes(kept)  # the fixture had made another code
        assert (await second.call("GET", "/api/v1/state", cookies=cookies)).status_code == 200


async def test_without_a_code_nobody_gets_in_and_the_page_says_what_to_do(served: Served) -> None:
    (served.state / FILE).unlink()
    answer = await served.log_in()
    assert answer.status_code == 503
    assert "nightlamp panel-code" in answer.text
    code = ensure_code(served.state)
    assert code is not None
    assert ensure_code(served.state) is None
    assert (await served.log_in(code=code)).status_code == 303


@pytest.mark.parametrize("broken", ['{"code": {"salt": 7}}', "{", "[]", '{"code": 1, "tokens": []}'])
async def test_a_broken_file_locks_nobody_out_now_lets_nobody_in_later_and_is_mended(
    served: Served, broken: str
) -> None:
    (served.state / FILE).write_text(broken, encoding="utf-8")
    assert (await served.log_in()).status_code == 303, "the code in memory holds"
    assert Credentials(served.state).code is None
    assert Credentials(served.state).token_name("") is None
    assert (await served.log_in(code=new_code(served.state))).status_code == 303


async def test_who_guesses_waits_and_others_do_not(served: Served) -> None:
    answers = [(await served.log_in(code=f"wrong{n}")).status_code for n in range(FREE)]
    assert answers == [401] * FREE
    refused = await served.log_in()
    assert refused.status_code == 429, "the right code too"
    assert 20 < int(refused.headers["retry-after"]) <= 30
    assert "30" in refused.text or "29" in refused.text


async def test_guesses_in_parallel_count_like_guesses_in_a_row(served: Served) -> None:
    head = (
        "POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nConnection: close\r\n"
        f"Content-Length: {len(FORM)}\r\n\r\n"
    )
    answers = await asyncio.gather(*(raw(served, head.encode() + FORM) for _ in range(12)))
    assert sorted(int(answer.split()[1]) for answer in answers) == [401] * FREE + [429] * 7


@pytest.mark.parametrize("name", ["", "   ", "x" * 25, "a\x00b"])
async def test_a_login_needs_a_name(served: Served, name: str) -> None:
    assert (await served.log_in(name=name)).status_code == 400


async def test_checking_a_code_does_not_hold_up_the_alarm_loop(dear_codes: None, served: Served) -> None:
    worst, end = 0.0, asyncio.create_task(served.log_in(code="wrong"))
    while not end.done():
        before = time.monotonic()
        await asyncio.sleep(0)
        worst = max(worst, time.monotonic() - before)
    assert worst < 0.045, "scrypt belongs into a thread"


async def test_other_sites_cannot_use_a_carers_browser(served: Served) -> None:
    await served.log_in()
    alarm = served.ward.press()
    path = f"/api/v1/alarms/{alarm.id}/seen"
    host = served.url.removeprefix("http://")
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
        {"Origin": f"http://{host}.evil.example"},
        {"Origin": f"ftp://{host}"},
    ):
        answer = await served.call("POST", path, headers)
        assert (answer.status_code, answer.json()["error"]) == (403, "wrong_origin")
        assert (
            await served.call("POST", "/login", headers, data={"name": "x", "code": served.code})
        ).status_code == 403
        assert (await served.call("POST", "/logout", headers)).status_code == 403
    bare = await asyncio.to_thread(
        requests.post,
        served.url + path,
        cookies=dict(served.session.cookies),
        headers={"Origin": served.url},
        timeout=5,
    )
    assert bare.status_code == 403, "a form of our own origin is not our script"
    assert served.ward.commands == []


async def test_a_token_reads_the_feed_and_nothing_else(served: Served) -> None:
    token = new_token(served.state, "platform")
    bearer = {"Authorization": f"Bearer {token}"}
    alarm = served.ward.press()
    assert len((await served.call("GET", "/api/v1/events", bearer)).json()["events"]) == 1
    for method, path in (
        ("GET", "/api/v1/state"),
        ("GET", "/api/v1/live"),
        ("POST", f"/api/v1/alarms/{alarm.id}/seen"),
    ):
        answer = await served.call(method, path, bearer)
        assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")
    again = new_token(served.state, "platform")
    assert (await served.call("GET", "/api/v1/events", bearer)).status_code == 401, "replaced"
    new_code(served.state)
    assert (await served.call("GET", "/api/v1/events", {"Authorization": f"Bearer {again}"})).status_code == 200
    for wrong in ("Bearer", "Bearer ", "Basic d2FuZw==", f"Bearer {again}x"):
        assert (await served.call("GET", "/api/v1/events", {"Authorization": wrong})).status_code == 401


def test_only_hashes_are_kept_and_only_we_may_read_them(tmp_path: Path) -> None:
    code, token = new_code(tmp_path), new_token(tmp_path, "platform")
    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert code not in text
    assert code.replace("-", "") not in text
    assert token not in text
    assert len(code.replace("-", "")) == CODE_LENGTH
    assert set(code) <= {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("01OIL")
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, f"{FILE}.lock"]


def test_codes_and_tokens_made_by_many_processes_at_once_all_hold(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from agent.panel.credentials import new_token;"
        "print(new_token(Path(sys.argv[1]), sys.argv[2]))"
    )
    makers = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), f"p{n}"], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    tokens = [maker.communicate(timeout=30)[0].strip() for maker in makers]
    known = Credentials(tmp_path)
    assert sorted(filter(None, (known.token_name(token) for token in tokens))) == ["p0", "p1", "p2", "p3"]


def certificate(folder: Path) -> tuple[str, str]:
    """A key and a certificate for 127.0.0.1, by OpenSSL."""
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", key, "-out", pem, "-days", "2", "-subj", "/CN=gateway", "-addext"),
            "subjectAltName=IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    return str(pem), str(key)


async def test_with_a_certificate_it_speaks_tls_and_the_cookie_is_secure(run_folder: Path) -> None:
    pem, key = certificate(run_folder)
    settings = PanelSettings(port=0, tls_certificate=pem, tls_key=key)
    async with serving(Ward(), run_folder, settings) as panel:
        url = f"https://127.0.0.1:{panel.server.port}"
        fields = {"name": "wang", "code": panel.code}

        def log_in() -> requests.Response:
            return requests.post(
                f"{url}/login", data=fields, headers={"Origin": url}, verify=pem, timeout=10, allow_redirects=False
            )

        answer = await asyncio.to_thread(log_in)
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]


def test_a_session_outlives_a_jump_of_the_clock_but_not_its_shift(tmp_path: Path) -> None:
    now = {"monotonic": 100.0, "wall": 1_800_000_000.0}

    def clock(boot: str = "a") -> Clock:
        return Clock(lambda: now["monotonic"], lambda: now["wall"], boot, lambda: False)

    sessions = Sessions(tmp_path, clock(), 12)
    token = sessions.open("wang", "g1")
    sessions.save()
    now["wall"] = now["wall"] + 10 * 365 * 86400
    assert sessions.find(token, "g1") is not None
    assert sessions.find(token, "g2") is None
    now["monotonic"] = 100.0 + 12 * 3600
    assert sessions.find(token, "g1") is None
    now |= {"monotonic": 5.0, "wall": 1_800_000_000.0 + 3600}
    assert Sessions(tmp_path, clock("b"), 12).find(token, "g1") is not None
    now["wall"] = 1_800_000_000.0 + 13 * 3600
    assert Sessions(tmp_path, clock("b"), 12).find(token, "g1") is None
    now["wall"] = 946_684_800.0  # never set since power-on: doubtful, so a new login
    assert Sessions(tmp_path, clock("b"), 12).find(token, "g1") is None
    stored = json.loads((tmp_path / "panel-sessions.json").read_text(encoding="utf-8"))
    assert token not in json.dumps(stored)


async def test_a_disk_that_hangs_keeps_nobody_out(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    answers_again = threading.Event()
    monkeypatch.setattr(auth, "SAVE_WAIT_S", 0.1)
    monkeypatch.setattr(secret_file, "write", lambda *_: answers_again.wait(20))
    try:
        assert (await served.log_in()).status_code == 303
        assert (await served.call("GET", "/api/v1/state")).status_code == 200
    finally:
        answers_again.set()
