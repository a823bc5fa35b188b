"""What can go wrong with a model that is to be installed: the thing, the place and the cure, in both languages."""

from types import MappingProxyType

# code -> (English, Chinese)
WORDS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "no_file": (
            "{place}: cannot be read ({why}); check the name and who may read it",
            "{place}：无法读取（{why}）；请检查文件名和读取权限",
        ),
        "no_proof": (
            "{place}: nothing says what its SHA-256 must be; give --sha256 HEX of the maker's page, or put {manifest}",
            "{place}：没有给出应有的 SHA-256；请用 --sha256 给出发布方公布的值，或放置清单 {manifest}",
        ),
        "odd_sha256": (
            "{place}: {given!r} is no SHA-256 (64 hexadecimal digits); copy it whole",
            "{place}：{given!r} 不是 SHA-256（64 位十六进制）；请完整复制",
        ),
        "two_sha256": (
            "{place}: --sha256 is not the SHA-256 of the manifest; find out which file is meant",
            "{place}：--sha256 与清单中的 SHA-256 不同；请确认要安装哪个文件",
        ),
        "other_sha256": (
            "{place}: SHA-256 is {found}, expected was {wanted}; not installed, what stood stands: get the file anew",
            "{place}：SHA-256 为 {found}，应为 {wanted}；未安装，原有的保持不变：请重新获取文件",
        ),
        "too_large": (
            "{place}: larger than {limit_mb} MB; take a smaller model (YOLOX-nano has 4 MB)",
            "{place}：超过 {limit_mb} MB；请选用更小的模型（YOLOX-nano 为 4 MB）",
        ),
        "not_https": (
            "{place}: only https:// is fetched, or http:// with --allow-http and --sha256 or --manifest",
            "{place}：只下载 https://；http:// 须加 --allow-http 并给出 --sha256 或 --manifest",
        ),
        "odd_address": (
            "{place}: is no address ({why}); copy it whole: https://host/file.onnx",
            "{place}：地址无效（{why}）；请完整复制：https://主机/文件.onnx",
        ),
        "not_fetched": (
            "{place}: not fetched ({why}); check address and network and run it again: it goes on where it was",
            "{place}：下载失败（{why}）；请检查地址和网络后重试：将从中断处继续",
        ),
        "odd_manifest": (
            "{place}: {why}; correct the manifest",
            "{place}：{why}；请更正清单",
        ),
        "does_not_run": (
            "{place}: does not run as a person detector: {why}; what stood stands: take one as models/README.md says",
            "{place}：不能作为人形检测模型运行：{why}；原有的保持不变：请按 models/README.md 选用模型",
        ),
        "not_written": (
            "{place}: cannot be written ({why}); run this as root or as the daemon's user, and look at the disk",
            "{place}：无法写入（{why}）；请以 root 或守护进程用户运行，并检查磁盘空间",
        ),
        "busy": (
            "{place}: process {pid} installs a model already; wait for it",
            "{place}：进程 {pid} 正在安装模型；请等待其完成",
        ),
        "none_installed": (
            "{place}: no model {name} is installed; see nightlamp models list",
            "{place}：没有安装模型 {name}；见 nightlamp models list",
        ),
        "shipped": (
            "{name}: comes with the release and is not removed; only what was added is",
            "{name}：随版本发布，不能删除；只能删除自行添加的模型",
        ),
        "name_taken": (
            "{name}: a model of the release has this name; give it another one in a manifest",
            "{name}：与随版本发布的模型同名；请在清单中另取名称",
        ),
        "lost": (
            "{place}: gone ({why}); install it again with nightlamp models add",
            "{place}：已丢失（{why}）；请用 nightlamp models add 重新安装",
        ),
        "altered": (
            "{place}: SHA-256 is {found}, the manifest says {wanted}; the eyes refuse it: install it again",
            "{place}：SHA-256 为 {found}，清单为 {wanted}；视觉进程将拒绝使用：请重新安装",
        ),
    }
)


class ModelFolderError(Exception):
    """A model cannot be installed, removed or trusted; `code` is a key of `WORDS`, `values` fill its words."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str = "en") -> str:
        """For people, in English or Chinese (`zh`)."""
        return WORDS[self.code][language == "zh"].format(**self.values)
