"""The ward's settings folder: the shipped rules and ladders as they are, and the devices of a plan."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from agent.settings.load import shipped_config
from tests.simulator.ward.plan import CARER, CARER_PAGER, DINING, HALL, Plan

# Shipped files that the ward takes byte for byte: no override for the demo exists.
SHIPPED = ("rules.toml", "alarms.toml")

# By day a bed exit is no alarm: whoever lives here is asleep whenever somebody runs the demo.
WHOLE_DAY = "00:00-00:00"

ADDRESSES = {
    "button": "54:48:E6:8F:80:01",
    "button-hall": "54:48:E6:8F:80:05",
    "oximeter-1": "54:48:E6:8F:80:02",
    "oximeter-2": "54:48:E6:8F:80:03",
    "strap": "54:48:E6:8F:80:04",
    "stranger": "54:48:E6:8F:80:99",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the simulated world is found, and the panel's port."""

    modbus: Path
    radar: Path
    pager: Path
    relays: Path
    hall_url: str
    dining_url: str
    upstream_url: str
    token_file: Path
    ca_file: Path
    lines: Path
    panel_port: int


def write(folder: Path, plan: Plan, places: Places, cameras: bool = True, callers: bool = True) -> None:
    """Write every file of the settings; without `cameras` no vision process, without `callers` no pagers and lamps."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        shutil.copyfile(shipped_config() / name, folder / name)
    for name, text in {
        "nightlamp.toml": f'id = "ward-{plan.seed}"\n[folders]\nstate = "state"\nrun = "run"\n[log]\nform = "json"\n',
        "site.toml": _site(plan, cameras),
        "devices.toml": _devices(places),
        "cameras.toml": _cameras(places) if cameras else "",
        "annunciators.toml": _annunciators(plan, places, callers),
        "panel.toml": f"port = {places.panel_port}\n",
        "upstream.toml": (
            f'url = "{places.upstream_url}"\ntoken_file = "{places.token_file}"\nca_file = "{places.ca_file}"\n'
        ),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def _site(plan: Plan, cameras: bool) -> str:
    residents = "".join(
        f'[[resident]]\nid = "{one.id}"\nname = "{one.name}"\nroom = "{one.room}"\n'
        f'fall_risk = "{"high" if one.high_risk else "normal"}"\n'
        f'night = "{WHOLE_DAY}"\n'
        f"turning_min = {120 if one is plan.fidget else 0}\n"
        for one in plan.people
    )
    bindings = [
        ("button", "button", "resident", plan.presser.id),
        ("button-hall", "button", "room", HALL),
        ("oximeter-1", "wearable", "resident", plan.breathless.id),
        ("oximeter-2", "wearable", "resident", plan.fidget.id),
        ("strap", "wearable", "resident", plan.presser.id),
        ("bed", "bed", "resident", plan.sleeper.id),
        ("smoke-room", "life_safety", "room", plan.smoke_room),
        ("smoke-corridor", "life_safety", "room", "corridor"),
        ("climate", "environment", "room", "corridor"),
    ]
    if cameras:
        bindings += [("camera-hall", "camera", "room", HALL), ("camera-dining", "camera", "room", DINING)]
    return (
        '[facility]\ncode = "DEMO-1"\narea_code = "330800"\n'
        + residents
        + "".join(f'[[binding]]\ndevice = "{d}"\nrole = "{r}"\n{what} = "{whose}"\n' for d, r, what, whose in bindings)
        + f'[[staff]]\nid = "{CARER}"\nname = "陈护理员"\npager = "{CARER_PAGER}"\n'
        + '[[shift]]\nid = "all-day"\nfrom = "00:00"\nto = "00:00"\n'
        + f'[[duty]]\nmember = "{CARER}"\nshift = "all-day"\nrole = "assigned_carer"\n'
    )


def _annunciators(plan: Plan, places: Places, callers: bool) -> str:
    lines = f'[[simulated]]\nname = "ward"\nfile = "{places.lines}"\n'
    if not callers:
        return lines
    lamps = ", ".join(f'"{room}" = {coil}' for coil, room in enumerate(plan.lamps))
    return (
        lines
        + f'[[pager]]\nname = "pagers"\nport = "{places.pager}"\n'
        + f'[[relay]]\nname = "corridor lamps"\nport = "{places.relays}"\nrooms = {{ {lamps} }}\n'
    )


def _devices(places: Places) -> str:
    products = {
        "button": "bthome",
        "button-hall": "bthome",
        "oximeter-1": "pulse_oximeter",
        "oximeter-2": "pulse_oximeter",
        "strap": "heart_rate",
    }
    return (
        '[[ble]]\nadapter = "hci0"\n'
        + "".join(
            f'[[ble.device]]\nid = "{id_}"\naddress = "{ADDRESSES[id_]}"\nproduct = "{product}"\n'
            for id_, product in products.items()
        )
        + f'[[modbus]]\nport = "{places.modbus}"\n'
        '[[modbus.device]]\nid = "smoke-room"\nunit = 1\nprofile = "di8"\nchannel = 0\nquantity = "smoke"\n'
        '[[modbus.device]]\nid = "smoke-corridor"\nunit = 2\nprofile = "di8"\nchannel = 0\nquantity = "smoke"\n'
        '[[modbus.device]]\nid = "climate"\nunit = 3\nprofile = "xy-md02"\n'
        f'[[serial]]\nid = "bed"\nport = "{places.radar}"\nprotocol = "r60abd1"\n'
    )


def _cameras(places: Places) -> str:
    return (
        f'[[camera]]\nid = "camera-hall"\nsource = "{places.hall_url}"\nrole = "hall"\n'
        f'[[camera]]\nid = "camera-dining"\nsource = "{places.dining_url}"\nrole = "dining"\n'
    )
