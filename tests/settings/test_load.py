"""A folder of settings: what is shipped is valid, and every mistake in every file is told at once."""

import shutil
from pathlib import Path

import pytest

from agent.settings.load import FILES, load, shipped_config
from agent.settings.problem import SettingsError

SITE = """
[[resident]]
id = "r-1"
name = "甲"
room = "201"

[[binding]]
device = "button-1"
role = "button"
resident = "r-1"
"""
DEVICES = """
[[ble]]
[[ble.device]]
id = "button-1"
address = "AA:BB:CC:DD:EE:01"
product = "bthome"
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_what_is_shipped_can_be_used_as_it_is() -> None:
    assert {path.name for path in shipped_config().glob("*.toml")} == set(FILES)
    settings = load(shipped_config())
    assert set(settings.profiles) >= {"di8", "xy-md02"}


def test_shipped_files_say_nothing_but_the_defaults(tmp_path: Path) -> None:
    shipped, bare = load(shipped_config()), load(tmp_path)
    for name in ("gateway", "site", "devices", "cameras", "rules", "alarms", "annunciators", "panel", "upstream"):
        assert getattr(shipped, name) == getattr(bare, name), name


def test_a_folder_of_one_s_own(tmp_path: Path) -> None:
    settings = load(write(tmp_path, site=SITE, devices=DEVICES, nightlamp='[folders]\nstate = "s"\nrun = "/r"\n'))
    assert settings.state == tmp_path / "s"
    assert settings.run == Path("/r")
    assert settings.site.to_site().subject_of("button-1").room == "201"


def test_ten_mistakes_in_five_files_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        nightlamp='id = ""\n[log]\nlevel = "loud"\n',
        site='[[resident]]\nid = "r-1"\nname = "甲"\n[[binding]]\ndevice = "x"\nrole = "pet"\nresident = "r-1"\n',
        devices='[[ble]]\n[[ble.device]]\nid = "b"\naddress = "AA"\nproduct = "bthome"\n[[modbus]]\nbaudrate = 1\n',
        rules="[bed_exit]\nflicker_s = -5\nflickr_s = 5\n",
        panel="port = 99999\n",
    )
    told = problems(tmp_path)
    assert len(told) == 10
    for start in (
        "devices.toml:2: ble.0.device.0: address 'AA'",
        "devices.toml:6: modbus.0.port: is required",
        "devices.toml:7: modbus.0.baudrate",
        "nightlamp.toml:1: id",
        "nightlamp.toml:3: log.level",
        "panel.toml:1: port",
        "rules.toml:2: bed_exit.flicker_s",
        "rules.toml:3: bed_exit.flickr_s: unknown key",
        "site.toml:1: resident.0.room: is required",
        "site.toml:6: binding.0.role",
    ):
        assert any(line.startswith(start) for line in told), (start, told)


def test_files_are_held_against_each_other(tmp_path: Path) -> None:
    site = (
        SITE.replace('resident = "r-1"', 'resident = "r-9"')
        + '[[binding]]\ndevice = "ghost"\nrole = "bed"\nroom = "1"\n'
    )
    devices = DEVICES + '[[modbus]]\nport = "/dev/x"\n[[modbus.device]]\nid = "loose"\nunit = 1\nprofile = "none"\n'
    told = problems(write(tmp_path, site=site, devices=devices))
    assert [line.partition(": ")[0] for line in told] == [
        "devices.toml:12",
        "site.toml:1",
        "site.toml:10",
        "site.toml:12",
    ]
    assert "profile" in told[0]
    assert "'loose' has no [[binding]]" in told[1]
    assert "no such resident: 'r-9'" in told[2]
    assert "'ghost'" in told[3]


def test_the_same_id_or_port_twice_is_a_mistake(tmp_path: Path) -> None:
    twice = DEVICES + DEVICES.replace("01", "02").replace("[[ble]]", '[[ble]]\nadapter = "hci1"')
    radar = '[[serial]]\nid = "{}"\nport = "/dev/r"\nprotocol = "r60abd1"\n'
    site = SITE + "".join(f'[[binding]]\ndevice = "{one}"\nrole = "bed"\nroom = "2"\n' for one in ("a", "b"))
    told = problems(write(tmp_path, site=site, devices=twice + radar.format("a") + radar.format("b")))
    assert len(told) == 2
    assert any("'button-1' is there twice" in line for line in told)
    assert any("/dev/r" in line for line in told)


@pytest.mark.parametrize("binding", ["", 'resident = "r-1"\nroom = "201"\n', 'room = "201"\nstaff = "s-1"\n'])
def test_a_binding_names_one_resident_room_or_member_of_staff(tmp_path: Path, binding: str) -> None:
    (told,) = problems(write(tmp_path, site=SITE.replace('resident = "r-1"\n', binding), devices=DEVICES))
    assert told.startswith("site.toml:7: binding.0: ")
    assert "one of resident, room and staff" in told


def test_a_stray_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    shutil.copyfile(shipped_config() / "rules.toml", tmp_path / "rule.toml")
    (told,) = problems(tmp_path)
    assert told.startswith("rule.toml:1: is none of our files")
    (told,) = problems(tmp_path / "nowhere")
    assert "is not a folder" in told


BED = '[[serial]]\nid = "button-1"\nport = "/dev/ttyS0"\nprotocol = "r60abd1"\n'
LAMPS = '[[tower_light]]\nname = "hall"\nport = "{hall}"\n[[relay]]\nname = "floor"\nport = "{floor}"\n'
BASE = '[[pager]]\nname = "dect"\nport = "{dect}"\n'


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ({}, []),
        ({"dect": "/dev/ttyS0"}, ["annunciators.toml:9: pager.0.port: /dev/ttyS0 is that of devices.toml already"]),
        ({"floor": "/dev/ttyS1"}, ["annunciators.toml:6: relay.0.port: /dev/ttyS1 is that of hall already"]),
        ({"floor": "{link}"}, ["annunciators.toml:6: relay.0.port: {link} is that of devices.toml already"]),
    ],
)
def test_a_port_of_sensors_and_lamps_has_one_owner(tmp_path: Path, ports: dict[str, str], told: list[str]) -> None:
    link = tmp_path / "by-id"
    link.symlink_to("/dev/ttyS0")
    named = {"hall": "/dev/ttyS1", "floor": "/dev/ttyS2", "dect": "/dev/ttyS3"}
    named |= {name: port.format(link=link) for name, port in ports.items()}
    write(tmp_path, site=SITE, devices=BED, annunciators=(LAMPS + BASE).format(**named))
    if not told:
        assert load(tmp_path).annunciators.names == ("hall", "floor", "dect")
        return
    assert [line.partition(";")[0] for line in problems(tmp_path)] == [one.format(link=link) for one in told]


def test_a_limit_outside_its_guardrails_is_refused_or_told(tmp_path: Path) -> None:
    (refused,) = problems(write(tmp_path, rules="[fall]\n# why\nlie_s = 60\nask_at = 0.9\n"))
    assert refused.startswith("rules.toml:4: fall.ask_at: fall.ask_at = 0.9 must not be above fall.raise_at")
    warnings = [str(one) for one in load(write(tmp_path, rules="[hazards]\nscald_high = 53\n")).warnings]
    assert [one.split(";")[0] for one in warnings] == [
        "rules.toml:2: hazards.scald_high: hazards.scald_high = 53 is unusual: 46 to 52 is recommended"
    ]


def test_a_room_that_no_site_facts_know_is_a_warning(tmp_path: Path) -> None:
    speaker = '[[loudspeaker]]\nname = "bed"\nalarms = false\nrooms = ["201", "{}"]\n'
    relay = '[[relay]]\nname = "floor"\nport = "/dev/ttyS9"\nrooms = {{ "201" = 0, "{}" = 1 }}\n'
    place = '[[place]]\nid = "wc"\nkind = "toilet"\nroom = "201"\n'
    write(tmp_path, site=place + SITE, devices=DEVICES, annunciators=speaker.format("wc") + relay.format("wc"))
    assert load(tmp_path).warnings == ()
    write(tmp_path, annunciators=speaker.format("210") + relay.format("211"))
    assert [str(one).partition(":")[2] for one in load(tmp_path).warnings] == [
        f"{line}: {kind}.0.rooms: site.toml knows no place {room!r}: nobody would ever be asked or looked for there; "
        "correct either"
        for line, kind, room in ((4, "loudspeaker", "210"), (8, "relay", "211"))
    ]
