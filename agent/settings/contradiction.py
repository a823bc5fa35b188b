"""What does not go together, before anybody knows on which line it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`key` of `file` does not go with the rest; `zh` says it in Chinese where staff may be the ones to mend it.

    A `warning` is told and lived with.
    """

    file: str
    key: tuple[str | int, ...]
    text: str
    zh: str = ""
    warning: bool = False
