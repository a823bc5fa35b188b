"""What is wrong with the machine: one line with cause and cure, exit status 1, nothing half-installed."""

from collections.abc import Callable

import pytest

from tests.install.machine import Ended, Machine

PACKAGES = "python3-venv dbus-daemon libgl1 libglib2.0-0"
Case = tuple[Callable[[Machine], None], str, str]


def _user_without_sudo(machine: Machine) -> None:
    machine.is_user()
    machine.lacks("sudo")


def _fedora(machine: Machine) -> None:
    for command in ("apt-get", "dpkg", "dpkg-query"):
        machine.lacks(command)


def _guest(machine: Machine) -> None:
    machine.is_user()
    machine.fails("sudo", "guest is not in the sudoers file.")


def _no_terminal(machine: Machine) -> None:
    machine.is_user()
    machine.fails(
        "sudo",
        "sudo: a terminal is required to read the password; either use the -S option\nsudo: a password is required",
    )


# What the machine is like, and what of the line must stand in English and in Chinese.
BEFORE_ANYTHING: dict[str, Case] = {
    "no python": (lambda machine: machine.lacks("python3"), "apt-get install python3", "缺少 python3"),
    "old python": (lambda machine: machine.has_python("3.10.12"), "Python 3.10.12 found, 3.11 to 3.13", "Python 3.10"),
    "new python": (lambda machine: machine.has_python("3.14.0"), "use Debian 12/13", "请使用 Debian 12/13"),
    "no room": (lambda machine: machine.has_room(mib=900), "900 MiB free in", "请清理后重试"),
    "no sudo": (_user_without_sudo, f"no right to install {PACKAGES}; run as root or", f"无权安装 {PACKAGES}"),
    "no apt": (_fedora, "apt-get is missing; use Debian or Raspberry Pi OS, or install", "缺少 apt-get"),
}

APT_OFFLINE = """Err:1 http://mirror.example/debian bookworm InRelease
  Temporary failure resolving 'mirror.example'
W: Some index files failed to download. They have been ignored, or old ones used instead.
E: Unable to locate package libgl1"""
PIP_OFFLINE = (
    "WARNING: Retrying (Retry(total=4, connect=None)) after connection broken by 'NewConnectionError('<urllib3>: "
    "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/numpy/\n"
    "ERROR: Could not find a version that satisfies the requirement numpy==2.4.6 (from versions: none)\n"
    "ERROR: No matching distribution found for numpy==2.4.6"
)
BROKEN_SOURCE = "E: Release file is not valid yet"
WRONG_HASH = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    numpy: expected sha256 1"
NO_SPACE = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
APT_NO_ROOM = "E: You don't have enough free space in /var/cache/apt/archives/."

# The step that fails, what its program prints, and what must stand in the line.
ON_THE_WAY: dict[str, Case] = {
    "apt offline": (
        lambda machine: machine.fails("apt-install", APT_OFFLINE),
        "no network (apt-get: Temporary failure resolving 'mirror.example'); check cable",
        "没有网络（apt-get：",
    ),
    "apt without room": (
        lambda machine: machine.fails("apt-install", APT_NO_ROOM),
        "the disk is full (apt-get: enough free space in /var/cache/apt/archives/.); make room",
        "磁盘已满（apt-get：",
    ),
    "apt otherwise": (
        lambda machine: machine.fails("apt-install", BROKEN_SOURCE),
        f"apt-get failed ({BROKEN_SOURCE}); see ",
        f"apt-get 失败（{BROKEN_SOURCE}）；请查看",
    ),
    "guest": (
        _guest,
        "no right to do this (apt-get: guest is not in the sudoers file); run as root or",
        "权限不足（apt-get：",
    ),
    "no terminal": (_no_terminal, "no right to do this (apt-get: sudo: a terminal is required); run as", "权限不足"),
    "no venv": (
        lambda machine: machine.fails("venv", "Error: [Errno 28] No space left on device: '.venv/bin'"),
        "the disk is full (python3 -m venv: No space left on device); make room",
        "磁盘已满（python3 -m venv：",
    ),
    "pip offline": (
        lambda machine: machine.fails("download", PIP_OFFLINE),
        "no network (pip: Temporary failure in name resolution); check cable, Wi-Fi, DNS and proxy",
        "没有网络（pip：",
    ),
    "wrong hash": (
        lambda machine: machine.fails("download", WRONG_HASH),
        "pip failed (ERROR: THESE PACKAGES DO NOT MATCH THE HASHES",
        "pip 失败（ERROR: THESE PACKAGES",
    ),
    "pip without room": (
        lambda machine: machine.fails("install", NO_SPACE),
        "the disk is full (pip: No space left on device); make room",
        "磁盘已满（pip：",
    ),
}
CASES = BEFORE_ANYTHING | ON_THE_WAY


def _refused(ended: Ended, machine: Machine, text: str) -> None:
    assert ended.status == 1
    (line,) = ended.lines
    assert text in line
    assert ended.err.splitlines()[-1] == line
    assert machine.left() == []


@pytest.mark.parametrize("name", CASES)
def test_one_line_tells_cause_and_cure(machine: Machine, name: str) -> None:
    spoil, english, _ = CASES[name]
    spoil(machine)
    _refused(machine.run("demo"), machine, english)


@pytest.mark.parametrize("name", CASES)
def test_in_chinese_too(machine: Machine, name: str) -> None:
    spoil, _, chinese = CASES[name]
    spoil(machine)
    _refused(machine.run("demo", locale="zh_CN.UTF-8"), machine, chinese)


@pytest.mark.parametrize("name", BEFORE_ANYTHING)
def test_what_can_be_known_beforehand_is_said_before_anything_is_done(machine: Machine, name: str) -> None:
    BEFORE_ANYTHING[name][0](machine)
    ended = machine.run("test")
    assert (ended.status, len(ended.err.splitlines()), ended.out, machine.calls) == (1, 1, "", [])


@pytest.mark.parametrize("step", ["download", "install"])
def test_the_cure_taken_the_same_command_goes_through(machine: Machine, step: str) -> None:
    machine.fails(step, NO_SPACE)
    machine.run("demo")
    machine.step(step, None)
    assert machine.run("demo").status == 0


def test_a_refused_widening_leaves_the_demo_s_environment(machine: Machine) -> None:
    machine.run("demo")
    machine.fails("download", PIP_OFFLINE)
    assert machine.run("test").status == 1
    machine.forget_calls()
    assert machine.run("demo").status == 0
    assert machine.calls == []


def test_a_refused_renewal_leaves_the_old_environment(machine: Machine) -> None:
    """It is no good for the new lock, but the old checkout, taken out again, goes on with it."""
    machine.run("demo")
    lock = machine.checkout / "requirements.lock"
    before = lock.read_text(encoding="utf-8")
    lock.write_text(before + "# another\n", encoding="utf-8")
    machine.fails("download", PIP_OFFLINE)
    assert machine.run("demo").status == 1
    lock.write_text(before, encoding="utf-8")
    assert machine.run("demo").status == 0


def test_a_folder_that_takes_no_file_is_told(machine: Machine) -> None:
    """A file in the way stands for a missing right, which root would not notice."""
    (machine.checkout / ".install").write_text("", encoding="utf-8")
    ended = machine.run("demo")
    assert (ended.status, machine.calls) == (1, [])
    assert ended.err == f"nightlamp: {machine.checkout} is not writable for nurse; clone into a folder of your own\n"


def test_the_warning_of_a_sudo_that_knows_not_its_host_is_no_cause(machine: Machine) -> None:
    machine.is_user()
    machine.step("sudo", "echo 'sudo: unable to resolve host lamp: Temporary failure in name resolution'")
    machine.fails("apt-install", BROKEN_SOURCE)
    assert f"apt-get failed ({BROKEN_SOURCE})" in machine.run("demo").err


def test_a_log_that_took_no_line_means_a_full_disk(machine: Machine) -> None:
    """The log's file size is held at nothing while pip speaks, as a full disk holds it."""
    text = (machine.checkout / "install.sh").read_text(encoding="utf-8")
    full = text.replace("""printf '%s\\n' "$line" >>"$WORK/log";""", """printf '%s\\n' "$line" >/dev/full;""")
    assert full != text
    (machine.checkout / "install.sh").write_text(full, encoding="utf-8")
    machine.fails("download", "ERROR: anything")
    _refused(machine.run("demo"), machine, "the disk is full (pip: No space left on device)")
