"""`nightlamp sound`: test buzzers, lamps, loudspeakers and pagers, and say that one was heard or seen."""

from typing import Annotated

import typer

from agent.cli.alarms import call
from agent.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, put, put_json
from agent.cli.language import say

NameArgument = Annotated[str, typer.Argument(help=say("name in annunciators.toml", "annunciators.toml 中的名称"))]

group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@group.command("test", help=say("Test them all, one after the other.", "依次测试全部输出。"))
def ask(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Test them all, as soon as no urgent alarm sounds."""
    answer = call(config, "/api/v1/sound/test", {})
    if as_json:
        put_json(answer)
    else:
        put(
            say(
                "asked; it waits while an alarm sounds. Confirm each one with: nightlamp sound heard NAME",
                "已请求；有报警时会推迟。请逐一确认：nightlamp sound heard 名称",
            )
        )


@group.command("heard", help=say("Say that one was heard or seen.", "确认听到或看到某个输出。"))
def heard(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Say that one was heard or seen in its test."""
    answer = call(config, "/api/v1/sound/heard", {"name": name})
    if as_json:
        put_json(answer)
    else:
        put(say(f"{name}: confirmed", f"{name}：已确认"))
