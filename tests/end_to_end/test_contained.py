"""What is broken inside stays inside: a rule that fails, a reading that breaks one, an alarm that is unreadable."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.end_to_end.alarm_log import stored
from tests.end_to_end.conftest import MakeHome
from tests.end_to_end.home import resident, room
from tests.end_to_end.mad_rules import MAD
from tests.end_to_end.sound import heard
from tests.waiting import until

MAD_RULES = ("-m", "tests.end_to_end.mad_rules")
BUILT = [row.name for row in MAD if row.name != "mad_reading"]


async def test_rules_that_fail_silence_no_other(make_home: MakeHome) -> None:
    home = await make_home(buttons=2)
    async with home.served(*MAD_RULES) as daemon:
        home.buttons[0].press()
        home.board.set_contact(0, True)
        called, smoke = await daemon.alarm("sos", resident(0)), await daemon.alarm("smoke", room(0))
        await until(lambda: {called["id"], smoke["id"]} <= set(heard(home.lines).began), "both sound")
        for name in BUILT:
            for subject in (resident(0), room(0)):
                blind = await daemon.alarm("rule_blind", f"{name}:{subject}")
                assert (blind["priority"], blind["alarm_class"]) == ("high", "technical")

        assert f"mad_reading:{resident(1)}" not in {alarm["subject"]["id"] for alarm in await daemon.alarms()}
        home.buttons[1].press("long")
        long = await daemon.alarm("sos", resident(1))
        await daemon.alarm("rule_blind", f"mad_reading:{resident(1)}")
        before = len(await daemon.alarms())
        home.buttons[1].press("long")
        await until(lambda: "changed" in stored(home.state)[long["id"]], "the second press is taken")
        assert len(await daemon.alarms()) == before, "told once"


def spoil(row: dict[str, Any], **changes: object) -> str:
    """The state of an open alarm with `changes`, as JSON."""
    return json.dumps({**row, **changes})


async def test_open_alarms_that_cannot_be_restored(make_home: MakeHome) -> None:
    """As a newer version, a damaged disk or a shortened ladder would leave them: told, and nothing else harmed."""
    home = await make_home(buttons=2)
    async with home.served() as daemon:
        home.buttons[0].press()
        sound = await daemon.alarm("sos", resident(0))
        await daemon.stop()
        daemon.send(signal.SIGKILL, "sounder")  # which would know them better
        spoilt = spoil_store(home.state / "alarms.db")
        await daemon.start()
        await daemon.ready()
        told = await daemon.alarm("history_unreadable")
        assert (told["priority"], told["alarm_class"]) == ("high", "technical")
        words = " ".join(told["words"]["reasons"])
        open_ids = {alarm["id"] for alarm in await daemon.alarms()}
        assert sound["id"] in open_ids
        assert not open_ids & set(spoilt)
        for id_ in spoilt:
            assert id_ in words or id_ in daemon.log
        await until(lambda: sound["id"] in heard(home.lines).began, "it sounds")
        await home.heard_by(daemon)
        home.buttons[1].press()
        other = await daemon.alarm("sos", resident(1))
        await daemon.act(other["id"], "seen", "attended", "closed")
        assert not daemon.tracebacks


def spoil_store(file: Path) -> list[str]:
    """Put rows beside the sound one that no engine can live with; gives their ids."""
    with closing(sqlite3.connect(file, isolation_level=None)) as store:
        state, boot, wall, sequence = store.execute("SELECT state, boot, wall, sequence FROM open_alarm").fetchone()
        row = json.loads(state)
        rows = {
            "no-json": state[: len(state) // 2],
            "no-object": "[1, 2]",
            "no-subject": spoil(row, id="no-subject", subject=None),
            "odd-kind": spoil(row, id="odd-kind", kind="of_a_later_version"),
            "odd-field": spoil(row, id="odd-field", later="version"),
            "odd-reason": spoil(row, id="odd-reason", reasons=["pressed"]),
            "odd-values": spoil(row, id="odd-values", reasons=[{"code": "pressed", "device": ["a"]}]),
            "odd-step": spoil(row, id="odd-step", step=-99),
            "text-step": spoil(row, id="text-step", step="two"),
            "odd-time": spoil(row, id="odd-time", changed_at=float("nan")),
            "endless": spoil(row, id="endless", raised_at=float("inf")),
            "odd-devices": spoil(row, id="odd-devices", devices=[[1]]),
            "odd-told": spoil(row, id="odd-told", told=[{}]),
            "odd-name": spoil(row, id="odd-name", seen_by=7),
            "odd-truth": spoil(row, id="odd-truth", latching="no"),
            "42": spoil(row, id=42),
            "technical": spoil(row, id="technical", alarm_class="magic"),
        }
        for id_, text in rows.items():
            store.execute("INSERT INTO open_alarm VALUES (?, ?, ?, ?, ?)", (id_, text, boot, wall, sequence))
    return list(rows)
