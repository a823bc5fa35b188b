"""`nightlamp demo`: the virtual ward, with the real daemon among simulated things."""

from typing import Annotated

import typer

from agent.cli.checkout import from_checkout
from agent.cli.common import JsonOption
from agent.cli.language import say

_ONCE = say("one evening, then the table; exit 1 unless all is right", "运行一轮并给出结果表；不全对则退出码 1")
OnceOption = Annotated[bool, typer.Option("--once", help=_ONCE)]
SeedOption = Annotated[
    int | None, typer.Option("--seed", min=0, help=say("vary rooms, order and times", "改变房间、顺序和时间"))
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help=say("of the panel (0: any)", "面板端口（0：任意）"))
]


def demo(
    once: OnceOption = False, as_json: JsonOption = False, seed: SeedOption = None, port: PortOption = 8080
) -> None:
    """Play an evening in the virtual ward."""
    evening = from_checkout(
        "tests.simulator.ward.evening",
        say(
            "the virtual ward is part of the source checkout; run ./install.sh demo there",
            "虚拟病区在源码目录中；请在该目录运行 ./install.sh demo",
        ),
    )
    status = evening.main(once=once, as_json=as_json, seed=seed, port=port)
    if status:
        raise typer.Exit(status)
