"""What the panel refuses, and what to do about it: one table, in both languages."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from agent.alarms.alarm import CommandError
from agent.panel.view import actor


@dataclass(frozen=True, slots=True)
class Fault:
    """One row: HTTP status, what is wrong, and the cure; each in English and Chinese."""

    status: int
    message: tuple[str, str]
    cure: tuple[str, str]


FAULTS: MappingProxyType[str, Fault] = MappingProxyType(
    {
        "unknown_alarm": Fault(
            404,
            ("this alarm is not open any more", "该报警已不在列表中"),
            ("somebody may have closed it: look at the list", "可能已被他人关闭，请查看列表"),
        ),
        "not_in_this_state": Fault(
            409,
            ("the alarm is not in a state for this", "报警当前状态不能这样处理"),
            ("seen first, then arrived, then closed", "顺序为：已看到、已到场、关闭"),
        ),
        "cause_needed": Fault(
            400,
            ("closing an alarm needs a cause", "关闭报警需要选择原因"),
            ("send a JSON object whose cause is one of: {causes}", "请选择原因之一：{causes}"),
        ),
        "nothing_sounds": Fault(409, ("nothing sounds now", "当前没有声音"), ("there is nothing to pause", "无需静音")),
        "asker_gone": Fault(
            408,
            ("nobody waits for the answer any more, so nothing was done", "请求方已断开，未执行"),
            ("ask again, if it is still meant", "如仍需要，请重新操作"),
        ),
        "paused_already": Fault(
            409,
            (
                "{en}: {by} has paused it once, until {until}, and nobody has seen it",
                "{zh}：{by} 已静音至 {until}，尚无人看到",
            ),
            (
                "mark it seen, or go there; then the sound can be paused again",
                "请先点“看到了”或前往现场，然后可再静音",
            ),
        ),
        "never_shelved": Fault(
            403, ("such an alarm is never shelved", "此类报警不可搁置"), ("{detail}", "呼叫、火警、燃气和跌倒不可搁置")
        ),
        "unknown_act": Fault(
            400, ("there is no such act", "没有这种操作"), ("{detail}", "可用的操作见 nightlamp act --help")
        ),
        "unknown_subject": Fault(
            404,
            ("it is not clear about whom", "对象不存在或不明确"),
            ("{detail}", "请指明老人、地点或设备"),
        ),
        "wrong_subject": Fault(400, ("not about such a subject", "该操作不适用"), ("{detail}", "请改换对象")),
        "no_sounder": Fault(503, ("nothing can be tested", "无法测试"), ("{detail}", "请查看系统页的声光报警器状态")),
        "bad_value": Fault(400, ("the value does not fit the act", "取值不正确"), ("{detail}", "请更正取值")),
        "unknown_table": Fault(
            404, ("there is no such table", "没有这个表"), ("use one of: {tables}", "可用：{tables}")
        ),
        "unknown_row": Fault(
            404,
            ("there is no such row", "没有这一条"),
            ("GET /api/v1/site shows what is in {table}", "请先查看 {table} 的内容"),
        ),
        "site_refused": Fault(
            422,
            ("the site facts would not be in order: {number} mistakes", "修改后档案有 {number} 处错误，未保存"),
            ("correct what `problems` names: {detail}", "请按 problems 逐条更正"),
        ),
        "site_not_kept": Fault(
            503,
            ("the change is in force, but the disk has not taken it yet", "修改已生效，但尚未写入磁盘"),
            (
                "leave the gateway on: it is written once the disk works again; send it again to be sure",
                "请勿关闭网关：磁盘恢复后自动写入；稍后可重新提交确认",
            ),
        ),
        "site_not_read": Fault(
            503,
            ("the stored site facts are not read yet, so nothing was changed", "已存档案尚未读出，未作修改"),
            (
                "send it again in a few seconds; if that lasts, see the page System",
                "请几秒后重新提交；持续如此请查看“系统”页",
            ),
        ),
        "no_such_camera": Fault(
            404, ("there is no such camera", "没有这个摄像头"), ("look at the page Cameras", "请查看“摄像头”页")
        ),
        "outline_learning": Fault(
            409,
            ("the camera is still learning its room: there is no outline yet", "摄像头正在学习房间，尚无轮廓图"),
            ("ask again in a minute, with nobody in view if that can be", "请一分钟后再试，画面中最好无人"),
        ),
        "outline_off": Fault(
            409,
            ("the camera is off: nobody looks through it", "该摄像头已停用"),
            ("see its consent on the page Cameras", "请在“摄像头”页查看知情同意"),
        ),
        "outline_asked": Fault(
            409,
            ("somebody is asking for this outline at the moment", "有人正在获取该轮廓图"),
            ("ask again in a few seconds", "请几秒后再试"),
        ),
        "outline_unanswered": Fault(
            503,
            ("the vision process does not answer", "视觉进程无响应"),
            ("ask again in a few seconds; if that lasts, see the page System", "请几秒后再试；持续如此请查看“系统”页"),
        ),
        "unknown_camera": Fault(
            404, ("there is no such camera", "没有这个摄像头"), ("use one of: {cameras}", "可用：{cameras}")
        ),
        "unknown_candidate": Fault(
            404,
            ("the camera told nothing by that id, or it is not kept any more", "没有这条疑似记录，或已不再保留"),
            ("look at the list: GET /api/v1/shadow/candidates?camera=…", "请查看列表"),
        ),
        "too_late": Fault(
            409,
            ("it is more than {hours} h ago", "已超过 {hours} 小时"),
            (
                "whoever was there says it within the shift; a fall can be told for a week",
                "请在当班内由在场者确认；跌倒可在一周内补记",
            ),
        ),
        "not_yet": Fault(400, ("that time is still to come", "时间尚未到"), ("say when it happened", "请填写发生时间")),
        "seen_already": Fault(
            409,
            ("the camera did tell something then", "摄像头当时有疑似记录"),
            (
                "say of that one in the list that somebody fell, or first that it was something else",
                "请在该条记录上点“跌倒了”；若是另一件事，请先点“没跌倒”",
            ),
        ),
        "bad_label": Fault(400, ("that is no label", "标记无效"), ("use one of: {labels}", "可用：{labels}")),
        "bad_mode": Fault(400, ("that is no mode", "模式无效"), ("use one of: {modes}", "可用：{modes}")),
        "bad_time": Fault(
            400,
            ("it is not clear when that was", "时间不明确"),
            ("give clock as HH:MM, or at as UTC seconds since 1970", "请填写 时:分，或 UTC 秒"),
        ),
        "bad_threshold": Fault(
            400,
            ("the threshold is not one from {low} to {high}", "阈值应为 {low} 至 {high}"),
            ("correct it; null is the net's own", "请更正；null 表示使用模型自带阈值"),
        ),
        "confirm_live": Fault(
            409,
            ("from then on falls that {camera} sees raise alarms", "确认后，{camera} 看到跌倒即报警"),
            ("if that is meant, send confirm: true", "若确认，请附 confirm: true"),
        ),
        "confirm_shadow": Fault(
            409,
            ("from then on a fall that {camera} sees raises nothing", "确认后，{camera} 看到跌倒不再报警"),
            (
                "if that is meant, send confirm: true, and have somebody look after this place",
                "若确认，请附 confirm: true，并安排人员照看该处",
            ),
        ),
        "bad_body": Fault(
            400,
            ("the body is not a JSON object", "请求内容不是 JSON 对象"),
            ('send Content-Type application/json and an object such as {{"cause": "assisted"}}', "请发送 JSON 对象"),
        ),
        "body_too_large": Fault(
            413,
            ("the body is longer than {limit} bytes", "请求内容超过 {limit} 字节"),
            ("send less", "请缩短内容"),
        ),
        "body_too_slow": Fault(
            408, ("the body did not arrive in {limit} s", "{limit} 秒内未收到请求内容"), ("send it again", "请重新发送")
        ),
        "bad_lane": Fault(
            400, ("there is no lane {lane!r}", "没有通道 {lane!r}"), ("use one of: {lanes}", "可用：{lanes}")
        ),
        "bad_cursor": Fault(
            400,
            ("the cursor is not one that this lane gave", "游标无效或不属于该通道"),
            (
                "use `next` of the last answer for this lane, or leave the cursor out to begin at the start",
                "请使用该通道上次返回的 next，或省略 cursor 从头开始",
            ),
        ),
        "bad_number": Fault(
            400,
            ("{name} must be a whole number of {low} to {high}", "{name} 应为 {low} 至 {high} 的整数"),
            ("correct it or leave it out", "请更正或省略"),
        ),
        "login_needed": Fault(
            401,
            ("you are not logged in, or the login has ended", "未登录或登录已过期"),
            ("log in at /login; programs send Authorization: Bearer TOKEN", "请登录；程序请使用访问令牌"),
        ),
        "not_allowed": Fault(
            403,
            ("this login or user may not do that", "没有权限"),
            (
                "on the socket: run it as root or as the daemon's user; with a token: it reads /api/v1/events alone",
                "本机请用 root 或服务用户运行；令牌只能读取 /api/v1/events",
            ),
        ),
        "wrong_origin": Fault(
            403,
            ("the request does not come from the panel's own page", "请求不是来自本面板页面"),
            (
                "open the panel at its own address and try again; programs use the socket",
                "请从面板地址重新打开再试",
            ),
        ),
        "wrong_code": Fault(
            401,
            ("the login code is not right", "登录码不正确"),
            (
                "look at it again; a new one is made at the gateway with: nightlamp panel-code",
                "请核对；可在网关上运行 nightlamp panel-code 生成新登录码",
            ),
        ),
        "no_code": Fault(
            503,
            ("no login code has been made yet", "尚未生成登录码"),
            ("at the gateway run: nightlamp panel-code", "请在网关上运行：nightlamp panel-code"),
        ),
        "bad_name": Fault(
            400,
            ("a name of 1 to 24 characters is needed", "请填写 1 至 24 个字的姓名或工号"),
            ("type your name or initials", "请输入姓名或缩写"),
        ),
        "too_many_tries": Fault(
            429,
            ("too many wrong codes", "登录码错误次数过多"),
            ("wait {wait_s} s, then try again", "请等待 {wait_s} 秒后再试"),
        ),
        "too_many_streams": Fault(
            503,
            ("too many live views are open", "打开的实时页面过多"),
            ("close one of the panel's other windows", "请关闭其他面板窗口"),
        ),
        "not_found": Fault(404, ("there is nothing here", "页面不存在"), ("start at /", "请返回首页")),
        "method_not_allowed": Fault(
            405,
            ("this address does not take that method", "该地址不支持此方法"),
            ("GET reads, POST acts", "请用 GET 或 POST"),
        ),
        "no_such_alarm": Fault(
            404,
            ("the log knows no such alarm", "记录中没有该报警"),
            ("look at the history for its id", "请在历史记录中查看编号"),
        ),
        "key_unusable": Fault(
            503, ("the gateway's key cannot be used", "网关密钥不可用"), ("{detail}", "请检查密钥文件 gateway.key")
        ),
        "history_unavailable": Fault(
            503,
            ("history unavailable: the store cannot be read", "历史记录不可用：存储无法读取"),
            ("open alarms go on; the technical alarm names the cause", "当前报警不受影响；原因见技术报警"),
        ),
        "internal": Fault(
            500,
            ("the gateway failed at this", "网关处理出错"),
            ("try again; the log has the cause", "请重试；原因见日志"),
        ),
    }
)


class ApiError(Exception):
    """A request is refused; `code` is a key of `FAULTS`, `values` fill its words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def status(self) -> int:
        """The HTTP status."""
        return FAULTS[self.code].status

    def message(self, language: str) -> str:
        """What is wrong."""
        return FAULTS[self.code].message[language == "zh"].format(**self.values)

    def cure(self, language: str) -> str:
        """What to do."""
        return FAULTS[self.code].cure[language == "zh"].format(**self.values)

    def to_json(self, language: str) -> dict[str, Any]:
        """``{"error", "message", "cure"}``."""
        return {"error": self.code, "message": self.message(language), "cure": self.cure(language)}

    @property
    def wait_s(self) -> int | None:
        """Seconds to wait before the next try, if that is the cure."""
        wait = self.values.get("wait_s")
        return wait if isinstance(wait, int) else None


def refused(error: CommandError, causes: str = "") -> ApiError:
    """The engine's refusal as ours; a code that the table lacks counts as "not in this state"."""
    code = error.code if error.code in FAULTS else "not_in_this_state"
    facts = {name: actor(value) if name == "by" else value for name, value in error.values.items()}
    return ApiError(code, causes=causes, detail=str(error), **facts)
