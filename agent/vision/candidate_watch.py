"""Movements that might be falls, told in any mode: people label them, and a camera's threshold follows from that."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.vision.background import Bytes
from agent.vision.fall_watch import Judged
from agent.vision.scene import Scene, Told

LEAST = 0.3  # of less nothing is told: half of what people do all day scores something
EPISODE_S = 2.5  # from the first such score to the word: the peak of a fall lies within
APART_S = 10.0  # from one such beginning to the next of the same track


@dataclass(slots=True)
class _Episode:
    began_at: float
    peak: float
    told: bool = False


class CandidateWatch:
    """Tells `fall_candidate` with the peak of a track; `judged` gives the windows of the scene, judged before.

    The peak is the highest score that two windows in a row reach, as of a fall: so a threshold of that height would
    have told it.
    """

    def __init__(self, judged: Callable[[], Sequence[Judged]]) -> None:
        self._judged = judged
        self._episodes: dict[int, _Episode] = {}

    def feed(self, scene: Scene) -> Iterable[Told]:
        """The peaks whose time is over, of tracks that are still followed or not."""
        for one in self._judged():
            self._score(one.track, one.agreed, scene.at)
        followed = {track.number for track in scene.followed}
        for track, episode in list(self._episodes.items()):
            age_s = scene.at - episode.began_at
            if not episode.told and (age_s >= EPISODE_S or track not in followed):
                episode.told = True
                yield Told("fall_candidate", True, episode.peak, (f"silhouette_fell {episode.peak:.2f}",), track)
            if age_s >= APART_S:
                del self._episodes[track]

    def protect(self, mask: Bytes) -> Bytes:
        """Nothing of its own."""
        return mask

    def cut(self, at: float) -> None:
        """What was begun before a gap is told after it."""

    def forget(self) -> None:
        """What was begun in another room is told as well."""

    def _score(self, track: int, score: float, at: float) -> None:
        episode = self._episodes.get(track)
        if episode is None and score >= LEAST:
            self._episodes[track] = _Episode(at, score)
        elif episode is not None and not episode.told:
            episode.peak = max(episode.peak, score)
