"""A small BlueZ on dbus-fast, so that bleak's real BlueZ backend can be driven without a radio.

Adapters that scan and can be switched off, advertisements, connections, GATT services that notify; and what goes wrong
with them: refused and aborted connections, lost links, a bluetoothd that dies. As with the real one, an adapter that is
switched off forgets its scans without telling anybody.

Whoever sends (advertise, notify) gets the time, CLOCK_MONOTONIC, just before the bytes went to the bus; None if nobody
could hear. It runs in any asyncio loop, also in a process of its own: only the bus connects it with those who listen.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import BusType, Message, MessageType, NameFlag, Variant
from dbus_fast.aio import MessageBus

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"

Props = dict[str, Variant]

SEND_BUFFER = 8 << 20  # dbus-fast 5.2 takes a full socket for a dead one: room for any burst
_SO_SNDBUFFORCE = 32


class BluezError(Exception):
    """An error reply: `name` without its org.bluez.Error prefix, and its text."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(name, text)
        self.name = name if "." in name else f"org.bluez.Error.{name}"
        self.text = text


@dataclass
class GattValue:
    """A characteristic: 128-bit UUID, its flags (read, notify, indicate), the value that a read gives."""

    uuid: str
    flags: tuple[str, ...] = ("notify",)
    value: bytes = b""


@dataclass
class Peripheral:
    """What is out there at one address: its services {UUID: characteristics}, whether it can be reached at all.

    `aborts`: how many connections in a row break off with le-connection-abort-by-local before one succeeds.
    `notifying` holds the UUIDs subscribed to; `connections` counts those made so far.
    """

    address: str
    services: dict[str, tuple[GattValue, ...]] = field(default_factory=dict)
    in_range: bool = True
    aborts: int = 0
    connections: int = 0
    notifying: set[str] = field(default_factory=set)


class Bluez:
    """bluetoothd, on the bus at `address`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._bus: MessageBus | None = None
        self._objects: dict[str, dict[str, Props]] = {}
        self._scans: dict[str, set[str]] = {}  # adapter path: unique names of those who scan
        self._tasks: set[asyncio.Task[None]] = set()
        self.peripherals: dict[str, Peripheral] = {}
        self.calls: list[str] = []  # members called, in order
        self.hangs = False  # answers no call any more

    async def start(self, adapter: str = "hci0") -> None:
        """Take the name org.bluez on the bus, with one adapter, switched on."""
        bus = MessageBus(bus_address=self._address, bus_type=BusType.SYSTEM)
        bus.add_message_handler(self._handle)
        await bus.connect()
        with contextlib.suppress(PermissionError):
            assert bus._sock is not None
            bus._sock.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SEND_BUFFER)
        self._bus = bus
        match = "type='signal',member='NameOwnerChanged'"
        await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=[match],
            )
        )
        self.add_adapter(adapter)
        await bus.request_name("org.bluez", NameFlag.DO_NOT_QUEUE)

    async def stop(self) -> None:
        """bluetoothd ends: its name, objects, scans and connections are gone. It can be started again."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        bus, self._bus = self._bus, None
        self._objects.clear()
        self._scans.clear()
        for peripheral in self.peripherals.values():
            peripheral.notifying.clear()
        if bus is not None:
            bus.disconnect()
            with contextlib.suppress(Exception):  # the bus may have died before us
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    # -- adapters

    def add_adapter(self, name: str = "hci0") -> None:
        """An adapter is plugged in, switched on."""
        self._scans[_adapter_path(name)] = set()
        self._add(
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
        for gone in sorted((one for one in self._objects if one == path or one.startswith(path + "/")), reverse=True):
            self._remove(gone)

    def power(self, on: bool, name: str = "hci0") -> None:
        """Switch the adapter; when off its links are lost, its scans end without a word."""
        path = _adapter_path(name)
        if not on:
            self._scans[path].clear()
            self._drop_all(path)
        self._change(path, ADAPTER, {"Powered": Variant("b", on), "Discovering": Variant("b", False)})

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
        at = time.monotonic() if hearers and self._bus else None
        for adapter in hearers:
            path = _device_path(adapter, address)
            if path in self._objects:
                self._change(path, DEVICE, props)
            else:
                self._add(path, DEVICE, _unconnected(address, adapter) | props)
        return at

    def notify(self, address: str, uuid: str, data: bytes) -> float | None:
        """Send a notification of one characteristic."""
        if uuid not in self.peripherals[address].notifying:
            return None
        path = next(
            path
            for path, interfaces in self._objects.items()
            if f"/dev_{address.replace(':', '_')}/" in path
            and CHARACTERISTIC in interfaces
            and interfaces[CHARACTERISTIC]["UUID"].value == uuid
        )
        at = time.monotonic()
        self._change(path, CHARACTERISTIC, {"Value": Variant("ay", data)})
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
        return [one for one in paths if one in self._objects and self._objects[one][DEVICE]["Connected"].value]

    def _drop_all(self, adapter: str) -> None:
        for path, interfaces in list(self._objects.items()):
            if path.startswith(adapter + "/") and DEVICE in interfaces and interfaces[DEVICE]["Connected"].value:
                self._disconnect(path)

    # -- the object tree

    def _send(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self._post(Message.new_signal(path, interface, member, signature, body))

    def _post(self, message: Message) -> None:
        if self._bus is not None and self._bus.connected:
            # The bus may die under it; that is part of the play.
            self._bus.send(message).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    def _add(self, path: str, interface: str, props: Props) -> None:
        self._objects[path] = {interface: props}
        self._send("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, {interface: props}])

    def _remove(self, path: str) -> None:
        self._send("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", [path, list(self._objects.pop(path))])

    def _change(self, path: str, interface: str, props: Props) -> None:
        self._objects[path][interface].update(props)
        self._send(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, props, []])

    def _disconnect(self, path: str) -> None:
        self.peripherals[self._objects[path][DEVICE]["Address"].value].notifying.clear()
        for gone in sorted((one for one in self._objects if one.startswith(path + "/")), reverse=True):
            self._remove(gone)
        self._change(path, DEVICE, {"Connected": Variant("b", False), "ServicesResolved": Variant("b", False)})

    def _link_up(self, path: str, peripheral: Peripheral) -> None:
        peripheral.connections += 1
        self._change(path, DEVICE, {"Connected": Variant("b", True)})

    def _resolve(self, path: str, peripheral: Peripheral) -> None:
        handle = 0x0A
        for service, characteristics in peripheral.services.items():
            above = f"{path}/service{handle:04x}"
            props = {"UUID": Variant("s", service), "Device": Variant("o", path), "Primary": Variant("b", True)}
            self._add(above, SERVICE, props)
            for one in characteristics:
                handle += 2
                props = {
                    "UUID": Variant("s", one.uuid),
                    "Service": Variant("o", above),
                    "Value": Variant("ay", one.value),
                    "Flags": Variant("as", list(one.flags)),
                    "MTU": Variant("q", 247),
                }
                self._add(f"{above}/char{handle:04x}", CHARACTERISTIC, props)
            handle += 2
        self._change(path, DEVICE, {"ServicesResolved": Variant("b", True)})

    # -- calls

    def _handle(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                for scans in self._scans.values():
                    scans.discard(name)
            return None
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        answer = _CALLS.get((message.interface, message.member))
        if answer is None:
            return None
        self.calls.append(message.member or "")
        if self.hangs:
            return True
        try:
            return answer(self, message)
        except BluezError as error:
            return Message.new_error(message, error.name, error.text)
        except KeyError:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownObject", f"no {message.path}")

    def _managed_objects(self, message: Message) -> Message:
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])

    def _start_discovery(self, message: Message) -> Message:
        path, sender = message.path or "", message.sender or ""
        if not self._objects[path][ADAPTER]["Powered"].value:
            raise BluezError("NotReady", "Resource Not Ready")
        if sender in self._scans[path]:
            raise BluezError("InProgress", "Operation already in progress")
        self._scans[path].add(sender)
        self._change(path, ADAPTER, {"Discovering": Variant("b", True)})
        return Message.new_method_return(message)

    def _stop_discovery(self, message: Message) -> Message:
        path, sender = message.path or "", message.sender or ""
        if not self._objects[path][ADAPTER]["Powered"].value:
            raise BluezError("NotReady", "Resource Not Ready")
        if sender not in self._scans[path]:
            raise BluezError("Failed", "No discovery started")
        self._scans[path].remove(sender)
        self._change(path, ADAPTER, {"Discovering": Variant("b", self.scanning)})
        return Message.new_method_return(message)

    def _connect(self, message: Message) -> bool:
        task = asyncio.get_running_loop().create_task(self._connect_later(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _connect_later(self, message: Message) -> None:
        path = message.path or ""
        peripheral = self.peripherals.get(self._objects[path][DEVICE]["Address"].value)
        if peripheral is None or not peripheral.in_range:
            self._post(Message.new_error(message, "org.bluez.Error.Failed", "Connection timed out"))
            return
        self._link_up(path, peripheral)
        if peripheral.aborts:
            peripheral.aborts -= 1
            self._post(Message.new_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-local"))
            self._change(path, DEVICE, {"Connected": Variant("b", False)})
            return
        self._post(Message.new_method_return(message))
        self._resolve(path, peripheral)

    def _disconnect_call(self, message: Message) -> Message:
        path = message.path or ""
        if self._objects[path][DEVICE]["Connected"].value:
            self._disconnect(path)
        return Message.new_method_return(message)

    def _read_value(self, message: Message) -> Message:
        path = message.path or ""
        return Message.new_method_return(message, "ay", [self._objects[path][CHARACTERISTIC]["Value"].value])

    def _start_notify(self, message: Message) -> Message:
        path = message.path or ""
        uuid = self._objects[path][CHARACTERISTIC]["UUID"].value
        device = path[: path.index("/service")]
        self.peripherals[self._objects[device][DEVICE]["Address"].value].notifying.add(uuid)
        return Message.new_method_return(message)

    def _nothing(self, message: Message) -> Message:
        return Message.new_method_return(message)


_CALLS: dict[tuple[str | None, str | None], Callable[[Bluez, Message], Message | bool]] = {
    (OBJECT_MANAGER, "GetManagedObjects"): Bluez._managed_objects,
    (ADAPTER, "SetDiscoveryFilter"): Bluez._nothing,
    (ADAPTER, "StartDiscovery"): Bluez._start_discovery,
    (ADAPTER, "StopDiscovery"): Bluez._stop_discovery,
    (DEVICE, "Connect"): Bluez._connect,
    (DEVICE, "Disconnect"): Bluez._disconnect_call,
    (CHARACTERISTIC, "ReadValue"): Bluez._read_value,
    (CHARACTERISTIC, "StartNotify"): Bluez._start_notify,
    (CHARACTERISTIC, "StopNotify"): Bluez._nothing,
}


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
