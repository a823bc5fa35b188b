"""`nightlamp alarms`, `seen`, `attended`, `close`: the same handlers as the panel's, over the daemon's own socket."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from agent.alarms.alarm import Action, Cause
from agent.cli import bundle, stats
from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, JsonOption, fail, put, put_json, settings_in
from agent.cli.language import chinese, say
from agent.panel.client import ApiClient, ClientError
from agent.rules.kinds import KINDS

AlarmArgument = Annotated[str, typer.Argument(help=say("id of the alarm, as `alarms` shows it", "报警编号"))]
CauseOption = Annotated[Cause, typer.Option("--cause", help=say("why it can be closed", "关闭原因"))]

group = typer.Typer(add_completion=False, rich_markup_mode=None)
group.command("stats", help=say("Figures of the last days.", "最近若干天的统计指标。"))(stats.show)
group.command("bundle", help=say("One alarm's whole story as one file.", "导出一条报警的完整经过。"))(bundle.make)


@group.callback(invoke_without_command=True)
def alarms(context: typer.Context, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """List the open alarms; with a word behind it, what that word says."""
    if word := context.invoked_subcommand:
        for name in ("config", "as_json"):  # else silently without effect
            source = context.get_parameter_source(name)
            if source is not None and source.name != "DEFAULT":
                fail(say(f"alarms {word}: options stand behind it", f"alarms {word}：选项须写在其后"), EXIT_USAGE)
        return
    state = call(config, "/api/v1/state")
    if as_json:
        put_json(state["alarms"])
        return
    for alarm in state["alarms"]:
        kind = KINDS[alarm["kind"]]
        subject = alarm["subject"]
        put(
            f"{alarm['id']}  {alarm['priority']:<6}  {alarm['state']:<8}  "
            f"{subject['room'] or '-'}  {subject['id']}  {kind.zh if chinese() else kind.en}"
        )
    if not state["alarms"]:
        put(say("no open alarm", "没有未关闭的报警"))


def seen(alarm: AlarmArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Say that an alarm was seen: the buzzer falls silent, the lamp stays."""
    _act(config, alarm, Action.SEE, {})


def attended(alarm: AlarmArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Say that somebody has arrived."""
    _act(config, alarm, Action.ATTEND, {})


def close(alarm: AlarmArgument, cause: CauseOption, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Close an alarm with its cause."""
    _act(config, alarm, Action.CLOSE, {"cause": cause.value})


def _act(config: Any, alarm: str, action: Action, body: dict[str, str]) -> None:  # noqa: ANN401 - typer's Path
    call(config, f"/api/v1/alarms/{quote(alarm, safe='')}/{action.value}", body)
    put(say(f"{alarm}: {action.value}", f"{alarm}：完成"))


def call(config: Any, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """The daemon's answer to GET `path`, or to POST with `body`; ends with its refusal on stderr."""
    client = ApiClient(settings_in(config).run / "api.sock", "zh" if chinese() else "en")
    try:
        return client.get(path) if body is None else client.post(path, body)
    except ClientError as error:
        fail(str(error))
