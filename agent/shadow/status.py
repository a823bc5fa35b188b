"""What is shown of a camera's shadow: mode, what it would have raised, what waits for a word, the proposal. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.camera_facts import CameraFacts, CameraMode
from agent.shadow.book import SHIFT_S, WINDOW_S, CameraBook
from agent.shadow.candidate import Candidate, Kind, Label
from agent.shadow.proposal import GOAL_A_WEEK, NEEDED_H, Forecast, Proposal, Tally, Why, forecast, propose

DAY_S = 86_400.0
SHOWN = 30  # candidates of the last shift
NONE_YET = Proposal(Why.HOURS, 0.0, NEEDED_H, GOAL_A_WEEK)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some time: candidates, those that would have been raised (None: the threshold is not known), and the words."""

    told: int = 0
    raised: int | None = None
    fell: int = 0
    not_fell: int = 0
    unsure: int = 0
    unlabelled: int = 0
    noted: int = 0


@dataclass(frozen=True, slots=True)
class ShadowStatus:
    """Of one camera. `threshold` in force (None: not known yet), `own`: set by staff and not the net's.

    `day`, `window`: of the last day and the last four weeks. `recent`: of the last shift, newest first, with the falls
    that people noted. `now`: what the threshold in force would come to.
    """

    camera: str
    place: str
    mode: CameraMode
    threshold: float | None = None
    own: bool = False
    day: Counts = field(default_factory=Counts)
    window: Counts = field(default_factory=Counts)
    recent: tuple[Candidate, ...] = ()
    now: Forecast | None = None
    proposal: Proposal = NONE_YET

    @property
    def shadow(self) -> bool:
        """Whether a fall that it sees raises nothing."""
        return self.mode is CameraMode.SHADOW

    @property
    def waiting(self) -> int:
        """How many of the last shift nobody has said anything of."""
        return sum(one.label is None for one in self.recent)


def status(book: CameraBook, place: str, facts: CameraFacts, net: float | None, wall: float) -> ShadowStatus:
    """The status at `wall` (UTC seconds); `net`: the net's own threshold, as the vision process has told it."""
    threshold = net if facts.threshold is None else facts.threshold
    found = book.candidates
    tally: Tally = book.tally(wall)
    recent = [one for one in reversed(found) if one.wall >= wall - SHIFT_S]
    return ShadowStatus(
        book.id,
        place,
        facts.mode,
        threshold,
        facts.threshold is not None,
        _counts((one for one in found if one.wall >= wall - DAY_S), threshold),
        _counts((one for one in found if one.wall >= wall - WINDOW_S), threshold),
        tuple(recent[:SHOWN]),
        None if threshold is None else forecast(tally, threshold),
        propose(tally),
    )


def raises(candidate: Candidate, threshold: float) -> bool:
    """Whether it would have been an alarm; somebody low on the floor is, whatever the score of the movement."""
    return Kind.LOW in candidate.reasons or (candidate.kind is Kind.FALL and candidate.score >= threshold)


def _counts(found: Iterable[Candidate], threshold: float | None) -> Counts:
    every = list(found)
    told = [one for one in every if one.kind is not Kind.NOTED]
    labels = [one.label for one in told]
    return Counts(
        len(told),
        None if threshold is None else sum(raises(one, threshold) for one in told),
        labels.count(Label.FELL),
        labels.count(Label.NOT),
        labels.count(Label.UNSURE),
        labels.count(None),
        len(every) - len(told),
    )
