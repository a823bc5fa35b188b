"""Reasons about care, and about who lives alone: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "requested": ("{device}: {service}", "{device}：{service}"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("service", "water"): ("a drink", "喝水"),
        ("service", "toilet"): ("the toilet", "如厕"),
        ("service", "chat"): ("company", "聊天"),
        ("service", "other"): ("something", "其他"),
    }
)
