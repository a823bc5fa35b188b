"""A process of our own beside the one that looks on: one JSON object a line on its output, SIGTERM ends it."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

OnLine = Callable[[dict[str, Any]], None]

END_S = 5.0
FIRST_S = 30.0


class ChildError(Exception):
    """The process did not say what it should; the text names it."""


class Child:
    """`python -m MODULE ARGUMENTS`; its first line is `first`, `on_line` gets each further one."""

    def __init__(
        self, module: str, *arguments: object, on_line: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self.first: dict[str, Any] = {}
        self._module = module
        self._arguments = [str(one) for one in arguments]
        self._on_line = on_line or (lambda _: None)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self._module, *self._arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we end it in order
        )
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(FIRST_S):
                self.first = json.loads(await self._process.stdout.readline())
        except (TimeoutError, ValueError) as error:
            await self.stop()
            raise ChildError(f"{self._module}: did not start; run it by hand to see why") from error
        self._reading = asyncio.create_task(self._read(self._process.stdout))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End it; what it says while it ends is still heard."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
                if self._reading is not None:
                    await self._reading
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            if self._reading is not None:
                self._reading.cancel()
                await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self, output: asyncio.StreamReader) -> None:
        while line := await output.readline():
            self._on_line(json.loads(line))


def say(**fields: object) -> None:
    """From within such a process: one line."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()
