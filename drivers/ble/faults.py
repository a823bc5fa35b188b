"""What goes wrong between us and BlueZ, in words: the cause, and what a person can do about it."""

from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from dbus_fast.errors import DBusFastError

# Everything that bleak and its D-Bus library let through when the device, adapter, bluetoothd or bus goes away at any
# point; they also assert that a bus is there which has just died.
BLUETOOTH_ERRORS: tuple[type[Exception], ...] = (
    BleakError,
    DBusFastError,
    OSError,
    EOFError,
    TimeoutError,
    AssertionError,
)

_NO_BLUETOOTHD = "bluetoothd does not run; start it: systemctl enable --now bluetooth"
# D-Bus error names (the last part) that tell of one certain fault.
_BY_NAME = {
    "ServiceUnknown": _NO_BLUETOOTHD,
    "NameHasNoOwner": _NO_BLUETOOTHD,
    "NoReply": "bluetoothd hangs; restart it: systemctl restart bluetooth",
    "AccessDenied": "no right to use Bluetooth; add the agent's user to the group bluetooth",
    "NotReady": "the adapter is off; switch it on: bluetoothctl power on; if that fails: rfkill unblock bluetooth",
    "InProgress": "the adapter is busy with another scan; end other programs that scan, or restart bluetoothd",
}


def explain(error: BaseException, adapter: str) -> str:
    """One line for staff and installer: what is wrong with the way through `adapter`, and the cure."""
    if isinstance(error, BleakDBusError):
        name = error.dbus_error.rpartition(".")[2]
        return f"{adapter}: {_BY_NAME.get(name) or f'BlueZ says {error}; see journalctl -u bluetooth'}"
    if isinstance(error, BleakBluetoothNotAvailableError):
        return f"{adapter}: Bluetooth cannot be used ({error.args[0]}); see bluetoothctl list"
    if isinstance(error, TimeoutError):
        return f"{adapter}: {_BY_NAME['NoReply']}"
    if isinstance(error, BleakError) and str(error).startswith("adapter "):
        return f"{adapter}: there is no such Bluetooth adapter; plug it in, or correct `adapter` in devices.toml"
    if isinstance(error, OSError | EOFError | AssertionError | DBusFastError):
        return f"{adapter}: the system's D-Bus cannot be reached; start it: systemctl start dbus"
    return f"{adapter}: {error or type(error).__name__}; see journalctl -u bluetooth"
