"""What the ward says, in English and Chinese."""

from collections.abc import Mapping
from typing import Any

from agent.cli.language import chinese, say
from agent.rules.kinds import KINDS
from agent.rules.reason import Reason
from agent.rules.tasks import TASKS
from tests.simulator.ward.plan import Plan

# act -> (English, Chinese)
ACTS = {
    "press": (
        "room {presser.room}: {presser.id} presses the call button",
        "{presser.room} 房：{presser.id} 按下呼叫按钮",
    ),
    "lose_breath": (
        "room {breathless.room}: SpO2 of {breathless.id} sinks to 84 %, signal good",
        "{breathless.room} 房：{breathless.id} 血氧降至 84 %，信号良好",
    ),
    "leave_bed": ("room {sleeper.room}: {sleeper.id} leaves the bed", "{sleeper.room} 房：{sleeper.id} 离床"),
    "smoke": ("room {smoke_room}: smoke detector closes its contact", "{smoke_room} 房：烟感触点闭合"),
    "fall": ("hall: somebody walks in, and will fall", "大厅：有人走入，随后跌倒"),
    "witness": ("hall: somebody who finds them presses the button there", "大厅：有人发现并按下那里的按钮"),
    "pause": ("a carer pauses the sound; a call for help must break that", "护理员静音；呼救必须打破静音"),
    "weaken_battery": (
        "room {presser.room}: the call button's battery falls to 24 %",
        "{presser.room} 房：呼叫按钮电量降至 24 %",
    ),
    "kill_detector": ("corridor: a smoke detector's board dies", "走廊：一块烟感采集板失灵"),
    "cut_network": ("the network is cut for 20 s", "网络中断 20 秒"),
    "mend_network": ("the network is back", "网络恢复"),
    "dip": (
        "room {fidget.room}: SpO2 of {fidget.id} dips for 20 s, signal poor",
        "{fidget.room} 房：{fidget.id} 血氧短暂下降 20 秒，信号差",
    ),
    "sit_and_bend": ("dining room: somebody sits down and bends to the floor", "餐厅：有人坐下并弯腰"),
    "strange_button": ("outside: a button that nobody adopted is pressed", "外面：一个未登记的按钮被按下"),
    "line_noise": ("noise on the Modbus line", "Modbus 线路噪声"),
}

_RECORDS = {"pause": ("sound", "声音")}
_NOTED = {
    "paused": ("paused", "已静音"),
    "resumed": ("on again", "恢复发声"),
    "task_opened": ("a task, no alarm", "任务，不报警"),
    "task_done": ("done", "已完成"),
}


def act_words(name: str, plan: Plan) -> str:
    """What happens, for whoever watches."""
    facts = {one: getattr(plan, one) for one in ("presser", "breathless", "fidget", "sleeper", "smoke_room")}
    return say(*ACTS[name]).format(**facts)


def alarm_words(data: Mapping[str, Any]) -> str:
    """One alarm event, from its CloudEvent's data."""
    alarm, language = data["alarm"], "zh" if chinese() else "en"
    reasons = "; ".join(Reason.from_json(one).text(language) for one in data["reasons"])
    where = alarm["subject"]["room"] or alarm["subject"]["id"]
    kind = say(KINDS[alarm["kind"]].en, KINDS[alarm["kind"]].zh)
    return f"{alarm['priority'].upper():<6} {kind}, {where}: {data['happened']} ({reasons})"


def standing_words(data: Mapping[str, Any]) -> str:
    """A pause, a task or another record that is no alarm."""
    state, noted = data["state"], data["noted"]
    reasons = "; ".join(Reason.from_json(one).text("zh" if chinese() else "en") for one in data["reasons"])
    task = TASKS[state["kind"]] if state["record"] == "task" else None
    about = say(task.en, task.zh) if task else say(*_RECORDS.get(state["record"], (state["record"],) * 2))
    where = f", {state['subject']['room'] or state['subject']['id']}" if task else ""
    what = say(*_NOTED.get(noted, (noted, noted)))
    return f"{about}{where}: {what}" + (f" ({reasons})" if reasons else "")


def backlog_words(arrived: int, kept: int) -> str:
    """Alarm events that reached the platform after it could be reached again."""
    return say(
        f"platform: {arrived} alarm events that had waited arrive; it has {kept}",
        f"平台：积压的 {arrived} 个报警事件到达；共 {kept} 个",
    )
