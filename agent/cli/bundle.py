"""`nightlamp alarms bundle`: one alarm's whole story as one file, and whether such a file is as it was made."""

import getpass
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.common import DEFAULT_CONFIG, EXIT_USAGE, ConfigOption, JsonOption, fail, put, put_json, settings_in
from agent.cli.language import chinese, say
from agent.cli.progress import Progress
from agent.store.bundle import BundleError, Checked, chained, verify
from agent.store.gateway_key import KeyFileError, signer_in
from agent.store.reader import StoreUnreadableError
from agent.store.story import Asked, UnknownAlarmError, story

_OUT = say("write it there (default: standard output)", "写入该文件（默认标准输出）")
_VERIFY = say("check this file instead of making one", "校验该文件，而不生成")
_SIGNER = say("with --verify: it must be signed by this public key (hex)", "校验时要求由该公钥（十六进制）签名")

AlarmArgument = Annotated[str, typer.Argument(help=say("id of the alarm", "报警编号"))]
OutOption = Annotated[Path | None, typer.Option("--out", "-o", help=_OUT)]
VerifyOption = Annotated[Path | None, typer.Option("--verify", help=_VERIFY)]
SignerOption = Annotated[str, typer.Option("--signer", help=_SIGNER)]


def make(
    alarm: AlarmArgument = "",
    out: OutOption = None,
    verify_file: VerifyOption = None,
    signer: SignerOption = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Write the story of an alarm, or check such a file."""
    if bool(alarm) is (verify_file is not None):
        fail(say("alarms bundle: give an alarm's id, or --verify FILE", "请给出报警编号，或 --verify 文件"), EXIT_USAGE)
    if verify_file is not None:
        _check(verify_file, signer, as_json)
    else:
        _write(_lines(alarm, config), out)


def _lines(alarm: str, config: Path) -> list[str]:
    settings = settings_in(config)
    asked = Asked(alarm, settings.gateway.id, f"local:{getpass.getuser()}", time.time())
    try:
        return list(chained(story(settings.state, asked, _telling()), signer_in(settings.state)))
    except UnknownAlarmError:
        told = f"{settings.state / 'alarms.db'}: no alarm {alarm}; ids: nightlamp alarms, or the history on the panel"
        fail(say(told, f"{settings.state / 'alarms.db'}：没有报警 {alarm}；编号见 nightlamp alarms 或面板历史"))
    except StoreUnreadableError as error:
        fail(say(f"{error}; run this as root or as the daemon's user", f"{error}；请以 root 或守护进程用户运行"))
    except KeyFileError as error:
        fail(str(error))


def _write(lines: Iterable[str], out: Path | None) -> None:
    if out is None:
        sys.stdout.writelines(lines)
        return
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except FileExistsError:
        fail(say(f"{out}: there is such a file; give another name", f"{out}：文件已存在；请换名"))
    except OSError as error:
        fail(say(f"{out}: {error.strerror}; give another place", f"{out}：{error.strerror}；请换位置"))


def _check(path: Path, signer: str, as_json: bool) -> None:
    language = "zh" if chinese() else "en"
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            found = verify(file, signer)
    except OSError as error:
        fail(say(f"{path}: {error.strerror}; check the name", f"{path}：{error.strerror}；请检查文件名"))
    except BundleError as error:
        if as_json:
            put_json({"ok": False, "line": error.line, "error": error.code})
        cure = say("it proves nothing: make it anew at the gateway", "不能作为凭证：请在网关上重新生成")
        fail(f"{path}:{error.line}: {error.text(language)}; {cure}")
    if as_json:
        put_json({"ok": True, **{name: getattr(found, name) for name in Checked.__slots__}})
        return
    by = say(f"signed by {found.key}", f"签名密钥 {found.key}") if found.key else say("not signed", "未签名")
    put(
        say(
            f"{path}: whole, {found.lines} lines, alarm {found.alarm} of {found.gateway}, made {found.made_at}, {by}",
            f"{path}：完整，{found.lines} 行，报警 {found.alarm}，网关 {found.gateway}，生成于 {found.made_at}，{by}",
        )
    )


def _telling() -> Callable[[int, int], None]:
    progress = Progress()
    return lambda done, of: progress.tell(lambda: say(f"{done} of {of} rows", f"已查 {done} / {of} 行"))
