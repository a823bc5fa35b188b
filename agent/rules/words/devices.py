"""Reasons about devices and our own parts: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "heard_again": ("{device}: heard again", "{device}：信号恢复"),
        "link_off": ("{device}: switched off on purpose", "{device}：已按规定停用"),
        "silent": ("{device}: nothing heard for {silent_s:.0f} s", "{device}：{silent_s:.0f} 秒无信号"),
        "link_broken": ("{device}: {why}", "{device}：{why}"),
        "rule_failed": ("rule {rule} for {subject}: {why}", "规则 {rule}（{subject}）：{why}"),
        "rule_works": ("rule {rule} for {subject} works again", "规则 {rule}（{subject}）恢复"),
        "battery_at": ("{device}: battery at {level:.0f} %", "{device}：电量 {level:.0f} %"),
        "battery_says_low": ("{device}: says its battery is low", "{device}：自报电量低"),
        "off": ("{device}: not worn for {for_min:.0f} min", "{device}：未佩戴 {for_min:.0f} 分钟"),
        "worn_again": ("{device}: worn", "{device}：已佩戴"),
        "charging": ("{device}: is being charged", "{device}：充电中"),
        "flutters": (
            "{device}: {changes} changes of the bed within {for_s:.0f} s",
            "{device}：{for_s:.0f} 秒内床状态变化 {changes} 次",
        ),
        "flutters_no_more": ("{device}: steady again", "{device}：已稳定"),
        "mains_gone": ("{device}: no mains, {level:.0f} % left", "{device}：市电中断，剩余电量 {level:.0f} %"),
        "mains_back": ("{device}: mains are back", "{device}：市电恢复"),
        "camera_says": ("{device}: {fault}", "{device}：{fault}"),
        "camera_sees": ("{device}: sees again", "{device}：画面恢复"),
        "part_failed": ("{part}: {why}", "{part}：{why}"),
        "part_works": ("{part} works again", "{part}恢复"),
        "call_failing": (
            "the call {call} has failed {count} times: {why}",
            "外呼 {call} 已失败 {count} 次：{why}",
        ),
        "sound_tested": ("{device} was tested: say that you heard or saw it", "{device}已测试：听到或看到请确认"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("fault", "no_frames"): ("no picture", "无画面"),
        ("fault", "picture_frozen"): ("picture frozen", "画面静止"),
        ("fault", "picture_dark"): ("too dark", "画面过暗"),
        ("fault", "picture_overexposed"): ("too bright", "画面过曝"),
        ("fault", "picture_covered"): ("covered", "镜头被遮挡"),
        ("fault", "picture_blurred"): ("out of focus or smeared", "画面模糊（失焦或镜头脏污）"),
        ("fault", "camera_moved"): ("was moved", "镜头被移动"),
        ("fault", "frame_rate_low"): ("too few pictures", "帧率过低"),
        ("why", "no answer"): ("no answer", "无应答"),
        ("why", "too late"): ("not made within ten minutes", "十分钟内未能呼出"),
        ("why", "test unconfirmed"): ("nobody has confirmed that its test was heard", "测试后无人确认听到"),
        ("why", "test failed"): ("it did not work in its test", "测试时未能工作"),
        ("why", "not heard yet"): ("not heard yet", "尚无信号"),
        ("why", "no connection to the sounder"): ("no connection to the sounder", "与声光报警进程的连接中断"),
        ("why", "every buzzer is dead"): ("every buzzer is dead", "所有蜂鸣器失效"),
    }
)
