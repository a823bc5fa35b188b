"""What panel and API may ask of the core; the core fulfils it, tests give their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from agent.alarms.alarm import AlarmEvent, Command
from agent.alarms.snapshot import Snapshot
from agent.alarms.standing import ShelveOrder
from agent.detection.acts import Act
from agent.figures.kpi import Figures
from agent.panel.camera_port import CameraDesk
from agent.panel.shadow_port import ShadowDesk
from agent.panel.site_port import SiteDesk
from agent.store.entry import Lane


class HistoryUnavailableError(Exception):
    """The store cannot be read now; what is open is shown all the same."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of a lane: CloudEvents in order of `sequence`, and the sequence to ask after next."""

    events: tuple[dict[str, Any], ...]
    last: int  # sequence of the last event given, or the one asked after when there is none


class Home(Protocol):
    """The running core, as far as the panel is concerned. Only what is `async` waits for the disk."""

    @property
    def desk(self) -> SiteDesk:
        """The site facts, to read and edit."""

    @property
    def camera_desk(self) -> CameraDesk:
        """The cameras, beside what a snapshot shows of them."""

    @property
    def shadow(self) -> ShadowDesk:
        """What cameras would have raised."""

    def snapshot(self) -> Snapshot:
        """Everything open and alive now, from memory."""

    async def changed_since(self, version: int) -> Snapshot:
        """The first snapshot newer than `version`; waits for it."""

    def command(self, command: Command) -> AlarmEvent | None:
        """Carry out what a person asks; None when it was so already. Raises `CommandError`."""

    def act(self, name: str, asked: Mapping[str, Any], actor: str) -> Act:
        """Take note of what a person did, about the resident, place or device of `asked`. Raises `CommandError`."""

    def test_sound(self) -> None:
        """Test every buzzer, lamp, loudspeaker and pager, as soon as no urgent alarm sounds. Raises `CommandError`."""

    def pause(self, seconds: float, actor: str) -> None:
        """Pause the sound of what is open. Raises `CommandError`."""

    def resume(self, actor: str) -> None:
        """End the pause."""

    def shelve(self, order: ShelveOrder) -> None:
        """Put alarms of one kind about one subject aside for a while. Raises `CommandError`."""

    def unshelve(self, shelf: str, actor: str) -> None:
        """Take them off the shelf. Raises `CommandError`."""

    async def history(self, limit: int, before: int | None = None) -> list[dict[str, Any]]:
        """Newest rows of the alarm log (of sequence below `before`); raises `HistoryUnavailableError`."""

    async def stats(self, days: int) -> Figures:
        """The figures of the last `days`; raises `HistoryUnavailableError`."""

    async def bundle(self, alarm: str, by: str) -> list[str]:
        """The lines of an incident bundle, made by `by`; raises `UnknownAlarmError` and `KeyFileError` of the store.

        Raises `HistoryUnavailableError`.
        """

    async def events(self, lane: Lane, after: int, limit: int) -> EventPage:
        """The pull feed; raises `HistoryUnavailableError`."""
