"""Reasons about the life of an alarm: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "sounded": ("{delay_ms:.0f} ms after the decision", "判定后 {delay_ms:.0f} 毫秒发声"),
        "told": ("told: {roles}", "已通知：{roles}"),
        "nobody_arrived": ("nobody arrived in {for_s:g} s after it was seen", "确认后 {for_s:g} 秒无人到场"),
        "still_so": ("still so {minutes:.0f} min after it was closed", "关闭 {minutes:.0f} 分钟后仍未解除"),
        "restored": ("restored from {source}", "重启后恢复自 {source}"),
        "cause": ("{cause}", "{cause}"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("source", "the store"): ("the store", "存储"),
        ("source", "the sounder"): ("the sounder", "声光报警器"),
    }
)
