"""What site facts contradict in themselves: ids that nobody has, two rows for one thing, shifts that leave a gap."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

from agent.alarms.settings import AlarmSettings
from agent.moment import DAY_S, clock_text
from agent.rules.guardrails import Verdict, check, contradictions
from agent.rules.kinds import KINDS
from agent.rules.settings import RuleSettings
from agent.settings.contradiction import Contradiction
from agent.settings.site import SiteSettings
from agent.staff import ALL_STAFF, ASSIGNED, CHARGE_NURSE, FLOOR, LIST, MANAGER, PLATFORM, ROLES

FILE = "site.toml"
NEVER_MISSING = (FLOOR, ALL_STAFF, LIST, PLATFORM)  # filled by whoever is on duty, or by nobody at all
ON_ROSTER = (ASSIGNED, CHARGE_NURSE, MANAGER)

Key = tuple[str | int, ...]
# table -> the field by which its rows are told apart
KEYS = {
    "resident": "id",
    "place": "id",
    "binding": "device",
    "staff": "id",
    "shift": "id",
    "duty": "id",
    "ladder": "id",
    "camera": "id",
}


def site_check(site: SiteSettings, rules: RuleSettings, alarms: AlarmSettings) -> Iterator[Contradiction]:
    """Every contradiction, the warnings among them."""
    yield from _twice(site)
    yield from _unknown(site)
    yield from _limits(site, rules)
    yield from _roles(site, alarms)
    yield from _ladders(site)
    yield from _gaps(site)


def _wrong(key: Key, text: str, zh: str) -> Contradiction:
    return Contradiction(FILE, key, text, zh)


def _twice(site: SiteSettings) -> Iterator[Contradiction]:
    for table, field in KEYS.items():
        ids = [getattr(row, field) for row in getattr(site, table)]
        for number, id_ in enumerate(ids):
            if id_ and id_ in ids[:number]:
                text = (
                    f"{table} {id_!r} is there twice; each needs {'an id' if field == 'id' else 'one row'} of its own"
                )
                yield _wrong((table, number, field), text, f"{table} {id_!r} 重复，请改用不同编号")
    cards = Counter(one.card for one in site.staff if one.card)
    for number, one in enumerate(site.staff):
        if cards[one.card] > 1:
            text = f"card {one.card!r} belongs to several members of staff; a tap would not say who came"
            yield _wrong(("staff", number, "card"), text, f"卡号 {one.card!r} 属于多名员工，无法分辨是谁")


def _unknown(site: SiteSettings) -> Iterator[Contradiction]:
    """Ids that some row names and no other has."""
    residents = {one.id for one in site.resident}
    staff, shifts = {one.id for one in site.staff}, {one.id for one in site.shift}
    rooms = {one.room for one in site.resident} | {one.id for one in site.place}
    places = rooms | {one.room for one in site.binding if one.room}
    floors = {one.floor for one in site.place if one.floor}
    named: list[tuple[Key, str, str, set[str]]] = []
    for n, binding in enumerate(site.binding):
        named.append((("binding", n, "resident"), "resident", binding.resident, residents))
        named.append((("binding", n, "staff"), "member of staff", binding.staff, staff))
    for n, place in enumerate(site.place):
        named.append((("place", n, "room"), "room", place.room, rooms))
    for n, duty in enumerate(site.duty):
        named.append((("duty", n, "member"), "member of staff", duty.member, staff))
        named.append((("duty", n, "shift"), "shift", duty.shift, shifts))
        named += [
            (("duty", n, "covers"), "floor, room or resident", one, floors | places | residents) for one in duty.covers
        ]
    for n, ladder in enumerate(site.ladder):
        named.append((("ladder", n, "place"), "place", ladder.place, places))
        named.append((("ladder", n, "floor"), "floor", ladder.floor, floors))
        named.append((("ladder", n, "shift"), "shift", ladder.shift, shifts))
        named.append((("ladder", n, "kind"), "kind of alarm", ladder.kind, set(KINDS)))
    for key, what, id_, known in named:
        if id_ and id_ not in known:
            yield _wrong(key, f"no such {what}: {id_!r}; {_cure(known)}", f"不存在：{id_!r}；{_cure_zh(known)}")


def _cure(known: set[str]) -> str:
    return f"there are {', '.join(sorted(known)[:12])}" if known else "there are none yet, write it first"


def _cure_zh(known: set[str]) -> str:
    return f"现有：{'、'.join(sorted(known)[:12])}" if known else "尚无此类条目，请先添加"


def _limits(site: SiteSettings, rules: RuleSettings) -> Iterator[Contradiction]:
    for number, resident in enumerate(site.resident):
        key: Key = ("resident", number, "limits")
        known: dict[str, float] = {}
        for name, value in resident.limits.items():
            try:
                rules.overridden([(name, value)])
            except ValueError as error:
                text = f"{error}; names are those of rules.toml, as vitals.spo2_low.medium.at"
                yield _wrong(key, text, f"{name}：没有这个限值，名称见 rules.toml")
            else:
                known[name] = value
        for one in _own(known, rules):
            yield Contradiction(FILE, key, one.en, one.zh, warning=not one.refused)


def _own(limits: Mapping[str, float], rules: RuleSettings) -> Iterator[Verdict]:
    """What the guardrails say of one resident's own limits, beside the home's that they do not replace."""
    yield from (one for one in (check(name, value) for name, value in limits.items()) if one.refused or one.warned)
    at_home = contradictions(rules)
    yield from (one for one in contradictions(rules.overridden(limits.items())) if one not in at_home)


def _roles(site: SiteSettings, alarms: AlarmSettings) -> Iterator[Contradiction]:
    usual = {role for one in (alarms.high, alarms.medium, alarms.low) for rung in one.rungs for role in rung.tell}
    called = usual | {role for one in site.ladder for rung in one.rungs for role in rung.tell}
    worked = {one.role for one in site.duty}
    for number, duty in enumerate(site.duty):
        if duty.role not in called | set(ON_ROSTER) or duty.role in NEVER_MISSING:
            text = f"no ladder calls {duty.role!r}; use one of {', '.join(ON_ROSTER)}, or name it in a ladder"
            yield _wrong(("duty", number, "role"), text, f"没有任何升级步骤呼叫 {duty.role!r}")
    for number, ladder in enumerate(site.ladder):
        for step, rung in enumerate(ladder.rungs):
            for role in rung.tell:
                key: Key = ("ladder", number, "rungs", step, "tell")
                if role not in worked | set(ROLES):
                    text = f"nobody works as {role!r}; roles are {', '.join(ROLES)} and those of the roster"
                    yield _wrong(key, text, f"无人担任 {role!r}")
                elif site.duty and role not in worked | set(NEVER_MISSING):
                    text = f"nobody on the roster ever works as {role!r}: that step is passed over"
                    yield Contradiction(FILE, key, text, f"值班表中无人担任 {role!r}，该步骤会被跳过", warning=True)


def _ladders(site: SiteSettings) -> Iterator[Contradiction]:
    conditions = [one.to_ladder().conditions for one in site.ladder]
    for number, ladder in enumerate(site.ladder):
        if conditions[number] in conditions[:number]:
            text = "a ladder with the same conditions is there already; nobody could say which one counts"
            yield _wrong(("ladder", number), text, "已有条件相同的升级步骤，无法判断以哪个为准")
        after = [rung.after_s for rung in ladder.rungs]
        if after[0] != 0 or any(later <= earlier for earlier, later in itertools.pairwise(after)):
            text = f"rungs begin with after_s = 0 and rise, not {', '.join(f'{one:g}' for one in after)}"
            yield _wrong(("ladder", number, "rungs"), text, "after_s 须从 0 开始并逐步递增")


def _gaps(site: SiteSettings) -> Iterator[Contradiction]:
    """Times of the day at which no shift is on duty."""
    covered = sorted(
        pair
        for one in site.shift
        for pair in (
            [(one.span.start_s, one.span.end_s)]
            if one.span.start_s < one.span.end_s
            else [(0.0, one.span.end_s), (one.span.start_s, DAY_S)]
        )
    )
    reached = 0.0
    for start, end in [*covered, (DAY_S, DAY_S)] if covered else ():
        if start > reached:
            gap = f"{clock_text(reached)}-{clock_text(start)}"
            text = f"no shift is on duty {gap}: nobody stands behind a role then"
            yield Contradiction(FILE, ("shift", 0), text, f"{gap} 没有班次，该时段无人值班", warning=True)
        reached = max(reached, end)
