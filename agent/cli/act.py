"""`nightlamp act`: what somebody did that is no answer to an alarm, over the daemon's own socket."""

from typing import Annotated, Any

import typer

from agent.cli.alarms import call
from agent.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, put, put_json
from agent.cli.language import chinese, say
from agent.detection.acts import ACTS

_NAME = say(f"one of {', '.join(ACTS)}", f"操作：{'、'.join(ACTS)}")
_VALUE = say("until when (UTC seconds), a level, true or false", "截止时间（UTC 秒）、等级、true 或 false")

NameArgument = Annotated[str, typer.Argument(help=_NAME)]
ResidentOption = Annotated[str, typer.Option("--resident", help=say("about this resident", "老人编号"))]
PlaceOption = Annotated[str, typer.Option("--place", help=say("about this place", "地点"))]
DeviceOption = Annotated[str, typer.Option("--device", help=say("about this device", "设备编号"))]
ValueOption = Annotated[str, typer.Option("--value", help=_VALUE)]


def act(
    name: NameArgument,
    resident: ResidentOption = "",
    place: PlaceOption = "",
    device: DeviceOption = "",
    value: ValueOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Say what was done."""
    about = {"resident": resident, "place": place, "device": device}
    body: dict[str, Any] = {"act": name, **{key: one for key, one in about.items() if one}}
    if value:
        body["value"] = _value(value)
    answer = call(config, "/api/v1/acts", body)
    if as_json:
        put_json(answer)
    else:
        row = ACTS[name]
        put(f"{answer['subject']['id']}: {row.zh if chinese() else row.en}")


def _value(text: str) -> str | float | bool:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text
