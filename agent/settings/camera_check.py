"""What is wrong with the facts of cameras: one that is not there, a bed that nobody in its room has."""

from collections.abc import Iterator

from agent.camera_facts import CameraFacts
from agent.eyes.settings import CamerasSettings
from agent.settings.contradiction import Contradiction
from agent.settings.site import SiteSettings

Key = tuple[str, int, str]


def written_zones(site: SiteSettings, cameras: CamerasSettings) -> Iterator[Contradiction]:
    """Of cameras.toml, where alone a camera is written: in site.toml nobody would heed it."""
    for number, facts in enumerate(site.camera):
        text = f"a camera is set in cameras.toml; move {facts.id!r} there"
        zh = f"摄像头应写在 cameras.toml 中；请将 {facts.id!r} 移到该文件"
        yield Contradiction("site.toml", ("camera", number), text, zh)
    for number, camera in enumerate(cameras.camera):
        yield from _beds(site, camera.facts, "cameras.toml", ("camera", number, "zone"))


def camera_check(site: SiteSettings, cameras: CamerasSettings) -> Iterator[Contradiction]:
    """Of the site facts, which staff may edit."""
    known = [camera.id for camera in cameras.camera]
    for number, facts in enumerate(site.camera):
        if facts.id not in known:
            text = f"no such camera in cameras.toml: {facts.id!r}; there are {', '.join(known) or 'none'}"
            zh = f"cameras.toml 中没有摄像头 {facts.id!r}；现有：{'、'.join(known) or '无'}"
            yield Contradiction("site.toml", ("camera", number, "id"), text, zh)
        yield from _beds(site, facts, "site.toml", ("camera", number, "zones"))


def _beds(site: SiteSettings, facts: CameraFacts, file: str, key: Key) -> Iterator[Contradiction]:
    """The bed of a zone is that of a resident in the room to which the camera is bound."""
    beds = beds_of(site, facts.id)
    for number, zone in enumerate(facts.zones):
        if zone.bed and zone.bed not in beds:
            text = f"no resident of the camera's room has bed {zone.bed!r}; there are {', '.join(beds) or 'none'}"
            zh = f"该摄像头所在房间没有床位 {zone.bed!r}；现有：{'、'.join(beds) or '无'}"
            yield Contradiction(file, (*key, number, "bed"), text, zh)


def beds_of(site: SiteSettings, camera: str) -> tuple[str, ...]:
    """The beds of the room to which `camera` is bound, or in which its resident lives."""
    bound = next((one for one in site.binding if one.device == camera), None)
    if bound is None:
        return ()
    rooms = {bound.room, *(one.room for one in site.resident if one.id == bound.resident)} - {""}
    return tuple(sorted({one.bed for one in site.resident if one.bed and one.room in rooms}))
