"""The outputs of the settings. What a kind needs is imported only where there is one: the sounder stays small."""

from collections.abc import Iterator

from agent.annunciators.outputs import KeptOutput, Output, Say
from agent.annunciators.settings import AnnunciatorSettings, GpioSettings
from agent.annunciators.simulated import SimulatedOutput
from agent.annunciators.tower_light import TowerLightOutput


def build(settings: AnnunciatorSettings, say: Say) -> list[KeptOutput]:
    """All outputs, real buzzers first; no device is touched yet."""
    made: list[KeptOutput] = []
    made += [KeptOutput(row.name, row.rank, _gpio(row)) for row in settings.gpio]
    made += [KeptOutput(row.name, row.rank, TowerLightOutput(row)) for row in settings.tower_light]
    made += [KeptOutput(row.name, row.rank, SimulatedOutput(row)) for row in settings.simulated]
    made += _relays(settings)
    made += _loudspeakers(settings, say)
    made += _pagers(settings, say)
    return made


def _gpio(settings: GpioSettings) -> Output:
    from agent.annunciators.gpio import GpioOutput

    return GpioOutput(settings)


def _relays(settings: AnnunciatorSettings) -> Iterator[KeptOutput]:
    if settings.relay:
        from agent.annunciators.relay import RelayOutput

        yield from (KeptOutput(row.name, row.rank, RelayOutput(row)) for row in settings.relay)


def _loudspeakers(settings: AnnunciatorSettings, say: Say) -> Iterator[KeptOutput]:
    if settings.loudspeaker:
        from agent.annunciators.loudspeaker import LoudspeakerOutput
        from agent.annunciators.voice import Voice

        voice = Voice()
        yield from (KeptOutput(row.name, row.rank, LoudspeakerOutput(row, voice, say)) for row in settings.loudspeaker)


def _pagers(settings: AnnunciatorSettings, say: Say) -> Iterator[KeptOutput]:
    if settings.pager:
        from agent.annunciators.pager import PagerOutput

        yield from (KeptOutput(row.name, row.rank, PagerOutput(row, say)) for row in settings.pager)
