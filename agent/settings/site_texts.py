"""Texts of site.toml that mean a time, a span of the day or a date, checked where they stand."""

from datetime import date
from typing import Annotated

from annotated_types import MaxLen, MinLen
from pydantic import AfterValidator

from agent.moment import DailySpan, seconds_of
from agent.places import PlaceKind


def span_of(text: str) -> DailySpan:
    """The span of ``"21:00-06:00"``; raises ValueError for anything else."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is no span of the day; write it as 21:00-06:00")
    return DailySpan(seconds_of(start.strip()), seconds_of(end.strip()))


def _span(text: str) -> str:
    return str(span_of(text))


def _clock(text: str) -> str:
    seconds_of(text)
    return text.rjust(5, "0")


def _day(text: str) -> str:
    if text:
        date.fromisoformat(text)
    return text


def _place_kind(text: str) -> str:
    if text and text not in list(PlaceKind):
        raise ValueError(f"{text!r} is no kind of place; they are {', '.join(PlaceKind)}")
    return text


Id = Annotated[str, MinLen(1), MaxLen(64)]
Text = Annotated[str, MaxLen(100)]
ClockText = Annotated[str, AfterValidator(_clock)]  # 21:30
SpanText = Annotated[str, AfterValidator(_span)]  # 21:00-06:00
DayText = Annotated[str, AfterValidator(_day)]  # 2027-01-31, or empty
PlaceKindText = Annotated[str, AfterValidator(_place_kind)]  # one of agent.places, or empty
