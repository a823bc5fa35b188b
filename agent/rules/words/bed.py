"""Reasons about bed, night and movement: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "sitting_up": ("sits up in bed", "坐起"),
        "edge_of_bed": ("at the edge of the bed", "在床边"),
        "by_day": ("by day", "白天"),
        "empty_at_start": ("the bed was empty from the start on", "启动时床已空"),
        "out_of_bed": ("out of bed for {away_s:.0f} s", "离床 {away_s:.0f} 秒"),
        "back_in_bed": ("back in bed", "已回床"),
        "seen_elsewhere": ("seen at {place}", "出现在 {place}"),
        "in_bed_for": ("in bed for {for_h:.0f} h", "卧床 {for_h:.0f} 小时"),
        "got_up": ("got up", "已起床"),
        "in_toilet_for": ("in the toilet for {for_min:.0f} min", "如厕 {for_min:.0f} 分钟"),
        "left_toilet": ("left the toilet", "已离开卫生间"),
        "at_exit": ("at the exit {place}", "到达出口 {place}"),
        "escorted": ("{by} goes with them", "{by} 陪同"),
        "tag_lost": (
            "the tag was last heard at {place}, {for_s:.0f} s ago",
            "标签最后出现在 {place}，{for_s:.0f} 秒前",
        ),
        "door_held": ("the door {place} has been open for {for_s:.0f} s", "{place} 的门已开 {for_s:.0f} 秒"),
        "pacing": ("{passes} passes of the corridor", "走廊往返 {passes} 次"),
        "pacing_over": ("no longer up and down", "已停止往返"),
        "turned": ("turned", "已翻身"),
        "turned_before": (
            "turned {ago_min:.0f} min ago, due each {every_min:.0f}",
            "{ago_min:.0f} 分钟前翻身，应每 {every_min:.0f} 分钟一次",
        ),
        "nothing_moves": ("nothing moves for {for_h:.0f} h", "{for_h:.0f} 小时无活动"),
        "moves_again": ("something moves again", "恢复活动"),
        "rail_down": ("the rail is down and nobody is there", "床栏放下且无人在旁"),
        "rail_safe": ("the rail is up, or the bed empty", "床栏已升起或床已空"),
    }
)
