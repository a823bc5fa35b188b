"""Reasons about the vital signs: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "at_or_below": (
            "{quantity} {value:g} {unit} ≤ {limit:g} for {for_s:g} s",
            "{quantity} {value:g} {unit} ≤ {limit:g}，持续 {for_s:g} 秒",
        ),
        "at_or_above": (
            "{quantity} {value:g} {unit} ≥ {limit:g} for {for_s:g} s",
            "{quantity} {value:g} {unit} ≥ {limit:g}，持续 {for_s:g} 秒",
        ),
        "back_inside": ("{quantity} {value:g}: back inside", "{quantity} {value:g}：恢复正常"),
    }
)
