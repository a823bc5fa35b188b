"""The tables that people write: what they may hold, and what is said of a mistake in one."""

import pickle
from pathlib import Path

import pytest

from agent.vision.file_error import WORDS, FileError
from agent.vision.labels import Label, Scored, read_labels, read_scores, write_scores

HEAD = "clip,kind,fall_start_s,group,camera"


def test_labels_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(
        f'{HEAD},note\na.mp4,fall,1.5,home,home-1,"by the bed, slowly"\nb.mp4,fall,,home,home-1,\n\n'
        "c.mp4,daily,,office,wall-1\n",
        encoding="utf-8-sig",  # as spreadsheets write it
    )
    assert read_labels(path) == [
        Label("a.mp4", True, 1.5, "home", "home-1"),
        Label("b.mp4", True, None, "home", "home-1"),
        Label("c.mp4", False, None, "office", "wall-1"),
    ]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        ("", "no_rows", "docs/vision.md"),
        (f"{HEAD}\n", "no_rows", "docs/vision.md"),
        ("clip,kind,group,camera\na,fall,g,c\n", "no_column", "fall_start_s"),
        (f"{HEAD}\na,fall,1,g,c\nb,trip,,g,c\n", "bad_value", "line 3: kind cannot be 'trip'"),
        (f"{HEAD}\na,fall,soon,g,c\n", "bad_value", "line 2: fall_start_s cannot be 'soon'"),
        (f"{HEAD}\na,fall,nan,g,c\n", "bad_value", "fall_start_s"),
        (f"{HEAD}\na,fall\n", "bad_value", "line 2: fall_start_s"),
        (f'{HEAD}\n"a,fall,1,g,c\n', "no_table", "CSV"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, content: str, code: str, words: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_labels(path)
    assert caught.value.code == code
    assert words in caught.value.text("en")
    assert str(path) in caught.value.text("zh")


def test_what_is_no_text_or_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(b"\xff\xfe\x00clip")
    for path, code in ((tmp_path / "labels.csv", "no_table"), (tmp_path, "folder"), (tmp_path / "x.csv", "missing")):
        with pytest.raises(FileError) as caught:
            read_labels(path)
        assert caught.value.code == code


def test_scores_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        (Label("a.mp4", True, 1.5, "home", "h"), Scored("a.mp4", 0.75, True, True)),
        (Label("b.mp4", False, None, "home", "h"), Scored("b.mp4", -9.0, False, False)),
    ]
    write_scores(tmp_path / "s.csv", rows)
    assert read_scores(tmp_path / "s.csv") == [scored for _, scored in rows]


def test_scores_may_come_without_a_first_line_of_names(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("home,fall,a.mp4,0.5,True,True\nhome,daily,b.mp4,-1.5,False,True\n", encoding="utf-8")
    assert read_scores(path) == [Scored("a.mp4", 0.5, True, True), Scored("b.mp4", -1.5, False, True)]


@pytest.mark.parametrize(
    ("row", "words"),
    [("home,fall,a.mp4,high,True,True", "score"), ("home,fall,a.mp4,0.5,maybe,True", "found"), ("home,fall", "clip")],
)
def test_a_mistake_in_scores_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{row}\n", encoding="utf-8")
    with pytest.raises(FileError, match=f"line 1: {words}"):
        read_scores(path)


def test_scores_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        write_scores(tmp_path / "none" / "s.csv", [])
    assert caught.value.code == "not_written"


def test_every_fault_has_words_in_both_languages() -> None:
    assert all(english and chinese for english, chinese in WORDS.values())


def test_a_fault_comes_back_whole_from_another_process() -> None:
    error = FileError(Path("a"), "no_column", column="clip")
    again = pickle.loads(pickle.dumps(error))
    assert again.text("zh") == error.text("zh")
    assert str(again) == str(error)
