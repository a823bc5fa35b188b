"""A contact sheet for the developer: what the eyes saw in the clips that came out wrong.

For each clip eight pictures round the moment, with what was taken for a person in red and the rest of the foreground
in blue, and the score over the whole clip below. It shows people: it is written only where somebody asks for it, for
the owner of the file alone, and no part of the product ever does.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from agent.vision.background import Bytes
from agent.vision.evaluate import OpenEyes, Result, play_labelled, room_of
from agent.vision.file_error import FileError
from agent.vision.labels import Label
from agent.vision.player import Played, open_eyes
from agent.vision.scene import Scene

PICTURES = 8
_CELL = (200, 150)  # width, height
_WIDTH = PICTURES * _CELL[0]
_TITLE, _CURVE = 26, 70  # pixels of height
_MISSED_FROM_S, _MISSED_STEP_S = -0.5, 0.5  # a fall, from just before its start
_TOLD_FROM_S, _TOLD_STEP_S = -2.4, 0.4  # a false one: what the net had before it when it spoke
_PERSON, _REST, _WHITE, _GREY, _GREEN = (60, 60, 230), (200, 120, 40), (255, 255, 255), (110, 110, 110), (80, 200, 80)

Colour = tuple[int, int, int]


def write_sheet(
    path: Path,
    folder: Path,
    results: Sequence[Result],
    labels: Sequence[Label],
    cold: bool,
    threshold: float,
    eyes: OpenEyes = open_eyes,
    done: Callable[[int, int], None] | None = None,
) -> int:
    """Write the sheet of the wrong ones of `results` to `path`, a PNG; gives how many there are (none: no file).

    The clips lie in `folder`; `labels` are all of the table, which say what was learned first. Raises FileError.
    """
    wrong = [result for result in results if not result.right]
    rows = []
    for result in wrong:
        room = () if cold else room_of(result.label, labels)
        rows.append(_row(result, folder, room, threshold, eyes))
        if done is not None:
            done(len(rows), len(wrong))
    if rows:
        _write(path, np.concatenate(rows))
    return len(rows)


def _row(result: Result, folder: Path, room: Sequence[str], threshold: float, eyes: OpenEyes) -> Bytes:
    looking = eyes()
    wanted = moments(result)
    kept: dict[float, Bytes] = {}

    def keep(at: float) -> None:
        scene = looking.scene
        due = [moment for moment in wanted if moment not in kept and at >= moment - 0.05]
        if due and scene is not None:
            kept.update(dict.fromkeys(due, _cell(scene, at)))

    played = play_labelled(looking, folder, room, result.label, keep)
    blank = np.full((_CELL[1], _CELL[0], 3), 40, np.uint8)
    pictures = np.concatenate([kept.get(moment, blank) for moment in wanted], axis=1)
    return np.concatenate([_title(result), pictures, _curve(result, played, threshold)])


def moments(result: Result) -> tuple[float, ...]:
    """When the pictures are taken, in seconds of the clip: round the fall, else round the false word, else the peak."""
    start = result.label.start_s
    if result.label.fell and start is not None:
        begin, step = start + _MISSED_FROM_S, _MISSED_STEP_S
    else:
        begin, step = (result.falls_at[0] if result.falls_at else result.best_at) + _TOLD_FROM_S, _TOLD_STEP_S
    return tuple(round(max(0.0, begin) + number * step, 3) for number in range(PICTURES))


def _cell(scene: Scene, at: float) -> Bytes:
    """One small picture, tinted, in its cell, with its time."""
    person = np.zeros(scene.foreground.mask.shape, np.uint8)
    for track in scene.tracks:
        box = track.last.box
        person[box.y : box.bottom, box.x : box.right] |= track.last.mask
    tinted = scene.picture.copy()
    for mask, colour in ((scene.foreground.mask & ~person, _REST), (person, _PERSON)):
        where = mask > 0
        tinted[where] = (tinted[where] * 0.55 + np.array(colour) * 0.45).astype(np.uint8)
    for track in scene.tracks:
        box = track.last.box
        cv2.rectangle(tinted, (box.x, box.y), (box.right - 1, box.bottom - 1), _WHITE, 1)
    cell = np.zeros((_CELL[1], _CELL[0], 3), np.uint8)
    height, width = tinted.shape[:2]
    scale = min(_CELL[0] / width, _CELL[1] / height)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    cell[: size[1], : size[0]] = cv2.resize(tinted, size, interpolation=cv2.INTER_NEAREST)
    _write_text(cell, f"{at:.1f}", (4, _CELL[1] - 6), _WHITE)
    return cell


def _title(result: Result) -> Bytes:
    label = result.label
    what = "missed" if label.fell else "false"
    told = ", ".join(f"{at:.1f}" for at in result.falls_at) or "none"
    start = "" if label.start_s is None else f", starts at {label.start_s:.1f} s"
    bar = np.full((_TITLE, _WIDTH, 3), 70, np.uint8)
    text = (
        f"{what}: {label.clip} ({label.group}){start}; score {result.score:.3f} at {result.best_at:.1f} s; told: {told}"
    )
    _write_text(bar, text, (6, _TITLE - 8), _WHITE)
    return bar


def _curve(result: Result, played: Played, threshold: float) -> Bytes:
    """The score over the whole clip and its held end; threshold grey, start of the fall green, pictures ticked."""
    strip = np.full((_CURVE, _WIDTH, 3), 20, np.uint8)
    end = max((at for at, _ in played.curve), default=0.0) or 1.0

    def place(at: float, score: float) -> tuple[int, int]:
        return int(at / end * (_WIDTH - 1)), int((1 - score) * (_CURVE - 5)) + 2

    cv2.line(strip, place(0, threshold), place(end, threshold), _GREY, 1)
    if result.label.start_s is not None:
        cv2.line(strip, place(result.label.start_s, 0), place(result.label.start_s, 1), _GREEN, 1)
    for moment in moments(result):
        cv2.line(strip, place(moment, 0), place(moment, 0.08), _WHITE, 1)
    for (at, score), (later, next_score) in zip(played.curve, played.curve[1:], strict=False):
        cv2.line(strip, place(at, score), place(later, next_score), _PERSON, 1, cv2.LINE_AA)
    return strip


def _write_text(picture: Bytes, text: str, where: tuple[int, int], colour: Colour) -> None:
    cv2.putText(picture, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)


def _write(path: Path, picture: Bytes) -> None:
    content = cv2.imencode(".png", picture)[1].tobytes()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - with a mode
            file.write(content)
    except OSError as error:
        raise FileError(path, "not_written", why=error.strerror or "") from error
