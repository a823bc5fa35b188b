"""`nightlamp models`: which networks the eyes use, and the person detector that a home may add."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, put, put_json, settings_in
from agent.cli.language import say
from agent.cli.model_words import NEXT_START, TRUST, failed, tell_checked
from agent.cli.progress import Progress
from agent.model_folder.claim import claim
from agent.model_folder.errors import ModelFolderError
from agent.model_folder.fetch import is_address, is_open, sha256_of
from agent.model_folder.folder import FOLDER, ModelFolder
from agent.model_folder.row import ModelRow
from agent.model_folder.shipped import ShippedModel, shipped_models
from agent.model_folder.trial import measured, try_run

_SHA256 = say("SHA-256 that the maker publishes (hex)", "发布方公布的 SHA-256（十六进制）")
_MANIFEST = say("manifest of the model (TOML; default: beside the file)", "模型清单（TOML；默认在文件旁）")
_ALLOW = say("fetch over http, with --sha256 or --manifest", "允许 http 下载，须给出 --sha256 或 --manifest")
_RUN = say("also run the detector once, in a process of its own", "并在单独进程中试运行检测模型")

PlaceArgument = Annotated[str, typer.Argument(help=say("file or https:// address", "文件或 https:// 地址"))]
NameArgument = Annotated[str, typer.Argument(help=say("name, see models list", "名称，见 models list"))]
Sha256Option = Annotated[str, typer.Option("--sha256", help=_SHA256)]
ManifestOption = Annotated[Path | None, typer.Option("--manifest", help=_MANIFEST)]
LicenceOption = Annotated[str, typer.Option("--licence", help=say("its licence, for the record", "许可证（存档）"))]
AllowOption = Annotated[bool, typer.Option("--allow-http", help=_ALLOW)]
RunOption = Annotated[bool, typer.Option("--run", help=_RUN)]

group = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@group.command("list", help=say("Show the models that there are.", "列出模型。"))
def show(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Show what ships and what was added."""
    folder = _folder(config)
    try:
        rows = [_plain(one) for one in shipped_models()]
        added = folder.installed()
    except ModelFolderError as error:
        failed(error, as_json)
    if added is not None:
        rows.append({"name": added.name, "from": "added", "file": str(folder.file(added)), **_known(added)})
    if as_json:
        put_json(rows)
        return
    for row in rows:
        origin = say(*{"release": ("release", "随版本"), "added": ("added", "自行添加")}[row["from"]])
        put(f"{row['name']}  {origin}  {row['licence']}  {row['sha256'][:12]}  {row['source']}")
    if added is None:
        put(say("no person detector is added; falls are judged without one", "未添加人形检测模型；跌倒判断不依赖它"))


@group.command("add", help=say("Add a person detector that confirms falls.", "添加用于确认跌倒的人形检测模型。"))
def add(
    place: PlaceArgument,
    sha256: Sha256Option = "",
    manifest: ManifestOption = None,
    licence: LicenceOption = "",
    allow_http: AllowOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Add a person detector; what stood before is replaced at once or not at all."""
    try:
        if is_address(place) and is_open(place) and not (allow_http and (sha256 or manifest)):
            raise ModelFolderError("not_https", place=place)
        told = claim(place, sha256, manifest, licence)
        if told["name"] in {one.name for one in shipped_models()}:
            raise ModelFolderError("name_taken", name=told["name"])
        row = _folder(config).install(place, told, _telling(), try_run)
    except ModelFolderError as error:
        failed(error, as_json)
    if as_json:
        put_json({"ok": True, "name": row.name, **_known(row)})
        return
    put(say(f"{row.name} is added (SHA-256 {row.sha256}).", f"已添加 {row.name}（SHA-256 {row.sha256}）。"))
    put(say(*TRUST[row.sha256_from]))
    put(say(*NEXT_START))


@group.command("remove", help=say("Remove what was added.", "删除自行添加的模型。"))
def remove(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Remove a model that was added."""
    try:
        if name in {one.name for one in shipped_models()}:
            raise ModelFolderError("shipped", name=name)
        row = _folder(config).remove(name)
    except ModelFolderError as error:
        failed(error, as_json)
    if as_json:
        put_json({"ok": True, "name": row.name})
        return
    put(say(f"{row.name} is removed.", f"已删除 {row.name}。"))
    put(say(*NEXT_START))


@group.command("verify", help=say("Check that each file is the one meant.", "校验每个模型文件。"))
def verify(run: RunOption = False, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Check every model by its SHA-256; status 1 where one is not right."""
    folder = _folder(config)
    faults: dict[str, ModelFolderError | None] = {}
    times: dict[str, Any] = {}
    for one in shipped_models():
        faults[one.name] = _fault_of(one)
    try:
        row = folder.installed()
        if row is not None:
            faults[row.name] = None
            folder.verify(row)
            if run:
                times = measured(folder.file(row), {"name": row.name, **_known(row)})
    except ModelFolderError as error:
        faults[row.name if row is not None else str(folder.path)] = error
    tell_checked(faults, times, as_json)


def _fault_of(model: ShippedModel) -> ModelFolderError | None:
    try:
        found = sha256_of(model.file)
    except OSError as error:
        return ModelFolderError("lost", place=model.file, why=error.strerror)
    if found != model.sha256:
        return ModelFolderError("altered", place=model.file, found=found, wanted=model.sha256)
    return None


def _known(row: ModelRow | ShippedModel) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in row.__slots__}
    return {key: value for key, value in values.items() if key not in ("name", "file")}


def _plain(one: ShippedModel) -> dict[str, Any]:
    return {"name": one.name, "from": "release", "file": str(one.file), "kind": "net", **_known(one)}


def _folder(config: Path) -> ModelFolder:
    return ModelFolder(settings_in(config).state / FOLDER)


def _telling() -> Callable[[int, int | None], None]:
    progress = Progress()

    def words(done: int, of: int | None) -> str:
        whole = f"{of / 1e6:.1f}" if of else "?"
        return say(f"{done / 1e6:.1f} of {whole} MB", f"{done / 1e6:.1f} / {whole} MB")

    return lambda done, of: progress.tell(lambda: words(done, of))
