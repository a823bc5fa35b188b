"""What all commands share: options, and how a failure is told."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from agent.cli.language import say
from agent.settings.load import Settings, load
from agent.settings.problem import SettingsError

EXIT_FAILED = 1
EXIT_USAGE = 2

DEFAULT_CONFIG = Path("/etc/nightlamp")

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help=say("folder of the settings", "配置目录"))]
JsonOption = Annotated[bool, typer.Option("--json", help=say("JSON, for programs", "输出 JSON，供程序使用"))]


def put(text: str) -> None:
    """One line for whoever asked."""
    sys.stdout.write(text + "\n")


def put_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON value for a program."""
    put(json.dumps(value, ensure_ascii=False))


def fail(text: str, status: int = EXIT_FAILED) -> NoReturn:
    """End with one line on stderr that names the thing, the place and the cure."""
    sys.stderr.write(f"nightlamp: {text}\n")
    raise typer.Exit(status)


def settings_in(folder: Path) -> Settings:
    """The settings in `folder`; ends with every mistake on stderr."""
    try:
        return load(folder)
    except SettingsError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        count = len(error.problems)
        told = f"{count} {'mistake' if count == 1 else 'mistakes'} in {folder}; nothing was started"
        fail(say(told, f"{folder} 有 {count} 处错误；未启动"), EXIT_USAGE)
