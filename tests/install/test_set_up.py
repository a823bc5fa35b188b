"""What install.sh sets up, once, and what it leaves alone afterwards."""

import shutil

from tests.install.machine import Machine

RUNTIME = ("python3-venv", "dbus-daemon", "libgl1", "libglib2.0-0")


def test_a_bare_machine_gets_packages_then_environment_then_the_demo(machine: Machine) -> None:
    ended = machine.run("demo", "--once", "--seed", "3")
    assert (ended.status, ended.out) == (0, "played: demo --once --seed 3\n")
    assert machine.steps() == ["dpkg", "apt-update", "apt-install", "venv", "download", "venv", "install", "project"]
    assert all(name in machine.calls[2].split() for name in RUNTIME)
    assert "chromium" not in machine.calls[2]
    assert not [name for name in machine.left() if name.startswith((".install/wheels", ".install/tmp"))]


def test_every_package_comes_from_the_lock_by_its_hash_as_a_wheel(machine: Machine) -> None:
    """A source package would want a compiler."""
    machine.run("demo")
    fetch, install = (call for call in machine.calls if call.startswith(("download", "install")))
    assert {"--require-hashes", "--only-binary", ":all:", "requirements.lock"} <= set(fetch.split())
    assert {"--require-hashes", "--no-index", "requirements.lock"} <= set(install.split())


def test_the_second_start_asks_neither_apt_nor_pip(machine: Machine) -> None:
    machine.run("demo")
    machine.forget_calls()
    ended = machine.run("demo")
    assert (ended.status, ended.err, machine.calls) == (0, "", [])


def test_the_second_start_does_not_write(machine: Machine) -> None:
    """Who may only read the folder can still start what stands there."""
    machine.run("demo")
    shutil.rmtree(machine.checkout / ".install")
    machine.has_room(mib=0)
    assert machine.run("demo").status == 0
    assert not (machine.checkout / ".install").exists()


def test_the_tests_widen_the_demo_s_environment_and_serve_it_after(machine: Machine) -> None:
    machine.run("demo")
    machine.forget_calls()
    assert machine.run("test", "-q").status == 0
    assert "venv" not in machine.steps()
    assert "requirements-dev.lock" in machine.calls[-3].split()
    machine.forget_calls()
    machine.run("demo")
    assert machine.calls == []


def test_another_lock_makes_the_environment_anew(machine: Machine) -> None:
    machine.run("demo")
    with (machine.checkout / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# another\n")
    machine.forget_calls()
    assert machine.run("demo").status == 0
    assert machine.steps() == ["download", "venv", "install", "project"]


def test_another_pyproject_needs_no_network(machine: Machine) -> None:
    machine.run("demo")
    with (machine.checkout / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write("# another\n")
    machine.forget_calls()
    assert machine.run("demo").status == 0
    assert machine.steps() == ["project"]


def test_a_moved_checkout_gets_an_environment_for_its_new_place(machine: Machine) -> None:
    machine.run("demo")
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("elsewhere"))
    machine.forget_calls()
    assert machine.run("demo").status == 0
    assert machine.steps() == ["download", "venv", "install", "project"]


def test_a_package_that_another_provides_is_there(machine: Machine) -> None:
    """Debian 13 has libglib2.0-0t64 in place of libglib2.0-0."""
    names = [*RUNTIME[:-1], "libglib2.0-0t64"]
    lines = [f"installed {name}, libx (= 1), libglib2.0-0 (= 2.84.1-1)" for name in names]
    machine.put("packages", "\n".join(lines))
    assert machine.run("demo").status == 0
    assert "apt-install" not in machine.steps()


def test_a_package_that_was_removed_is_missing(machine: Machine) -> None:
    lines = [f"installed {name}, " for name in RUNTIME[1:]]
    machine.put("packages", "\n".join(["config-files python3-venv, ", *lines]))
    machine.run("demo")
    assert machine.calls[2].split()[-1] == "python3-venv"


def test_a_user_installs_packages_by_sudo_and_nothing_else(machine: Machine) -> None:
    machine.is_user()
    assert machine.run("demo").status == 0
    assert machine.steps()[:6] == ["sudo", "dpkg", "sudo", "apt-update", "sudo", "apt-install"]
    assert "sudo" not in machine.steps()[6:]


def test_one_dead_package_source_is_no_obstacle(machine: Machine) -> None:
    machine.fails("apt-update", "E: The repository 'http://gone.example Release' does not have a Release file.")
    assert machine.run("demo").status == 0


def test_the_whole_suite_has_form_and_types_checked_first(machine: Machine) -> None:
    ended = machine.run("test")
    assert ended.out.splitlines()[-1] == "1 passed in 0.01s"
    assert machine.calls[-4:-1] == ["ruff check .", "ruff format --check -q .", "mypy"]
    assert machine.calls[-1] == "pytest -m not slow"
    machine.forget_calls()
    machine.run("test", "--slow")
    assert machine.calls[-1] == "pytest"


def test_bad_form_fails_before_any_test_runs(machine: Machine) -> None:
    machine.put("ruff", "1")
    assert machine.run("test").status == 1
    assert "pytest" not in machine.steps()


def test_a_selection_runs_alone(machine: Machine) -> None:
    machine.put("ruff", "1")
    assert machine.run("test", "-x", "tests/rules").status == 0
    assert machine.calls[-1] == "pytest -m not slow -x tests/rules"


def test_help_sets_up_nothing(machine: Machine) -> None:
    assert "install.sh demo" in machine.run("--help").out
    assert "用法" in machine.run("--help", locale="zh_CN.UTF-8").out
    assert machine.run().status == machine.run("dance").status == 2
    assert (machine.calls, machine.left()) == ([], [])
