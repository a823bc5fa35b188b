"""A D-Bus service of our own with a tree of objects (org.freedesktop.DBus.ObjectManager), on dbus-fast."""

import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Any

from dbus_fast import BusType, Message, MessageType, NameFlag, Variant
from dbus_fast.aio import MessageBus

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"

Props = dict[str, Variant]
Answer = Callable[[Message], Message | bool]  # True: the answer comes later

SEND_BUFFER = 8 << 20  # dbus-fast 5.2 takes a full socket for a dead one: room for any burst
_SO_SNDBUFFORCE = 32


class CallError(Exception):
    """An error reply: its D-Bus name and text."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(name, text)
        self.name = name
        self.text = text


class ObjectTree:
    """Objects with interfaces and properties, under one well-known name on the bus at `address`.

    `answers` has the calls understood: {(interface, member): what answers it}. Every change is signalled. With `hangs`
    set no call is answered any more.
    """

    def __init__(self, address: str, name: str) -> None:
        self.objects: dict[str, dict[str, Props]] = {}
        self.answers: dict[tuple[str, str], Answer] = {(OBJECT_MANAGER, "GetManagedObjects"): self._managed_objects}
        self.hangs = False
        self.on_client_gone: Callable[[str], None] = lambda _: None
        self._address = address
        self._name = name
        self._bus: MessageBus | None = None

    @property
    def on_bus(self) -> bool:
        """Whether it can be heard."""
        return self._bus is not None and self._bus.connected

    async def start(self) -> None:
        """Connect and take the name."""
        bus = MessageBus(bus_address=self._address, bus_type=BusType.SYSTEM)
        bus.add_message_handler(self._handle)
        await bus.connect()
        with contextlib.suppress(PermissionError):
            assert bus._sock is not None
            bus._sock.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SEND_BUFFER)
        self._bus = bus
        await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged'"],
            )
        )
        await bus.request_name(self._name, NameFlag.DO_NOT_QUEUE)

    async def stop(self) -> None:
        """Leave the bus, with all objects. It can be started again."""
        self.objects.clear()
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.disconnect()
            with contextlib.suppress(Exception):  # the bus may have died before us
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def add(self, path: str, interface: str, props: Props) -> None:
        """A new object."""
        self.objects[path] = {interface: props}
        self._signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, {interface: props}])

    def remove(self, path: str) -> None:
        """An object is gone."""
        self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", [path, list(self.objects.pop(path))])

    def remove_below(self, path: str) -> None:
        """All objects under `path` are gone, the innermost first."""
        for gone in sorted((one for one in self.objects if one.startswith(path + "/")), reverse=True):
            self.remove(gone)

    def change(self, path: str, interface: str, props: Mapping[str, Variant]) -> None:
        """Properties have new values."""
        self.objects[path][interface].update(props)
        self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, dict(props), []])

    def post(self, message: Message) -> None:
        """Send, unless the bus has died."""
        if self._bus is not None and self._bus.connected:
            self._bus.send(message).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self.post(Message.new_signal(path, interface, member, signature, body))

    def _managed_objects(self, message: Message) -> Message:
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [self.objects])

    def _handle(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            name, _, owner = message.body
            if not owner:
                self.on_client_gone(name)
            return None
        answer = self.answers.get((message.interface or "", message.member or ""))
        if message.message_type is not MessageType.METHOD_CALL or answer is None:
            return None
        if self.hangs:
            return True
        try:
            return answer(message)
        except CallError as error:
            return Message.new_error(message, error.name, error.text)
        except KeyError:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownObject", f"no {message.path}")
