"""A small client of the API on the Unix socket, for the command line: waits, and knows no asyncio."""

import http.client
import json
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((FileNotFoundError, ConnectionRefusedError), "not_running"),
    ((PermissionError,), "not_allowed"),
    ((TimeoutError,), "no_answer"),
)

# code -> (English, Chinese)
_WORDS = {
    "not_running": (
        "{path}: nobody answers, the daemon is not running: nightlamp run --config DIR, or systemctl start nightlamp",
        "{path}：无人应答，守护进程未运行；请启动：nightlamp run --config 目录（或 systemctl start nightlamp）",
    ),
    "not_allowed": (
        "{path}: permission denied; run it as root or as the daemon's user",
        "{path}：权限不足；请以 root 或守护进程用户运行",
    ),
    "no_answer": (
        "{path}: no answer in {seconds} s; look at the daemon's log",
        "{path}：{seconds} 秒内无应答；请查看守护进程日志",
    ),
    "bad_answer": (
        "{path}: {error}; look at the daemon's log",
        "{path}：{error}；请查看守护进程日志",
    ),
}


class ClientError(Exception):
    """The call did not succeed; `code` is a stable word for programs, the text is for people and ends in the cure.

    `problems`: each mistake in what was sent, as ``{"key", "text"}``, where the API tells them one by one.
    """

    def __init__(self, code: str, text: str, problems: Iterable[Mapping[str, str]] = ()) -> None:
        super().__init__(text)
        self.code = code
        self.problems = tuple(problems)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class ApiClient:
    """Calls the daemon whose socket is at `api_socket`; its answers' texts come in `language`."""

    def __init__(self, api_socket: Path, language: str = "en", timeout_s: float = 5.0) -> None:
        self._path = api_socket
        self._language = language
        self._timeout_s = timeout_s

    def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """The JSON answer to GET `path`; raises `ClientError`."""
        return self._call("GET", path, None)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """The JSON answer to POST `path` with `body`; raises `ClientError`."""
        return self._call("POST", path, json.dumps(body or {}).encode())

    def put(self, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401
        """The JSON answer to PUT `path` with `body`; raises `ClientError`."""
        return self._call("PUT", path, json.dumps(body).encode())

    def delete(self, path: str) -> Any:  # noqa: ANN401
        """The JSON answer to DELETE `path`; raises `ClientError`."""
        return self._call("DELETE", path, None)

    def _call(self, method: str, path: str, body: bytes | None) -> Any:  # noqa: ANN401
        connection = _UnixConnection(self._path, self._timeout_s)
        headers = {"Accept-Language": self._language, "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            status, answer = response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._unreachable(error) from error
        finally:
            connection.close()
        if status >= 400:
            raise ClientError(answer["error"], f"{answer['message']}; {answer['cure']}", answer.get("problems", ()))
        return answer

    def _unreachable(self, error: Exception) -> ClientError:
        code = next((code for kinds, code in _CODES if isinstance(error, kinds)), "bad_answer")
        text = _WORDS[code][self._language == "zh"]
        return ClientError(code, text.format(path=self._path, error=error, seconds=f"{self._timeout_s:g}"))
