"""The language of the terminal, by its locale."""

import os
from collections.abc import Mapping


def chinese(environment: Mapping[str, str] | None = None) -> bool:
    """Whether messages are Chinese: LC_ALL, else LC_MESSAGES, else LANG begins with ``zh``."""
    environment = os.environ if environment is None else environment
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "").startswith("zh")


def say(english: str, in_chinese: str) -> str:
    """The one of the two that the terminal's locale asks for."""
    return in_chinese if chinese() else english
