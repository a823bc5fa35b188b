"""Reasons about buttons and hazards: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "pressed": ("button {device}: {press}", "按钮 {device}：{press}"),
        "not_verified": ("{device}: quality {quality}", "{device}：信号质量 {quality}"),
        "contact_closed": ("{device}: {quantity}", "{device}：{quantity}"),
        "contact_open": ("{device}: {quantity} is over", "{device}：{quantity}已解除"),
        "contact_stuck": (
            "{device}: {quantity} for {for_h:.0f} h: still so, or the contact is stuck",
            "{device}：{quantity}已持续 {for_h:.0f} 小时：仍未解除或触点卡住",
        ),
        "state_lasts": ("{device}: {quantity} for {for_s:.0f} s", "{device}：{quantity}持续 {for_s:.0f} 秒"),
        "state_over": ("{device}: no {quantity} any more", "{device}：{quantity}已解除"),
        "water_hot": (
            "{device}: {value:g} °C > {limit:g} for {for_s:g} s",
            "{device}：{value:g} °C > {limit:g}，持续 {for_s:g} 秒",
        ),
        "water_cool": ("{device}: {value:g} °C again", "{device}：已降至 {value:g} °C"),
        "loud": ("{device}: {value:.0f} dB(A) for {for_s:.0f} s", "{device}：{value:.0f} dB(A)，持续 {for_s:.0f} 秒"),
        "quiet_again": ("{device}: quiet again", "{device}：恢复安静"),
    }
)

# Values that are words themselves: (name of the value, value) -> (English, Chinese).
VALUES: MappingProxyType[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        ("press", "press"): ("pressed", "按下"),
        ("press", "double"): ("pressed twice", "按两次"),
        ("press", "triple"): ("pressed three times", "按三次"),
        ("press", "long"): ("pressed long", "长按"),
        ("press", "long_double"): ("pressed long twice", "长按两次"),
        ("press", "long_triple"): ("pressed long three times", "长按三次"),
        ("press", "hold"): ("held", "按住"),
        ("quality", "uncertain"): ("uncertain", "不确定"),
        ("quality", "unverified"): ("not verified", "未验证"),
        ("quality", "bad"): ("bad", "无效"),
    }
)
