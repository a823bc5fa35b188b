"""A small BlueZ on dbus-fast, so that bleak's real BlueZ backend can be driven without a radio.

Adapters that scan and can be switched off, advertisements, connections, GATT services that notify; and what goes wrong
with them: refused and aborted connections, lost links, a bluetoothd that dies. As with the real one, an adapter that is
switched off forgets its scans without telling anybody.

Whoever sends (advertise, notify) gets the time, CLOCK_MONOTONIC, just before the bytes went to the bus; None if nobody
could hear. It runs in any asyncio loop, also in a process of its own: only the bus connects it with those who listen.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from dbus_fast import Message, Variant

from tests.simulator.object_tree import CallError, ObjectTree, Props

ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"


@dataclass
class GattValue:
    """A characteristic: 128-bit UUID, its flags (read, notify, indicate), the value that a read gives."""

    uuid: str
    flags: tuple[str, ...] = ("notify",)
    value: bytes = b""


@dataclass
class Peripheral:
    """What is out there at one address: its services {UUID: characteristics}, whether it can be reached at all.

    `connect_s`: how long it takes to connect. `aborts`: how many connections in a row break off with
    le-connection-abort-by-local before one succeeds.
    `notifying` holds the UUIDs subscribed to; `connections` counts those made so far.
    """

    address: str
    services: dict[str, tuple[GattValue, ...]] = field(default_factory=dict)
    in_range: bool = True
    connect_s: float = 0.0
    aborts: int = 0
    connections: int = 0
    notifying: set[str] = field(default_factory=set)


class Bluez:
    """bluetoothd, on the bus at `address`."""

    def __init__(self, address: str) -> None:
        self.peripherals: dict[str, Peripheral] = {}
        self.connecting = 0  # connections being made just now
        self.most_connecting = 0
        self._scans: dict[str, set[str]] = {}  # adapter path: unique names of those who scan
        self._attempts: set[asyncio.Task[None]] = set()
        self._tree = ObjectTree(address, "org.bluez")
        self._tree.on_client_gone = self._client_gone
        self._tree.answers |= {
            (ADAPTER, "SetDiscoveryFilter"): Message.new_method_return,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect_call,
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): Message.new_method_return,
        }

    async def start(self, adapter: str = "hci0") -> None:
        """Take the name org.bluez on the bus, with one adapter, switched on."""
        self.add_adapter(adapter)
        await self._tree.start()

    async def stop(self) -> None:
        """bluetoothd ends: its name, objects, scans and connections are gone. It can be started again."""
        for attempt in self._attempts:
            attempt.cancel()
        await asyncio.gather(*self._attempts, return_exceptions=True)
        self._scans.clear()
        for peripheral in self.peripherals.values():
            peripheral.notifying.clear()
        await self._tree.stop()

    def hang(self, hangs: bool) -> None:
        """Whether bluetoothd answers no call any more."""
        self._tree.hangs = hangs

    # -- adapters

    def add_adapter(self, name: str = "hci0") -> None:
        """An adapter is plugged in, switched on."""
        self._scans[_adapter_path(name)] = set()
        self._tree.add(
            _adapter_path(name),
            ADAPTER,
            {
                "Address": Variant("s", "00:1A:7D:00:00:01"),
                "AddressType": Variant("s", "public"),
                "Name": Variant("s", name),
                "Alias": Variant("s", name),
                "Powered": Variant("b", True),
                "Discovering": Variant("b", False),
                "UUIDs": Variant("as", []),
                "Roles": Variant("as", ["central"]),
            },
        )

    def remove_adapter(self, name: str = "hci0") -> None:
        """The adapter is pulled out."""
        path = _adapter_path(name)
        self._scans.pop(path)
        self._drop_all(path)
        self._tree.remove_below(path)
        self._tree.remove(path)

    def power(self, on: bool, name: str = "hci0") -> None:
        """Switch the adapter; when off its links are lost, its scans end without a word."""
        path = _adapter_path(name)
        if not on:
            self._scans[path].clear()
            self._drop_all(path)
        self._tree.change(path, ADAPTER, {"Powered": Variant("b", on), "Discovering": Variant("b", False)})

    def deafen(self, name: str = "hci0") -> None:
        """Scans end without a word, as after a firmware crash of the adapter."""
        self._scans[_adapter_path(name)].clear()

    @property
    def scanning(self) -> bool:
        """Whether anybody scans."""
        return any(self._scans.values())

    # -- over the air

    def advertise(
        self,
        address: str,
        service_data: Mapping[str, bytes] | None = None,
        name: str = "",
        uuids: tuple[str, ...] = (),
        rssi_dbm: int = -60,
    ) -> float | None:
        """Send one advertisement; a device's properties that it does not carry stay as they were."""
        props: Props = {"RSSI": Variant("n", rssi_dbm)}
        if service_data is not None:
            props["ServiceData"] = Variant("a{sv}", {key: Variant("ay", value) for key, value in service_data.items()})
        if name:
            props |= {"Name": Variant("s", name), "Alias": Variant("s", name)}
        if uuids:
            props["UUIDs"] = Variant("as", list(uuids))
        hearers = [adapter for adapter, scans in self._scans.items() if scans]
        at = time.monotonic() if hearers and self._tree.on_bus else None
        for adapter in hearers:
            path = _device_path(adapter, address)
            if path in self._tree.objects:
                self._tree.change(path, DEVICE, props)
            else:
                self._tree.add(path, DEVICE, _unconnected(address, adapter) | props)
        return at

    def notify(self, address: str, uuid: str, data: bytes) -> float | None:
        """Send a notification of one characteristic."""
        if uuid not in self.peripherals[address].notifying:
            return None
        path = next(
            path
            for path, interfaces in self._tree.objects.items()
            if f"/dev_{address.replace(':', '_')}/" in path
            and CHARACTERISTIC in interfaces
            and interfaces[CHARACTERISTIC]["UUID"].value == uuid
        )
        at = time.monotonic()
        self._tree.change(path, CHARACTERISTIC, {"Value": Variant("ay", data)})
        return at

    def connected(self, address: str) -> bool:
        """Whether somebody is connected to the device."""
        return bool(self._connections(address))

    def force_connection(self, address: str) -> None:
        """Be connected to a device that has advertised, as if by a program that died without hanging up."""
        for path in (_device_path(adapter, address) for adapter in self._scans):
            self._link_up(path, self.peripherals[address])
            self._resolve(path, self.peripherals[address])

    def drop(self, address: str) -> None:
        """The link to the device is lost."""
        for path in self._connections(address):
            self._disconnect(path)

    def _connections(self, address: str) -> list[str]:
        paths = (_device_path(adapter, address) for adapter in self._scans)
        return [
            one for one in paths if one in self._tree.objects and self._tree.objects[one][DEVICE]["Connected"].value
        ]

    def _drop_all(self, adapter: str) -> None:
        for path, interfaces in list(self._tree.objects.items()):
            if path.startswith(adapter + "/") and DEVICE in interfaces and interfaces[DEVICE]["Connected"].value:
                self._disconnect(path)

    # -- connections

    def _disconnect(self, path: str) -> None:
        self.peripherals[self._tree.objects[path][DEVICE]["Address"].value].notifying.clear()
        self._tree.remove_below(path)
        self._tree.change(path, DEVICE, {"Connected": Variant("b", False), "ServicesResolved": Variant("b", False)})

    def _link_up(self, path: str, peripheral: Peripheral) -> None:
        peripheral.connections += 1
        self._tree.change(path, DEVICE, {"Connected": Variant("b", True)})

    def _resolve(self, path: str, peripheral: Peripheral) -> None:
        handle = 0x0A
        for service, characteristics in peripheral.services.items():
            above = f"{path}/service{handle:04x}"
            props = {"UUID": Variant("s", service), "Device": Variant("o", path), "Primary": Variant("b", True)}
            self._tree.add(above, SERVICE, props)
            for one in characteristics:
                handle += 2
                props = {
                    "UUID": Variant("s", one.uuid),
                    "Service": Variant("o", above),
                    "Value": Variant("ay", one.value),
                    "Flags": Variant("as", list(one.flags)),
                    "MTU": Variant("q", 247),
                }
                self._tree.add(f"{above}/char{handle:04x}", CHARACTERISTIC, props)
            handle += 2
        self._tree.change(path, DEVICE, {"ServicesResolved": Variant("b", True)})

    # -- calls

    def _client_gone(self, name: str) -> None:
        for scans in self._scans.values():
            scans.discard(name)

    def _start_discovery(self, message: Message) -> Message:
        path, sender = message.path or "", message.sender or ""
        if not self._tree.objects[path][ADAPTER]["Powered"].value:
            raise CallError("org.bluez.Error.NotReady", "Resource Not Ready")
        if sender in self._scans[path]:
            raise CallError("org.bluez.Error.InProgress", "Operation already in progress")
        self._scans[path].add(sender)
        self._tree.change(path, ADAPTER, {"Discovering": Variant("b", True)})
        return Message.new_method_return(message)

    def _stop_discovery(self, message: Message) -> Message:
        path, sender = message.path or "", message.sender or ""
        if not self._tree.objects[path][ADAPTER]["Powered"].value:
            raise CallError("org.bluez.Error.NotReady", "Resource Not Ready")
        if sender not in self._scans[path]:
            raise CallError("org.bluez.Error.Failed", "No discovery started")
        self._scans[path].remove(sender)
        self._tree.change(path, ADAPTER, {"Discovering": Variant("b", self.scanning)})
        return Message.new_method_return(message)

    def _connect(self, message: Message) -> bool:
        task = asyncio.get_running_loop().create_task(self._connect_later(message), name=message.path)
        self._attempts.add(task)
        task.add_done_callback(self._attempts.discard)
        return True

    async def _connect_later(self, message: Message) -> None:
        path = message.path or ""
        peripheral = self.peripherals.get(self._tree.objects[path][DEVICE]["Address"].value)
        self.connecting += 1
        self.most_connecting = max(self.most_connecting, self.connecting)
        try:
            await asyncio.sleep(peripheral.connect_s if peripheral else 0)
        finally:
            self.connecting -= 1
        if peripheral is None or not peripheral.in_range:
            self._tree.post(Message.new_error(message, "org.bluez.Error.Failed", "Connection timed out"))
            return
        self._link_up(path, peripheral)
        if peripheral.aborts:
            peripheral.aborts -= 1
            self._tree.post(Message.new_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-local"))
            self._tree.change(path, DEVICE, {"Connected": Variant("b", False)})
            return
        self._tree.post(Message.new_method_return(message))
        self._resolve(path, peripheral)

    def _disconnect_call(self, message: Message) -> Message:
        path = message.path or ""
        if self._tree.objects[path][DEVICE]["Connected"].value:
            self._disconnect(path)
        for task in self._attempts:  # as with the real one, it also ends an attempt that is under way
            if task.get_name() == path:
                task.cancel()
        return Message.new_method_return(message)

    def _read_value(self, message: Message) -> Message:
        path = message.path or ""
        return Message.new_method_return(message, "ay", [self._tree.objects[path][CHARACTERISTIC]["Value"].value])

    def _start_notify(self, message: Message) -> Message:
        path = message.path or ""
        uuid = self._tree.objects[path][CHARACTERISTIC]["UUID"].value
        device = path[: path.index("/service")]
        self.peripherals[self._tree.objects[device][DEVICE]["Address"].value].notifying.add(uuid)
        return Message.new_method_return(message)


def _adapter_path(name: str) -> str:
    return f"/org/bluez/{name}"


def _device_path(adapter: str, address: str) -> str:
    return f"{adapter}/dev_{address.replace(':', '_')}"


def _unconnected(address: str, adapter: str) -> Props:
    return {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "public"),
        "Alias": Variant("s", address.replace(":", "-")),
        "Paired": Variant("b", False),
        "Trusted": Variant("b", False),
        "Connected": Variant("b", False),
        "ServicesResolved": Variant("b", False),
        "UUIDs": Variant("as", []),
        "Adapter": Variant("o", adapter),
    }
