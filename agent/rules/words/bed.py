"""Reasons about bed and night: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "out_of_bed": ("out of bed for {away_s:.0f} s", "离床 {away_s:.0f} 秒"),
        "back_in_bed": ("back in bed", "已回床"),
    }
)
