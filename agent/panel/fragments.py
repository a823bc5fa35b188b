"""The templates, loaded once at start so that a dead disk takes no page away, and the parts of pages made of them."""

from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from agent.alarms.alarm import Alarm, State
from agent.alarms.snapshot import Snapshot
from agent.panel import camera_view, care_view, device_view, shadow_view, view
from agent.panel.language import LANGUAGES
from agent.panel.words import word

_TEMPLATES = Path(__file__).parent / "templates"
CARDS_KEPT = 512

_Maker = Callable[[Snapshot, str], Markup]


@cache
def _templates() -> dict[str, Template]:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return {name: environment.get_template(name) for name in environment.list_templates()}


class Fragments:
    """Renders; each card is made once as long as nothing changes in it, each page part once per snapshot.

    The core's event loop does this between readings, so a page of a hundred devices must not cost ten milliseconds.
    """

    def __init__(self) -> None:
        self._templates = _templates()
        self._card = lru_cache(CARDS_KEPT)(self._render_card)
        self._device = lru_cache(CARDS_KEPT)(self._render_device)
        self._parts: dict[tuple[str, str], tuple[int, Markup]] = {}
        self._makers: dict[str, _Maker] = {
            "alarms": self._alarms,
            "care": self._care,
            "devices": self._devices,
            "system": self._system,
            "cameras": self._cameras,
            "shadow": self._shadow,
        }

    def render(self, template: str, language: str, **values: Any) -> Markup:  # noqa: ANN401 - what templates show
        """`template` with `values`, in `language`."""
        other = next(name for name in LANGUAGES if name != language)
        return Markup(  # noqa: S704 - autoescaped by the template
            self._templates[template].render(
                **values, language=language, other=other, t=partial(word, language=language)
            )
        )

    def live(self, name: str, snapshot: Snapshot, language: str) -> Markup | None:
        """The part `name` of a page that changes with the snapshot; None when that page has none."""
        if name not in self._makers:
            return None
        version, made = self._parts.get((name, language), (-1, Markup()))
        if version != snapshot.version:
            made = self._makers[name](snapshot, language)
            self._parts[(name, language)] = (snapshot.version, made)
        return made

    def _alarms(self, snapshot: Snapshot, language: str) -> Markup:
        names, called = view.names(snapshot), view.called(snapshot, language)

        def card(alarm: Alarm) -> Markup:
            return self._card(alarm, names.get(alarm.subject.id, ""), language, called[alarm.id])

        return self.render(
            "alarms.html",
            language,
            rooms=view.rooms(snapshot, language),
            technical=view.technical(snapshot),
            counts=view.counts(snapshot),
            unseen=sum(alarm.state is State.RAISED for alarm in snapshot.alarms),
            beside=self._beside(snapshot, language),
            tasks=self.render(
                "tasks.html",
                language,
                tasks=care_view.tasks(snapshot, language),
                to_label=shadow_view.waiting(snapshot),
            ),
            ailing=[part for part in device_view.parts(snapshot, language) if part.state != "ok"],
            card=card,
        )

    def _beside(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render(
            "beside.html",
            language,
            paused=snapshot.paused,
            paused_by=view.actor(snapshot.paused.by) if snapshot.paused else "",
            can_pause=care_view.can_pause(snapshot),
            flood=snapshot.flood,
            held=care_view.held(snapshot, language),
            shelves=care_view.shelves(snapshot, language),
        )

    def _care(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render("care.html", language, people=care_view.people(snapshot, language))

    def _render_card(self, alarm: Alarm, name: str, language: str, called: tuple[str, ...]) -> Markup:
        card = view.card(alarm, name, language, called)
        return self.render("card.html", language, card=card, causes=view.CAUSES)

    def _devices(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render(
            "devices.html",
            language,
            devices=device_view.devices(snapshot, language),
            unknown=snapshot.unknown_devices,
            cameras=bool(snapshot.shadows),
            card=partial(self._device, language=language),
        )

    def _render_device(self, device: device_view.Device, language: str) -> Markup:
        return self.render("device.html", language, device=device)

    def _cameras(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render("cameras.html", language, cameras=camera_view.cameras(snapshot, language))

    def _shadow(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render("shadow.html", language, cameras=shadow_view.cameras(snapshot, language))

    def _system(self, snapshot: Snapshot, language: str) -> Markup:
        return self.render("system.html", language, parts=device_view.parts(snapshot, language))
