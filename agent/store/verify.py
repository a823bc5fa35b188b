"""`python -m agent.store.verify FOLDER`: whether a row of the alarm log was changed or taken out since."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from agent.store.database import read_only
from agent.store.entry import GAP
from agent.store.row import COLUMNS, FIRST_HASH, row_hash

_COLUMNS = (*COLUMNS, "alarm", "open", "data")
_SQL = f"SELECT {', '.join(_COLUMNS)}, prev_hash, hash FROM log ORDER BY sequence"  # noqa: S608 - our own names
_TYPE = _COLUMNS.index("type")


def verify_chain(folder: Path) -> int | None:
    """The first number at which the chain of alarms.db is broken; None when it is whole. Raises sqlite3.Error.

    Behind a gap the chain begins anew: what the row's hash was tied to is what the gap says is lost.
    """
    previous, expected, after_gap = FIRST_HASH, 1, False
    with closing(read_only(folder / "alarms.db")) as connection:
        for *values, prev_hash, hashed in connection.execute(_SQL):
            tied = prev_hash == previous or after_gap
            if values[1] != expected or not tied or hashed != row_hash(prev_hash, tuple(values)):
                return expected
            previous, expected, after_gap = hashed, values[0] + 1, values[_TYPE] == GAP
    return None


def main() -> int:
    """0 when the chain is whole, 1 when it is broken."""
    parser = argparse.ArgumentParser(prog="python -m agent.store.verify", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder with alarms.db")
    broken = verify_chain(parser.parse_args().folder)
    text = "the chain is whole" if broken is None else f"the chain is broken at number {broken}"
    sys.stdout.write(text + "\n")
    return 0 if broken is None else 1


if __name__ == "__main__":
    sys.exit(main())
