"""Many simulated clips to files of windows: by several processes, with progress, going on where it was stopped."""

import multiprocessing
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.clips import clip
from models.training.progress import Remaining, say
from models.training.windows import labelled

SCRATCH = Path(__file__).parent / "scratch"
_SHARD = 50  # clips a file: what is lost at most when a run is stopped


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows (n, 24, 24, 24) as bytes 0..255, whether a fall lies in each, and which clip it is from."""

    pictures: NDArray[np.uint8]
    falls: NDArray[np.bool_]
    clips: NDArray[np.int64]


def make(seed: int, clips: int, processes: int) -> None:
    """Write every missing file of the set `seed` under `SCRATCH`."""
    SCRATCH.mkdir(exist_ok=True)
    jobs = [(seed, first) for first in range(0, clips, _SHARD)]
    missing = [job for job in jobs if not _path(*job).exists()]
    remaining = Remaining(len(missing))
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for first, windows, falls in pool.imap_unordered(_shard, missing):
            say(f"set {seed} clips {first:5d}.. {windows} windows, {falls} falls; {remaining.step()}")


def load(seed: int, clips: int) -> Windows:
    """The set as `make` left it."""
    shards = [np.load(_path(seed, first)) for first in range(0, clips, _SHARD)]
    return Windows(*(np.concatenate([shard[name] for shard in shards]) for name in ("pictures", "falls", "clips")))


def _shard(job: tuple[int, int]) -> tuple[int, int, int]:
    os.nice(10)
    seed, first = job
    pictures: list[NDArray[np.uint8]] = []
    falls: list[bool] = []
    clips: list[int] = []
    for number in range(first, first + _SHARD):
        for picture, is_fall in labelled(clip(seed, number), np.random.default_rng([seed, number, 1])):
            pictures.append(picture)
            falls.append(is_fall)
            clips.append(number)
    path = _path(seed, first)
    unfinished = path.with_suffix(".part.npz")
    np.savez_compressed(unfinished, pictures=np.stack(pictures), falls=np.array(falls), clips=np.array(clips))
    unfinished.replace(path)
    return first, len(falls), sum(falls)


def _path(seed: int, first: int) -> Path:
    return SCRATCH / f"windows-{seed}-{first:05d}.npz"
