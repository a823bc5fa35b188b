"""What is remembered over a restart: the fields of an object as plain JSON values, and back. Pure.

Times are written as the monotonic seconds of their boot; whoever keeps the values keeps both clocks beside them, and
gives the `Sleep` by which the times become those of now. Each field has a form; what does not fit its form is
`UnfitError`, and the object is to be made anew.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from agent.residents import Subject, SubjectKind

_ENDLESS = {"never": math.inf, "ever": -math.inf}  # JSON has no infinity
_WORDS = {time: word for word, time in _ENDLESS.items()}


class UnfitError(ValueError):
    """What was remembered cannot be used: it has another form, or a time of it that nobody knows."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """What moves times from before a restart to now, in seconds.

    `passed_s` lets the time of the sleep pass; None: nobody knows how long it was. `deaf_s` lets it stand still, for
    what counts how long a sensor has said something or nothing: while nobody listened, it may have spoken.
    """

    passed_s: float | None
    deaf_s: float


AWAKE = Sleep(0.0, 0.0)

Write = Callable[[Any], Any]
Read = Callable[[Any, Sleep, Any], Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written, and read; `read` gets the value that stands there now as well."""

    write: Write
    read: Read


def _exactly(*types: type) -> Form:
    def read(written: Any, _sleep: Sleep, _now: Any) -> Any:  # noqa: ANN401 - any JSON value
        if type(written) not in types:
            raise UnfitError(f"{written!r:.80} is no {' or '.join(one.__name__ for one in types)}")
        return written

    return Form(lambda value: value, read)


def _time(shift_s: Callable[[Sleep], float | None]) -> Form:
    def read(written: Any, sleep: Sleep, _now: Any) -> float:  # noqa: ANN401 - any JSON value
        if written in ("never", "ever"):
            return _ENDLESS[written]
        if type(written) not in (int, float):
            raise UnfitError(f"{written!r:.80} is no time")
        shift = shift_s(sleep)
        if shift is None:
            raise UnfitError("nobody knows how long ago it was")
        return float(written) + shift

    return Form(lambda at: _WORDS.get(at, at), read)


FLAG = _exactly(bool)
TEXT = _exactly(str)
COUNT = _exactly(int)
NUMBER = _exactly(int, float)
VALUE = _exactly(bool, int, float, str)  # of a reading or an act
AT = _time(lambda sleep: sleep.passed_s)  # when something happened, or ends
HEARD = _time(lambda sleep: sleep.deaf_s)  # since when a sensor says so: time that nobody listened does not count


def maybe(form: Form) -> Form:
    """None, or a value of `form`."""
    return Form(
        lambda value: None if value is None else form.write(value),
        lambda written, sleep, now: None if written is None else form.read(written, sleep, now),
    )


def named(kind: type[Enum]) -> Form:
    """A member of an enum, by its name."""

    def read(written: Any, _sleep: Sleep, _now: Any) -> Any:  # noqa: ANN401 - any JSON value
        if not isinstance(written, str) or written not in kind.__members__:
            raise UnfitError(f"{written!r:.80} is no {kind.__name__}")
        return kind[written]

    return Form(lambda member: member.name, read)


def table(key: Form, value: Form) -> Form:
    """A dict, in its order."""

    def read(written: Any, sleep: Sleep, _now: Any) -> dict[Any, Any]:  # noqa: ANN401 - any JSON value
        rows = [_rows(row, 2) for row in _rows(written)]
        return {key.read(one, sleep, None): value.read(other, sleep, None) for one, other in rows}

    return Form(lambda found: [[key.write(one), value.write(other)] for one, other in found.items()], read)


def members(form: Form) -> Form:
    """A set, sorted as it is written."""
    return Form(
        lambda found: sorted(form.write(one) for one in found),
        lambda written, sleep, _: {form.read(one, sleep, None) for one in _rows(written)},
    )


def series(form: Form) -> Form:
    """A list, tuple or deque, of the kind and length that stand there now."""

    def read(written: Any, sleep: Sleep, now: Any) -> Any:  # noqa: ANN401 - any JSON value
        found = [form.read(one, sleep, None) for one in _rows(written)]
        return deque(found, now.maxlen) if isinstance(now, deque) else tuple(found) if type(now) is tuple else found

    return Form(lambda found: [form.write(one) for one in found], read)


def together(*forms: Form) -> Form:
    """A tuple of fixed length."""

    def read(written: Any, sleep: Sleep, _now: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any JSON value
        rows = _rows(written, len(forms))
        return tuple(form.read(one, sleep, None) for form, one in zip(forms, rows, strict=True))

    return Form(lambda found: [form.write(one) for form, one in zip(forms, found, strict=True)], read)


def made(make: Callable[..., Any], **forms: Form) -> Form:
    """A value that `make` makes of its fields."""
    fields = Fields(forms)
    return Form(fields.of, lambda written, sleep, _: make(**fields.values(written, sleep, None)))


def part(make: Callable[[], Any] | None = None, **forms: Form) -> Form:
    """An object with state: the one that stands there now, or a fresh one of `make`, with these fields set."""
    fields = Fields(forms)

    def read(written: Any, sleep: Sleep, now: Any) -> Any:  # noqa: ANN401 - any JSON value
        whole = make() if make is not None else now
        fields.into(whole, written, sleep)
        return whole

    return Form(fields.of, read)


class Fields:
    """Fields of an object by name, each with its form."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = dict(forms)

    def of(self, whole: Any) -> dict[str, Any]:  # noqa: ANN401 - any object
        """The fields of `whole` as JSON values."""
        return {name: form.write(getattr(whole, name)) for name, form in self._forms.items()}

    def values(self, written: Any, sleep: Sleep, now: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
        """The values of all fields; `now`: the object that has them at present, if any. Raises `UnfitError`."""
        if not isinstance(written, dict) or written.keys() != self._forms.keys():
            raise UnfitError(f"other fields than {', '.join(self._forms)}")
        return {name: form.read(written[name], sleep, getattr(now, name, None)) for name, form in self._forms.items()}

    def into(self, whole: Any, written: Any, sleep: Sleep) -> None:  # noqa: ANN401 - any object
        """Set them all in `whole`, or raise `UnfitError`."""
        for name, value in self.values(written, sleep, whole).items():
            setattr(whole, name, value)


class Keeps:
    """What an object remembers: `version` of its form, and its fields.

    `beside`: what is written with the others, but is no reason to write: it changes with every reading.
    """

    def __init__(self, version: int, beside: tuple[str, ...] = (), **forms: Form) -> None:
        self.version = version
        self.beside = beside
        self.fields = Fields(forms)


def _rows(written: Any, length: int | None = None) -> list[Any]:  # noqa: ANN401 - any JSON value
    if not isinstance(written, list) or (length is not None and len(written) != length):
        raise UnfitError(f"{written!r:.80} is no list" + ("" if length is None else f" of {length}"))
    return written


SUBJECT = made(Subject, kind=named(SubjectKind), id=TEXT, room=TEXT)
