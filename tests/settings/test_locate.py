"""Lines of keys in TOML."""

from agent.settings.locate import key_lines, line_of

TEXT = """\
name = "a"

[panel]
port = 8080
"quoted key" = 1

[[ble]]
adapter = "hci0"
[[ble.device]]
id = "x"
[[ble.device]]
id = "y"
inputs = { 0 = "smoke" }
[[ble]]
[[ble.device]]
id = "z"
[a.b]
c.d = 1
"""
LINES = key_lines(TEXT)


def test_keys_tables_and_arrays_of_tables() -> None:
    assert LINES[("name",)] == 1
    assert LINES[("panel",)] == 3
    assert LINES[("panel", "port")] == 4
    assert LINES[("panel", "quoted key")] == 5
    assert LINES[("ble", 0, "device", 0, "id")] == 10
    assert LINES[("ble", 0, "device", 1, "id")] == 12
    assert LINES[("ble", 1, "device", 0, "id")] == 16
    assert LINES[("a", "b", "c", "d")] == 18


def test_what_has_no_line_of_its_own_is_found_on_what_encloses_it() -> None:
    assert line_of(("ble", 0, "device", 1, "inputs", "0"), LINES) == 13
    assert line_of(("ble", 1, "device", 0, "missing"), LINES) == 15
    assert line_of(("nowhere",), LINES) == 1
