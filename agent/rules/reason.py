"""Why: one reason as a code with its values, so that each reader gets it in his own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.rules.words import VALUES, WORDS
from drivers.quantities import QUANTITIES
from drivers.trouble import Trouble

Value = str | float | int | bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `code` is a key of `WORDS`, `values` fill its words."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def text(self, language: str = "en") -> str:
        """In English, or Chinese (`zh`); values that do not fit the words are shown as they are."""
        values = {name: _word(name, value, language) for name, value in self.values}
        try:
            return WORDS[self.code][language == "zh"].format(**values)
        except (KeyError, ValueError):
            return " ".join((self.code, *(f"{name}={value}" for name, value in self.values)))

    def to_json(self) -> dict[str, Any]:
        """``{"code": …, NAME: VALUE, …}``."""
        return {"code": self.code, **dict(self.values)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Reason":
        """The reason of such an object; raises KeyError or TypeError when it is not one."""
        return Reason(str(data["code"]), tuple((name, value) for name, value in data.items() if name != "code"))


def because(code: str, **values: Value) -> Reason:
    """A reason with its values."""
    return Reason(code, tuple(values.items()))


def of_trouble(trouble: Trouble) -> Reason:
    """What a driver says of a link, in everybody's language."""
    return Reason(trouble.code, trouble.values)


def _word(name: str, value: Value, language: str) -> Value:
    """A quantity, and a value that is a word, by its name in `language`; anything else as it is."""
    if name == "quantity" and str(value) in QUANTITIES:
        row = QUANTITIES[str(value)]
        return row.zh if language == "zh" else row.en
    word = VALUES.get((name, str(value)))
    return word[language == "zh"] if word else value
