"""How a life of the core begins: the store opens, and the site facts in force are known, now or a little later."""

from typing import Any

from agent.app import past
from agent.app.site_facts import IMPORTED
from agent.app.starts import Starts
from agent.clock import Clock
from agent.offload import offload
from agent.settings.site import SiteSettings
from agent.store.store import Opened, Store

QUICK_S = 0.25  # deaf meanwhile; a store that takes longer to open is heard of later, calls and hazards are judged now
OPEN_S = 2.0  # by then the copies beside a file that does not open serve


class Opening:
    """Of `store`, which keeps from here on; `opened` is what it held, None until that is known.

    `facts`: the site facts in force, `imported`: what they were imported from, `wrong`: what is wrong with the stored
    ones. `safe_mode`: there were too many starts lately. Raises `AlreadyRunningError`.
    """

    def __init__(self, store: Store, clock: Clock, written: SiteSettings, starts: Starts) -> None:
        self._store = store
        self._clock = clock
        self._written = written
        store.begin()
        self.safe_mode = starts.begin(clock.monotonic())  # not before: a second daemon, refused by the store, is none
        self.opened = store.found() if store.wait(QUICK_S) else None
        self._take(store.site_copy() if self.opened is None else self.opened.site)

    async def late(self) -> Opened:
        """What the store held once it is open, or its copies must serve; the site facts are those from then on.

        Raises TimeoutError when not even the copies can be read.
        """
        self.opened = await offload(lambda: self._store.open_by(OPEN_S - QUICK_S), 2 * OPEN_S, "past")
        self._take(self.opened.site)
        return self.opened

    def _take(self, stored: dict[str, Any] | None) -> None:
        """site.toml is imported when it has changed, but not before the store is open."""
        self.facts, document, self.wrong = past.site_in_force(stored, self._written)
        if document is not None and self.opened is not None:
            self._store.put_site(document, past.author_of_import(stored, document))
        self.imported = str((document or stored or {}).get(IMPORTED, ""))
        self._clock.offset_s = self.facts.facility.utc_offset_h * 3600.0
