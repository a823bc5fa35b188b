"""What a carer sees and taps, in a real Chromium."""

from agent.alarms.alarm import Action, Command, State
from agent.residents import Subject, SubjectKind
from agent.rules.finding import Priority
from agent.rules.reason import because
from drivers.base import LinkState
from tests.panel.browser import Desk, Panel, panel_of
from tests.panel.serving import Served
from tests.panel.ward import ROOMS, ZHANG, busy_night


async def test_an_alarm_is_lived_through_by_taps_alone(desk: Desk, served: Served) -> None:
    async with panel_of(desk, served) as panel:
        await panel.log_in()
        assert "一切平安" in await panel.text("#live")
        await lived_through(served, panel)


async def lived_through(served: Served, panel: Panel) -> None:
    """Raised, seen, attended, closed."""
    alarm = served.ward.press()
    card = f"#alarm-{alarm.id}"
    await panel.shows(f"{card}.raised.high")
    assert "302" in await panel.text("#room-302 .number")
    text = await panel.text(card)
    assert all(word in text for word in ("紧急呼叫", "王秀英", "高", "未处理", "按钮 sos-302：按下"))
    assert await panel.do(panel.page.title()) == "(1) 守夜灯"

    await panel.tap(f"{card} [data-act=seen]")
    await panel.shows(f"{card}.seen")
    assert "已看到 · wang" in await panel.text(card)
    await panel.tap(f"{card} [data-act=attended]")
    await panel.shows(f"{card}.attended")
    assert not await panel.do(panel.page.is_visible(f"{card} .causes"))
    await panel.tap(f"{card} [data-causes]")
    assert await panel.do(panel.page.locator(f"{card} .causes button").all_inner_texts()) == [
        *("跌倒", "如厕", "误报", "已协助", "设备问题", "测试", "其他")
    ]
    served.ward.changed()  # a change elsewhere must not fold the causes away
    await panel.tap(f"{card} [data-cause=assisted]")
    await panel.shows("#quiet")
    assert served.ward.log[-1]["data"]["alarm"]["cause"] == "assisted"
    assert {command.actor for command in served.ward.commands} == {"panel:wang"}


async def test_the_age_counts_up_and_is_the_gateways(served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    age = f"document.querySelector('#alarm-{alarm.id} .age').textContent"
    await panel.shows(f"#alarm-{alarm.id}")
    await panel.holds(f"{age} === '1 秒'")
    await panel.holds(f"{age} === '2 秒'")


async def test_english_by_the_browsers_wish_and_by_the_switch(desk: Desk, served: Served) -> None:
    busy_night(served.ward)
    async with panel_of(desk, served, "en-GB") as panel:
        await panel.enter()
        text = await panel.text("body")
        for word in (
            "Alarms",
            "Fall",
            "Smoke",
            "no recovery for 15 s",
            "SpO2 91 % ≤ 91 for 180 s",
            "Medium",
            "Technical",
        ):
            assert word in text
        assert "跌倒" not in text
        assert "Nightlamp" in await panel.do(panel.page.title())
        await panel.tap("a[lang=zh]")
        await panel.holds("document.documentElement.lang === 'zh-CN'")
        assert "跌倒" in await panel.text("#live")
        await panel.go("/devices")
        assert "心率" in await panel.text("#live")


async def test_two_panels_stay_in_step(desk: Desk, served: Served, panel: Panel) -> None:
    alarm = served.ward.press()
    card = f"#alarm-{alarm.id}"
    async with panel_of(desk, served, "en-GB") as other:
        await other.log_in("li")
        await other.tap(f"{card} [data-act=attended]")
        await panel.shows(f"{card}.attended")
        assert "已到场 · li" in await panel.text(card)
        await panel.tap(f"{card} [data-causes]")
        await panel.tap(f"{card} [data-cause=test]")
        await other.shows("#quiet")


async def test_a_tap_that_comes_too_late_says_so(served: Served, panel: Panel) -> None:
    """Closed by the engine between the page's last word and the tap: the answer is shown, nothing breaks."""
    alarm = served.ward.press()
    await panel.shows(f"#alarm-{alarm.id}")
    for action in (Action.SEE, Action.ATTEND):
        served.ward.engine.command(Command(action, alarm.id, "panel:li"), served.ward.moment)
    await panel.do(panel.page.route("**/closed", lambda route: route.abort()))
    served.ward.changed()
    await panel.tap(f"#alarm-{alarm.id} [data-causes]")
    await panel.tap(f"#alarm-{alarm.id} [data-cause=test]")
    await panel.shows("#toast")
    assert "未送达" in await panel.text("#toast")
    assert served.ward.engine.open[0].state is State.ATTENDED
    assert await panel.js(f"document.querySelector('#alarm-{alarm.id} [data-cause=test]').disabled") is False
    panel.complaints = [line for line in panel.complaints if "ERR_FAILED" not in line]


async def test_a_card_that_has_just_jumped_under_the_finger_takes_no_tap(served: Served, panel: Panel) -> None:
    first = served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    await panel.shows(f"#alarm-{first.id}")
    await panel.js(
        """void new MutationObserver(() => {
             const card = document.querySelector('.alarm.high [data-act=seen]');
             if (card) card.click();
           }).observe(document.getElementById('live'), {childList: true, subtree: true})"""
    )
    second = served.ward.press()
    await panel.shows("#toast")
    assert "再点一次" in await panel.text("#toast")
    assert [alarm.state for alarm in served.ward.engine.open] == [State.RAISED, State.RAISED]
    assert second.id != first.id


async def test_the_list_does_not_move_under_a_finger(served: Served, panel: Panel) -> None:
    first = served.ward.find("bed_exit", Priority.MEDIUM, ZHANG)
    await panel.tap(f"#alarm-{first.id} .what")
    box = await panel.do(panel.page.locator(f"#alarm-{first.id} [data-act=seen]").bounding_box())
    assert box is not None
    await panel.do(panel.page.mouse.move(box["x"] + 9, box["y"] + 9))
    await panel.do(panel.page.mouse.down())
    second = served.ward.press()
    await panel.holds("document.title.startsWith('(2)')")
    assert not await panel.do(panel.page.is_visible(f"#alarm-{second.id}"))
    await panel.do(panel.page.mouse.up())
    await panel.shows(f"#alarm-{first.id}.seen")
    await panel.shows(f"#alarm-{second.id}.raised")


async def test_markup_from_devices_and_sites_is_shown_as_text(served: Served, panel: Panel) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\">'\"&lt;"
    served.ward.rooms = (*ROOMS[:0], type(ROOMS[0])(evil, (("r-1", evil),)))
    served.ward.devices = [
        type(d)(evil, d.role, evil, d.link, because("not_connected", why=evil), 1.0, d.readings)
        for d in served.ward.devices[:2]
    ]
    served.ward.unknown = (evil,)
    served.ward.parts = (type(served.ward.parts[0])(evil, "down", evil),)
    place = Subject(SubjectKind.RESIDENT, "r-1", evil)
    served.ward.find("sos", Priority.HIGH, place, because("pressed", device=evil, press=evil), device=evil)
    served.ward.find("device_silent", Priority.LOW, Subject(SubjectKind.DEVICE, evil, evil), because(evil, x=evil))
    await panel.shows(".alarm.high")
    for path in ("/", "/devices", "/system", "/history"):
        await panel.go(path)
        await panel.shows("#link:not(.gone)")
        await panel.holds("performance.now() - loaded > 300")
        assert evil in await panel.text("#live")
        assert await panel.js("document.querySelectorAll('img, #live script').length") == 0
    assert "owned" not in await panel.do(panel.page.title())


async def test_with_the_store_dead_history_says_so_and_alarms_work(served: Served, panel: Panel) -> None:
    busy_night(served.ward)
    await panel.go("/history")
    assert "cam-302" in await panel.text("#live")
    served.ward.store_works = False
    await panel.go("/history")
    assert "历史记录不可用" in await panel.text("#history-unavailable")
    await panel.go("/")
    alarm = served.ward.engine.open[0]
    await panel.tap(f"#alarm-{alarm.id} [data-act=attended]")
    await panel.shows(f"#alarm-{alarm.id}.attended")


async def test_devices_and_parts_change_live(served: Served, panel: Panel) -> None:
    await panel.go("/devices")
    await panel.shows("#device-band-302.connected")
    assert "72" in await panel.text("#device-band-302")
    assert "次/分" in await panel.text("#device-band-302")
    assert "A4:C1:38:0B:22:19" in await panel.text("#unknown")
    assert "从未收到信号" in await panel.text("#device-smoke-kitchen")
    band = served.ward.devices[1]
    served.ward.devices = [
        type(band)(
            band.id,
            band.role,
            band.room,
            LinkState.FAULT,
            because("port_unplugged", link="/dev/ttyUSB0"),
            2.0,
            band.readings,
        )
    ]
    served.ward.changed()
    await panel.shows("#device-band-302.fault")
    assert "/dev/ttyUSB0：已拔出；请重新插好" in await panel.text("#device-band-302")
    await panel.hides("#device-smoke-kitchen")
    await panel.go("/system")
    assert "telemetry 412" in await panel.text("#part-upstream")
