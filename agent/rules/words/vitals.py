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
        "sudden_dip": (
            "{quantity} went suddenly from {before:g} to {value:g} and came back after {for_s:.0f} s: motion, no alarm",
            "{quantity}由 {before:g} 骤变至 {value:g}，{for_s:.0f} 秒后恢复：判为体动干扰，不报警",
        ),
        "only_doubtful": (
            "{device}: nothing but doubtful {quantity} for {for_s:.0f} s; check how it is worn",
            "{device}：{quantity}数据持续 {for_s:.0f} 秒不可靠，请检查佩戴",
        ),
        "reliable_again": ("{device}: {quantity} reliable again", "{device}：{quantity}数据恢复可靠"),
        "off_now": ("{device}: not on anybody now", "{device}：当前无人使用"),
        "away_from_normal": (
            "{quantity} {value:g} {unit} in the middle of {for_min:g} min, usually {usual:g}: away by {by:g} or more",
            "{quantity}近 {for_min:g} 分钟中位数 {value:g} {unit}，平时 {usual:g}：偏离达到 {by:g}",
        ),
        "near_normal": ("near their own normal again", "已接近个人常值"),
        "normal_unknown": ("their own normal is being learned", "正在学习个人常值"),
        "taken_off": (
            "{device} is not worn any more: whether it goes on, nobody can say",
            "{device} 已取下，无法判断是否仍在持续",
        ),
        "no_more_values": (
            "{device} tells no {quantity} any more: whether it goes on, nobody can say",
            "{device} 不再报告{quantity}，无法判断是否仍在持续",
        ),
        "back_inside": ("{quantity} {value:g}: back inside", "{quantity} {value:g}：恢复正常"),
    }
)
