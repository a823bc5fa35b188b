"""Reasons about falls: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "evidence": (
            "{evidence} {score:.2f} ({device}), {before_s:.0f} s earlier",
            "{evidence} {score:.2f}（{device}），{before_s:.0f} 秒前",
        ),
        "certainty": ("together {certainty:.2f}", "综合 {certainty:.2f}"),
        "too_weak": ("below {needed:.2f}: left", "低于 {needed:.2f}：未报警"),
        "no_recovery": ("no recovery for {for_s:.0f} s", "{for_s:.0f} 秒内未起身"),
        "not_asked": ("could not be asked: no loudspeaker speaks in {room}", "无法询问：{room} 无可用音箱"),
        "not_answered": ("asked, no answer for {for_s:.0f} s", "询问后 {for_s:.0f} 秒无应答"),
        "nobody_judges": ("safe mode, nobody judges falls now: please look", "安全模式下暂不判断跌倒：请立即查看"),
        "names_resident": ("it is {resident}, by a device of their own", "由个人设备得知为 {resident}"),
        "staff_there": ("{by} has been there since", "{by} 已在场"),
        "recovered": ("stood up again after {after_s:.0f} s: please look", "{after_s:.0f} 秒后起身：请查看"),
        "on_floor_for": ("on the floor for {for_s:.0f} s", "倒地 {for_s:.0f} 秒"),
        "off_the_floor": ("no longer on the floor", "已不在地上"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("evidence", "camera"): ("camera saw a fall", "摄像头：跌倒"),
        ("evidence", "on_floor"): ("camera sees them lie", "摄像头：躺在地上"),
        ("evidence", "radar"): ("radar", "雷达"),
        ("evidence", "belt"): ("belt", "腰带"),
        ("evidence", "unworn"): ("belt that is not worn", "腰带（未佩戴）"),
        ("evidence", "stillness"): ("no motion since", "此后无活动"),
        ("evidence", "button"): ("button", "按钮"),
        ("evidence", "bed_left"): ("bed left", "离床"),
    }
)
