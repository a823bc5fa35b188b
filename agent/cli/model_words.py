"""What `nightlamp models` says: whom a hash proves, what a check found, why something could not be done."""

from collections.abc import Mapping
from typing import Any, NoReturn

import typer

from agent.cli.common import EXIT_FAILED, EXIT_USAGE, fail, put, put_json
from agent.cli.language import chinese, say
from agent.model_folder.errors import ModelFolderError

# who said what the hash must be -> what that proves
TRUST = {
    "option": (
        "The SHA-256 was given on the command line: it proves as much as the place it was read from.",
        "SHA-256 由命令行给出：其可信程度取决于抄录来源。",
    ),
    "manifest": (
        "The SHA-256 came from the manifest that you named: it proves as much as that file's origin.",
        "SHA-256 来自指定的清单：其可信程度取决于该清单的来源。",
    ),
    "beside": (
        "The SHA-256 lay beside the model: it proves that the file is whole, not who made it. Ask the maker's page.",
        "SHA-256 与模型来自同一处：只能证明文件完整，不能证明由谁制作。请与发布方页面核对。",
    ),
}
NEXT_START = (
    "The eyes take this up when they start next: restart nightlamp at a quiet moment.",
    "视觉进程下次启动时生效：请在空闲时重启 nightlamp。",
)


def tell_checked(faults: Mapping[str, ModelFolderError | None], times: Mapping[str, Any], as_json: bool) -> None:
    """What came of a check of each model, and of a try run; ends with status 1 where one is not right."""
    wrong = [fault for fault in faults.values() if fault is not None]
    if as_json:
        models = [{"name": name, "ok": not fault, "error": fault and fault.code} for name, fault in faults.items()]
        put_json({"ok": not wrong, "models": models, **({"run": dict(times)} if times else {})})
    else:
        for name, fault in faults.items():
            put(f"{name}: {say('in order', '正常') if fault is None else _words(fault)}")
        if times:
            ms, memory = times["ms"], times["memory_mib"]
            put(say(f"one run: {ms} ms, {memory} MiB in all", f"一次运行：{ms} 毫秒，共 {memory} MiB"))
    if wrong:
        raise typer.Exit(EXIT_FAILED)


def failed(error: ModelFolderError, as_json: bool) -> NoReturn:
    """End with what went wrong."""
    if as_json:
        put_json({"ok": False, "error": error.code})
    fail(
        _words(error),
        EXIT_USAGE if error.code in ("no_proof", "odd_sha256", "two_sha256", "not_https") else EXIT_FAILED,
    )


def _words(error: ModelFolderError) -> str:
    return error.text("zh" if chinese() else "en")
