"""Register profiles: what stands where in a Modbus device, as data (``config/profiles/*.toml``)."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Le, MinLen
from pydantic import TypeAdapter, ValidationError

from drivers.quantities import QUANTITIES, Shape

_FORBID: dict[str, Any] = {"extra": "forbid"}

BIT_FUNCTIONS = (1, 2)  # read coils, read discrete inputs; 3 and 4 read registers
REGISTER_BITS = 16
ADDRESSES = 65536
REGISTERS_OF = MappingProxyType({"bit": 1, "int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2})


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a device, or a row of contacts.

    `address` is as the manual prints it, less the profile's `base`. `words` is the order of the two registers of a
    32-bit value. value = raw * `scale` + `offset`, in the quantity's unit. For a state read from a number, `on` lists
    the numbers that mean true. A `bit` of a register counts from 0, the lowest. `channels` > 1 is a row of contacts
    side by side; a device names its channel and, if `quantity` is empty, what is wired to it.
    """

    function: Literal[1, 2, 3, 4]
    address: Annotated[int, Ge(0), Le(465_535)]
    type: Literal["bit", "int16", "uint16", "int32", "uint32", "float32"]
    period_s: Annotated[float, Ge(0.1), Le(3600)]
    quantity: str = ""
    channels: Annotated[int, Ge(1), Le(64)] = 1
    words: Literal["big", "little"] = "big"
    scale: float = 1.0
    offset: float = 0.0
    bit: Annotated[int, Ge(0), Le(15)] = 0
    on: tuple[int, ...] = (1,)
    invert: bool = False

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID

    @property
    def reads_bits(self) -> bool:
        """Whether its function reads coils or inputs, not registers."""
        return self.function in BIT_FUNCTIONS

    @property
    def width(self) -> int:
        """How many coils, inputs or registers it takes."""
        return self.channels if self.reads_bits else REGISTERS_OF[self.type]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of device. `base` is subtracted from each address: 1, 30001 or 40001 where the manual counts so."""

    name: Annotated[str, MinLen(1)]
    point: Annotated[tuple[Point, ...], MinLen(1)]
    base: Annotated[int, Ge(0), Le(400_001)] = 0
    source: str = ""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID


@dataclass(frozen=True, slots=True, order=True)
class ProfileProblem:
    """`key` in `file` is wrong; `text` says why and what is allowed."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        """One line for the installer."""
        return f"{self.file}: {self.key + ': ' if self.key else ''}{self.text}"


def read_profile(path: Path) -> tuple[Profile | None, list[ProfileProblem]]:
    """The profile in `path`, or None and every mistake in it."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        profile = TypeAdapter(Profile).validate_python(values)
    except OSError as error:
        return None, [ProfileProblem(path.name, "", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        return None, [ProfileProblem(path.name, "", f"is not UTF-8 at byte {error.start}; save it as UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return None, [ProfileProblem(path.name, "", f"not TOML: {error}")]
    except ValidationError as error:
        return None, [_problem(path.name, mistake) for mistake in error.errors()]
    problems = [ProfileProblem(path.name, key, text) for key, text in _mistakes(profile)]
    return (None if problems else profile), problems


def read_profiles(folders: Sequence[Path]) -> tuple[dict[str, Profile], list[ProfileProblem]]:
    """All profiles by the name of their file, and every mistake; a later folder's file replaces an earlier one's.

    A folder that does not exist holds none, so the user's own may be missing.
    """
    files = {path.stem: path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))}
    profiles: dict[str, Profile] = {}
    problems: list[ProfileProblem] = []
    for name, path in files.items():
        profile, found = read_profile(path)
        problems += found
        if profile is not None:
            profiles[name] = profile
    return profiles, problems


_CURES = MappingProxyType(
    {"unexpected_keyword_argument": "unknown key", "missing": "is required", "missing_argument": "is required"}
)


def _problem(file: str, mistake: Any) -> ProfileProblem:  # noqa: ANN401 - pydantic's ErrorDetails
    text = _CURES.get(mistake["type"], mistake["msg"])
    given = "" if mistake["type"] in _CURES or isinstance(mistake["input"], dict) else f", not {mistake['input']!r}"
    return ProfileProblem(file, _key(mistake["loc"]), text[:1].lower() + text[1:] + given)


def _key(parts: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in parts)


def _mistakes(profile: Profile) -> Iterator[tuple[str, str]]:
    """What the types alone do not forbid: (key, text)."""
    told: set[str] = set()
    for number, point in enumerate(profile.point):
        for key, text in _point_mistakes(point, profile.base):
            yield f"point.{number}.{key}", text
        if point.quantity and point.quantity in told:
            yield f"point.{number}.quantity", f"{point.quantity} is told twice; a device has each quantity once"
        told.add(point.quantity)


def _point_mistakes(point: Point, base: int) -> Iterator[tuple[str, str]]:
    first = point.address - base
    if not 0 <= first <= ADDRESSES - point.width:
        yield "address", f"{point.address} less base {base} is {first}; allowed are 0 to {ADDRESSES - point.width}"
    if point.reads_bits and point.type != "bit":
        yield "type", f"function {point.function} reads bits: the type is bit, not {point.type}"
    if point.type != "bit" and (point.channels > 1 or point.bit):
        yield "channels", f"only a bit has channels or a bit number, not a {point.type}"
    if not point.reads_bits and point.bit + point.channels > REGISTER_BITS:
        yield "channels", f"a register has 16 bits: from bit {point.bit} on at most {REGISTER_BITS - point.bit}"
    if point.reads_bits and point.bit:
        yield "bit", f"function {point.function} addresses each bit by itself; put it into `address`"
    if point.scale == 0:
        yield "scale", "0 would make every value the same; 1 leaves the raw number"
    yield from _quantity_mistakes(point)


def _quantity_mistakes(point: Point) -> Iterator[tuple[str, str]]:
    if not point.quantity:
        if point.type != "bit":
            yield "quantity", "is required: only what is wired to a contact is left to the device"
        return
    quantity = QUANTITIES.get(point.quantity)
    if quantity is None:
        yield "quantity", f"unknown: {point.quantity!r}; known are {', '.join(QUANTITIES)}"
    elif quantity.shape is Shape.EVENT:
        yield "quantity", f"{point.quantity} is an event, which a register that is asked now and then cannot tell"
    elif point.type == "bit" and quantity.shape is not Shape.STATE:
        yield "quantity", f"a bit is true or false, {point.quantity} is a number"
