"""Where in a TOML file a key stands: the standard parser gives values, people need lines.

Works on text that `tomllib` has accepted, so it may be simple: it follows table headers and keys at the start of a
line; a key inside an inline table or a multi-line array is found on the line of the nearest key that encloses it.
"""

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<name>[^\]]+?)\s*\]\]?")
_KEY = re.compile(
    r"^\s*(?P<name>(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="
)
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")


def _parts(name: str) -> list[str]:
    return [a or b or c for a, b, c in _PART.findall(name)]


class _Arrays:
    """Counts the elements of arrays of tables, so that ``[[ble.device]]`` becomes ``ble.0.device.2``."""

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}

    def path(self, parts: Sequence[str], new_element: bool) -> Path:
        path: Path = ()
        for depth, part in enumerate(parts):
            path = (*path, part)
            if new_element and depth == len(parts) - 1:
                self._last = {k: v for k, v in self._last.items() if k == path or k[: len(path)] != path}
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
        return path


def key_lines(text: str) -> dict[Path, int]:
    """The line (1 is the first) of each table header and each key that starts a line."""
    lines: dict[Path, int] = {}
    arrays = _Arrays()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = arrays.path(_parts(header["name"]), header["open"] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key["name"])), number)
    return lines


def line_of(path: Sequence[str | int], lines: dict[Path, int]) -> int:
    """The line of the key at `path`, or of what encloses it most closely; 1 when nothing does."""
    wanted = tuple(path)
    while wanted:
        if wanted in lines:
            return lines[wanted]
        wanted = wanted[:-1]
    return 1
