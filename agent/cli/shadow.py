"""`nightlamp shadow`: what cameras on trial would have raised, what it was, and the switch to live and back."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from agent.camera_facts import THRESHOLD_LEAST, THRESHOLD_MOST
from agent.cli.alarms import call
from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, JsonOption, fail, put, put_json
from agent.cli.language import chinese, say
from agent.panel.words import word_or
from agent.shadow.candidate import Label

PATH = "/api/v1/shadow"

_THRESHOLD = say("from which score on it tells a fall; without it the one in force stays", "跌倒阈值，不填则沿用当前值")

CameraArgument = Annotated[str, typer.Argument(help=say("id of the camera", "摄像头编号"))]
CandidateArgument = Annotated[str, typer.Argument(help=say("id, as `candidates` shows it", "记录编号"))]
LabelArgument = Annotated[Label, typer.Argument(help=say("what it was", "实际情况"))]
ClockArgument = Annotated[str, typer.Argument(help=say("HH:MM, in the last 24 hours", "时:分，近 24 小时内"))]
LimitOption = Annotated[
    int, typer.Option("--limit", min=1, max=2000, help=say("how many, newest first", "条数，最新在前"))
]
ThresholdOption = Annotated[
    float | None, typer.Option("--threshold", min=THRESHOLD_LEAST, max=THRESHOLD_MOST, help=_THRESHOLD)
]
ProposedOption = Annotated[bool, typer.Option("--proposed", help=say("with the proposed threshold", "采用建议阈值"))]
YesOption = Annotated[bool, typer.Option("--yes", help=say("do not ask", "不再询问"))]

group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@group.command("show", help=say("Mode, counts and proposal of each camera.", "各摄像头的模式、统计和建议阈值。"))
def show(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show each camera."""
    cameras = call(config, PATH)["cameras"]
    if as_json:
        put_json(cameras)
        return
    for one in cameras:
        put(f"{one['camera']}  {one['place'] or '-'}")
        for line in one["words"]:
            put(f"    {line}")
    if not cameras:
        put(say("no cameras are set up", "未配置摄像头"))


@group.command("candidates", help=say("What a camera told, newest first.", "列出摄像头的疑似记录，最新在前。"))
def candidates(
    camera: CameraArgument, limit: LimitOption = 30, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False
) -> None:
    """Show what a camera told."""
    found = call(config, f"{PATH}/candidates?camera={quote(camera, safe='')}&limit={limit}")["candidates"]
    if as_json:
        put_json(found)
        return
    for one in found:
        said = f"{_word(one['label'])} · {one['by']}" if one["label"] else "-"
        put(f"{one['id']}  {one['time']}  {one['kind']:<12}  {one['score']:.2f}  {one['mode']:<6}  {said}")
    if not found:
        put(say(f"{camera} has told nothing", f"{camera} 没有疑似记录"))


@group.command("label", help=say("Say what a candidate was.", "确认一条疑似记录。"))
def label(
    candidate: CandidateArgument,
    label: LabelArgument,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Say what a candidate was."""
    _told(call(config, f"{PATH}/label", {"candidate": candidate, "label": label.value}), as_json)


@group.command("missed", help=say("Note a fall that a camera did not see.", "补记摄像头未发现的跌倒。"))
def missed(
    camera: CameraArgument, clock: ClockArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False
) -> None:
    """Note a fall that a camera did not see."""
    _told(call(config, f"{PATH}/missed", {"camera": camera, "clock": clock}), as_json)


@group.command("live", help=say("Make a camera live: its falls raise alarms.", "正式启用：看到跌倒即报警。"))
def live(
    camera: CameraArgument,
    threshold: ThresholdOption = None,
    proposed: ProposedOption = False,
    yes: YesOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Make a camera live."""
    own = {} if threshold is None else {"threshold": threshold}
    if proposed:
        own = {"threshold": _proposed(config, camera)}
    english = f"From then on a fall that {camera} sees raises an alarm. Is that meant?"
    _switch(
        config,
        {"camera": camera, "mode": "live", **own},
        yes,
        say(english, f"启用后 {camera} 看到跌倒即报警，确认？"),
        as_json,
    )


@group.command("back", help=say("Put a camera back into shadow: it raises nothing.", "改回试看：看到跌倒不报警。"))
def back(
    camera: CameraArgument, yes: YesOption = False, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False
) -> None:
    """Put a camera back into shadow."""
    english = f"From then on a fall that {camera} sees raises nothing. Does somebody look after this place?"
    asked = say(english, f"改回后 {camera} 看到跌倒不再报警，已安排人员照看？")
    _switch(config, {"camera": camera, "mode": "shadow"}, yes, asked, as_json)


def _switch(config: Any, body: dict[str, Any], yes: bool, question: str, as_json: bool) -> None:  # noqa: ANN401
    if not yes:
        typer.confirm(question, abort=True)
    after = call(config, f"{PATH}/mode", {**body, "confirm": True})
    if as_json:
        put_json(after)
        return
    for line in after["camera"]["words"][:1]:
        put(f"{after['camera']['camera']}: {line}")


def _proposed(config: Any, camera: str) -> float:  # noqa: ANN401 - typer's Path
    found = next((one for one in call(config, PATH)["cameras"] if one["camera"] == camera), None)
    forecast = found["proposal"]["forecast"] if found else None
    if forecast is None:
        english = f"{camera}: there is no proposal yet; see nightlamp shadow show"
        fail(say(english, f"{camera}：尚无建议阈值，见 nightlamp shadow show"), EXIT_USAGE)
    return float(forecast["threshold"])


def _told(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        put_json(answer["candidate"])
    else:
        one = answer["candidate"]
        put(f"{one['camera']}  {one['time']}  {_word(one['label'])}")


def _word(label: str) -> str:
    return word_or(f"label_{label}", "zh" if chinese() else "en", label)
