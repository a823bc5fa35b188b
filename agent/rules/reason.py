"""Why: one reason as a code with its values, so that each reader gets it in his own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from drivers.quantities import QUANTITIES

Value = str | float | int | bool

# code -> (English, Chinese); the names in braces are the values that such a reason carries.
WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "pressed": ("button {device}: {press}", "按钮 {device}：{press}"),
        "not_verified": ("{device}: quality {quality}", "{device}：信号质量 {quality}"),
        "contact_closed": ("{device}: {quantity}", "{device}：{quantity}"),
        "contact_open": ("{device}: {quantity} is over", "{device}：{quantity}已解除"),
        "at_or_below": (
            "{quantity} {value:g} {unit} ≤ {limit:g} for {for_s:g} s",
            "{quantity} {value:g} {unit} ≤ {limit:g}，持续 {for_s:g} 秒",
        ),
        "at_or_above": (
            "{quantity} {value:g} {unit} ≥ {limit:g} for {for_s:g} s",
            "{quantity} {value:g} {unit} ≥ {limit:g}，持续 {for_s:g} 秒",
        ),
        "back_inside": ("{quantity} {value:g}: back inside", "{quantity} {value:g}：恢复正常"),
        "out_of_bed": ("out of bed for {away_s:.0f} s", "离床 {away_s:.0f} 秒"),
        "back_in_bed": ("back in bed", "已回床"),
        "fall_seen": ("{device}: {sign}, score {score:.2f}", "{device}：{sign}，评分 {score:.2f}"),
        "second_source": ("second source {device} within {within_s:.0f} s", "{within_s:.0f} 秒内第二来源 {device}"),
        "no_recovery": ("no recovery for {for_s:.0f} s", "{for_s:.0f} 秒内未起身"),
        "recovered": ("stood up again after {after_s:.0f} s: please look", "{after_s:.0f} 秒后起身：请查看"),
        "heard_again": ("{device}: heard again", "{device}：信号恢复"),
        "silent": ("{device}: nothing heard for {silent_s:.0f} s", "{device}：{silent_s:.0f} 秒无信号"),
        "link_broken": ("{device}: {why}", "{device}：{why}"),
        "rule_failed": ("rule {rule} for {subject}: {why}", "规则 {rule}（{subject}）：{why}"),
        "rule_works": ("rule {rule} for {subject} works again", "规则 {rule}（{subject}）恢复"),
        "sounded": ("{delay_ms:.0f} ms after the decision", "判定后 {delay_ms:.0f} 毫秒发声"),
        "told": ("told: {roles}", "已通知：{roles}"),
        "nobody_arrived": ("nobody arrived in {for_s:g} s after it was seen", "确认后 {for_s:g} 秒无人到场"),
        "still_so": ("still so {minutes:.0f} min after it was closed", "关闭 {minutes:.0f} 分钟后仍未解除"),
        "restored": ("restored from {source}", "重启后恢复自 {source}"),
        "cause": ("{cause}", "{cause}"),
        "part_failed": ("{part}: {why}", "{part}：{why}"),
        "part_works": ("{part} works again", "{part}恢复"),
    }
)

# Words for values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, Value], tuple[str, str]] = MappingProxyType(
    {
        ("press", "press"): ("pressed", "按下"),
        ("press", "double"): ("pressed twice", "按两次"),
        ("press", "triple"): ("pressed three times", "按三次"),
        ("press", "long"): ("pressed long", "长按"),
        ("press", "long_double"): ("pressed long twice", "长按两次"),
        ("press", "long_triple"): ("pressed long three times", "长按三次"),
        ("press", "hold"): ("held", "按住"),
        ("sign", "fall"): ("fall", "跌倒"),
        ("sign", "low_on_floor"): ("lying on the floor", "躺在地上"),
        ("quality", "uncertain"): ("uncertain", "不确定"),
        ("quality", "unverified"): ("not verified", "未验证"),
        ("quality", "bad"): ("bad", "无效"),
        ("source", "the store"): ("the store", "存储"),
        ("source", "the sounder"): ("the sounder", "声光报警器"),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `code` is a key of `WORDS`, `values` fill its words."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def text(self, language: str = "en") -> str:
        """In English, or Chinese (`zh`); values that do not fit the words are shown as they are."""
        values = {name: _word(name, value, language) for name, value in self.values}
        try:
            return WORDS[self.code][language == "zh"].format(**values)
        except (KeyError, ValueError):
            return " ".join((self.code, *(f"{name}={value}" for name, value in self.values)))

    def to_json(self) -> dict[str, Any]:
        """``{"code": …, NAME: VALUE, …}``."""
        return {"code": self.code, **dict(self.values)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Reason":
        """The reason of such an object; raises KeyError or TypeError when it is not one."""
        return Reason(str(data["code"]), tuple((name, value) for name, value in data.items() if name != "code"))


def because(code: str, **values: Value) -> Reason:
    """A reason with its values."""
    return Reason(code, tuple(values.items()))


def _word(name: str, value: Value, language: str) -> Value:
    """A quantity, and a value that is a word, by its name in `language`; anything else as it is."""
    if name == "quantity" and str(value) in QUANTITIES:
        row = QUANTITIES[str(value)]
        return row.zh if language == "zh" else row.en
    return VALUES[(name, value)][language == "zh"] if (name, value) in VALUES else value
