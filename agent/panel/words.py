"""The panel's own words, English and Chinese, by code."""

from types import MappingProxyType

from agent.panel.camera_words import CAMERA_WORDS
from drivers.quantities import QUANTITIES

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        # frame
        "name": ("Nightlamp", "守夜灯"),
        "alarms": ("Alarms", "报警"),
        "devices": ("Devices", "设备"),
        "system": ("System", "系统"),
        "history": ("History", "记录"),
        "figures": ("Figures", "统计"),
        "other_language": ("中文", "English"),
        "log_out": ("Log out", "退出"),
        "live": ("Live", "实时"),
        "disconnected": ("Disconnected from the gateway", "与网关断开"),
        "disconnected_cure": (
            "New alarms are not shown here. Go to the buzzer and lamps, and check power and network.",
            "此处无法显示新报警。请留意现场声光报警器，并检查电源和网络。",
        ),
        "ended": ("This login has ended", "登录已过期"),
        "ended_cure": ("New alarms are not shown here until you log in again.", "重新登录前，此处不显示新报警。"),
        "log_in_again": ("Log in again", "重新登录"),
        "ends_soon": ("This login ends in {minutes} min", "登录将在 {minutes} 分钟后过期"),
        "sound_off": ("Sound is off: tap to enable", "声音未开启，点此开启"),
        "list_moved": ("The list has just moved: tap again", "列表刚刚移动，请再点一次"),
        "not_sent": ("Not delivered. Check the connection and tap again.", "未送达，请检查连接后再点一次"),
        "is_not": (
            "Assistive prompts only. No medical device, no fire system, no nurse-call system; replaces no rounds.",
            "仅作辅助提示。不是医疗器械，不是消防报警系统，也不是护士呼叫系统；不能代替巡查和医生。",
        ),
        # login
        "log_in": ("Log in", "登录"),
        "your_name": ("Your name or initials", "姓名或工号"),
        "code": ("Login code", "登录码"),
        "code_hint": ("8 letters and digits, from whoever runs the gateway", "8 位字母和数字，请向网关管理员索取"),
        # alarms
        "all_quiet": ("All quiet", "一切平安"),
        "all_quiet_more": ("No open alarms", "当前没有报警"),
        "technical": ("Technical", "技术报警"),
        "technical_more": ("our own eyes, ears or memory are at fault", "设备或系统自身故障"),
        "high": ("High", "高"),
        "medium": ("Medium", "中"),
        "low": ("Low", "低"),
        "raised": ("New", "未处理"),
        "seen": ("Seen", "已看到"),
        "attended": ("Arrived", "已到场"),
        "closed": ("Closed", "已关闭"),
        "do_seen": ("Seen", "看到了"),
        "do_attended": ("Arrived", "到场了"),
        "do_closed": ("Close …", "关闭…"),
        "why_closed": ("What was it?", "原因是什么？"),
        "room": ("Room", "房间"),
        "no_room": ("No room", "未分配房间"),
        "gateway": ("Gateway", "网关"),
        "resident": ("Resident", "老人"),
        "unverified": ("not verified", "未经核实"),
        "over": ("the cause has ended by itself", "现象已自行消失"),
        "told": ("Called: {roles}", "已呼叫：{roles}"),
        "call_made": ("{call}: called", "{call}：已呼出"),
        "call_again": ("{why}; tried again", "{why}；正在重试"),
        "call_given_up": ("{why}; given up", "{why}；已放弃"),
        "call_too_late": ("{call}: not called, too late", "{call}：已过时，未呼出"),
        "platform_says": ("Platform ({who}): {text}", "平台（{who}）：{text}"),
        "by": ("by {who}", "{who}"),
        "since": ("since {time}", "{time} 起"),
        "more_reasons": ("and {count} more", "另有 {count} 条"),
        "high_count": ("High {count}", "高 {count}"),
        "medium_count": ("Medium {count}", "中 {count}"),
        "low_count": ("Low {count}", "低 {count}"),
        "unseen": ("{count} not seen", "{count} 条未看到"),
        # beside the alarms
        "paused": ("Sound paused by {who}", "{who} 已静音"),
        "do_pause": ("Pause sound 2 min", "静音 2 分钟"),
        "do_resume": ("Sound on", "恢复声音"),
        "flood": ("Many alarms at once: milder ones are quiet", "报警过多：次要报警暂不出声"),
        "held": ("Held back", "暂缓报警"),
        "held_more": ("would be an alarm; ends by itself", "本应报警；到时自动恢复"),
        "shelves": ("Shelved", "已搁置"),
        "do_unshelve": ("End", "结束"),
        "tasks": ("To do", "待办"),
        "tasks_more": ("no alarm", "非报警"),
        "do_done": ("Done", "完成"),
        # care
        "care": ("Care", "照护"),
        "out_by": ("out ({who})", "外出（{who}）"),
        "act_out": ("Out", "外出"),
        "act_back": ("Back", "已返回"),
        "act_visited": ("Visited", "已探访"),
        "act_turned": ("Turned", "已翻身"),
        # causes
        "cause_fall": ("Fall", "跌倒"),
        "cause_toilet": ("Toilet", "如厕"),
        "cause_assisted": ("Helped", "已协助"),
        "cause_false_alarm": ("False alarm", "误报"),
        "cause_device": ("Device", "设备问题"),
        "cause_test": ("Test", "测试"),
        "cause_other": ("Other", "其他"),
        "cause_restored": ("By itself", "自行恢复"),
        # devices
        "link_searching": ("Searching", "搜索中"),
        "link_connected": ("Connected", "正常"),
        "link_silent": ("Silent", "无信号"),
        "link_fault": ("Fault", "故障"),
        "link_off": ("Off", "停用"),
        "heard": ("last heard", "最近信号"),
        "never_heard": ("never heard", "从未收到信号"),
        "no_devices": ("No devices are set up yet", "尚未配置设备"),
        "unknown_devices": ("Unknown devices", "未登记设备"),
        "unknown_more": (
            "Heard, but never adopted: shown here, never obeyed. Adopt one at the gateway: devices.toml and site.toml",
            "收到信号但未登记：仅显示，不起作用。请在网关的 devices.toml 和 site.toml 中登记",
        ),
        "role_button": ("Button", "呼叫按钮"),
        "role_life_safety": ("Life safety", "安全探测"),
        "role_wearable": ("Wearable", "穿戴设备"),
        "role_bed": ("Bed", "床位"),
        "role_camera": ("Camera", "摄像头"),
        "role_environment": ("Environment", "环境"),
        "role_tag": ("Tag", "定位标签"),
        "role_reader": ("Card reader", "读卡器"),
        "role_meter": ("Meter", "表计"),
        "quality_good": ("good", "良好"),
        "quality_uncertain": ("uncertain", "信号差"),
        "quality_unverified": ("not verified", "未核实"),
        "quality_bad": ("bad", "无效"),
        "yes": ("yes", "是"),
        "no": ("no", "否"),
        # system
        "part_sounder": ("Buzzer and lamps", "声光报警器"),
        "part_annunciator": ("Output", "报警输出"),
        "part_sound test": ("Sound test", "声音测试"),
        "part_vision": ("Vision", "视觉"),
        "part_camera": ("Camera", "摄像头"),
        "part_upstream": ("Platform", "上级平台"),
        "part_call": ("Call out", "外呼"),
        "part_driver": ("Driver", "驱动"),
        "part_panel": ("Panel", "面板"),
        "part_core.sock": ("Inner link", "内部连接"),
        "part_alarms.db": ("Alarm store", "报警存储"),
        "part_telemetry.db": ("Reading store", "数据存储"),
        "part_readings": ("Readings from before", "以前的数据"),
        "part_open alarms": ("Alarms from before", "以前的报警"),
        "part_site": ("Site facts", "机构资料"),
        "part_own health": ("Own health", "自检"),
        "part_disk": ("Disk", "磁盘"),
        "part_clock": ("Clock", "时钟"),
        "part_power": ("Power", "供电"),
        "part_loop": ("Core's pace", "核心响应"),
        "part_safe mode": ("Safe mode", "安全模式"),
        "state_ok": ("OK", "正常"),
        "state_degraded": ("Degraded", "降级"),
        "state_down": ("Down", "中断"),
        "no_parts": ("No part has reported yet", "各部分尚未上报状态"),
        # cameras on trial
        "shadow": ("Cameras on trial", "摄像头试看"),
        "trial_means": (
            "Say what each was while you still know it: from that follows how often a camera would be wrong.",
            "请在当班内确认每条记录：由此推算每周误报次数。",
        ),
        "shadow_is": ("In shadow: a fall seen here raises nothing", "试看中：看到跌倒不报警"),
        "live_is": ("Live: a fall seen here raises an alarm", "已启用：看到跌倒即报警"),
        "no_cameras": ("No cameras are set up", "未配置摄像头"),
        "candidates_waiting": ("{count} wait for a word", "{count} 条待确认"),
        "to_label": ("What did cameras see? {count} to say", "摄像头疑似跌倒：{count} 条待确认"),
        "no_candidates": ("Nothing in the last 12 hours", "近 12 小时没有疑似跌倒"),
        "kind_fall": ("Looks like a fall, {score}", "疑似跌倒 {score}"),
        "kind_low_on_floor": ("Somebody low on the floor, {score}", "疑似有人在地上 {score}"),
        "kind_noted": ("A fall that it did not see", "未发现的跌倒"),
        "would_raise": ("would be an alarm", "本应报警"),
        "do_fell": ("Fell", "跌倒了"),
        "do_not": ("No fall", "没跌倒"),
        "do_unsure": ("Not sure", "不清楚"),
        "label_fell": ("Fell", "跌倒"),
        "label_not": ("No fall", "未跌倒"),
        "label_unsure": ("Not sure", "不清楚"),
        "counts_day": (
            "Last 24 h: {told} seen, {noted} falls noted that it did not see",
            "近 24 小时：疑似 {told} 次，未发现的跌倒 {noted} 次",
        ),
        "counts_window": (
            "Last 4 weeks: {told} seen, {noted} falls noted that it did not see",
            "近四周：疑似 {told} 次，未发现的跌倒 {noted} 次",
        ),
        "counts_raised": ("{raised} would be alarms", "达到报警阈值 {raised} 次"),
        "counts_labels": (
            "fell {fell}, no fall {not_fell}, not sure {unsure}, nobody said {unlabelled}",
            "跌倒 {fell}，未跌倒 {not_fell}，不清楚 {unsure}，未确认 {unlabelled}",
        ),
        "not_enough_hours": (
            "No proposal yet: {hours} of {needed} hours watched",
            "尚无建议：已观察 {hours} 小时，需 {needed} 小时",
        ),
        "in_force": (
            "Threshold {threshold} in force: {a_week} false alarms a week ({low} to {high}, 95 %)",
            "当前阈值 {threshold}：每周误报约 {a_week} 次（95% 区间 {low} 至 {high}）",
        ),
        "proposal": (
            "Proposed threshold {threshold}: {a_week} false alarms a week ({low} to {high}, 95 %)",
            "建议阈值 {threshold}：每周误报约 {a_week} 次（95% 区间 {low} 至 {high}）",
        ),
        "forecast_unknown": (
            "; {unknown} of which nobody said are counted as false",
            "；未确认的 {unknown} 次按误报计",
        ),
        "forecast_falls": ("; finds {found} of {falls} falls", "；{falls} 次跌倒可发现 {found} 次"),
        "proposal_falls": (
            "A higher one would lose a fall that staff have seen, so that more than {goal} a week are left",
            "再高会漏掉已确认的跌倒，因此每周误报超过 {goal} 次",
        ),
        "proposal_highest": (
            "Even the highest leaves more than {goal} a week: use another view, or zones",
            "即使最高阈值每周误报仍超过 {goal} 次：请调整视角或区域",
        ),
        "note_fall": ("A fall it did not see …", "有跌倒未发现…"),
        "note_fall_means": (
            "Somebody fell in view of this camera, and nothing of that time is in the list.",
            "有人在画面内跌倒，而列表中没有该时间的记录。",
        ),
        "note_fall_when": ("When, in the last 24 hours?", "近 24 小时内的时间"),
        "note_fall_yes": ("Somebody fell then", "确认：当时有人跌倒"),
        "to_live": ("Make it live …", "正式启用…"),
        "to_live_means": (
            "From then on a fall that {camera} sees raises an alarm and sounds.",
            "启用后，{camera} 看到跌倒即报警并发声。",
        ),
        "to_live_unknown": (
            "It has not been watched for long enough: nobody knows how many false alarms there will be.",
            "观察时间不足：误报会有多少尚不清楚。",
        ),
        "to_live_proposed": ("Yes, live with the proposed threshold {threshold}", "确认启用，用建议阈值 {threshold}"),
        "to_live_as_it_is": ("Yes, live with the threshold in force{threshold}", "确认启用，用当前阈值{threshold}"),
        "to_shadow": ("Back to shadow …", "改回试看…"),
        "to_shadow_means": (
            "From then on a fall that {camera} sees raises nothing. Make sure that somebody looks after this place.",
            "改回后，{camera} 看到跌倒不再报警。请安排人员照看该处。",
        ),
        "to_shadow_yes": ("Yes, it shall raise nothing", "确认：不再报警"),
        # history
        "older": ("Older", "更早"),
        "no_history": ("Nothing has happened yet", "暂无记录"),
        "history_dead": ("History unavailable", "历史记录不可用"),
        "history_dead_more": (
            "The store cannot be read now. Open alarms are not touched by that.",
            "存储暂时无法读取。当前报警不受影响。",
        ),
        # figures
        "last_days": ("Last {days} d", "最近 {days} 天"),
        "figures_counted": ("Floods, chattering, what stayed open", "泛滥、抖动、滞留"),
        "figures_aim": (
            "To aim at: at most 3 audible alarms a carer and hour, no flood, no chattering, fewer than 5 stale ones",
            "目标：每人每小时有声报警不超过 3 次，无泛滥，无抖动，滞留少于 5 条",
        ),
        "happened_raised": ("Raised", "报警"),
        "happened_changed": ("Changed", "更新"),
        "happened_sounded": ("Sounded", "已发声"),
        "happened_escalated": ("Escalated", "升级"),
        "happened_sounded_again": ("Sounded again", "再次发声"),
        "happened_seen": ("Seen", "已看到"),
        "happened_attended": ("Arrived", "已到场"),
        "happened_closed": ("Closed", "已关闭"),
        "happened_noted": ("Note from the platform", "平台留言"),
        "happened_restored": ("Restored after a restart", "重启后恢复"),
        # rows of the log that are no alarm
        "happened_nightlamp.audit.v1": ("Site facts changed", "住户与排班资料已变更"),
        "happened_fall_candidate_labelled": ("Said of a camera's word", "确认摄像头疑似记录"),
        "happened_fall_noted": ("A fall that no camera saw", "补记未发现的跌倒"),
        "happened_camera_mode": ("Camera: mode or threshold", "摄像头模式或阈值变更"),
        "happened_nightlamp.gap.v1": ("Rows are missing", "记录缺失"),
        "noted_paused": ("Sound paused", "声音已暂停"),
        "noted_resumed": ("Pause over", "暂停结束"),
        "noted_shelved": ("Put aside", "已搁置"),
        "noted_unshelved": ("No longer put aside", "搁置结束"),
        "noted_task_opened": ("To do", "待办"),
        "noted_task_done": ("Done", "已完成"),
        "noted_held": ("Held back", "已抑制"),
        "noted_released": ("No longer held back", "抑制结束"),
        "noted_restored": ("Restored after a restart", "重启后恢复"),
        "back": ("Back to the alarms", "返回报警"),
        # whom a ladder calls
        "assigned_carer": ("assigned carer", "责任护理员"),
        "floor": ("floor", "楼层"),
        "charge_nurse": ("charge nurse", "护士长"),
        "all_staff": ("all staff", "全体人员"),
        "duty_manager": ("duty manager", "值班经理"),
        "platform": ("platform", "上级平台"),
        "list": ("list", "列表"),
        **CAMERA_WORDS,
    }
)

# UCUM to what staff read.
UNITS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {"/min": ("/min", "次/分"), "Cel": ("°C", "°C"), "dB[mW]": ("dBm", "dBm")}
)


def word(code: str, language: str, **values: object) -> str:
    """The word of `code`; raises KeyError when there is none."""
    return WORDS[code][language == "zh"].format(**values)


def word_or(code: str, language: str, otherwise: str) -> str:
    """The word of `code`, or `otherwise`: names that a site or a later version gives."""
    return WORDS[code][language == "zh"] if code in WORDS else otherwise


def quantity(name: str, language: str) -> str:
    """What staff call a quantity."""
    row = QUANTITIES.get(name)
    if row is None:
        return name
    return row.zh if language == "zh" else row.en


def unit(ucum: str, language: str) -> str:
    """A UCUM unit as staff write it."""
    return UNITS[ucum][language == "zh"] if ucum in UNITS else ucum


def value(given: float | bool | str, language: str) -> str:
    """A reading's value without its unit."""
    if isinstance(given, bool):
        return word("yes" if given else "no", language)
    return f"{given:g}" if isinstance(given, int | float) else given
