"""Reasons about the life of an alarm: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "sounded": ("{delay_ms:.0f} ms after the decision", "判定后 {delay_ms:.0f} 毫秒发声"),
        "let_sound": ("let sound {after_s:.0f} s after it was raised", "报警 {after_s:.0f} 秒后获准发声"),
        "told": ("told: {roles}", "已通知：{roles}"),
        "told_before": ("all of them had been told before: {roles}", "此前均已通知：{roles}"),
        "nobody_arrived": ("nobody arrived in {for_s:g} s after it was seen", "确认后 {for_s:g} 秒无人到场"),
        "still_so": ("still so {minutes:.0f} min after it was closed", "关闭 {minutes:.0f} 分钟后仍未解除"),
        "held_back": ("held back: {hold} ({by})", "暂不报警：{hold}（{by}）"),
        "shelved": ("shelved by {by}: {why}", "{by} 已搁置：{why}"),
        "was_held_back": ("was held back for {minutes:.0f} min ({by})", "曾暂缓 {minutes:.0f} 分钟（{by}）"),
        "paused_by": ("sound paused by {by} for {for_s:g} s", "{by} 已静音 {for_s:g} 秒"),
        "pause_broken": ("the pause was broken by {kind}", "静音被打断：{kind}"),
        "time_over": ("its time is over", "已到时间"),
        "nobody_on_duty": ("nobody on duty as {roles}", "无人值班：{roles}"),
        "nobody_hears": ("nobody can hear it here: {why}", "现场无人可闻：{why}"),
        "flood_begins": (
            "more than ten alarms in ten minutes: milder sounds are thinned",
            "十分钟内报警超过十条：减少次要声音",
        ),
        "flood_ends": ("the flood of alarms is over", "报警高峰已过"),
        "shift_changed": ("shift or site facts changed", "已换班或资料已更改"),
        "shift_ends": ("the shift ends sooner", "本班提前结束"),
        "device_parted": ("the device is somebody else's now, or nobody's", "设备已改绑或解绑"),
        "now_in_room": ("now in room {room}", "现在房间：{room}"),
        "sleep_unknown": ("nobody knows for how long the gateway was off", "网关断电时长未知"),
        "well_for_long": ("well again for long enough", "已持续恢复"),
        "restored": ("restored from {source}", "重启后恢复自 {source}"),
        "cause": ("{cause}", "{cause}"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("hold", "staff"): ("staff are there", "员工在场"),
        ("hold", "out"): ("out of home", "外出"),
        ("hold", "maintenance"): ("in maintenance", "维护中"),
        ("source", "the store"): ("the store", "存储"),
        ("source", "the sounder"): ("the sounder", "声光报警器"),
    }
)
