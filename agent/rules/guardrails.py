"""Whether a limit may be set as somebody wants it: refused, told and allowed, or simply allowed. Pure.

For the home's own `rules.toml`, and for the limits of one resident. The bounds stand in guardrail_table.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fnmatch import fnmatchcase
from typing import Any

from agent.rules.guardrail_table import ORDERS, ROWS, Rail
from agent.rules.settings import RuleSettings


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guardrails say of the number called `name`; with neither `refused` nor `warned` there are no words."""

    name: str
    refused: bool = False
    warned: bool = False
    en: str = ""
    zh: str = ""


def numbers(part: Any, before: str = "") -> Iterator[tuple[str, float]]:  # noqa: ANN401 - any class of settings
    """Every number of `part`, a dataclass of settings, by its dotted name."""
    for field in fields(part):
        value, name = getattr(part, field.name), before + field.name
        if is_dataclass(value):
            yield from numbers(value, name + ".")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, value


def rail_of(name: str) -> Rail | None:
    """The bounds of the number called `name`; None when the table has none."""
    parts = name.split(".")
    for pattern, rail in ROWS:
        wanted = pattern.split(".")
        if len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted)):
            return rail
    return None


def check(name: str, value: float) -> Verdict:
    """What the guardrails say of setting `name` to `value`; nothing where the table has no row for it."""
    rail = rail_of(name)
    if rail is None:
        return Verdict(name)
    if not rail.low <= value <= rail.high:  # so written, what is no number at all is refused too
        en = f"{name} = {value:g} is refused: it must lie from {rail.low:g} to {rail.high:g}"
        return Verdict(
            name, refused=True, en=en, zh=f"{name} = {value:g} 不允许：须在 {rail.low:g} 至 {rail.high:g} 之间"
        )
    if not rail.good_low <= value <= rail.good_high:
        usual = f"{rail.good_low:g} to {rail.good_high:g}"
        en = f"{name} = {value:g} is unusual: {usual} is recommended; a doctor or charge nurse answers for it"
        zh = f"{name} = {value:g} 不常见：建议 {rail.good_low:g} 至 {rail.good_high:g}，须由医生或护士长负责"
        return Verdict(name, warned=True, en=en, zh=zh)
    return Verdict(name)


def check_settings(settings: RuleSettings) -> tuple[Verdict, ...]:
    """All that the guardrails have to say of `settings`: each number by itself, then what does not go together."""
    single = [check(name, value) for name, value in numbers(settings)]
    return (*(one for one in single if one.refused or one.warned), *contradictions(settings))


def contradictions(settings: RuleSettings) -> tuple[Verdict, ...]:
    """Numbers that are right each by itself and do not go together; all of them are refused."""
    known = dict(numbers(settings))
    return (*_disordered(known), *_never_missed(known))


def _disordered(known: Mapping[str, float]) -> Iterator[Verdict]:
    for lesser, greater in (*ORDERS, *_ranks(known)):
        if known[lesser] > known[greater]:
            yield Verdict(
                lesser,
                refused=True,
                en=f"{lesser} = {known[lesser]:g} must not be above {greater} = {known[greater]:g}",
                zh=f"{lesser} = {known[lesser]:g} 不得大于 {greater} = {known[greater]:g}",
            )


def _ranks(known: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Of each limit of a vital sign: the high one lies further out, and needs no longer."""
    for name in known:
        limit, _, what = name.rpartition(".medium.")
        if limit and what == "for_s":
            yield f"{limit}.high.for_s", name
        elif limit:
            medium, high = name, f"{limit}.high.{what}"
            yield (high, medium) if "_low" in limit else (medium, high)


def _never_missed(known: Mapping[str, float]) -> Iterator[Verdict]:
    """Of each role: some silence must be an alarm, and a long one no less than a short one."""
    for name, low_s in known.items():
        role, _, what = name.rpartition(".")
        if not role.startswith("silent_device.") or what != "low_s":
            continue
        medium_s = known[f"{role}.medium_s"]
        if not low_s and not medium_s:
            en = f"{role}: a device that dies would never be missed; set low_s or medium_s"
            yield Verdict(name, refused=True, en=en, zh=f"{role}：设备失联将无人知晓，请设置 low_s 或 medium_s")
        elif low_s and medium_s and low_s > medium_s:
            en = f"{name} = {low_s:g} must not be above {role}.medium_s = {medium_s:g}"
            yield Verdict(name, refused=True, en=en, zh=f"{name} = {low_s:g} 不得大于 {role}.medium_s = {medium_s:g}")
