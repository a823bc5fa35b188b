"""The state of the way to each device of one adapter, told when it changes."""

import logging

from drivers.base import Emit, Link, LinkState, Now
from drivers.trouble import Trouble

_LOGGER = logging.getLogger(__name__)

_State = tuple[LinkState, Trouble | None]


class Links:
    """Emits a `Link` for each change of a device's state or of its reason.

    While the adapter itself is at fault, every device that is not heard is at FAULT for the adapter's reason. When the
    adapter works again each has the state back that it would have without: a button that speaks only when pressed was
    not lost because we were deaf for a while.
    """

    def __init__(self, devices: tuple[str, ...], emit: Emit, now: Now) -> None:
        self._emit = emit
        self._now = now
        self._own: dict[str, _State] = dict.fromkeys(devices, (LinkState.SEARCHING, None))
        self._told: dict[str, _State] = {}
        self._adapter_fault: Trouble | None = None

    def start(self) -> None:
        """Every device is being searched."""
        for device, own in self._own.items():
            self._say(device, own)

    def tell(self, device: str, state: LinkState, reason: Trouble | None = None) -> None:
        """The way to `device` is in `state`."""
        self._own[device] = (state, reason)
        if self._adapter_fault and state is not LinkState.CONNECTED:
            self._say(device, (LinkState.FAULT, self._adapter_fault))
        else:
            self._say(device, (state, reason))

    def tell_adapter(self, fault: Trouble | None, heard_still: frozenset[str] = frozenset()) -> None:
        """The adapter fails for the reason `fault`, or works (None); `heard_still` devices are not affected."""
        if fault == self._adapter_fault:
            return
        _LOGGER.warning("%s", fault or "adapter works again")
        self._adapter_fault = fault
        for device, own in self._own.items():
            if fault is None:
                self._say(device, own)
            elif device not in heard_still:
                self._say(device, (LinkState.FAULT, fault))

    def _say(self, device: str, state: _State) -> None:
        if self._told.get(device) == state:
            return
        self._told[device] = state
        _LOGGER.info("%s: %s %s", device, state[0].value, state[1] or "")
        self._emit(Link(device, state[0], self._now(), state[1]))
