"""Serves panel and API: HTTP for people, a Unix socket for programs of this machine."""

import asyncio
import logging
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from agent.clock import Clock
from agent.panel.api import Api
from agent.panel.application import application
from agent.panel.auth import Door
from agent.panel.credentials import Credentials
from agent.panel.live import Live
from agent.panel.pages import Pages
from agent.panel.ports import Home
from agent.panel.protocol import PanelProtocol
from agent.panel.sessions import Sessions
from agent.panel.settings import PanelSettings

_LOGGER = logging.getLogger(__name__)

SOCKET_MODE = 0o660
MOST_CONNECTIONS = 256
HEAD_LIMIT = 16 * 1024
KEEP_ALIVE_S = 30
HANDSHAKE_S = 10.0
DEAD_PEER_S = 10.0  # a tablet that has left the radio's reach acknowledges nothing: it hears no alarm either
GRACE_S = 0.3  # for answers under way, then their connections are cut


class PanelError(Exception):
    """The panel cannot be served; the text names the address or file and the cure."""


def _night() -> bool:
    """21:00 to 06:00 by local time (domain 2.4)."""
    hour = time.localtime().tm_hour
    return hour >= 21 or hour < 6


class PanelServer:
    """Panel and API of `home`.

    `run` serves until `stop` is called or it is cancelled; `ready` is set once both addresses answer, and `port` then
    is the HTTP port. `is_night`: whether low alarms are silent now, as the buzzer has it.
    """

    def __init__(
        self,
        home: Home,
        settings: PanelSettings,
        state_folder: Path,
        api_socket: Path,
        clock: Clock | None = None,
        is_night: Callable[[], bool] = _night,
    ) -> None:
        self.ready = asyncio.Event()
        self.port = settings.port
        self._home = home
        self._settings = settings
        self._api_socket = api_socket
        self._clock = clock or Clock()
        self._is_night = is_night
        self._stopping = asyncio.Event()
        self._credentials = Credentials(state_folder)
        sessions = Sessions(state_folder, self._clock, settings.session_hours)
        self._door = Door(self._credentials, sessions, self._clock)
        self._live: Live | None = None

    @property
    def hearing(self) -> int:
        """How many pages and terminals would be heard now; one that falls asleep still counts for five seconds."""
        return self._live.hearing.count if self._live is not None else 0

    async def run(self) -> None:
        """Serve until `stop`; raises `PanelError` when an address cannot be had."""
        live = self._live = Live(self._home, self._clock.monotonic)
        http, local = ServerState(), ServerState()  # counted apart: a flood from the network leaves the socket alone
        config = self._config(live)
        listeners: list[asyncio.Server] = []
        try:
            tls = _tls(self._settings)
            listeners.append(await _listen(config, http, self._tcp_socket(), tls))
            listeners.append(await _listen(config, local, self._unix_socket(), None))
            if self._credentials.code is None:
                _LOGGER.warning("panel: no login code yet; make one with: nightlamp panel-code")
            self.ready.set()
            await self._stopping.wait()
        finally:
            self.ready.clear()
            live.close()
            await _end(listeners, [*http.connections, *local.connections], {*http.tasks, *local.tasks})

    def stop(self) -> None:
        """End `run` within a second, open streams and all."""
        self._stopping.set()

    def _config(self, live: Live) -> uvicorn.Config:
        settings = self._settings
        secure, session_s = bool(settings.tls_certificate), settings.session_hours * 3600
        pages = Pages(self._home, self._door, live, self._clock, self._is_night, session_s, secure)
        config = uvicorn.Config(
            application(Api(self._home, self._door, live), pages),
            lifespan="off",
            log_config=None,
            log_level="critical",  # what fails inside is logged by us, what comes from outside is not worth a line
            access_log=False,
            proxy_headers=False,  # nobody is believed about somebody else's address
            server_header=False,
            ws="none",
            h11_max_incomplete_event_size=HEAD_LIMIT,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        config.load()
        return config

    def _tcp_socket(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind, protocol)
        except OSError as error:
            raise PanelError(
                f"panel: {host}: {error.strerror}; set host in panel.toml to an address of ours"
            ) from error
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(DEAD_PEER_S * 1000))
            listener.bind(address)
        except OSError as error:
            listener.close()
            raise PanelError(
                f"panel: cannot serve {host} port {port}: {error.strerror}; "
                "end what uses it, or change host or port in panel.toml"
            ) from error
        self.port = listener.getsockname()[1]
        return listener

    def _unix_socket(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._api_socket.unlink(missing_ok=True)  # left by a killed core; a live one holds the process lock
            listener.bind(str(self._api_socket))
            self._api_socket.chmod(SOCKET_MODE)  # before it listens, so nobody slips in
        except OSError as error:
            listener.close()
            raise PanelError(
                f"panel: cannot make the socket {self._api_socket}: {error.strerror or error}; "
                "the run folder must exist and be ours, its path at most 100 bytes long"
            ) from error
        return listener


async def _listen(
    config: uvicorn.Config, state: ServerState, listener: socket.socket, tls: ssl.SSLContext | None
) -> asyncio.Server:
    # uvicorn's protocol without its Server: that one takes our signals, polls ten times a second and waits for open
    # streams for ever
    return await asyncio.get_running_loop().create_server(
        lambda: PanelProtocol(config, state),
        sock=listener,
        ssl=tls,
        ssl_handshake_timeout=HANDSHAKE_S if tls else None,
    )


async def _end(listeners: list[asyncio.Server], connections: list[Any], tasks: set["asyncio.Task[None]"]) -> None:
    """Close all: answers under way get a moment, then their connections are cut. The socket's file stays."""
    for listener in listeners:
        listener.close()
    for connection in connections:
        connection.shutdown()
    if tasks:
        await asyncio.wait(tasks, timeout=GRACE_S)
    for connection in connections:
        connection.transport.abort()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _tls(settings: PanelSettings) -> ssl.SSLContext | None:
    if not settings.tls_certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise PanelError(
            f"panel: certificate {settings.tls_certificate} with key {settings.tls_key}: {error}; "
            "both must be PEM files that belong together and that the daemon may read"
        ) from error
    return context
