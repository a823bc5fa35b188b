"""A bare Debian of the mind: the checkout's install.sh among commands that do as a test tells them.

Only what would change the machine or reach the network is played (python3, apt-get, dpkg, sudo, df, id); every other
command is the real one, and nothing else is on the PATH.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REAL_COMMANDS = (
    "bash", "cat", "chmod", "cp", "cut", "dirname", "env", "flock", "grep", "head", "mkdir", "mktemp", "rm", "sed",
    "sha256sum", "sync", "tail", "tr",
)  # fmt: skip
FILES = ("install.sh", "pyproject.toml", "requirements.lock", "requirements-dev.lock")
RUN_LIMIT_S = 30

# A step notes its name, then does what the test put under steps/NAME, if anything.
_STEP = """step() {{ echo "$*" >>{base}/calls; if [ -e {base}/steps/$1 ]; then . {base}/steps/$1; fi; }}
"""

_PLAYED = {
    "python3": """
case "$1 $2" in
"--version ") echo "Python $(cat {base}/version)" ;;
"-c "*) version=$(cat {base}/version); exec {python} -c "import sys; sys.version_info = (${{version//./, }}); $2" ;;
"-m venv") mkdir -p "$3/bin"; cp {base}/venv_python "$3/bin/python"; step venv "$3" ;;
esac
""",
    "venv_python": """
case "$2 $3" in
"pip --version") ;;
"pip download") step download "${{@:4}}" ;;
"pip install")
    case "$*" in
    *" -e ."*) step project; printf '%s\\n' '#!/bin/bash' 'echo "played: $*"' >.venv/bin/nightlamp
        printf '%s\\n' '#!/bin/bash' 'echo "ruff $*" >>{base}/calls; exit $(cat {base}/ruff)' >.venv/bin/ruff
        printf '%s\\n' '#!/bin/bash' 'echo mypy >>{base}/calls' >.venv/bin/mypy
        chmod +x .venv/bin/* ;;
    *) step install "${{@:4}}" ;;
    esac ;;
"pytest "*) step pytest "${{@:3}}"; echo "1 passed in 0.01s" ;;
esac
""",
    "dpkg-query": """cat {base}/packages
""",
    "dpkg": """step dpkg "$@"
""",
    "apt-get": """step "apt-$1" "${{@:2}}"
if [ "$1" = install ]; then
    for name in "${{@:2}}"; do echo "installed $name, " >>{base}/packages; done
fi
""",
    "sudo": """step sudo; "$@"
""",
    "df": """echo Avail; cat {base}/free_kib
""",
    "id": """case "$1" in -u) cat {base}/uid ;; *) echo nurse ;; esac
""",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of install.sh ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Its complaints: the lines that begin with the program's name, on either stream."""
        return [line for line in (self.out + self.err).splitlines() if line.startswith("nightlamp")]


class Machine:
    """A checkout in a folder, with the machine around it played. Root, Python 3.11, room and network, no packages."""

    def __init__(self, folder: Path) -> None:
        self.base = folder / "machine"
        self.checkout = folder / "checkout"
        self._bin = self.base / "bin"
        self._started: list[subprocess.Popen[str]] = []
        for path in (self._bin, self.base / "steps", self.checkout):
            path.mkdir(parents=True)
        for name in FILES:
            shutil.copy(ROOT / name, self.checkout)
        self._play_commands()
        self.has_python("3.11.2")
        self.has_room(mib=100_000)
        self.put("uid", "0")
        self.put("packages", "")
        self.put("ruff", "0")

    def _play_commands(self) -> None:
        real = {"base": self.base, "python": sys.executable}
        for name in REAL_COMMANDS:
            where = shutil.which(name)
            assert where is not None, f"no {name} here"
            (self._bin / name).symlink_to(where)
        for name, script in _PLAYED.items():
            path = (self.base if name == "venv_python" else self._bin) / name
            path.write_text("#!/bin/bash\n" + (_STEP + script).format_map(real), encoding="utf-8")
            path.chmod(0o755)

    def put(self, name: str, content: str) -> None:
        """Set one of the facts that the played commands read."""
        (self.base / name).write_text(content + "\n", encoding="utf-8")

    def has_python(self, version: str) -> None:
        """From now on python3 is this version."""
        self.put("version", version)

    def has_room(self, mib: int) -> None:
        """From now on the disk has this much room."""
        self.put("free_kib", str(mib * 1024))

    def is_user(self) -> None:
        """From now on not root."""
        self.put("uid", "1000")

    def lacks(self, command: str) -> None:
        """Take a command away."""
        (self._bin / command).unlink()

    def step(self, name: str, script: str | None) -> None:
        """What a step (venv, download, apt-install, ...) does from now on: bash; None: it succeeds again."""
        path = self.base / "steps" / name
        if script is None:
            path.unlink()
        else:
            path.write_text(script + "\n", encoding="utf-8")

    def fails(self, name: str, output: str) -> None:
        """A step that prints this and ends with status 1."""
        self.step(name, f"cat <<'END'\n{output}\nEND\nexit 1")

    def waits(self, name: str) -> Path:
        """A step that waits until somebody writes to the pipe given back; meanwhile a file `reached` stands beside."""
        gate = self.base / "gate"
        os.mkfifo(gate)
        # builtins alone: a Ctrl-C while bash waits for a command that ends well is dropped by bash
        self.step(name, f": >{self.reached}; read -r _ <{gate}")
        return gate

    @property
    def reached(self) -> Path:
        """The file by which a waiting step tells that it waits."""
        return self.base / "reached"

    @property
    def calls(self) -> list[str]:
        """What the played commands were asked since the last `forget_calls`."""
        path = self.base / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def steps(self) -> list[str]:
        """The first word of each call."""
        return [call.split()[0] for call in self.calls]

    def forget_calls(self) -> None:
        """Begin to count anew."""
        (self.base / "calls").unlink(missing_ok=True)

    def left(self) -> list[str]:
        """What install.sh has put into the checkout, save its lock and log."""
        kept = {*FILES, ".install", ".install/lock", ".install/log"}
        found = (str(path.relative_to(self.checkout)) for path in self.checkout.rglob("*"))
        return sorted(name for name in found if name not in kept)

    def start(self, *arguments: str, locale: str = "C.UTF-8", terminal: int | None = None) -> subprocess.Popen[str]:
        """Begin `install.sh ARGUMENTS` in a process group of its own, with Ctrl-C as a terminal leaves it.

        With `terminal`, a descriptor, stderr is that; else both streams are piped.
        """
        environment: Mapping[str, str] = {"PATH": str(self._bin), "LANG": locale, "HOME": str(self.base)}
        argv = ["env", "--default-signal=INT", "bash", str(self.checkout / "install.sh"), *arguments]
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if terminal is None else terminal,
            text=True,
            env=environment,
            process_group=0,
        )
        self._started.append(process)
        return process

    def run(self, *arguments: str, locale: str = "C.UTF-8") -> Ended:
        """Run `install.sh ARGUMENTS` to its end."""
        return ended(self.start(*arguments, locale=locale))

    def close(self) -> None:
        """End what a failed test has left waiting."""
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for a run and tell how it ended; one that does not end is killed with all its children."""
    try:
        out, err = process.communicate(timeout=RUN_LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return Ended(process.returncode, out, err or "")
