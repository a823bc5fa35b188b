from hypothesis import given
from hypothesis import strategies as st

from drivers.ble.strangers import EVERY_S, NAME_LETTERS, REMEMBERED, Strangers


def test_each_is_told_once_and_one_at_a_time() -> None:
    told: list[tuple[str, str]] = []
    strangers = Strangers(lambda address, name: told.append((address, name)))
    strangers.heard("A", "first", 0.0)
    strangers.heard("A", "first", EVERY_S)
    strangers.heard("B", "", EVERY_S / 2)
    strangers.heard("B", "", EVERY_S)
    assert told == [("A", "first"), ("B", "")]


def test_memory_is_bounded() -> None:
    told: list[str] = []
    strangers = Strangers(lambda address, _: told.append(address))
    for number in range(REMEMBERED + 1):
        strangers.heard(str(number), "", number)
    strangers.heard("0", "", REMEMBERED + 1)
    strangers.heard(str(REMEMBERED), "", REMEMBERED + 2)
    assert told[-2:] == [str(REMEMBERED), "0"]


@given(name=st.text(max_size=300))
def test_a_name_is_short_and_printable(name: str) -> None:
    told: list[str] = []
    Strangers(lambda _, name: told.append(name)).heard("A", name, 0.0)
    assert len(told[0]) <= NAME_LETTERS
    assert told[0].isprintable()
