"""What goes wrong between us and BlueZ, as a trouble: the cause, and what a person can do about it."""

from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError
from dbus_fast.errors import DBusFastError

from drivers.trouble import Trouble, trouble

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

# D-Bus error names (the last part) that tell of one certain fault.
_BY_NAME = {
    "ServiceUnknown": "ble_no_daemon",
    "NameHasNoOwner": "ble_no_daemon",
    "NoReply": "ble_hangs",
    "AccessDenied": "ble_rights",
    "NotReady": "ble_off",
    "InProgress": "ble_busy",
}


def explain(error: BaseException, adapter: str) -> Trouble:
    """For staff and installer: what is wrong with the way through `adapter`, and the cure."""
    if isinstance(error, BleakDBusError):
        code = _BY_NAME.get(error.dbus_error.rpartition(".")[2])
        said = trouble(code, link=adapter) if code else trouble("ble_error", link=adapter, why=f"BlueZ says {error}")
    elif isinstance(error, BleakBluetoothNotAvailableError):
        said = trouble("ble_unusable", link=adapter, why=str(error.args[0]))
    elif isinstance(error, TimeoutError):
        said = trouble("ble_hangs", link=adapter)
    elif isinstance(error, BleakError) and str(error).startswith("adapter "):
        said = trouble("ble_no_adapter", link=adapter)
    elif isinstance(error, OSError | EOFError | AssertionError | DBusFastError):
        said = trouble("ble_no_bus", link=adapter)
    else:
        said = trouble("ble_error", link=adapter, why=str(error) or type(error).__name__)
    return said
