"""Reasons about devices and our own parts: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "heard_again": ("{device}: heard again", "{device}：信号恢复"),
        "silent": ("{device}: nothing heard for {silent_s:.0f} s", "{device}：{silent_s:.0f} 秒无信号"),
        "link_broken": ("{device}: {why}", "{device}：{why}"),
        "rule_failed": ("rule {rule} for {subject}: {why}", "规则 {rule}（{subject}）：{why}"),
        "rule_works": ("rule {rule} for {subject} works again", "规则 {rule}（{subject}）恢复"),
        "part_failed": ("{part}: {why}", "{part}：{why}"),
        "part_works": ("{part} works again", "{part}恢复"),
    }
)
