"""Reasons about the way to a device, as its driver gives them: English where drivers speak it, Chinese here."""

from types import MappingProxyType

from drivers.trouble import TROUBLES

_CHINESE: MappingProxyType[str, str] = MappingProxyType(
    {
        "port_gone": "{link}：没有此串口；请插好设备，或将 `port` 设为 /dev/serial/by-id 下的名称",
        "port_rights": "{link}：无权打开；请将运行用户加入 dialout 组：usermod -aG dialout USER",
        "port_busy": "{link}：已被其他程序占用；请结束该程序，或为每台设备单独分配串口",
        "port_no_tty": "{link}：不是串口；请将 `port` 设为 /dev/serial/by-id 下的名称",
        "port_unplugged": "{link}：已拔出；请重新插好",
        "port_not_opened": "{link}：无法打开；请拔下适配器后重新插好",
        "port_error": "{link}：{why}；请拔下设备后重新插好",
        "no_frame": "{for_s:g} 秒内没有有效数据",
        "no_answer": "从站 {unit} 无应答（已询问 {times} 次，每次 {each_s:g} 秒）：请检查电源、A/B 接线和站号",
        "refused_1": "从站 {unit} 拒绝：功能码不支持，配置文件与设备不符（异常 1）",
        "refused_2": "从站 {unit} 拒绝：数据地址不存在，配置文件与设备不符（异常 2）",
        "refused_3": "从站 {unit} 拒绝：数据值无效，配置文件与设备不符（异常 3）",
        "refused_4": "从站 {unit} 拒绝：设备故障，请断电重启，仍不行则更换（异常 4）",
        "refused_5": "从站 {unit} 拒绝：已收到但尚未完成（异常 5）",
        "refused_6": "从站 {unit} 拒绝：忙（异常 6）",
        "refused_8": "从站 {unit} 拒绝：存储校验错误，请更换设备（异常 8）",
        "refused_10": "从站 {unit} 拒绝：网关路径不可用（异常 10）",
        "refused_11": "从站 {unit} 拒绝：网关后的设备无响应（异常 11）",
        "refused": "从站 {unit} 拒绝：未知异常（异常 {exception}）",
        "ble_no_daemon": "{link}：蓝牙服务未运行；请启动：systemctl enable --now bluetooth",
        "ble_hangs": "{link}：蓝牙服务无响应；请重启：systemctl restart bluetooth",
        "ble_rights": "{link}：无权使用蓝牙；请将运行用户加入 bluetooth 组",
        "ble_off": "{link}：蓝牙适配器已关闭；请打开：bluetoothctl power on；若失败：rfkill unblock bluetooth",
        "ble_busy": "{link}：蓝牙适配器正被其他扫描占用；请结束其他扫描程序，或重启蓝牙服务",
        "ble_unusable": "{link}：蓝牙不可用（{why}）；请查看 bluetoothctl list",
        "ble_no_adapter": "{link}：没有此蓝牙适配器；请插好，或更正 devices.toml 中的 `adapter`",
        "ble_no_bus": "{link}：无法连接系统 D-Bus；请启动：systemctl start dbus",
        "ble_error": "{link}：{why}；请查看 journalctl -u bluetooth",
        "ble_deaf": (
            "{link}：{scans} 次扫描（每次 {each_s:g} 秒）未收到任何蓝牙信号；请检查天线，"
            "或关闭再打开适配器：bluetoothctl power off，bluetoothctl power on"
        ),
        "not_connected": "无法连接：{why}",
        "unforeseen": "连接意外失败；请查看日志",
        "wrong_product": "不是 {title}：缺少所需服务；请更正 devices.toml 中的 `product`",
        "sends_nothing": "已连接，但 {for_s:g} 秒内没有数据",
        "connection_lost": "连接中断：超出范围、已关机或电池耗尽",
        "wrong_key": "密钥无法解开其数据；请在 devices.toml 中填入厂家应用里的密钥",
        "no_key": "其数据已加密但未配置密钥；请在 devices.toml 中填入厂家应用里的密钥",
        "stream_opening": "正在打开视频流",
        "stream_lost": "视频流中断；请检查电源和网络",
        "stream_fault": "视频流无法使用；请核对 cameras.toml 中的地址、用户名和密码",
        "stream_ended": "视频流已结束",
        "stream_failed": "多次失败，稍后重试；请查看日志",
        "stream_unseen": "视觉进程未报告此摄像头",
        "stream_still": "没有画面",
        "stream_off": "尚未开始查看",
        "no_consent": "知情同意已到期或尚未开始；请查看 cameras.toml 中的 [camera.consent]",
    }
)

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {code: (english, _CHINESE[code]) for code, english in TROUBLES.items()}
)

# A link that is broken and has no more to say.
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {("why", "silent"): ("no signal", "无信号"), ("why", "fault"): ("fault", "故障")}
)
