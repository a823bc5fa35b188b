"""How a serial port is set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`parity` N, E or O, `bits` of data 7 or 8."""

    port: str
    baudrate: int
    parity: str = "N"
    stopbits: int = 1
    bits: int = 8
