"""Reasons about falls: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "fall_seen": ("{device}: {sign}, score {score:.2f}", "{device}：{sign}，评分 {score:.2f}"),
        "second_source": ("second source {device} within {within_s:.0f} s", "{within_s:.0f} 秒内第二来源 {device}"),
        "no_recovery": ("no recovery for {for_s:.0f} s", "{for_s:.0f} 秒内未起身"),
        "recovered": ("stood up again after {after_s:.0f} s: please look", "{after_s:.0f} 秒后起身：请查看"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("sign", "fall"): ("fall", "跌倒"),
        ("sign", "low_on_floor"): ("lying on the floor", "躺在地上"),
    }
)
