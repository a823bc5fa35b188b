"""Slows down whoever guesses the login code. Pure: time comes in as a value."""

import ipaddress
import math
from collections import OrderedDict, deque
from dataclasses import dataclass

FREE = 5  # wrong codes of one address before it has to wait
FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 900.0
FORGET_S = 3600.0
ADDRESSES = 1024  # addresses remembered; beyond, the one that failed longest ago is forgotten

ALL_FAILURES = 20  # of all addresses together
ALL_WITHIN_S = 60.0


@dataclass(slots=True)
class _Record:
    failures: int = 0
    last: float = 0.0


class Tries:
    """Wrong codes by address and in all; who is logged in already is not touched by a wait."""

    def __init__(self) -> None:
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._all: deque[float] = deque(maxlen=ALL_FAILURES)

    def wait_s(self, address: str, now: float) -> int:
        """Whole seconds that `address` has to wait before its next try; 0: none."""
        waits = [0.0]
        record = self._records.get(_key(address))
        if record is not None and now - record.last < FORGET_S and record.failures >= FREE:
            # the exponent is bounded, since 2.0 ** 1024 overflows
            pause = min(FIRST_WAIT_S * 2.0 ** min(record.failures - FREE, 16), LONGEST_WAIT_S)
            waits.append(record.last + pause - now)
        if len(self._all) == ALL_FAILURES:
            waits.append(self._all[0] + ALL_WITHIN_S - now)
        return math.ceil(max(waits))

    def failed(self, address: str, now: float) -> None:
        """A wrong code came from `address`; call it before the code is looked at, so that tries in parallel count."""
        key = _key(address)
        record = self._records.pop(key, _Record())
        if now - record.last >= FORGET_S:
            record.failures = 0
        record.failures += 1
        record.last = now
        self._records[key] = record
        if len(self._records) > ADDRESSES:
            self._records.popitem(last=False)
        self._all.append(now)

    def succeeded(self, address: str) -> None:
        """The code was right: `address` starts afresh, and its last try was no failure."""
        self._records.pop(_key(address), None)
        if self._all:
            self._all.pop()


def _key(address: str) -> str:
    """An IPv6 host owns a /64, so that is what is counted."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address
