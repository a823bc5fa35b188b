"""`nightlamp`: the table of commands."""

import importlib.metadata
from collections.abc import Callable
from typing import Annotated

import typer

from agent.cli import access, act, alarms, cameras, demo, models, replay, run, shadow, simulate, site, sound, vision
from agent.cli.common import put
from agent.cli.greedy import LearningCommand
from agent.cli.language import say

# command -> (what it does, English, Chinese)
COMMANDS: dict[str, tuple[Callable[..., None] | typer.Typer, str, str]] = {
    "run": (run.run, "Serve until SIGTERM or SIGINT.", "运行守护进程，直到收到 SIGTERM 或 SIGINT。"),
    "demo": (demo.demo, "Play an evening in the virtual ward.", "在虚拟病区演示一个晚上。"),
    "check": (run.check, "Tell every mistake in the settings at once.", "检查配置，一次列出全部错误。"),
    "simulate": (simulate.simulate, "Write days of a simulated home.", "生成模拟养老院的日文件。"),
    "replay": (replay.replay, "Live a recorded day again, alarm by alarm.", "重放一天的记录，逐条给出报警。"),
    "alarms": (alarms.group, "List the open alarms.", "列出未关闭的报警。"),
    "seen": (alarms.seen, "Say that an alarm was seen; the lamp stays.", "确认看到报警；灯仍亮。"),
    "attended": (alarms.attended, "Say that somebody has arrived.", "记录人员已到场。"),
    "close": (alarms.close, "Close an alarm with its cause.", "填写原因并关闭报警。"),
    "act": (act.act, "Say what was done: turned, out, back, round …", "记录操作：翻身、外出、返回、巡查等。"),
    "site": (site.group, "Show and edit residents, rosters and ladders.", "查看和修改老人、班次与升级步骤。"),
    "sound": (sound.group, "Test the buzzers, and say that one was heard.", "测试声光报警器并确认听到。"),
    "cameras": (cameras.group, "List the cameras, show the outline of a room.", "列出摄像头，显示房间轮廓图。"),
    "shadow": (shadow.group, "Cameras on trial: label, and make them live.", "摄像头试看：确认记录、正式启用。"),
    "vision": (vision.vision, "Show a clip to the eyes, or measure them on many.", "用视频片段试跑或评测摄像头检测。"),
    "models": (models.group, "List the eyes' models, add a person detector.", "列出视觉模型，添加人形检测模型。"),
    "panel-code": (access.panel_code, "Make a new login code for the panel.", "生成新的面板登录码。"),
    "token": (access.token, "Make a token for a program that reads events.", "为读取事件的程序生成令牌。"),
}

# Commands that read their arguments in a way of their own.
_CLASSES = {"vision": LearningCommand}

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _version(wanted: bool) -> None:
    if wanted:
        put(f"nightlamp {importlib.metadata.version('nightlamp')}")
        raise typer.Exit


@app.callback(
    help=say(
        "Nightlamp, an edge agent for nursing homes. It assists: no medical device, fire alarm or nurse-call system.",
        "守夜灯：养老院边缘代理。仅作辅助提示：不是医疗器械、消防系统或护理呼叫系统。",
    )
)
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say("Show the version.", "显示版本。"))
    ] = False,
) -> None:
    """Options before any command."""


for _name, (_command, _english, _chinese) in COMMANDS.items():
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name, help=say(_english, _chinese))
    else:
        app.command(_name, cls=_CLASSES.get(_name), help=say(_english, _chinese))(_command)


def main() -> None:
    """The `nightlamp` script."""
    app(prog_name="nightlamp")
