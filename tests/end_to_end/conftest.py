"""A home for a test, in a folder with a short name: Unix sockets lie in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.home import Home

MakeHome = Callable[..., Awaitable[Home]]


@pytest.fixture
async def make_home(run_folder: Path) -> AsyncIterator[MakeHome]:
    """`await make_home(buttons=2, …)`: a home that ends with the test."""
    async with AsyncExitStack() as stack:

        async def make(**what: Any) -> Home:  # noqa: ANN401 - as Home takes them
            return await stack.enter_async_context(Home(run_folder, **what))

        yield make
