"""`nightlamp panel-code` and `nightlamp token`: who may look and who may ask; each secret is told once."""

from typing import Annotated

import typer

from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, fail, put, settings_in
from agent.cli.language import say
from agent.panel.credentials import new_code, new_token

NAME_LENGTH = 64
NameArgument = Annotated[str, typer.Argument(help=say("name of the program", "程序名称"))]


def panel_code(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Make a new login code for the panel; the old one and its sessions end."""
    state = settings_in(config).state
    try:
        state.mkdir(mode=0o750, parents=True, exist_ok=True)
        put(new_code(state))
    except OSError as error:
        fail(_unwritable(error))


def token(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Make a token with which a program may read the events (GET /api/v1/events)."""
    if not 1 <= len(name.strip()) <= NAME_LENGTH or not name.isprintable():
        fail(
            say(f"token: give a name of 1 to {NAME_LENGTH} characters", f"token：名称应为 1 至 {NAME_LENGTH} 个字符"),
            EXIT_USAGE,
        )
    state = settings_in(config).state
    try:
        state.mkdir(mode=0o750, parents=True, exist_ok=True)
        put(new_token(state, name))
    except OSError as error:
        fail(_unwritable(error))


def _unwritable(error: OSError) -> str:
    return say(
        f"{error.filename}: {error.strerror}; run this as root or as the daemon's user",
        f"{error.filename}：{error.strerror}；请以 root 或守护进程用户运行",
    )
