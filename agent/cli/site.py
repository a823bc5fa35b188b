"""`nightlamp site`: residents, bindings, rosters and ladders, read and edited over the daemon's own socket."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from agent.cli.common import (
    DEFAULT_CONFIG,
    EXIT_FAILED,
    EXIT_USAGE,
    ConfigOption,
    JsonOption,
    fail,
    put,
    put_json,
    settings_in,
)
from agent.cli.language import chinese, say
from agent.panel.client import ApiClient, ClientError
from agent.panel.site_port import TABLES

PATH = "/api/v1/site"

_ROW = say("the row as a JSON object, or - to read it from stdin", "JSON 对象，- 表示从标准输入读取")

TableArgument = Annotated[str, typer.Argument(help=say(f"one of {', '.join(TABLES)}", f"表：{'、'.join(TABLES)}"))]
OneTableArgument = Annotated[str, typer.Argument(help=say("one table alone", "只显示一个表"))]
IdArgument = Annotated[str, typer.Argument(help=say("id of the row; of a meal its time", "编号；用餐则为时间"))]
RowArgument = Annotated[str, typer.Argument(help=_ROW)]

group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@group.command("show", help=say("Show what is in force.", "显示当前档案。"))
def show(table: OneTableArgument = "", config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show the site facts in force, one row a line."""
    if table not in ("", "facility", *TABLES):
        _unknown(table)
    document = _call(config, lambda client: client.get(PATH), as_json)
    wanted = {name: rows for name, rows in document.items() if table in ("", name)}
    if as_json:
        put_json(wanted[table] if table else wanted)
        return
    for name, rows in wanted.items():
        for row in [rows] if isinstance(rows, dict) else rows:
            put(f"{name}  {json.dumps(row, ensure_ascii=False)}")


@group.command("set", help=say("Write one row; it is in force at once.", "写入一条，立即生效。"))
def write(
    table: TableArgument,
    row_id: IdArgument,
    row: RowArgument = "{}",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write one row."""
    try:
        body = json.loads(sys.stdin.read() if row == "-" else row)
    except ValueError as error:
        fail(say(f"the row is not JSON: {error}", f"内容不是 JSON：{error}"), EXIT_USAGE)
    if not isinstance(body, dict):
        fail(say("the row is not a JSON object", "内容不是 JSON 对象"), EXIT_USAGE)
    _edit(config, table, row_id, lambda client, path: client.put(path, body), as_json)


@group.command("remove", help=say("Take one row out.", "删除一条。"))
def remove(
    table: TableArgument, row_id: IdArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False
) -> None:
    """Take one row out."""
    _edit(config, table, row_id, lambda client, path: client.delete(path), as_json)


def _edit(config: Path, table: str, row_id: str, step: Callable[[ApiClient, str], Any], as_json: bool) -> None:
    if table not in TABLES:
        _unknown(table)
    path = f"{PATH}/{table}/{quote(row_id)}"
    answer = _call(config, lambda client: step(client, path), as_json)
    if as_json:
        put_json(answer)
        return
    put(say(f"{table} {row_id}: done", f"{table} {row_id}：完成"))
    for warning in answer["warnings"]:
        put(say(f"warning: {warning['key']}: {warning['text']}", f"提示：{warning['key']}：{warning['text']}"))


def _call(config: Path, step: Callable[[ApiClient], Any], as_json: bool) -> Any:  # noqa: ANN401 - any JSON value
    """What the daemon answers; ends with its refusal, each mistake on a line of its own."""
    client = ApiClient(settings_in(config).run / "api.sock", "zh" if chinese() else "en")
    try:
        return step(client)
    except ClientError as error:
        if as_json and error.problems:
            put_json({"error": error.code, "problems": error.problems})
            raise typer.Exit(EXIT_FAILED) from None
        for problem in error.problems:
            sys.stderr.write(f"{problem['key']}: {problem['text']}\n")
        fail(str(error))


def _unknown(table: str) -> None:
    told = ", ".join(TABLES)
    fail(say(f"there is no table {table!r}; use one of {told}", f"没有表 {table!r}；可用：{told}"), EXIT_USAGE)
