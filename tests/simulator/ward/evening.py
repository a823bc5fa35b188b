"""The demo as a person sees it: a live line for each event, the table at the end; or JSON for a program."""

import asyncio
import json
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agent.cli.language import say
from tests.simulator.daemon import DaemonError
from tests.simulator.ward.plan import draw
from tests.simulator.ward.run import Ward
from tests.simulator.ward.verdict import Row, Verdict

_STYLES = {
    "setup": "dim",
    "act": "bold cyan",
    "decoy": "magenta",
    "alarm": "bold red",
    "note": "yellow",
    "panel": "bold",
    "sync": "green",
}
_SIGNS = {"setup": "·", "act": "▶", "decoy": "▷", "alarm": "●", "note": "○", "panel": "▣", "sync": "⇪"}


class _Voice:
    """Lines for people on the terminal; silent when a program asked."""

    def __init__(self, quiet: bool) -> None:
        self.console = Console(quiet=quiet, highlight=False, soft_wrap=True)
        self._begin = time.monotonic()

    def tell(self, kind: str, words: str) -> None:
        since = time.monotonic() - self._begin
        self.console.print(f"[dim]{since:6.1f}[/dim] {_SIGNS[kind]} ", end="")
        self.console.print(words, style=_STYLES[kind], markup=False)


def main(*, once: bool, as_json: bool, seed: int | None, port: int) -> int:
    """Run the demo; gives the exit status: 0 when all came as expected, or the ward was ended by a person."""
    seed = secrets.randbelow(1000) if seed is None else seed
    voice = _Voice(quiet=as_json)
    folder = Path(tempfile.mkdtemp(prefix="nightlamp-"))  # short: Unix sockets lie in it
    try:
        return asyncio.run(_evening(folder, seed, _free(port), voice, once=once, as_json=as_json))
    except DaemonError as error:
        sys.stderr.write(f"nightlamp demo: {error}\n")
        return 1
    except FileNotFoundError as error:
        sys.stderr.write(f"nightlamp demo: {error.filename}: not found; run ./install.sh demo, which installs it\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _evening(folder: Path, seed: int, port: int, voice: _Voice, *, once: bool, as_json: bool) -> int:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    voice.console.print(say("[bold]Nightlamp, virtual ward[/bold]", "[bold]守夜灯 虚拟病区[/bold]") + f"  seed {seed}")
    status = await _unless(ended, lambda: _in_the_ward(folder, seed, port, voice, once=once, as_json=as_json))
    return 0 if status is None else status


async def _in_the_ward(folder: Path, seed: int, port: int, voice: _Voice, *, once: bool, as_json: bool) -> int:
    async with Ward(folder, draw(seed), port, voice.tell) as ward:
        await ward.play()
        verdict = await ward.verdict()
        if as_json:
            sys.stdout.write(json.dumps({"seed": seed, **verdict.to_json()}, ensure_ascii=False) + "\n")
        else:
            _show(verdict, voice.console)
        if once:
            return 0 if verdict.ok else 1
        voice.console.print(say("The ward goes on; Ctrl-C ends it.", "病区继续运行；按 Ctrl-C 结束。"))
        await asyncio.get_running_loop().create_future()
    return 0


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _unless(ended: asyncio.Event, evening: Callable[[], Coroutine[None, None, int]]) -> int | None:
    """Let the evening happen, from the first wall to the last row; None when a person ended it first."""
    happening, ending = asyncio.create_task(evening()), asyncio.create_task(_wait(ended))
    await asyncio.wait({happening, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if happening.done():
        return happening.result()
    happening.cancel()
    with suppress(asyncio.CancelledError):
        await happening
    return None


def _show(verdict: Verdict, console: Console) -> None:
    table = Table(title=say("expected against what came (seconds after the act)", "预期与实际（事件后秒数）"))
    english = "happening|raised|priority reached|sounded|paged|lamp|stored|received|verdict"
    for head in say(english, "事件|报警|达到级别|发声|寻呼|走廊灯|存储|平台收到|结论").split("|"):
        table.add_column(head)
    for row in verdict.rows:
        table.add_row(*_cells(row), style="green" if not row.faults else "bold red")
    console.print(table)
    for noted in verdict.beside:
        words = say(f"beside: {noted.what}", f"另外：{noted.what}")
        console.print(f"{words}: {', '.join(noted.faults) or '✓'}", style="bold red" if noted.faults else "green")
    for extra in verdict.extra:
        console.print(say(f"nobody expected: {extra}", f"意外报警：{extra}"), style="bold red")
    for id_ in verdict.doubles:
        console.print(say(f"received twice: {id_}", f"重复收到：{id_}"), style="bold red")
    console.print(
        say("All came, once and in time; nothing else did.", "全部按时到达且仅一次；无其他报警。")
        if verdict.ok
        else say("Not as expected.", "与预期不符。"),
        style="bold green" if verdict.ok else "bold red",
    )


def _cells(row: Row) -> tuple[str, ...]:
    times = [f"{one:.3f}" if one is not None else "-" for one in (row.raised_s, row.priority_s, row.sounded_s)]
    done = ["✓" if one else "-" for one in (row.paged, row.lit, row.stored, row.received)]
    return row.what, *times, *done, ", ".join(row.faults) or "✓"


def _free(port: int) -> int:
    """`port` if nobody uses it, else any free one."""
    for wanted in (port, 0):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                sock.bind(("127.0.0.1", wanted))
                return int(sock.getsockname()[1])
    raise DaemonError("no free port on 127.0.0.1")
