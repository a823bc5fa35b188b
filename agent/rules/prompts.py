"""The one table of what the loudspeaker of a room may ask."""

from types import MappingProxyType

# name -> (English, Chinese)
PROMPTS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "are_you_all_right": (
            "Are you all right? Press your button if you need help.",
            "您还好吗？需要帮助请按呼叫按钮。",
        )
    }
)
