"""Units that people write, and the one that this program has for a quantity (UCUM). Pure."""

from types import MappingProxyType

# the unit of a quantity -> other spellings of it
SPELLINGS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "/min": ("bpm", "1/min", "min-1", "beats/min", "breaths/min", "{beats}/min"),
        "%": ("percent", "pct"),
        "Cel": ("°C", "℃", "C", "degC", "celsius"),
        "mm[Hg]": ("mmHg", "mmhg"),
        "mmol/L": ("mmol/l",),
        "kg": ("KG",),
        "lx": ("lux",),
        "m3": ("m³", "m^3"),
        "kW.h": ("kWh", "kwh"),
        "dB[SPL]": ("dB", "dB(A)", "dBA"),
        "dB[mW]": ("dBm",),
    }
)
_FAHRENHEIT = (5 / 9, -160 / 9)
# (other unit, unit of a quantity) -> factor and what is added then
CONVERSIONS: MappingProxyType[tuple[str, str], tuple[float, float]] = MappingProxyType(
    {
        **dict.fromkeys(((name, "Cel") for name in ("°F", "℉", "F", "degF", "[degF]")), _FAHRENHEIT),
        ("K", "Cel"): (1.0, -273.15),
        ("mg/dL", "mmol/L"): (1 / 18.016, 0.0),  # glucose, 180.16 g/mol
        ("mg/dl", "mmol/L"): (1 / 18.016, 0.0),
        ("kPa", "mm[Hg]"): (7.50062, 0.0),
        ("g", "kg"): (0.001, 0.0),
        ("lb", "kg"): (0.45359237, 0.0),
        ("[lb_av]", "kg"): (0.45359237, 0.0),
        ("斤", "kg"): (0.5, 0.0),
        ("L", "m3"): (0.001, 0.0),
        ("l", "m3"): (0.001, 0.0),
        ("Wh", "kW.h"): (0.001, 0.0),
        ("W.h", "kW.h"): (0.001, 0.0),
        ("m", "cm"): (100.0, 0.0),
        ("mm", "cm"): (0.1, 0.0),
    }
)
DIGITS = 6  # of a converted value: what counting in floats adds must not pass a limit


def accepted(unit: str) -> tuple[str, ...]:
    """All that may stand for `unit`, itself first."""
    return (unit, *SPELLINGS.get(unit, ()), *(other for other, own in CONVERSIONS if own == unit))


def converted(value: float, told: str, unit: str) -> float | None:
    """`value` of unit `told` in `unit`; None if nobody knows how."""
    if told == unit or told in SPELLINGS.get(unit, ()):
        return value
    conversion = CONVERSIONS.get((told, unit))
    return None if conversion is None else round(value * conversion[0] + conversion[1], DIGITS)
