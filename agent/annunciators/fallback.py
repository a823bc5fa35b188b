"""Who sounds, when some cannot: a failed one falls back to the next rank. Pure."""

from collections.abc import Iterable

from agent.annunciators.outputs import FAULT, KeptOutput


def sounding_ranks(outputs: Iterable[KeptOutput]) -> int:
    """The last rank that sounds: each rank joins as soon as one output of a better rank is dead."""
    ranks = sorted({output.rank for output in outputs if output.sounds})
    for rank in ranks:
        if all(output.state != FAULT for output in outputs if output.sounds and output.rank == rank):
            return rank
    return ranks[-1] if ranks else 0


def deaf(outputs: Iterable[KeptOutput]) -> bool:
    """Whether there are outputs that sound, and every one is dead."""
    sounding = [output for output in outputs if output.sounds]
    return bool(sounding) and all(output.state == FAULT for output in sounding)
