"""The settings folder of the reference load: the shipped rules and ladders as they are, and its devices."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from agent.settings.load import shipped_config
from tests.simulator.load import (
    CONTACTS,
    RADARS,
    RESIDENTS,
    SENSORS,
    button_address,
    button_id,
    resident_id,
    sensor_address,
)

SHIPPED = ("rules.toml", "alarms.toml")
_CAMERA_ROOM = "hall"


@dataclass(frozen=True, slots=True)
class Outside:
    """What the load does not bring itself: cameras, the platform, where line changes go, the panel's port."""

    camera_urls: tuple[str, ...]
    upstream_url: str
    token_file: Path
    ca_file: Path
    lines: Path
    panel_port: int


def write(folder: Path, load_folder: Path, outside: Outside) -> None:
    """Write every file of the settings; the load's ttys are in `load_folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(shipped_config() / name, folder / name)
    upstream = f'url = "{outside.upstream_url}"\ntoken_file = "{outside.token_file}"\nca_file = "{outside.ca_file}"\n'
    for name, text in {
        "nightlamp.toml": 'id = "load"\n[folders]\nstate = "state"\nrun = "run"\n[log]\nform = "json"\n',
        "site.toml": _site(len(outside.camera_urls)),
        "devices.toml": _devices(load_folder),
        "cameras.toml": "".join(
            f'[[camera]]\nid = "camera-{number}"\nsource = "{url}"\nrole = "hall"\n'
            for number, url in enumerate(outside.camera_urls)
        ),
        "annunciators.toml": f'[[simulated]]\nname = "load"\nfile = "{outside.lines}"\n',
        "panel.toml": f"port = {outside.panel_port}\n",
        "upstream.toml": upstream if outside.upstream_url else "",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def _room(number: int) -> str:
    return str(101 + number // 2 % 10 + 100 * (number // 20))  # two a room, ten rooms a floor


def _site(cameras: int) -> str:
    residents = "".join(
        f'[[resident]]\nid = "{resident_id(number)}"\nname = "Resident {number}"\nroom = "{_room(number)}"\n'
        for number in range(RESIDENTS)
    )
    bindings = [
        *((button_id(number), "button", "resident", resident_id(number)) for number in range(RESIDENTS)),
        *((f"sensor-{number}", "environment", "room", _room(2 * number)) for number in range(SENSORS)),
        *((f"bed-{number}", "bed", "resident", resident_id(number)) for number in range(RADARS)),
        *((f"smoke-{number}", "life_safety", "room", _room(2 * number)) for number in range(CONTACTS)),
        ("climate", "environment", "room", "corridor"),
        *((f"camera-{number}", "camera", "room", f"{_CAMERA_ROOM}-{number}") for number in range(cameras)),
    ]
    return (
        '[facility]\ncode = "LOAD-1"\narea_code = "330800"\n'
        + residents
        + "".join(f'[[binding]]\ndevice = "{d}"\nrole = "{r}"\n{what} = "{whose}"\n' for d, r, what, whose in bindings)
    )


def _devices(folder: Path) -> str:
    advertised = [
        *((button_id(number), button_address(number)) for number in range(RESIDENTS)),
        *((f"sensor-{number}", sensor_address(number)) for number in range(SENSORS)),
    ]
    return (
        '[[ble]]\nadapter = "hci0"\n'
        + "".join(
            f'[[ble.device]]\nid = "{id_}"\naddress = "{address}"\nproduct = "bthome"\n' for id_, address in advertised
        )
        + f'[[modbus]]\nport = "{folder / "rs485"}"\n'
        + "".join(
            f'[[modbus.device]]\nid = "smoke-{number}"\nunit = 1\nprofile = "di8"\nchannel = {number}\n'
            'quantity = "smoke"\n'
            for number in range(CONTACTS)
        )
        + '[[modbus.device]]\nid = "climate"\nunit = 2\nprofile = "xy-md02"\n'
        + "".join(
            f'[[serial]]\nid = "bed-{number}"\nport = "{folder / f"radar-{number}"}"\nprotocol = "r60abd1"\n'
            for number in range(RADARS)
        )
    )
