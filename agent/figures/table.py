"""The figures for people, in English and Chinese."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agent.figures.durations import Spread
from agent.figures.kpi import PRIORITIES, STEPS, Figures
from agent.rules.kinds import KINDS

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "span": ("{days:.1f} days, {carers:.1f} carers on duty on average", "{days:.1f} 天，平均在岗 {carers:.1f} 人"),
        "columns": ("whole / day / night (21-06)", "全天 / 白天 / 夜间（21–6 时）"),
        "raised": ("alarms raised", "报警"),
        "audible": ("of these audible", "其中有声报警"),
        "needed_nobody": ("needed nobody", "无需处置"),
        "per_carer_hour": ("per carer and hour", "每人每小时"),
        "per_day": ("per carer and day", "每人每天"),
        "periods": ("10-minute periods with more than 10", "10 分钟内超过 10 次的时段"),
        "floods": ("floods", "报警泛滥"),
        "peak": ("most in 10 minutes", "10 分钟内最多"),
        "chattering": ("chattering (3 in 60 s from one source)", "抖动报警（同源 60 秒内 3 次）"),
        "fleeting": ("fleeting (over within 60 s, nobody came)", "瞬时报警（60 秒内自行结束，无人到场）"),
        "stale": ("open longer than 24 h: now / ever", "超过 24 小时未关闭：当前 / 累计"),
        "open": ("open now", "未关闭"),
        "closed": ("closed", "已关闭"),
        "needed_share": ("of the closed ones needed nobody", "已关闭报警中无需处置"),
        "priorities": ("by priority, high / medium / low", "级别：高 / 中 / 低"),
        "classes": ("by class", "类别"),
        "causes": ("by cause", "原因"),
        "responses": ("response times: median / 90 % / longest", "响应时间：中位 / 90% / 最长"),
        "escalations": ("escalated, high / medium / low", "升级次数：高 / 中 / 低"),
        "sounded_again": ("sounded again, high / medium / low", "再次发声：高 / 中 / 低"),
        "suppressed": ("held back by design", "按设计抑制"),
        "top": ("busiest sources, {share:.0%} of all", "最频繁来源，占 {share:.0%}"),
        "kinds": ("precision by kind (true of judged)", "各类报警准确率（属实 / 已判定）"),
        "none": ("none", "无"),
        "physiological": ("resident", "老人"),
        "technical": ("technical", "设备"),
        "high": ("high", "高"),
        "medium": ("medium", "中"),
        "low": ("low", "低"),
        "raised_to_sounded": ("until it sounded", "到发声"),
        "raised_to_seen": ("until seen", "到看到"),
        "raised_to_attended": ("until somebody came", "到到场"),
        "seen_to_attended": ("from seen until somebody came", "看到后到场"),
        "raised_to_closed": ("until closed", "到关闭"),
        "fall": ("fall", "跌倒"),
        "toilet": ("toilet", "如厕"),
        "false_alarm": ("false alarm", "误报"),
        "assisted": ("assisted", "已协助"),
        "device": ("device", "设备"),
        "test": ("test", "测试"),
        "other": ("other", "其他"),
        "restored": ("ended by itself", "自行恢复"),
    }
)
WIDTH = 46


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in words; `deep` when it belongs to the one above."""

    name: str
    value: str
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one matter; `title` with what stands beside it, empty for the ordinary ones."""

    title: str
    beside: str
    rows: tuple[Row, ...]


def table(figures: Figures, language: str = "en") -> str:
    """The lines, ready to print; `language` is en or zh."""
    lines = [span(figures, language)]
    for section in sections(figures, language):
        if section.title:
            lines.append(_line(section.title, section.beside, deep=False))
        lines += [_line(row.name, row.value, row.deep) for row in section.rows]
    return "\n".join(lines)


def span(figures: Figures, language: str) -> str:
    """How long the figures reach back, and how many carers they count with."""
    hours = figures.whole.hours
    carers = figures.whole.carer_hours / hours if hours else 0.0
    return WORDS["span"][language == "zh"].format(days=figures.days, carers=carers)


def sections(figures: Figures, language: str, names: Mapping[str, str] = MappingProxyType({})) -> tuple[Section, ...]:
    """All figures in words; `names` of subjects where they may be shown. Nothing of it is about a single carer."""
    return tuple(_Words(figures, language, names).all())


class _Words:
    def __init__(self, figures: Figures, language: str, names: Mapping[str, str]) -> None:
        self._of = figures
        self._zh = language == "zh"
        self._names = names

    def all(self) -> Iterator[Section]:
        yield Section(self._word("columns"), "", tuple(self._load()))
        yield Section("", "", tuple(self._counted()))
        responses = tuple(self._responses())
        yield Section(self._word("responses"), "" if responses else self._word("none"), responses)
        yield Section(self._word("top").format(share=self._of.top_share), "", tuple(self._sources()))
        yield Section(self._word("kinds"), "", tuple(self._kinds()))

    def _counted(self) -> Iterator[Row]:
        of = self._of
        yield self._row("periods", f"{of.periods.above_ten} / {of.periods.count} ({of.periods.share_above_ten:.1%})")
        for name, value in (("floods", of.periods.floods), ("peak", of.periods.peak)):
            yield self._row(name, str(value))
        yield self._row("chattering", str(of.chattering))
        yield self._row("fleeting", str(of.fleeting))
        yield self._row("stale", f"{of.stale_now} / {of.stale_ever}")
        yield self._row("open", str(of.open_now))
        yield self._row("closed", str(of.closed))
        yield self._row("needed_share", _percent(of.needed_nobody_share))
        yield self._row("priorities", self._split(of.priorities))
        for name, counts in (("classes", of.classes), ("causes", of.causes)):
            yield self._row(name, self._counts(counts))
        yield self._row("escalations", _three(of.escalations))
        yield self._row("sounded_again", _three(of.sounded_again))
        yield self._row("suppressed", self._counts(of.suppressed))

    def _load(self) -> Iterator[Row]:
        loads = (self._of.whole, self._of.day, self._of.night)
        for name in ("raised", "audible", "needed_nobody"):
            yield self._row(name, " / ".join(str(getattr(load, name)) for load in loads))
            rates = " / ".join(_rate(load.per_carer_hour(getattr(load, name))) for load in loads)
            yield self._row("per_carer_hour", rates, deep=True)
        yield self._row("per_day", _rate(self._of.whole.per_carer_day(self._of.whole.raised), digits=1))

    def _responses(self) -> Iterator[Row]:
        for priority in PRIORITIES:
            for step in STEPS:
                spread = self._of.responses.get(priority, {}).get(step)
                if spread is not None:
                    name = f"{self._word(priority)}, {self._word(step)}"
                    yield Row(name, f"{_spread(spread)}  ({spread.count})", deep=True)

    def _sources(self) -> Iterator[Row]:
        for source in self._of.sources:
            who = self._names.get(source.subject, source.subject)
            yield Row(f"{who}  {self._kind(source.kind)}", f"{source.count} ({source.share:.0%})", deep=True)

    def _kinds(self) -> Iterator[Row]:
        for name, row in self._of.kinds.items():
            judged = row.true + row.false
            if judged:
                yield Row(self._kind(name), f"{_percent(row.precision)} ({row.true} / {judged})", deep=True)

    def _row(self, name: str, value: str, deep: bool = False) -> Row:
        return Row(self._word(name), value, deep)

    def _word(self, name: str) -> str:
        return WORDS[name][self._zh] if name in WORDS else name

    def _kind(self, name: str) -> str:
        kind = KINDS.get(name)
        return name if kind is None else kind.zh if self._zh else kind.en

    def _counts(self, counts: Mapping[str, int]) -> str:
        words = [f"{self._kind(name) if name in KINDS and name not in WORDS else self._word(name)} {count}"
                 for name, count in counts.items()]  # fmt: skip
        return ", ".join(words) or self._word("none")

    def _split(self, counts: Mapping[str, int]) -> str:
        total = sum(counts.values())
        shares = " / ".join(f"{counts[name] / total:.0%}" for name in PRIORITIES) if total else ""
        return f"{_three(counts)}  {shares}".rstrip()


def _line(name: str, value: str, deep: bool) -> str:
    name = "  " * deep + name
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in name)
    return f"{name}{' ' * max(1, WIDTH - wide)}{value}".rstrip()


def _three(counts: Mapping[str, int]) -> str:
    return " / ".join(str(counts.get(name, 0)) for name in PRIORITIES)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _rate(rate: float | None, digits: int = 2) -> str:
    return "-" if rate is None else f"{rate:.{digits}f}"


def _spread(spread: Spread) -> str:
    return " / ".join(_seconds(value) for value in (spread.p50, spread.p90, spread.longest))


def _seconds(value: float) -> str:
    if value < 100:
        return f"{value:.1f} s"
    return f"{value / 60:.0f} min" if value < 6000 else f"{value / 3600:.0f} h"
