"""Two programs on the same clips: what one does better than the other, and by more than luck."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.vision.evaluate import Result
from agent.vision.figures import Belongs, pools_of, sets_of
from agent.vision.file_error import FileError
from agent.vision.labels import Label, Scored
from agent.vision.statistics import Numbers, area, paired, recall_at


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both programs; `difference` is ours less theirs, with its 95 % paired bootstrap interval."""

    figure: str
    ours: float
    theirs: float
    difference: float
    low: float
    high: float


def compare(results: Sequence[Result], path: Path, others: Sequence[Scored]) -> tuple[Difference, ...]:
    """Ours beside the scores read from `path`; raises FileError where those are of other clips."""
    by_clip = {one.clip: one for one in others}
    for result in results:
        if result.label.clip not in by_clip:
            raise FileError(path, "other_clips", clip=result.label.clip)
    pairs = [(result.label, result.scored, by_clip[result.label.clip]) for result in results]
    labels = [result.label for result in results]
    return (*_areas(pairs, labels), *_shares(pairs, labels), *_equal(pairs, labels))


def differences_table(differences: Sequence[Difference]) -> str:
    """For people."""
    lines = [f"  {'':44s} {'ours':>6s} {'theirs':>6s}  ours less theirs (95 %, paired bootstrap over clips)"]
    lines += [
        f"  {one.figure:44s} {one.ours:6.3f} {one.theirs:6.3f}  {one.difference:+.3f}  {one.low:+.3f}..{one.high:+.3f}"
        for one in differences
    ]
    return "\n".join(lines)


_Pairs = Sequence[tuple[Label, Scored, Scored]]
_Figure = Callable[[Sequence[Numbers]], float]


def _areas(pairs: _Pairs, labels: Sequence[Label]) -> list[Difference]:
    rows = []
    for name, (falls, others) in pools_of(labels).items():
        sets = [_scores(pairs, True, falls), _scores(pairs, False, others)]
        if all(len(ours) for ours, _ in sets):
            rows.append(_row(f"AUC {name}", sets, lambda given: area(*given)))
    return rows


def _shares(pairs: _Pairs, labels: Sequence[Label]) -> list[Difference]:
    """Falls found and false falls, each program at its own threshold."""
    rows = []
    for fell, kind in ((True, "found"), (False, "false")):
        for name, belongs in sets_of(labels).items():
            own = [(a, b) for label, a, b in pairs if belongs(label) and label.fell is fell]
            if own:
                told = np.array([[a.found if fell else a.told, b.found if fell else b.told] for a, b in own], float)
                rows.append(_row(f"{kind}, {name}", [(told[:, 0], told[:, 1])], lambda given: float(given[0].mean())))
    return rows


def _equal(pairs: _Pairs, labels: Sequence[Label]) -> list[Difference]:
    """Falls above the threshold that gives either program as many false ones as theirs has at its own."""
    daily = [theirs for label, _, theirs in pairs if not label.fell]
    if not daily:
        return []
    count = sum(one.told for one in daily)
    allowed = count / len(daily)
    rows = []
    for name, belongs in sets_of(labels).items():
        sets = [_scores(pairs, True, belongs), _scores(pairs, False, lambda _: True)]
        if len(sets[0][0]):
            title = f"above, {name}, at {count}/{len(daily)} false"
            rows.append(_row(title, sets, lambda given: recall_at(given[0], given[1], allowed)))
    return rows


def _scores(pairs: _Pairs, fell: bool, belongs: Belongs) -> tuple[Numbers, Numbers]:
    own = [(ours.score, theirs.score) for label, ours, theirs in pairs if label.fell is fell and belongs(label)]
    return np.array([one for one, _ in own], float), np.array([other for _, other in own], float)


def _row(name: str, sets: Sequence[tuple[Numbers, Numbers]], figure: _Figure) -> Difference:
    ours, theirs = figure([one for one, _ in sets]), figure([other for _, other in sets])
    return Difference(name, ours, theirs, *paired(sets, lambda one, other: figure(one) - figure(other)))
