"""What is asked of a bus: points of all devices, side by side ones joined into one request."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from drivers.modbus.profile import Point, Profile
from drivers.modbus.registers import measure
from drivers.modbus.settings import ModbusBusSettings, ModbusDeviceSettings
from drivers.quantities import QUANTITIES, Shape
from drivers.serial.framing import Measured

MAX_REGISTERS = 125  # Modbus application protocol 6.3
MAX_BITS = 2000  # 6.1
LIFE_SAFETY_PERIOD_S = 1.0  # a smoke contact is looked at at least this often


@dataclass(frozen=True, slots=True)
class Target:
    """Where in an answer a value of `device` stands: `place` coils or registers from the beginning."""

    device: str
    quantity: str
    point: Point
    place: int
    channel: int
    invert: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One request: `count` coils, inputs or registers of `unit` from `address` on, each `period_s`."""

    unit: int
    function: int
    address: int
    count: int
    period_s: float
    targets: tuple[Target, ...]

    @property
    def devices(self) -> frozenset[str]:
        """Whose values the answer holds."""
        return frozenset(target.device for target in self.targets)

    @property
    def form(self) -> tuple[int, int, int]:
        """Unit, function and byte count of the answer: all by which one answer can be told from another."""
        bits = self.targets[0].point.reads_bits
        return self.unit, self.function, (self.count + 7) // 8 if bits else 2 * self.count

    def values(self, raw: Sequence[int]) -> Iterator[tuple[str, Measured]]:
        """Device and value of each target in the answer `raw`."""
        for target in self.targets:
            part = raw[target.place : target.place + target.point.width]
            quantity = QUANTITIES[target.quantity]
            if (measured := measure(target.point, part, quantity, target.channel, target.invert)) is not None:
                yield target.device, measured


@dataclass(frozen=True, slots=True)
class Mistake:
    """A key of ``[[modbus]]`` (such as ``("device", 2, "profile")``), and what is wrong with its value."""

    key: tuple[str | int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One point of one device, at its address on the wire."""

    address: int
    target: Target
    unit: int

    @property
    def group(self) -> tuple[int, int, float]:
        return self.unit, self.target.point.function, self.target.point.period_s

    @property
    def end(self) -> int:
        return self.address + self.target.point.width


def plan(settings: ModbusBusSettings, profiles: Mapping[str, Profile]) -> tuple[list[Block], list[Mistake]]:
    """The requests that serve all devices of one bus, and every mistake in its settings."""
    wanted: list[_Wanted] = []
    mistakes: list[Mistake] = []
    if not settings.device:
        mistakes.append(Mistake(("device",), "a bus without a device; add [[modbus.device]]"))
    seen: set[str] = set()
    for number, device in enumerate(settings.device):
        if device.id in seen:
            mistakes.append(Mistake(("device", number, "id"), f"{device.id} is used twice"))
        seen.add(device.id)
        found = [Mistake(("device", number, key), text) for key, text in _mistakes(device, profiles)]
        mistakes += found
        if not found:
            wanted += _points_of(device, profiles[device.profile])
    return _joined(wanted), mistakes


def _mistakes(device: ModbusDeviceSettings, profiles: Mapping[str, Profile]) -> Iterator[tuple[str, str]]:
    profile = profiles.get(device.profile)
    if profile is None:
        yield "profile", f"unknown: {device.profile!r}; known are {', '.join(sorted(profiles)) or 'none'}"
        return
    channels = max(point.channels for point in profile.point)
    if channels > 1 and (device.channel is None or device.channel >= channels):
        yield "channel", f"{device.profile} has channels: give one from 0 to {channels - 1}"
    if channels == 1 and device.channel is not None:
        yield "channel", f"{device.profile} has no channels; leave it out"
    open_points = [point for point in profile.point if not point.quantity]
    if device.quantity and not open_points:
        yield "quantity", f"{device.profile} says itself what it measures; leave it out"
    elif open_points:
        yield from _quantity_mistakes(device, min(point.period_s for point in open_points))


def _quantity_mistakes(device: ModbusDeviceSettings, period_s: float) -> Iterator[tuple[str, str]]:
    quantity = QUANTITIES.get(device.quantity)
    if quantity is None or quantity.shape is not Shape.STATE:
        states = ", ".join(name for name, row in QUANTITIES.items() if row.shape is Shape.STATE)
        yield "quantity", f"say what is wired to the contact: one of {states}; not {device.quantity!r}"
    elif quantity.life_safety and period_s > LIFE_SAFETY_PERIOD_S:
        yield (
            "quantity",
            f"{device.quantity} needs a profile with period_s of at most {LIFE_SAFETY_PERIOD_S:g}, not {period_s:g}",
        )


def _points_of(device: ModbusDeviceSettings, profile: Profile) -> Iterator[_Wanted]:
    for point in profile.point:
        channel = (device.channel or 0) if point.channels > 1 else 0
        target = Target(device.id, point.quantity or device.quantity, point, 0, channel, device.invert)
        yield _Wanted(point.address - profile.base, target, device.unit)


def _joined(wanted: Iterable[_Wanted]) -> list[Block]:
    """Requests for `wanted`: what touches or overlaps and is due together is read together, holes never."""
    runs: list[list[_Wanted]] = []
    for one in sorted(wanted, key=lambda w: (*w.group, w.address, w.end)):
        limit = MAX_BITS if one.target.point.reads_bits else MAX_REGISTERS
        run = runs[-1] if runs else []
        end = max((each.end for each in run), default=0)
        if run and run[0].group == one.group and one.address <= end and one.end - run[0].address <= limit:
            run.append(one)
        else:
            runs.append([one])
    return [_block(run) for run in runs]


def _block(run: list[_Wanted]) -> Block:
    first, (unit, function, period_s) = run[0].address, run[0].group
    targets = tuple(
        Target(t.device, t.quantity, t.point, one.address - first, t.channel, t.invert)
        for one in run
        for t in (one.target,)
    )
    return Block(unit, function, first, max(one.end for one in run) - first, period_s, targets)
