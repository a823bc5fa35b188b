"""Reasons about buttons and hazards: code -> (English, Chinese), values in braces."""

from types import MappingProxyType

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "pressed": ("button {device}: {press}", "按钮 {device}：{press}"),
        "not_verified": ("{device}: quality {quality}", "{device}：信号质量 {quality}"),
        "contact_closed": ("{device}: {quantity}", "{device}：{quantity}"),
        "contact_open": ("{device}: {quantity} is over", "{device}：{quantity}已解除"),
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
