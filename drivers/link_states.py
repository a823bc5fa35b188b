"""What a driver has said about its devices' links, so that it speaks on a change and not before."""

import logging
from collections.abc import Iterable

from drivers.base import Emit, Link, LinkState, Now
from drivers.trouble import Trouble

_LOGGER = logging.getLogger(__name__)

_BROKEN = (LinkState.SILENT, LinkState.FAULT)


class LinkStates:
    """The last word on each device; a new state, or a new reason for a broken one, is emitted and logged once."""

    def __init__(self, devices: Iterable[str], emit: Emit, now: Now) -> None:
        self._emit = emit
        self._now = now
        self._said: dict[str, tuple[LinkState, Trouble | None]] = dict.fromkeys(devices, (LinkState.SEARCHING, None))

    def begin(self) -> None:
        """Say of each device that it is searched for; called when the driver starts to run."""
        for device in self._said:
            self._said[device] = (LinkState.SEARCHING, None)
            self._emit(Link(device, LinkState.SEARCHING, self._now()))

    def tell(self, device: str, state: LinkState, reason: Trouble | None = None) -> None:
        """`device` is in `state`; `reason`: what is wrong with it."""
        if (state, reason) == self._said[device]:
            return
        was = self._said[device][0]
        self._said[device] = (state, reason)
        if state in _BROKEN:
            _LOGGER.log(logging.DEBUG if was is state else logging.WARNING, "%s: %s: %s", device, state.value, reason)
        else:
            _LOGGER.info("%s: %s", device, state.value)
        self._emit(Link(device, state, self._now(), reason))

    def tell_all(self, state: LinkState, reason: Trouble | None = None) -> None:
        """All devices of the driver are in `state`."""
        for device in self._said:
            self.tell(device, state, reason)

    def state(self, device: str) -> LinkState:
        """The state that was told last."""
        return self._said[device][0]
