"""What can be wrong with a file that somebody named: which one, what is wrong and what to do, in both languages."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("there is no such file; check the name", "没有这个文件；请检查文件名"),
        "folder": ("is a folder; name a file in it", "是文件夹；请指定其中的文件"),
        "rights": ("may not be read; change its rights, or run as another user", "无权读取；请修改权限或更换用户"),
        # clips
        "no_video": (
            "holds no picture that can be played; record or copy it again, or convert it to MP4",
            "没有可播放的画面；请重新录制、复制，或转换为 MP4",
        ),
        "itself": ("is the clip itself, so it was left out", "就是待测片段本身，已略过"),
        "other_size": (
            "is another view ({size}, the clip has {wanted}), so it was left out; scale it, or leave it out of --learn",
            "画面尺寸不同（{size}，待测片段为 {wanted}），已略过；请缩放，或从 --learn 中去掉",
        ),
        # tables
        "no_table": ("is not a table of text; save it as CSV in UTF-8", "不是文本表格；请另存为 UTF-8 编码的 CSV"),
        "no_rows": ("holds no clip; docs/vision.md shows the form", "没有片段；格式见 docs/vision.md"),
        "no_such_clips": ("holds no clip whose name begins with {only!r}", "没有名称以 {only!r} 开头的片段"),
        "no_column": (
            "lacks the column {column}; docs/vision.md shows the form",
            "缺少列 {column}；格式见 docs/vision.md",
        ),
        "bad_value": (
            "line {line}: {column} cannot be {value!r}; docs/vision.md shows the form",
            "第 {line} 行：{column} 不能是 {value!r}；格式见 docs/vision.md",
        ),
        "other_clips": (
            "has other clips than the labels ({clip}); score the same ones",
            "与标注的片段不一致（{clip}）；请对同一批片段评分",
        ),
        "not_written": ("cannot be written ({why}); name another file", "无法写入（{why}）；请换一个文件"),
    }
)


class FileError(Exception):
    """A file cannot be used: `path` says which one, `code` (a key of `WORDS`) why."""

    def __init__(self, path: Path, code: str, **values: str) -> None:
        super().__init__(f"{path}: {WORDS[code][0].format(**values)}")
        self.path = path
        self.code = code
        self._values = values

    def text(self, language: str) -> str:
        """Which file, what is wrong with it and what to do; `language` is en or zh."""
        colon = "：" if language == "zh" else ": "
        return f"{self.path}{colon}{WORDS[self.code][language == 'zh'].format(**self._values)}"

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it comes back from another process as it was."""
        return _made_again, (self.path, self.code, self._values)


def _made_again(path: Path, code: str, values: dict[str, str]) -> FileError:
    return FileError(path, code, **values)


def check_readable(path: Path) -> None:
    """Raises FileError where `path` is not a file that we may read."""
    if not path.exists():
        raise FileError(path, "missing")
    if path.is_dir():
        raise FileError(path, "folder")
    try:
        path.open("rb").close()
    except OSError as error:
        raise FileError(path, "rights") from error
