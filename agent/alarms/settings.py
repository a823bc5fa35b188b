"""How alarms climb and return: the values of config/alarms.toml."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, Le, MinLen

from agent.rules.finding import Priority

_FORBID: dict[str, Any] = {"extra": "forbid"}
_SHIFT_S = 8 * 3600.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: `after_s` seconds unseen since the alarm was raised, these roles are told."""

    after_s: Annotated[float, Ge(0), Le(3600)]
    tell: Annotated[tuple[str, ...], MinLen(1)]

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class Ladder:
    """How alarms of one priority behave (domain 3.6, design "Alarm life cycle").

    `unattended_s`: seen, but nobody arrived in that time: sounds again, one rung higher (0: never). `again_s`: closed
    while its condition goes on: raised anew after that time.
    """

    rungs: Annotated[tuple[Rung, ...], MinLen(1)]
    unattended_s: Annotated[float, Ge(0), Le(1800)] = 0.0
    again_s: Annotated[float, Ge(60), Le(12 * 3600)] = 300.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def wait_s(self, step: int) -> float | None:
        """Seconds from rung `step` to the next; None on the last."""
        if step + 1 >= len(self.rungs):
            return None
        return self.rungs[step + 1].after_s - self.rungs[step].after_s


_HIGH = Ladder(
    (
        Rung(0, ("assigned_carer",)),
        Rung(60, ("floor", "charge_nurse")),
        Rung(120, ("all_staff", "duty_manager")),
        Rung(300, ("platform",)),
    ),
    unattended_s=180,
    again_s=300,
)
_MEDIUM = Ladder(
    (Rung(0, ("assigned_carer",)), Rung(180, ("floor",)), Rung(360, ("charge_nurse",)), Rung(900, ("duty_manager",))),
    unattended_s=600,
    again_s=900,
)
_LOW = Ladder((Rung(0, ("list",)),), again_s=_SHIFT_S)


@dataclass(frozen=True, slots=True)
class FloodSettings:
    """A flood begins above `begins_above` alarms in `within_s` seconds and ends below `ends_below` (ISA-18.2)."""

    begins_above: Annotated[int, Ge(5), Le(100)] = 10
    ends_below: Annotated[int, Ge(1), Le(50)] = 5
    within_s: Annotated[float, Ge(60), Le(3600)] = 600.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class ChatterSettings:
    """A condition that begins `onsets` times in `within_s` seconds chatters; it is over once well for `within_s`.

    `settle_s`: from its second onset on a technical condition must be well for so long before its alarm closes itself.
    """

    onsets: Annotated[int, Ge(2), Le(20)] = 3
    within_s: Annotated[float, Ge(60), Le(7200)] = 600.0
    settle_s: Annotated[float, Ge(30), Le(3600)] = 60.0

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True)
class AlarmSettings:
    """One ladder a priority, and what keeps the noise down.

    `pause_s`: longest audio pause. `shelf_s`: longest shelving where no shift says it. `callback`: telephone number at
    which the home answers a call that the platform makes.
    """

    high: Ladder = _HIGH
    medium: Ladder = _MEDIUM
    low: Ladder = _LOW
    flood: FloodSettings = FloodSettings()
    chatter: ChatterSettings = ChatterSettings()
    pause_s: Annotated[float, Ge(10), Le(120)] = 120.0
    shelf_s: Annotated[float, Ge(600), Le(12 * 3600)] = _SHIFT_S
    callback: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    def ladder(self, priority: Priority) -> Ladder:
        """The ladder of alarms of `priority`."""
        return {Priority.HIGH: self.high, Priority.MEDIUM: self.medium, Priority.LOW: self.low}[priority]
