"""`nightlamp simulate`: days of a simulated home, for `nightlamp replay`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.checkout import from_checkout
from agent.cli.common import fail
from agent.cli.language import say

SeedOption = Annotated[int, typer.Option("--seed", min=0, help=say("which home", "哪一家养老院"))]
DaysOption = Annotated[int, typer.Option("--days", min=1, max=366, help=say("how many", "天数"))]
OutOption = Annotated[Path | None, typer.Option("--out", help=say("file (default: printed)", "文件（默认：打印）"))]


def simulate(seed: SeedOption = 1, days: DaysOption = 1, out: OutOption = None) -> None:
    """Write days of a simulated home as JSON Lines."""
    day_file = from_checkout(
        "tests.simulator.days.day_file",
        say(
            "the simulated home is part of the source checkout; run it there",
            "模拟养老院在源码目录中；请在该目录运行",
        ),
    )
    if out is None:
        day_file.write(seed, days, sys.stdout)
        return
    try:
        with out.open("w", encoding="utf-8") as file:
            day_file.write(seed, days, file)
    except OSError as error:
        fail(
            say(
                f"{out}: {error.strerror}; name another file with --out",
                f"{out}：{error.strerror}；请用 --out 另选文件",
            )
        )
