"""Each fault of Bluetooth is told with its cause and its cure."""

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError, BleakError
from dbus_fast.errors import AuthError

from drivers.ble.faults import BLUETOOTH_ERRORS, explain


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", [""]), "systemctl enable --now bluetooth"),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", [""]), "group bluetooth"),
        (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), "bluetoothctl power on"),
        (BleakDBusError("org.bluez.Error.InProgress", [""]), "end other programs"),
        (BleakDBusError("org.bluez.Error.Failed", ["strange"]), "journalctl -u bluetooth"),
        (BleakBluetoothNotAvailableError("No", BleakBluetoothNotAvailableReason.NO_BLUETOOTH), "bluetoothctl list"),
        (BleakError("adapter 'hci0' not found"), "plug it in"),
        (BleakError("odd"), "odd"),
        (TimeoutError(), "systemctl restart bluetooth"),
        (FileNotFoundError(2, "no such file"), "systemctl start dbus"),
        (EOFError(), "systemctl start dbus"),
        (AuthError("refused"), "systemctl start dbus"),
    ],
)
def test_cause_and_cure(error: Exception, told: str) -> None:
    assert isinstance(error, BLUETOOTH_ERRORS)
    text = str(explain(error, "hci0"))
    assert text.startswith("hci0: ")
    assert told in text
