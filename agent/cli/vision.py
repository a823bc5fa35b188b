"""`nightlamp vision`: the eyes as they are, on video files. No camera and no daemon is needed, nothing is kept."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from agent.cli.common import EXIT_FAILED, EXIT_USAGE, JsonOption, fail, put, put_json
from agent.cli.greedy import OPTION as LEARN
from agent.cli.language import chinese, say

if TYPE_CHECKING:  # OpenCV and ONNX Runtime come with the command that needs them, never with the command line
    from agent.detection.observations import Observation
    from agent.vision.clip import ClipError
    from agent.vision.player import Played

PROGRESS_S = 2.0

_LEARN = say("clips of the same view, played before it", "先播放同一画面的片段，以认识背景")

ClipArgument = Annotated[Path | None, typer.Argument(show_default=False, help=say("a video file", "视频文件"))]
LearnOption = Annotated[list[Path] | None, typer.Option(LEARN, metavar="CLIP …", help=_LEARN)]


def vision(clip: ClipArgument = None, learn: LearnOption = None, as_json: JsonOption = False) -> None:
    """Show a clip to the eyes."""
    if clip is None:
        fail(say("vision: name a video file", "vision：请给出视频文件"), EXIT_USAGE)
    _show(clip, tuple(learn or ()), as_json)


def _show(path: Path, room: tuple[Path, ...], as_json: bool) -> None:
    from agent.vision.confinement import keep_in

    keep_in()
    from agent.vision import clip, player

    try:
        eyes = player.open_eyes()
        shown = clip.Clip(path)
        for error in player.learn(eyes, room, shown):
            _warn(error)
        played = player.play(eyes, shown, _tell_program if as_json else _tell_person, _Progress(shown.length_s))
    except clip.ClipError as error:
        _refuse(error)
    except player.EyesError as error:
        fail(str(error), EXIT_FAILED)
    if as_json:
        put_json({"summary": _summary(played)})
    else:
        put(_words(path, played, eyes.threshold))


def _tell_program(seen: "Observation") -> None:
    line = {
        "t_s": round(seen.at, 3),
        "event": _event(seen),
        "score": round(seen.score, 3),
        "reasons": list(seen.reasons),
    }
    put_json(line if seen.track is None else {**line, "track": seen.track})


def _tell_person(seen: "Observation") -> None:
    put(f"{seen.at:8.1f} s  {_event(seen):20s} {seen.score:.2f}  {', '.join(seen.reasons)}".rstrip())


def _event(seen: "Observation") -> str:
    """Its name; the end of a state is told as an event of its own."""
    return seen.name if seen.value else f"{seen.name}_over"


def _summary(played: "Played") -> dict[str, float | int | str]:
    return {
        "frames": played.frames,
        "fps": round(played.fps, 2),
        "max_fall_score": round(played.score, 4),
        "ms_per_frame_p50": round(played.ms_per_frame_p50, 2),
        "state": played.state,
    }


def _words(path: Path, played: "Played", threshold: float) -> str:
    """The summary for people."""
    told = f"{path}: {played.frames} frames, {played.fps:.1f}/s; highest fall score {played.score:.3f}"
    in_chinese = f"{path}：{played.frames} 帧，每秒 {played.fps:.1f} 帧；跌倒最高得分 {played.score:.3f}"
    state = _STATES[played.state][chinese()]
    return say(
        f"{told} (threshold {threshold:.2f}); {played.ms_per_frame_p50:.1f} ms a frame; {state}",
        f"{in_chinese}（阈值 {threshold:.2f}）；每帧 {played.ms_per_frame_p50:.1f} 毫秒；{state}",
    )


_STATES = {
    "learning": ("the room is not learned yet", "尚未学会背景"),
    "ready": ("the room is learned", "已学会背景"),
    "unsure": ("unsure of the picture", "画面不可靠"),
}


def _warn(error: "ClipError") -> None:
    sys.stderr.write(f"nightlamp: {error.text('zh' if chinese() else 'en')}\n")


def _refuse(error: "ClipError") -> NoReturn:
    fail(error.text("zh" if chinese() else "en"), EXIT_USAGE)


class _Progress:
    """A word on stderr each two seconds."""

    def __init__(self, length_s: float) -> None:
        self._length_s = length_s
        self._told = time.monotonic()

    def __call__(self, at_s: float) -> None:
        if time.monotonic() - self._told >= PROGRESS_S:
            self._told = time.monotonic()
            of = f" / {self._length_s:.0f}" if self._length_s else ""
            sys.stderr.write(say(f"nightlamp: {at_s:.0f}{of} s\n", f"nightlamp：{at_s:.0f}{of} 秒\n"))
