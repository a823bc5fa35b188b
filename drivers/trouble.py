"""What is wrong with the way to a device: a code with its values, so that each reader gets it in his own language."""

from dataclasses import dataclass
from types import MappingProxyType

Value = str | float | int

# Code -> English, with what a person can do about it. Logs say it; the other language stands where staff are spoken to.
TROUBLES: MappingProxyType[str, str] = MappingProxyType(
    {
        # serial ports
        "port_gone": "{link}: no such port; plug the device in, or set `port` to its name under /dev/serial/by-id",
        "port_rights": (
            "{link}: no rights to open it; add the agent's user to the group dialout: usermod -aG dialout USER"
        ),
        "port_busy": ("{link}: another program has it open; end that program, or give each device a port of its own"),
        "port_no_tty": "{link}: it is not a serial port; set `port` to its name under /dev/serial/by-id",
        "port_unplugged": "{link}: unplugged; plug it in again",
        "port_not_opened": "{link}: cannot be opened; unplug the adapter and plug it in again",
        "port_error": "{link}: {why}; unplug the device and plug it in again",
        "no_frame": "no valid frame for {for_s:g} s",
        # Modbus
        "no_answer": ("unit {unit} does not answer (asked {times} times, {each_s:g} s each): check power, A/B, unit"),
        # Modbus application protocol 7; 5 and 6 pass by themselves and are told only if they last
        "refused_1": "unit {unit} refuses: illegal function: the profile does not fit this device (exception 1)",
        "refused_2": "unit {unit} refuses: illegal data address: the profile does not fit this device (exception 2)",
        "refused_3": "unit {unit} refuses: illegal data value: the profile does not fit this device (exception 3)",
        "refused_4": "unit {unit} refuses: device failure: switch it off and on, else replace it (exception 4)",
        "refused_5": "unit {unit} refuses: acknowledged, but not done yet (exception 5)",
        "refused_6": "unit {unit} refuses: busy (exception 6)",
        "refused_8": "unit {unit} refuses: memory parity error: replace the device (exception 8)",
        "refused_10": "unit {unit} refuses: gateway path unavailable (exception 10)",
        "refused_11": "unit {unit} refuses: the device behind the gateway does not respond (exception 11)",
        "refused": "unit {unit} refuses: unknown exception (exception {exception})",
        # Bluetooth
        "ble_no_daemon": "{link}: bluetoothd does not run; start it: systemctl enable --now bluetooth",
        "ble_hangs": "{link}: bluetoothd hangs; restart it: systemctl restart bluetooth",
        "ble_rights": "{link}: no right to use Bluetooth; add the agent's user to the group bluetooth",
        "ble_off": (
            "{link}: the adapter is off; switch it on: bluetoothctl power on; if that fails: rfkill unblock bluetooth"
        ),
        "ble_busy": (
            "{link}: the adapter is busy with another scan; end other programs that scan, or restart bluetoothd"
        ),
        "ble_unusable": "{link}: Bluetooth cannot be used ({why}); see bluetoothctl list",
        "ble_no_adapter": (
            "{link}: there is no such Bluetooth adapter; plug it in, or correct `adapter` in devices.toml"
        ),
        "ble_no_bus": "{link}: the system's D-Bus cannot be reached; start it: systemctl start dbus",
        "ble_error": "{link}: {why}; see journalctl -u bluetooth",
        "ble_deaf": (
            "{link}: no Bluetooth device at all heard in {scans} scans of {each_s:g} s; check the antenna, "
            "or switch the adapter off and on: bluetoothctl power off, bluetoothctl power on"
        ),
        "not_connected": "cannot be connected: {why}",
        "unforeseen": "its connection failed in an unforeseen way; see the log",
        "wrong_product": "is not a {title}: it lacks the service; correct `product` in devices.toml",
        "sends_nothing": "is connected but has sent nothing for {for_s:g} s",
        "connection_lost": "connection lost: out of range, switched off, or battery empty",
        "wrong_key": "its frames do not open with its key; enter the key from the maker's app in devices.toml",
        "no_key": "its frames are encrypted and it has no key; enter the key from the maker's app in devices.toml",
        # cameras
        "stream_opening": "its stream is being opened",
        "stream_lost": "its stream is lost; check its power and network",
        "stream_fault": "its stream cannot be used; look at its address, name and password in cameras.toml",
        "stream_ended": "its stream has ended",
        "stream_failed": "it has failed too often; it is tried again later, see the log",
        "stream_unseen": "the vision process does not speak of it",
        "stream_still": "no frames",
        "stream_off": "it is not looked through yet",
        "no_consent": "its consent has ended or has not begun; see [camera.consent] in cameras.toml",
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble; `code` is a key of `TROUBLES`, `values` fill its words."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """In English, for logs."""
        return TROUBLES[self.code].format(**dict(self.values))


def trouble(code: str, **values: Value) -> Trouble:
    """A trouble with its values."""
    return Trouble(code, tuple(values.items()))
