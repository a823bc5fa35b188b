"""What was before this life of the core: taken up at once, or as soon as the store is open."""

import logging
from collections.abc import Callable

from agent.app import past
from agent.app.flow import Flow
from agent.app.opening import Opening
from agent.app.parts import Parts
from agent.app.remembering import Remembering
from agent.app.site_facts import SiteFacts
from agent.app.sounder_role import SounderRole
from agent.clock import Clock
from agent.memory import AWAKE
from agent.rules.host import RuleHost
from agent.store.candidates import Shadowed
from agent.store.store import Opened, Store

_LOGGER = logging.getLogger(__name__)

NOTHING_FOUND = Opened((), None, ())
UNKNOWN = Opened((), None, ("the disk does not answer: what was before the start is unknown",))


class TakingUp:
    """Memories of rules, open alarms and what else stood; `late` until they are taken up.

    `shadow` takes what cameras would have raised; `expect` shows the parts of ourselves, and begins with the sounder.
    """

    def __init__(
        self,
        opening: Opening,
        store: Store,
        clock: Clock,
        flow: Flow,
        parts: Parts,
        desk: SiteFacts,
        sounder: SounderRole,
        shadow: Callable[[Shadowed], None],
        expect: Callable[[], None],
    ) -> None:
        self._opening = opening
        self._store = store
        self._clock = clock
        self._flow = flow
        self._parts = parts
        self._desk = desk
        self._sounder = sounder
        self._shadow = shadow
        self._expect = expect
        self._remembering = Remembering(store, clock, opening.opened or NOTHING_FOUND)
        self.late = opening.opened is None

    def begin(self) -> None:
        """Take it up if it is known; else expect it, and judge without it until `take_up_late` is done."""
        opened = self._opening.opened
        if opened is not None:
            self._remembering.take_up(self._flow.judge.rules, safe_mode=self._opening.safe_mode)
            self._take_up(opened, self._opening.wrong)
        else:
            _LOGGER.warning("the store is not open yet: calls and hazards are judged without what was before")
            self._desk.provisional()
            self._expect()

    async def take_up_late(self) -> None:
        """Once the store is open, or its copies must serve: what stood before, and all rules from then on."""
        try:
            opened = await self._opening.late()
        except TimeoutError:  # not even the copies can be read: what the store has may be newer than what is in force
            opened, wrong = UNKNOWN, ""
        else:
            wrong = self._opening.wrong
            self._desk.take_up(self._opening.facts, self._opening.imported)
        self._remembering = Remembering(self._store, self._clock, opened)
        if self._opening.safe_mode:
            self._remembering.take_up(self._flow.judge.rules, safe_mode=True)
        else:
            self._flow.use(self.all_rules())
        self._take_up(opened, wrong)
        _LOGGER.info("what was before the start is taken up, all rules judge: %s", not self._opening.safe_mode)

    def all_rules(self) -> RuleHost:
        """Every rule, with what it remembers, for the time after safe mode; falls as they are known by then."""
        few = self._flow.judge.rules
        rules = RuleHost(few.ground)
        self._remembering.take_up(rules)
        for one in few.known():
            rules.remember(one, AWAKE, self._clock.monotonic())
        return rules

    def each_second(self) -> None:
        """Write what rules remember from now on; not over what is not taken up yet."""
        if not self.late:
            self._remembering.each_second(self._flow.judge.rules)

    def close(self) -> None:
        """Write all that is not written yet."""
        if not self.late:
            self._remembering.close(self._flow.judge.rules)

    def _take_up(self, opened: Opened, wrong_site: str) -> None:
        now = self._clock.stamp()
        unreadable = past.restore(opened, self._flow, now)  # first: what still fails is the same alarm
        self._parts.inherit((*self._flow.open, *self._flow.left), now.monotonic)
        if self.late:
            self.late = False
            self._sounder.take_up()
        else:
            self._expect()
        if opened.lost:
            self._parts.state("readings", "; ".join(opened.lost), now.monotonic)
        if wrong_site:
            self._parts.state("site", wrong_site, now.monotonic)
        if unreadable:
            self._parts.state("open alarms", "; ".join(unreadable), now.monotonic)
        self._shadow(opened.shadow)  # last: whatever is in it, the alarms are back
