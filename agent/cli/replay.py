"""`nightlamp replay`: a recorded or generated day, judged again."""

import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from agent.alarms.settings import AlarmSettings
from agent.cli.common import EXIT_FAILED, EXIT_USAGE, JsonOption, fail, put, settings_in
from agent.cli.language import chinese, say
from agent.cli.progress import Progress
from agent.replay.line import DayError
from agent.replay.player import Player
from agent.replay.schema import SCHEMAS
from agent.replay.schema import text as schema_text
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason
from agent.rules.settings import RuleSettings

PROGRESS_LINES = 1024

_DAY = say("day file (JSON Lines); - for standard input", "日文件（JSON Lines）；- 为标准输入")
_FOLDER = say("take rules and ladders from there", "规则与升级阶梯取自该目录")
_STRICT = say("exit 1 if a line was left out", "有行被略过则退出码为 1")

DayArgument = Annotated[Path, typer.Argument(help=_DAY)]
FolderOption = Annotated[Path | None, typer.Option("--config", "-c", help=_FOLDER)]
SchemaOption = Annotated[
    str,
    typer.Option(
        "--schema", help=say("print the JSON Schema of a `day` or of what is `told`", "输出 day 或 told 的 JSON Schema")
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help=_STRICT)]

WORDS = {
    "raised": ("raised", "报警"),
    "sounded": ("sounds", "鸣响"),
    "seen": ("seen", "已看到"),
    "attended": ("attended", "已到场"),
    "closed": ("closed", "已关闭"),
    "escalated": ("escalated", "升级"),
    "suppressed": ("not raised", "未报警"),
}
MILDER = ("milder", "减轻")  # `suppressed` of an alarm that there is


def replay(
    day: DayArgument = Path("-"),
    config: FolderOption = None,
    as_json: JsonOption = False,
    strict: StrictOption = False,
    schema: SchemaOption = "",
) -> None:
    """Live a day again and tell every alarm; the summary comes last."""
    if schema:
        if schema not in SCHEMAS:
            fail(say(f"--schema {schema}: it is day or told", f"--schema {schema}：应为 day 或 told"), EXIT_USAGE)
        sys.stdout.write(schema_text(schema))
        return
    player = Player(RuleSettings(), AlarmSettings())
    if config is not None:
        settings = settings_in(config)
        player = Player(settings.rules, settings.alarms, settings.annunciators.ask_in)
    try:
        with _opened(day) as file:
            for told in _played(player, file):
                put(json.dumps(told, ensure_ascii=False) if as_json else _text(told))
    except DayError as error:
        fail(f"{day}: {error}", EXIT_USAGE)
    except OSError as error:
        fail(f"{day}: {error.strerror}", EXIT_USAGE)
    _tell_left_out(day, player)
    if strict and player.left_out:
        raise typer.Exit(EXIT_FAILED)


def _opened(day: Path) -> BinaryIO:
    return sys.stdin.buffer if str(day) == "-" else day.open("rb")


def _played(player: Player, file: BinaryIO) -> Iterator[dict[str, Any]]:
    progress = Progress()
    for number, line in enumerate(file, 1):
        yield from player.feed(line)
        if number % PROGRESS_LINES == 0:
            progress.tell(partial(_so_far, number, player))
    yield from player.end()


def _so_far(number: int, player: Player) -> str:
    return f"{number} {say('lines', '行')}, {_clock(player.wall)}"


def _clock(wall: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(wall))


def _text(told: dict[str, Any]) -> str:
    if "summary" in told:
        return json.dumps(told["summary"], ensure_ascii=False, indent=2)
    kind = KINDS.get(told["kind"])
    words = (kind.zh if chinese() else kind.en) if kind else told["kind"]
    reasons = (Reason.from_json({k: v for k, v in r.items() if k != "text"}) for r in told["reasons"])
    why = "; ".join(reason.text("zh" if chinese() else "en") for reason in reasons)
    words_of = MILDER if told["alarm"] and told["event"] == "suppressed" else WORDS[told["event"]]
    what = words_of[chinese()]
    return f"{told['t']}  {what:<10} {told['priority']:<6} {told['place'] or '-':<8} {told['subject']}  {words}: {why}"


def _tell_left_out(day: Path, player: Player) -> None:
    for one in (*player.warnings, *player.rejected):
        sys.stderr.write(f"{day}:{one.number}: {one.why}\n")
    if player.left_out:
        count = player.left_out
        sys.stderr.write(say(f"nightlamp: {count} lines were left out\n", f"nightlamp：略过 {count} 行\n"))
