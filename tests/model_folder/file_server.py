"""A file server with faults, on a real socket: ranges, breaking off, redirects, endless files."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Files:
    """What is served; `asked` are the requests so far as (path, Range)."""

    files: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    ranges: bool = True  # whether a Range is heeded
    breaks_after: int | None = None  # bytes of an answer after which the connection is cut, once
    endless: bool = False  # no length is told, and no end comes
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""


@contextmanager
def served(files: Files, certificate: tuple[str, str] | None = None) -> Iterator[Files]:
    """`files` at ``files.address`` while the context lasts; with `certificate` (file, key) by https."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _answer(self, files)

        def log_message(self, *_: object) -> None:
            """Tests have their own words."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever asked may have gone, or trust nobody here."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    files.address = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(to: http.server.BaseHTTPRequestHandler, files: Files) -> None:
    wanted = to.headers.get("Range", "")
    files.asked.append((to.path, wanted))
    if to.path in files.moved:
        to.send_response(302)
        to.send_header("Location", files.moved[to.path])
        to.send_header("Content-Length", "0")
        to.end_headers()
        return
    if to.path not in files.files:
        to.send_error(404)
        return
    content = files.files[to.path]
    start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and files.ranges else 0
    if start >= len(content):
        to.send_error(416)
        return
    to.send_response(206 if start else 200)
    if start:
        to.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    if not files.endless:
        to.send_header("Content-Length", str(len(content) - start))
    to.end_headers()
    cut, files.breaks_after = files.breaks_after, None
    try:
        to.wfile.write(content[start:] if cut is None else content[start : start + cut])
        while files.endless:
            to.wfile.write(bytes(1 << 20))
    except OSError:
        return  # whoever asked has heard enough
    if cut is not None:
        to.close_connection = True
