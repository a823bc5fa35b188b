"""An incident bundle: one alarm's whole story as JSON Lines that show every change. Pure; docs/figures.md has the form.

Each line carries its number, the hash of the line before it and its own: SHA-256 over its canonical JSON (keys sorted,
no spaces, UTF-8) without the field `hash`. A line changed, taken out, added or moved breaks the chain there. Whoever
remakes the whole chain is found out by the signature alone (Ed25519, RFC 8032), or by the rows' hashes in alarms.db.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agent.store.row import Value, row_hash

FORMAT = "nightlamp.bundle.v1"
HEADER, LOG, ACT, DECISION, RECALL, TRAILER = "header", "log", "act", "decision", "recall", "trailer"
FIRST = "0" * 64

# A row of alarms.db, in the order in which its hash covers it (agent/store/row.py).
ROW = ("sequence", "first", "id", "boot", "monotonic", "wall", "quality", "type", "subject", "actor", "alarm", "open",
       "data")  # fmt: skip

Line = dict[str, Any]

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "empty": ("it holds nothing", "文件为空"),
        "not_a_bundle": ("it is no bundle of format {format}", "不是 {format} 格式的事件包"),
        "not_json": ("it is not a JSON object: it was changed", "不是 JSON 对象：内容被改动"),
        "changed": ("it was changed: its hash does not fit", "内容被改动：哈希不符"),
        "missing": ("the line that belongs here was taken out or moved", "此处的行被删除或移动"),
        "added": ("a line that does not belong here was added or moved", "此处多出一行，或行被移动"),
        "not_tied": ("it does not follow the line before it: one was replaced", "与上一行不衔接：有行被替换"),
        "row_changed": ("its row does not fit the row's hash in alarms.db", "与报警库中该行的哈希不符"),
        "cut_short": ("the end is missing", "缺少结尾"),
        "behind_the_end": ("it stands behind the end", "位于结尾之后"),
        "bad_signature": ("the signature is not right", "签名不正确"),
        "not_signed": ("it is not signed by the key {key}", "不是由密钥 {key} 签名"),
    }
)


class BundleError(Exception):
    """The file is not as it was made; `line` is the number of the first line at which that shows."""

    def __init__(self, line: int, code: str, **values: str) -> None:
        """`code` is a key of `WORDS`."""
        super().__init__(f"line {line}: {WORDS[code][0].format(**values)}")
        self.line = line
        self.code = code
        self.values = values

    def text(self, language: str) -> str:
        """What is wrong, without the number; `language` is en or zh."""
        return WORDS[self.code][language == "zh"].format(**self.values)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the public key in hex, and what makes the 64 bytes."""

    key: str
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sound bundle: `key` is the signer's public key in hex, empty when it is not signed.

    `rows` rows of alarms.db fit their hashes there; in `masked` ones a name was blotted out, so nobody can tell.
    """

    alarm: str
    gateway: str
    made_at: str
    made_by: str
    lines: int
    rows: int
    masked: int
    key: str


def chained(records: Iterable[Line], signer: Signer | None) -> Iterator[str]:
    """The lines of a bundle, each ending in a newline: `records` (header first) and the trailer behind them."""
    number, previous = 0, FIRST
    for number, record in enumerate(records, 1):
        line = {"line": number, **record, "prev": previous}
        previous = line["hash"] = _hash(line)
        yield _canonical(line) + "\n"
    end: Line = {"line": number + 1, "record": TRAILER, "lines": number + 1, "prev": previous, "signature": None}
    if signer is not None:
        value = signer.sign(_signed(end)).hex()
        end["signature"] = {"algorithm": "Ed25519", "key": signer.key, "value": value}
    yield _canonical({**end, "hash": _hash(end)}) + "\n"


def verify(lines: Iterable[str], key: str = "") -> Checked:
    """What the bundle is, if it is as it was made, and signed by `key` if one is given; else raises `BundleError`."""
    check = _Check()
    for number, text in enumerate(lines, 1):
        check.line(number, text)
    return check.end(key)


class _Check:
    def __init__(self) -> None:
        self._number = 0
        self._previous = FIRST
        self._head: Line = {}
        self._end: Line | None = None
        self._rows = self._masked = 0

    def line(self, number: int, text: str) -> None:
        self._number = number
        if self._end is not None:
            raise BundleError(number, "behind_the_end")
        line = _parsed(number, text)
        if number == 1 and (line.get("record") != HEADER or line.get("format") != FORMAT):
            raise BundleError(1, "not_a_bundle", format=FORMAT)
        canonical = _canonical(line) == text.removesuffix("\n")  # else a doubled key could hide behind a sound hash
        own = line.pop("hash", None)
        if own != _hash(line) or not canonical:
            raise BundleError(number, "changed")
        if line.get("line") != number:
            raise BundleError(number, "missing" if _above(line.get("line"), number) else "added")
        if line.get("prev") != self._previous:
            raise BundleError(number, "not_tied")
        self._previous = str(own)
        if number == 1:
            self._head = line
        self._kind(number, line)

    def _kind(self, number: int, line: Line) -> None:
        if line.get("record") == TRAILER:
            self._end = line
        if "row" in line:
            if line.get("masked"):
                self._masked += 1
            elif not _row_holds(line):
                raise BundleError(number, "row_changed")
            else:
                self._rows += 1

    def end(self, key: str) -> Checked:
        if not self._number:
            raise BundleError(1, "empty")
        if self._end is None:
            raise BundleError(self._number + 1, "cut_short")
        if self._end.get("lines") != self._number:
            raise BundleError(self._number, "changed")
        signed_by = self._signed_by()
        if key and signed_by != key.lower():
            raise BundleError(self._number, "not_signed", key=key)
        alarm, gateway, at, by = (str(self._head.get(name, "")) for name in ("alarm", "gateway", "made_at", "made_by"))
        return Checked(alarm, gateway, at, by, self._number, self._rows, self._masked, signed_by)

    def _signed_by(self) -> str:
        assert self._end is not None
        signature = self._end.get("signature")
        if signature is None:
            return ""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
            public.verify(bytes.fromhex(signature["value"]), _signed(self._end))
        except (InvalidSignature, KeyError, TypeError, ValueError) as error:
            raise BundleError(self._number, "bad_signature") from error
        return str(signature["key"]).lower()


def _parsed(number: int, text: str) -> Line:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict):
        raise BundleError(number, "not_json")
    return line


def _row_holds(line: Line) -> bool:
    try:
        row: Mapping[str, Value] = line["row"]
        values = tuple(row[name] for name in ROW)
        return bool(row_hash(bytes.fromhex(line["row_prev"]), values).hex() == line["row_hash"])
    except (KeyError, TypeError, ValueError):
        return False


def _above(found: object, number: int) -> bool:
    return isinstance(found, int) and found > number


def _signed(trailer: Line) -> bytes:
    return f"{FORMAT}\n{_canonical({**trailer, 'signature': None})}".encode()


def _hash(line: Line) -> str:
    return hashlib.sha256(_canonical(line).encode(errors="surrogatepass")).hexdigest()


def _canonical(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
