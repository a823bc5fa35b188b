"""`nightlamp vision`: the eyes as they are, on video files. No camera and no daemon is needed, nothing is kept."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.camera_facts import CameraView
from agent.cli import vision_table
from agent.cli.common import EXIT_FAILED, EXIT_USAGE, JsonOption, fail, put, put_json
from agent.cli.greedy import OPTION as LEARN
from agent.cli.language import chinese, say
from agent.cli.progress import Progress

if TYPE_CHECKING:  # OpenCV and ONNX Runtime come with the command that needs them, never with the command line
    from agent.detection.observations import Observation
    from agent.vision.player import Played

_LEARN = say("clips of the same view, played before it", "先播放同一画面的片段，以认识背景")
_VIEW = say("from where the camera looks", "摄像头视角：自动、墙面或天花板")
_EVALUATE = say("measure on the labelled clips of this table", "按此标注表评测")
_COLD = say("each clip alone, nothing learned before", "不学习背景，逐个片段单独评测")
_ONLY = say("clips whose name begins so", "只评测以此开头的片段")
_CLIPS = say("a line a clip as well", "逐个片段显示")
_PROCESSES = say("how many at a time", "并行进程数")
_SHEET = say("PNG of the clips that came out wrong; it shows people", "判错片段的对照图（PNG，内含人像）")
_BESIDE = say("scores of another program on the same clips", "另一程序对同一批片段的评分表")
_MODELS = say("folder of added models: its detector looks at falls too", "自行添加的模型目录：用其检测器复核跌倒")
_SCORES = say("write our scores there, for --beside", "写入我们的评分，供 --beside 使用")

ClipArgument = Annotated[Path | None, typer.Argument(show_default=False, help=say("a video file", "视频文件"))]
LearnOption = Annotated[list[Path] | None, typer.Option(LEARN, metavar="CLIP …", help=_LEARN)]
ViewOption = Annotated[CameraView, typer.Option("--view", help=_VIEW)]
EvaluateOption = Annotated[Path | None, typer.Option("--evaluate", metavar="LABELS.csv", help=_EVALUATE)]
ColdOption = Annotated[bool, typer.Option("--cold", help=_COLD)]
OnlyOption = Annotated[str, typer.Option("--only", metavar="PREFIX", help=_ONLY)]
ClipsOption = Annotated[bool, typer.Option("--clips", help=_CLIPS)]
ProcessesOption = Annotated[int, typer.Option("--processes", min=1, max=64, help=_PROCESSES)]
SheetOption = Annotated[Path | None, typer.Option("--sheet", metavar="FILE.png", help=_SHEET)]
BesideOption = Annotated[Path | None, typer.Option("--beside", metavar="OTHER.csv", help=_BESIDE)]
ModelsOption = Annotated[Path | None, typer.Option("--models", metavar="FOLDER", help=_MODELS)]
ScoresOption = Annotated[Path | None, typer.Option("--scores", metavar="FILE.csv", help=_SCORES)]


def vision(
    clip: ClipArgument = None,
    learn: LearnOption = None,
    view: ViewOption = CameraView.AUTO,
    evaluate: EvaluateOption = None,
    cold: ColdOption = False,
    only: OnlyOption = "",
    clips: ClipsOption = False,
    processes: ProcessesOption = 1,
    sheet: SheetOption = None,
    beside: BesideOption = None,
    scores: ScoresOption = None,
    models: ModelsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a clip to the eyes, or measure them on the clips of a table."""
    _check_asked(clip, evaluate, bool(learn))
    from agent.vision.confinement import keep_in

    keep_in()
    from agent.vision.file_error import FileError
    from agent.vision.player import EyesError

    try:
        if clip is not None:
            _show(clip, tuple(learn or ()), view, models, as_json)
        elif evaluate is not None:
            vision_table.evaluate(
                vision_table.Wanted(
                    evaluate, view, cold, only, clips, processes, sheet, beside, scores, models, as_json
                )
            )
    except FileError as error:
        fail(error.text("zh" if chinese() else "en"), EXIT_USAGE)
    except EyesError as error:
        fail(str(error), EXIT_FAILED)


def _check_asked(clip: Path | None, evaluate: Path | None, learns: bool) -> None:
    """Either one clip or one table; a table learns from its own clips."""
    if (clip is None) is (evaluate is None) or (learns and evaluate is not None):
        fail(
            say(
                "vision: name one video file (others behind --learn), or a table with --evaluate",
                "vision：请给出一个视频文件（其他的放在 --learn 之后），或用 --evaluate 给出标注表",
            ),
            EXIT_USAGE,
        )


def _show(path: Path, room: tuple[Path, ...], view: CameraView, models: Path | None, as_json: bool) -> None:
    from agent.vision import clip, player

    eyes = player.open_eyes(view, models)
    shown = clip.Clip(path)
    for left_out in player.learn(eyes, room, shown):
        sys.stderr.write(f"nightlamp: {left_out.text('zh' if chinese() else 'en')}\n")
    played = player.play(eyes, shown, _tell_program if as_json else _tell_person, _telling(shown.length_s))
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


def _telling(length_s: float) -> Callable[[float], None]:
    progress, of = Progress(), f" / {length_s:.0f}" if length_s else ""
    return lambda at_s: progress.tell(lambda: say(f"{at_s:.0f}{of} s", f"{at_s:.0f}{of} 秒"))
