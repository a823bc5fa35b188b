"""`vision`: what looking costs on one thread, beside decoding, four cameras at once, and the usual networks.

The pictures are those of the simulated ward at 320×240 with a sensor's grain, ten a second. Times are processor time of
the thread, so that a busy machine does not count against anybody; memory is that of the real process.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from agent.vision.clip import Clip
from agent.vision.evaluate import watch_one
from agent.vision.file_error import FileError
from agent.vision.labels import Label, read_labels
from agent.vision.player import EyesError, open_eyes
from agent.vision.statistics import area
from tests.benchmarks import vision_cost
from tests.benchmarks.bench import Bench, BenchError, Tell
from tests.benchmarks.falls import CLIPS, RANKED
from tests.benchmarks.figures import Measured, quantile
from tests.benchmarks.vision_nets import REFERENCE, Net, shipped
from tests.benchmarks.vision_peers import MOVENET, YOLOX, Peers
from tests.benchmarks.vision_streams import FPS, SIZE, decoding_core_percent, four_cameras
from tests.simulator.h264 import H264Error, write_h264

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT.parent / "shared" / "models"
SCRATCH = ROOT / "models" / "training" / "scratch"
THEIRS = "YOLOX-nano + MoveNet"
STREAM_S, PROBE_S = 12.0, 1.0
NET_ROUNDS = 500


@dataclass(slots=True)
class _Run:
    """What was found out so far."""

    values: dict[str, float]
    notes: list[str]
    tell: Tell


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--frames", type=int, default=400, help="of each kind (default: 400)")
    parser.add_argument("--seconds", type=float, default=30.0, help="to look on four cameras (default: 30)")
    parser.add_argument("--settle", type=float, default=25.0, help="before that: the rooms are learned (default: 25)")
    parser.add_argument("--models", type=Path, default=MODELS, help=f"folder of {YOLOX} and {MOVENET}")
    parser.add_argument("--clips", type=Path, default=CLIPS, help="folder of labelled clips, for the ranking")
    parser.add_argument("--only", default="", metavar="PREFIX", help="of those, the ones whose name begins so")
    parser.add_argument(
        "--int8", type=Path, default=SCRATCH / "fall_window_int8.onnx", help="from python -m models.training.quantized"
    )


def _measure(options: argparse.Namespace, folder: Path, tell: Tell) -> Measured:
    cv2.setNumThreads(1)
    run = _Run({}, [f"320×240, ten frames a second, {options.frames} frames of each kind; processor time"], tell)
    try:
        _frames(run, options.frames)
        _nets(run, options.int8)
        _peers(run, options)
        _streams(run, folder, options.seconds, options.settle)
    except (FileError, EyesError) as error:
        raise BenchError(str(error)) from error
    return Measured(run.values, tuple(run.notes))


def _frames(run: _Run, frames: int) -> None:
    run.tell("our eyes, empty room and somebody in it")
    for name, pictures, busy in (
        ("empty", vision_cost.empty_room(), False),
        ("with a person", vision_cost.person(), True),
    ):
        costs = vision_cost.costs_ms(pictures, frames, busy)
        run.values[f"frame, {name}, p50"] = quantile(costs, 0.5)
        run.values[f"frame, {name}, p99"] = quantile(costs, 0.99)


def _nets(run: _Run, int8: Path) -> None:
    run.tell("the window net, fp32 and int8")
    held_out = int8.with_name("fall_window_held_out.npz")
    given = np.load(held_out if held_out.exists() else REFERENCE)
    windows = given["windows"].astype(np.float32) / 255
    whole = Net(shipped())
    run.values["window net, fp32"] = whole.ms(windows, NET_ROUNDS)
    if not int8.exists():
        run.notes.append(f"{int8}: not there, so int8 is skipped; make it with python -m models.training.quantized")
        return
    small = Net(int8.read_bytes())
    run.values["window net, int8"] = small.ms(windows, NET_ROUNDS)
    if "falls" in given:
        falls = given["falls"]
        ours, theirs = (net.scores(windows) for net in (small, whole))
        run.values["window net, AUC, int8 less fp32"] = area(ours[falls], ours[~falls]) - area(
            theirs[falls], theirs[~falls]
        )


def _peers(run: _Run, options: argparse.Namespace) -> None:
    if not (options.models / YOLOX).is_file() or not (options.models / MOVENET).is_file():
        run.notes.append(f"{options.models}: no {YOLOX} and {MOVENET} there, so {THEIRS} is skipped; give --models")
        return
    run.tell(THEIRS)
    peers = Peers(options.models)
    for name, pictures in (("empty", vision_cost.empty_room()), ("with a person", vision_cost.person())):
        run.values[f"{THEIRS}, frame, {name}, p50"] = quantile(peers.costs_ms(pictures, options.frames // 4), 0.5)
        ratio = run.values[f"{THEIRS}, frame, {name}, p50"] / run.values[f"frame, {name}, p50"]
        run.values[f"{THEIRS} / ours, frame, {name}"] = ratio
    _rank(run, peers, options.clips / "labels.csv", options.only)


def _rank(run: _Run, peers: Peers, table: Path, only: str) -> None:
    if not table.is_file():
        run.notes.append(f"{table}: not there, so nobody is ranked; give the folder of the clips with --clips")
        return
    labels = read_labels(table)
    ranked = [label for label in labels if label.group in RANKED and label.clip.startswith(only)]
    run.tell(f"ranking {len(ranked)} clips, {' and '.join(RANKED)}, background learned")
    ours = {one: watch_one(table.parent, labels, False, open_eyes, one).score for one in _by_camera(ranked)}
    run.tell(f"the same for {THEIRS}")
    theirs = {one: peers.score(Clip(table.parent / one.clip).shots()) for one in ranked}
    scores = {name: _areas(given) for name, given in (("ours", ours), (THEIRS, theirs))}
    run.values |= {f"AUC office + home, {name}": value for name, value in scores.items()}
    run.values[f"AUC office + home, ours less {THEIRS}"] = scores["ours"] - scores[THEIRS]


def _areas(scores: dict[Label, float]) -> float:
    falls, others = (
        np.array([score for label, score in scores.items() if label.fell is fell]) for fell in (True, False)
    )
    return area(falls, others) if len(falls) and len(others) else float("nan")


def _by_camera(labels: list[Label]) -> list[Label]:
    return sorted(labels, key=lambda label: (label.camera, label.clip))


def _streams(run: _Run, folder: Path, seconds: float, settle_s: float) -> None:
    run.tell("a sub-stream of H.264")
    try:
        clip = write_h264(folder / "stream.mp4", _walking(), SIZE, FPS)
    except H264Error as error:
        run.notes.append(f"no H.264 stream, so decoding and four cameras are skipped: {error}")
        return
    rate = clip.stat().st_size * 8 / STREAM_S / 1000
    run.notes.append(f"sub-stream: 640×480, {FPS}/s, H.264 main profile, {rate:.0f} kbit/s")
    run.values["decoding one sub-stream"] = decoding_core_percent(clip)
    run.tell(f"the vision process with four of them, {settle_s + seconds:g} s")
    process = four_cameras(clip, folder, seconds, settle_s)
    run.values["four cameras, vision process RSS"] = process.rss_mib
    run.values["four cameras, vision process"] = process.core_percent
    run.values["four cameras, frames judged, slowest camera"] = process.slowest_fps


def _walking() -> Iterator[vision_cost.Picture]:
    """Somebody in the room, each picture as often as a camera of 25 frames a second sends it."""
    frames = islice(vision_cost.person(), round(STREAM_S * 10))
    for number, frame in enumerate(frames):
        for _ in range(3 if number % 2 else 2):
            yield frame


BENCH = Bench(
    "what looking costs: a frame, a stream, four cameras, beside a detector with a pose model", _options, _measure
)
