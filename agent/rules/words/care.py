"""Reasons about care, and about who lives alone: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "requested": ("{device}: {service}", "{device}：{service}"),
        "round_ago": (
            "last looked after {for_min:.0f} min ago, each {every_min:g} min",
            "距上次巡查 {for_min:.0f} 分钟，应每 {every_min:g} 分钟一次",
        ),
        "round_done": ("looked after by {by}", "{by} 已巡查"),
        "night_over": ("the night is over", "夜间已结束"),
        "may_choke": ("may choke: sit with them", "有噎食风险：请陪同进餐"),
        "meal_over": ("the meal is over", "进餐结束"),
        "assessed_ago": ("assessed {days} days ago", "上次评估在 {days} 天前"),
        "assessed": ("assessed by {by}", "{by} 已评估"),
        "visited_ago": ("not visited for {days:.1f} days", "{days:.1f} 天未探访"),
        "visited": ("visited by {by}", "{by} 已探访"),
        "still_for": ("nobody has stirred for {hours:.0f} h", "{hours:.0f} 小时无活动"),
        "is_back": ("back home ({by})", "已返回（{by}）"),
        "no_water": ("{litres:.0f} litres in {hours:g} h", "{hours:g} 小时用水 {litres:.0f} 升"),
        "water_used": ("{litres:.0f} litres used", "已用水 {litres:.0f} 升"),
        "water_runs": (
            "{device}: water in every half-hour of {hours:g} h",
            "{device}：{hours:g} 小时内每半小时都在用水",
        ),
        "leak_over": ("{device}: the water has stopped", "{device}：已停止用水"),
        "power_little": (
            "{used:.2f} kWh by noon, usually {usual:.2f}",
            "中午前用电 {used:.2f} 度，平时 {usual:.2f} 度",
        ),
        "power_much": ("{used:.2f} kWh in {hours:g} h of the night", "夜间 {hours:g} 小时用电 {used:.2f} 度"),
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
