"""What every output is to the sounder. None may block: the buzzer never waits for a lamp that hangs."""

import logging
from typing import Protocol

from agent.annunciators.scene import Scene
from drivers.backoff import Backoff

_LOGGER = logging.getLogger(__name__)

OPENING, OK, FAULT = "opening", "ok", "fault"
RETRY_S = 1.0
RETRY_CAP_S = 5.0


class Say(Protocol):
    """Tells the core something (docs/architecture.md, "The wire")."""

    def __call__(self, kind: str, **fields: object) -> None:
        """Send a message of `kind`; never waits, never raises."""


class Output(Protocol):
    """One thing that sounds, shines or calls. Made without touching its device, which `apply` opens when needed."""

    @property
    def simulated(self) -> bool:
        """Whether there is no hardware behind it."""

    @property
    def sounds(self) -> bool:
        """Whether it can make itself heard for an alarm here."""

    @property
    def testable(self) -> bool:
        """Whether a test of it can be heard or seen by somebody."""

    @property
    def up(self) -> bool:
        """Whether its device has shown that it works."""

    def apply(self, scene: Scene, now: float) -> float:
        """Bring the device to `scene`; gives when it wants to be called again without a change of it.

        It is called too when something happened on a descriptor that is `watched`. Raises OSError when the device
        failed; `close` follows.
        """

    def watched(self) -> dict[int, int]:
        """Descriptors on which something may happen, with the events of `select.poll`."""

    def off(self) -> None:
        """Everything off, in an orderly end: may take a moment. Raises OSError; `close` follows in any case."""

    def close(self) -> None:
        """Device released, at once."""


class KeptOutput:
    """An output that is tried again after a failure; it never raises."""

    def __init__(self, name: str, rank: int, output: Output) -> None:
        self.name = name
        self.rank = rank
        self.output = output
        self.fault = ""
        self.state = OPENING
        self._retry_at = 0.0
        self._backoff = Backoff(RETRY_S, RETRY_CAP_S)

    @property
    def sounds(self) -> bool:
        """Whether it can make itself heard for an alarm."""
        return self.output.sounds

    def apply(self, scene: Scene, now: float) -> float:
        """As `Output.apply`; a failure becomes `fault`, and stays until the device has shown that it works."""
        if now < self._retry_at:
            return self._retry_at
        try:
            wake = self.output.apply(scene, now)
        except (OSError, ValueError) as error:  # gpiod raises ValueError for a line that its chip does not have
            self._failed(str(error) or type(error).__name__, now)
            return self._retry_at
        except Exception as error:  # a mistake of ours in one output must not silence the others
            if self.state != FAULT:
                _LOGGER.exception("%s: failed", self.name)
            self._failed(f"{type(error).__name__}: {error}", now)
            return self._retry_at
        if self.output.up and self.state != OK:
            self.state, self.fault = OK, ""
            self._backoff.reset()
        return wake

    def watched(self) -> dict[int, int]:
        """As `Output.watched`."""
        return self.output.watched()

    def end(self) -> None:
        """Everything off, device released."""
        try:
            self.output.off()
        except OSError as error:
            _LOGGER.warning("%s: not turned off: %s", self.name, error)
        except Exception:  # the others are to be turned off as well
            _LOGGER.exception("%s: not turned off", self.name)
        self._close()

    def _close(self) -> None:
        try:
            self.output.close()
        except Exception:  # as in `apply`
            _LOGGER.debug("%s: not closed", self.name, exc_info=True)

    @property
    def status(self) -> dict[str, object]:
        """As told to the core."""
        return {"state": self.state, "detail": self.fault, "simulated": self.output.simulated}

    def _failed(self, why: str, now: float) -> None:
        _LOGGER.log(logging.DEBUG if self.state == FAULT else logging.WARNING, "%s: %s", self.name, why)
        self._retry_at = now + self._backoff.next()
        self._close()
        self.state, self.fault = FAULT, why
