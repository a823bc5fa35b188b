"""`nightlamp run` and `nightlamp check`."""

import asyncio
import os
import signal
import time
from dataclasses import asdict
from pathlib import Path

import typer

from agent import logs
from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, JsonOption, fail, put, put_json, settings_in
from agent.cli.language import say
from agent.process_lock import AlreadyRunningError
from agent.settings.load import Settings, load
from agent.settings.problem import SettingsError

_FORMS = {"auto": None, "json": True, "plain": False}


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve until SIGTERM or SIGINT."""
    from agent.app.core import Core

    settings = settings_in(config)
    keep_time_of_home(settings.site.facility.utc_offset_h)
    logs.configure(settings.gateway.log.level, _FORMS[settings.gateway.log.form])

    async def serve() -> int:
        core = Core(settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, core.stop)
        return await core.run()

    try:
        status = asyncio.run(serve())
    except AlreadyRunningError as error:
        fail(str(error))
    except OSError as error:
        fail(
            say(
                f"{error.filename}: {error.strerror}; run as a user who may write there, or change [folders]",
                f"{error.filename}：{error.strerror}；请以有写权限的用户运行，或修改 [folders]",
            )
        )
    if status:
        raise typer.Exit(status)


def keep_time_of_home(utc_offset_h: float) -> None:
    """Local time of this process and its children is the home's, whatever zone the machine was left in.

    Else the panel's clock, its history and the hours without low sounds go by one time, rules and ladders by another.
    """
    minutes = round(abs(utc_offset_h) * 60)
    clock, east = f"{minutes // 60:02}:{minutes % 60:02}", utc_offset_h >= 0
    os.environ["TZ"] = f"<{'+' if east else '-'}{clock.replace(':', '')}>{'-' if east else '+'}{clock}"  # POSIX.1 8.3
    time.tzset()


def check(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Tell every mistake in the settings at once; start nothing."""
    try:
        settings = load(config)
    except SettingsError as error:
        if as_json:
            put_json({"ok": False, "problems": [asdict(problem) for problem in error.problems]})
        else:
            for problem in error.problems:
                put(str(problem))
            many = len(error.problems)
            put(say(f"{many} {'mistake' if many == 1 else 'mistakes'}", f"{many} 处错误"))
        raise typer.Exit(EXIT_USAGE) from None
    summary = _summary(settings)
    if as_json:
        put_json({"ok": True, **summary, "warnings": [str(one) for one in settings.warnings]})
    else:
        put(say("The settings are in order:", "配置无误："))
        for name, count in summary.items():
            put(f"  {name}: {count}")
        for warning in settings.warnings:
            put(say(f"warning: {warning}", f"提示：{warning}"))


def _summary(settings: Settings) -> dict[str, int | str]:
    return {
        "folder": str(Path(settings.folder)),
        "residents": len(settings.site.resident),
        "devices": len(settings.devices.ids),
        "cameras": len(settings.cameras.camera),
        "annunciators": len(settings.annunciators.names),
        "upstream": settings.upstream.url or "-",
    }
