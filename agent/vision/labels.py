"""labels.csv: what was really there to be seen in each clip, and the scores that another program gave them.

Columns: ``clip`` (a file beside the table), ``kind`` (fall or daily), ``fall_start_s`` (seconds into the clip; empty
where unknown or none), ``group`` and ``camera``. Clips of one camera show one view. More columns are passed over.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.vision.file_error import FileError, check_readable

_KINDS = {"fall": True, "daily": False}
_COLUMNS = ("clip", "kind", "fall_start_s", "group", "camera")
SCORE_COLUMNS = ("group", "kind", "clip", "score", "found", "any")
_TRUTHS = {"True": True, "true": True, "1": True, "False": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Label:
    """One row of labels.csv."""

    clip: str
    fell: bool
    start_s: float | None
    group: str
    camera: str


@dataclass(frozen=True, slots=True)
class Scored:
    """What some program made of one clip.

    `found`: it told the fall in time; `told`: it told a fall at all.
    """

    clip: str
    score: float
    found: bool
    told: bool


def read_labels(path: Path) -> list[Label]:
    """The rows of `path`; raises FileError that names file, line and cure."""
    labels = []
    for line, row in _rows(path, _COLUMNS):
        if row["kind"] not in _KINDS:
            raise FileError(path, "bad_value", line=str(line), column="kind", value=row["kind"])
        start = _number(path, line, "fall_start_s", row["fall_start_s"]) if row["fall_start_s"] else None
        labels.append(Label(row["clip"], _KINDS[row["kind"]], start, row["group"], row["camera"]))
    return labels


def read_scores(path: Path) -> list[Scored]:
    """The scores of another program, columns as `SCORE_COLUMNS`, named in the first line or not; raises FileError."""
    scores = []
    for line, row in _rows(path, SCORE_COLUMNS, named=False):
        truths = []
        for column in ("found", "any"):
            if row[column] not in _TRUTHS:
                raise FileError(path, "bad_value", line=str(line), column=column, value=row[column])
            truths.append(_TRUTHS[row[column]])
        scores.append(Scored(row["clip"], _number(path, line, "score", row["score"]), *truths))
    return scores


def write_scores(path: Path, rows: Sequence[tuple[Label, Scored]]) -> None:
    """Write scores so that `read_scores` reads them; raises FileError."""
    kinds = {fell: kind for kind, fell in _KINDS.items()}
    try:
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(SCORE_COLUMNS)
            for label, one in rows:
                writer.writerow((label.group, kinds[label.fell], label.clip, one.score, one.found, one.told))
    except OSError as error:
        raise FileError(path, "not_written", why=error.strerror or "") from error


def _rows(path: Path, columns: Sequence[str], named: bool = True) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and rows; without `named` the first line may be a row already."""
    check_readable(path)
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError(path, "no_table") from error
    if not any(lines):
        raise FileError(path, "no_rows")
    has_head = named or set(columns) <= set(lines[0])
    head = lines[0] if has_head else list(columns)
    for column in columns:
        if column not in head:
            raise FileError(path, "no_column", column=column)
    begin = 1 if has_head else 0
    rows = [(number, line) for number, line in enumerate(lines[begin:], begin + 1) if line]
    if not rows:
        raise FileError(path, "no_rows")
    for number, line in rows:
        row = dict(zip(head, line, strict=False))
        for column in columns:
            if column not in row:
                raise FileError(path, "bad_value", line=str(number), column=column, value="")
        yield number, {column: row[column].strip() for column in columns}


def _number(path: Path, line: int, column: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number != number:
        raise FileError(path, "bad_value", line=str(line), column=column, value=text)
    return number
