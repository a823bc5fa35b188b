"""Safe mode comes after too many starts, and only then."""

from pathlib import Path

from agent.app.starts import TOO_MANY, WINDOW_S, Starts


def begun(file: Path, *moments: float, boot: str = "b") -> list[bool]:
    return [Starts(file, boot).begin(at) for at in moments]


def test_the_fourth_start_in_five_minutes_is_one_too_many(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    assert begun(file, 0.0, 10.0, 20.0, 30.0) == [False] * TOO_MANY + [True]


def test_starts_long_apart_never_are(tmp_path: Path) -> None:
    assert not any(begun(tmp_path / "starts.json", *(n * WINDOW_S / 2 for n in range(9))))


def test_an_orderly_stop_clears_the_count(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    begun(file, 0.0, 1.0, 2.0)
    Starts(file, "b").forget()
    assert begun(file, 3.0) == [False]


def test_another_boot_counts_anew_and_rubbish_counts_as_nothing(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    begun(file, 0.0, 1.0, 2.0)
    assert begun(file, 3.0, boot="other") == [False]
    for rubbish in (b"\xff\xff", b"{}", b"[]", b'{"boot": "b", "at": ["x"]}', b'{"boot": "b", "at": 7}'):
        file.write_bytes(rubbish)
        assert begun(file, 3.0) == [False]


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    assert begun(tmp_path / "missing" / "starts.json", 0.0, 1.0, 2.0, 3.0) == [False] * 4
