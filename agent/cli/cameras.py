"""`nightlamp cameras`: each camera with its state, consent and zones, and the outline of its room in letters."""

import base64
from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from urllib.parse import quote

import typer

from agent.cli.alarms import call
from agent.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, put, put_json
from agent.cli.language import chinese, say
from agent.panel.words import word, word_or

PATH = "/api/v1/cameras"

CameraArgument = Annotated[str, typer.Argument(help=say("id of the camera", "摄像头编号"))]

# The dots of one letter of braille (Unicode 2800), two across and four down, by their bit.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@group.command("list", help=say("Each camera: state, consent, mode, zones.", "列出摄像头及其状态和区域。"))
def show(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """List the cameras, one a line."""
    answer = call(config, PATH)
    if as_json:
        put_json(answer["cameras"])
        return
    for camera in answer["cameras"]:
        put("  ".join(_words(camera, "zh" if chinese() else "en")))


@group.command("outline", help=say("Show the edges of a room; it is logged who asks.", "显示房间轮廓，获取记入日志。"))
def outline(camera: CameraArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show the edges of a room."""
    answer = call(config, f"{PATH}/{quote(camera, safe='')}/outline", {})
    if as_json:
        put_json(answer)
        return
    for line in letters(answer["width"], answer["height"], base64.b64decode(answer["bits"])):
        put(line)


def letters(width: int, height: int, bits: bytes) -> Iterator[str]:
    """The edges as lines of braille, eight pixels a letter: 160 x 120 are 80 letters by 30 lines."""

    def lit(x: int, y: int) -> bool:
        at = y * width + x
        return x < width and y < height and bool(bits[at >> 3] >> (7 - (at & 7)) & 1)

    for top in range(0, height, 4):
        dots: Sequence[int] = [
            sum(_DOTS[down][across] for down in range(4) for across in range(2) if lit(left + across, top + down))
            for left in range(0, width, 2)
        ]
        yield "".join(chr(0x2800 + one) for one in dots).rstrip("\u2800")


def _words(camera: dict[str, Any], language: str) -> Iterator[str]:
    facts, consent = camera["facts"], camera["consent"]
    yield f"{camera['id']:<16}"
    yield f"{camera['room'] or '-':<8}"
    yield word_or(f"place_{camera['role']}", language, camera["role"])
    yield word(f"camera_{camera['state']}", language)
    yield from camera["faults"]
    yield facts["mode"]
    yield from ((word("being_set", language),) if camera["being_set"] else ())
    yield from ((word("consent_until", language, day=consent["until"]),) if consent["until"] else ())
    yield f"{word('zones', language)}: {len(facts['zones'])}"
