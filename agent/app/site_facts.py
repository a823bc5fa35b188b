"""The site facts in force: edited row by row, checked as the installer's file is, kept with author and time."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from agent.alarms.escalation import Escalation
from agent.alarms.settings import AlarmSettings
from agent.panel.site_port import (
    Edit,
    SiteNotKeptError,
    SiteNotReadError,
    SiteProblem,
    SiteRefusedError,
    UnknownRowError,
)
from agent.residents import Site
from agent.settings.contradiction import Contradiction
from agent.settings.site import SiteSettings
from agent.settings.site_check import KEYS
from agent.zones import IN_CHINESE

_LOGGER = logging.getLogger(__name__)

IMPORTED, EDITED_BY = "imported", "edited_by"
MEALS = "meals"
KEPT_S = 3.0  # a commit takes milliseconds; whoever asks is told before they give up (after 5 s)

Check = Callable[[SiteSettings], Iterable[Contradiction]]

# what pydantic calls a mistake -> what staff read; its own words otherwise
_ZH = {"missing": "必填", "unexpected_keyword_argument": "没有这个字段"}
_EN = {"missing": "is required", "unexpected_keyword_argument": "there is no such field; see docs/site.md"}


class SiteFacts:
    """Fulfils `agent.panel.site_port.SiteDesk`.

    `keep(document, author)` stores a new document: it returns at once, and what it gives is set when that is safe.
    `use(site, escalation)` puts it in force in the running core. Nobody waits `kept_s` for a disk in vain.
    """

    def __init__(
        self,
        facts: SiteSettings,
        imported: str,
        alarms: AlarmSettings,
        check: Check,
        keep: Callable[[dict[str, Any], str], asyncio.Event],
        use: Callable[[Site, Escalation], None],
        kept_s: float = KEPT_S,
    ) -> None:
        self._facts = facts.with_ids()
        self._imported = imported
        self._alarms = alarms
        self._check = check
        self._keep = keep
        self._use = use
        self._kept_s = kept_s
        self.author = ""  # who made the edit that is being put in force; empty of what the store had
        self._kept = asyncio.Event()  # whether what is in force is safe on disk
        self._kept.set()
        self._known = asyncio.Event()  # whether what is in force is what the store has
        self._known.set()

    def provisional(self) -> None:
        """What the store has is not known yet: edits wait until it is taken up."""
        self._known.clear()

    def take_up(self, facts: SiteSettings, imported: str) -> None:
        """These are the facts in force, by the store."""
        self._imported, before, self._facts = imported, self._facts, facts.with_ids()
        self.author = ""
        self._known.set()
        if self._facts != before:
            escalation = facts.to_escalation(self._alarms)
            self._use(escalation.site, escalation)

    @property
    def document(self) -> dict[str, Any]:
        """All facts as JSON, each row under an id by which it can be edited."""
        return {key: value for key, value in self._facts.to_document().items() if key != IMPORTED}

    async def edit(self, edit: Edit, author: str) -> tuple[SiteProblem, ...]:
        """Put an edit in force at once; gives its warnings when it is kept.

        Raises `SiteRefusedError`, `UnknownRowError` or `SiteNotReadError`: nothing is changed; `SiteNotKeptError`: it
        is in force all the same. What was wrong before the edit refuses nothing, so that several mistakes can be
        mended one by one.
        """
        warnings = None
        try:
            async with asyncio.timeout(self._kept_s):
                await self._known.wait()
                warnings = self._apply(edit, author)
                await self._kept.wait()
        except TimeoutError:
            wrong = SiteNotReadError if warnings is None else SiteNotKeptError
            raise wrong(f"{edit.table} {edit.id}") from None
        return warnings

    def _apply(self, edit: Edit, author: str) -> tuple[SiteProblem, ...]:
        """All of it in one turn of the loop; what is so already is not kept again, however often it is sent."""
        facts = _parsed(_edited(self.document, edit)).with_ids()
        if facts == self._facts:
            return ()
        before = {_claim(one) for one in self._check(self._facts)}
        new = [one for one in self._check(facts) if _claim(one) not in before]
        if wrong := tuple(_problem(one) for one in new if not one.warning):
            raise SiteRefusedError(wrong)
        self._facts, self.author = facts, author
        escalation = facts.to_escalation(self._alarms)
        self._kept = self._keep({**facts.to_document(), IMPORTED: self._imported, EDITED_BY: author}, author)
        self._use(escalation.site, escalation)
        _LOGGER.info("site facts: %s %s %s", edit.table, edit.id, "taken out" if edit.row is None else "written")
        return tuple(_problem(one) for one in new if one.warning)


def _claim(one: Contradiction) -> tuple[str, str]:
    """What makes a mistake the same as one before: not its row, nor the cure that lists what there is."""
    return str(one.key[-1]) if one.key else "", one.text.partition(";")[0]


def _edited(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """`document` with the row written or taken out; a row that is there keeps its place."""
    if edit.table == MEALS:
        times = [one for one in document[MEALS] if one != edit.id.rjust(5, "0")]
        if edit.row is None and len(times) == len(document[MEALS]):
            raise UnknownRowError(edit.id)
        return {**document, MEALS: sorted(times if edit.row is None else [*times, edit.id.rjust(5, "0")])}
    key = KEYS[edit.table]
    rows = list(document[edit.table])
    at = next((number for number, row in enumerate(rows) if row[key] == edit.id), None)
    if edit.row is None:
        if at is None:
            raise UnknownRowError(edit.id)
        del rows[at]
        return {**document, edit.table: rows}
    if edit.row.get(key, edit.id) != edit.id:
        text = f"the row says {edit.row[key]!r}, the address {edit.id!r}; leave it out of the row"
        raise SiteRefusedError((SiteProblem(f"{edit.table}.{key}", text, "与地址中的编号不一致，请勿在内容中填写"),))
    rows[slice(len(rows), None) if at is None else slice(at, at + 1)] = [{**edit.row, key: edit.id}]
    return {**document, edit.table: rows}


def _parsed(document: Mapping[str, Any]) -> SiteSettings:
    try:
        return SiteSettings.from_document(document)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        raise SiteRefusedError(tuple(_mistake(one) for one in told)) from error


def _mistake(one: Mapping[str, Any]) -> SiteProblem:
    text = _EN.get(one["type"], one["msg"].removeprefix("Value error, "))
    key = ".".join(str(part) for part in one["loc"])
    in_chinese = _ZH.get(one["type"]) or IN_CHINESE.get(text) or f"取值不正确：{text}"
    return SiteProblem(key, text, in_chinese)


def _problem(one: Contradiction) -> SiteProblem:
    return SiteProblem(".".join(str(part) for part in one.key), one.text, one.zh or one.text)
