"""Incident bundles: the whole story, no name in it, and every change told by its line."""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Alarm, Cause
from agent.detection.acts import Act
from agent.residents import Subject, SubjectKind
from agent.store import bundle
from agent.store.bundle import BundleError, Checked, Signer, chained, verify
from agent.store.database import read_only
from agent.store.entry import ACT, DECISION, STANDING, Entry, Lane
from agent.store.gateway_key import KeyFileError, signer_in
from agent.store.reader import StoreUnreadableError
from agent.store.row import row_hash
from agent.store.story import Asked, UnknownAlarmError, story
from tests.store.logs import WANG, Ward

WANG_SUBJECT = Subject(SubjectKind.RESIDENT, "r-1", "201")


def written(signer: Signer | None = None) -> list[str]:
    """A small bundle."""
    head = {
        "record": "header",
        "format": bundle.FORMAT,
        "alarm": "a-1",
        "gateway": "gw",
        "made_at": "t",
        "made_by": "m",
    }
    return list(chained([head, *({"record": "act", "number": n, "text": "离床"} for n in range(5))], signer))


def signer(seed: int = 1) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Signer(key.public_key().public_bytes_raw().hex(), key.sign)


def told(lines: list[str], key: str = "") -> tuple[int, str]:
    with pytest.raises(BundleError) as caught:
        verify(lines, key)
    assert caught.value.text("zh") != caught.value.text("en")
    assert f"line {caught.value.line}: {caught.value.text('en')}" == str(caught.value)
    return caught.value.line, caught.value.code


def test_the_chain_is_what_the_docs_say() -> None:
    lines = [json.loads(line) for line in written()]
    previous = "0" * 64
    for number, line in enumerate(lines, 1):
        own = line.pop("hash")
        assert (line["line"], line["prev"]) == (number, previous)
        canonical = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert own == hashlib.sha256(canonical.encode()).hexdigest()
        previous = own
    assert (lines[-1]["record"], lines[-1]["lines"], lines[-1]["signature"]) == ("trailer", 7, None)
    assert verify(written()) == Checked("a-1", "gw", "t", "m", 7, 0, 0, "")


def swapped(lines: list[str]) -> list[str]:
    lines[2], lines[3] = lines[3], lines[2]
    return lines


@pytest.mark.parametrize(
    ("change", "line", "code"),
    [
        (lambda lines: [*lines[:3], lines[3].replace("离床", "离队"), *lines[4:]], 4, "changed"),
        (lambda lines: [*lines[:3], "not JSON\n", *lines[4:]], 4, "not_json"),
        (lambda lines: [*lines[:3], "[]\n", *lines[4:]], 4, "not_json"),
        (lambda lines: [*lines[:3], "\n", *lines[3:]], 4, "not_json"),
        (lambda lines: [*lines[:3], lines[3].replace('"line":4', '"line": 4'), *lines[4:]], 4, "changed"),
        (lambda lines: [*lines[:3], lines[3].replace('{"hash"', '{"text":"x","hash"'), *lines[4:]], 4, "changed"),
        (lambda lines: [*lines[:3], *lines[4:]], 4, "missing"),
        (lambda lines: lines[1:], 1, "not_a_bundle"),
        (lambda lines: lines[:-1], 7, "cut_short"),
        (lambda lines: lines[:1], 2, "cut_short"),
        (lambda lines: [], 1, "empty"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, "added"),
        (swapped, 3, "missing"),
        (lambda lines: [*lines, lines[-1]], 8, "behind_the_end"),
    ],
)
def test_what_was_done_to_it_is_told_with_its_line(
    change: Callable[[list[str]], list[str]], line: int, code: str
) -> None:
    assert told(change(written())) == (line, code)


@given(place=st.integers(0, 10_000), letter=st.characters(codec="utf-8"), data=st.data())
def test_no_letter_can_be_changed(place: int, letter: str, data: st.DataObject) -> None:
    lines = written(signer())
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    place %= len(line) - 1  # not the newline
    if line[place] == letter:
        return
    lines[number] = line[:place] + letter + line[place + 1 :]
    assert told(lines)[0] == number + 1


def _rehashed(whole: list[str], number: int, **fields: Any) -> list[str]:  # noqa: ANN401
    """Somebody changes one line and makes its hash anew."""
    line = {**json.loads(whole[number - 1]), **fields}
    del line["hash"]
    line["hash"] = hashlib.sha256(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return [*whole[: number - 1], text + "\n", *whole[number:]]


def test_a_line_with_a_hash_made_anew_is_told_by_the_next() -> None:
    assert told(_rehashed(written(), 3, text="离队")) == (4, "not_tied")
    assert told(_rehashed(written(), 7, lines=8)) == (7, "changed")


def test_a_signature_holds_for_its_key_alone() -> None:
    lines = written(signer())
    assert verify(lines).key == verify(lines, signer().key.upper()).key == signer().key
    assert told(lines, signer(2).key) == (7, "not_signed")
    assert told(written(), signer().key) == (7, "not_signed")
    forged = json.loads(lines[-1])["signature"]
    for broken in ({**forged, "value": "00" * 64}, {**forged, "key": signer(2).key}, {"key": "zz"}, "x", {}):
        assert told(_rehashed(lines, 7, signature=broken)) == (7, "bad_signature")


def test_the_gateway_s_key(tmp_path: Path) -> None:
    assert signer_in(tmp_path) is None
    key = Ed25519PrivateKey.generate()
    pem = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "gateway.key").write_bytes(key.private_bytes(*pem))
    found = signer_in(tmp_path)
    assert found is not None
    assert verify(written(found)).key == key.public_key().public_bytes_raw().hex()
    (tmp_path / "gateway.key").write_bytes(X25519PrivateKey.generate().private_bytes(*pem))
    with pytest.raises(KeyFileError, match="openssl genpkey"):
        signer_in(tmp_path)
    (tmp_path / "gateway.key").write_bytes(b"garbage")
    with pytest.raises(KeyFileError, match="put the gateway's key back"):
        signer_in(tmp_path)


class Night:
    """What happened to Wang: readings, a press among others, acts, decisions; then the store is closed."""

    def __init__(self, folder: Path) -> None:
        ward = self.ward = Ward(folder)
        document = {"resident": [{"id": "r-1", "name": WANG.name}, {"id": "r-2", "name": "n"}]}
        ward.store.put_site(document, "installer")
        ward.act(Act("turned", WANG_SUBJECT, ward.now, "panel:carer"))
        ward.wait(700)  # too early to belong to it
        ward.act(Act("turned", WANG_SUBJECT, ward.now, "panel:carer"))
        self.decide("r-1", "bed_exit", f"{WANG.name} is with staff")
        self.decide("r-2", "wandering", "another one")
        for _ in range(30):
            ward.hear("band-1", "heart_rate", 72.0)
            ward.hear("band-2", "heart_rate", 80.0)
            ward.wait(1)
        self.other = ward.live()
        ward.wait(30)
        self.alarm: Alarm = ward.press()
        for _ in range(30):
            ward.hear("band-1", "heart_rate", 73.0)
            ward.wait(1)
        for subject in ("gateway", "button-1", "band-2", "r-2"):  # a pause of the sound, work on devices, a neighbour
            ward.store.put(Lane.ALARMS, Entry(f"s-{subject}", STANDING, ward.clock.stamp(), subject, {"state": {}}))
        ward.do(Action.SEE, self.alarm, 1)
        ward.do(Action.ATTEND, self.alarm, 40)
        ward.do(Action.CLOSE, self.alarm, 60, Cause.ASSISTED)
        ward.act(Act("turned", WANG_SUBJECT, ward.now, "panel:carer"))  # afterwards
        ward.close()

    def decide(self, subject: str, kind: str, why: str) -> None:
        data = {"decision": "suppressed", "kind": kind, "reasons": [{"code": "shelved", "why": why}]}
        self.ward.store.put(Lane.TELEMETRY, Entry(f"d-{kind}", DECISION, self.ward.clock.stamp(), subject, data))

    def records(self, alarm: str = "") -> list[dict[str, Any]]:
        asked = Asked(alarm or self.alarm.id, "gw-7", "local:nurse", 1_800_100_000.0)
        return [json.loads(line) for line in chained(story(self.ward.folder, asked), None)]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return Night(tmp_path_factory.mktemp("night") / "state")


def of(records: list[dict[str, Any]], record: str) -> list[dict[str, Any]]:
    return [one for one in records if one["record"] == record]


def test_a_bundle_of_a_real_store_is_whole(night: Night) -> None:
    records = night.records()
    checked = verify(json.dumps(r, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for r in records)
    assert (checked.alarm, checked.gateway, checked.made_by) == (night.alarm.id, "gw-7", "local:nurse")
    assert checked.rows == len(of(records, "log")) + len(of(records, "act")) > 4
    head = records[0]
    assert (head["record"], head["format"], head["telemetry"]) == ("header", "nightlamp.bundle.v1", "ok")


def test_the_rows_are_those_of_the_alarm_and_fit_the_chain(night: Night) -> None:
    rows = of(night.records(), "log")
    assert {row["row"]["alarm"] for row in rows} == {night.alarm.id}
    happened = [json.loads(row["row"]["data"])["happened"] for row in rows]
    assert [happened[0], *happened[-3:]] == ["raised", "seen", "attended", "closed"]
    assert [row["row"]["actor"] for row in rows[-3:]] == ["panel:carer"] * 3
    with closing(read_only(night.ward.folder / "alarms.db")) as connection:
        for row in rows:
            values = tuple(row["row"][name] for name in bundle.ROW)
            (stored,) = connection.execute(
                "SELECT hash FROM log WHERE sequence = ?", (row["row"]["sequence"],)
            ).fetchone()
            assert row_hash(bytes.fromhex(row["row_prev"]), values) == stored


def test_who_did_what_decisions_and_each_reading_of_her_own(night: Night) -> None:
    records = night.records()
    acts = of(records, "act")
    assert [one["row"]["type"] for one in acts] == [ACT, STANDING, STANDING]
    assert [one["row"]["subject"] for one in acts] == ["r-1", "gateway", "button-1"]
    decisions = of(records, "decision")
    assert [one["event"]["data"]["kind"] for one in decisions] == ["bed_exit"]
    recalled = [one["event"]["data"] for one in of(records, "recall")]
    assert [one["devices"] for one in recalled if "devices" in one] == [["air-201", "band-1", "button-1"]]
    parts = [one for one in recalled if "samples" in one]
    hearts = [part for part in parts if part["quantity"] == "heart_rate"]
    assert {part["device"] for part in hearts} == {"band-1"}
    assert sum(len(part["samples"]) for part in hearts) == 60  # 30 of them written for the alarm before


def test_no_name_stands_in_it_and_what_was_blotted_out_is_told(night: Night) -> None:
    text = json.dumps(night.records(), ensure_ascii=False)
    assert WANG.name not in text
    assert "■ is with staff" in text
    assert "nightlamp.alarm.raised.v1" in text  # the other resident's name is one letter, and blots out none


def test_a_name_in_a_row_costs_the_check_of_that_row_alone(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    ward.store.put_site({"resident": [{"id": "r-1", "name": "panel:carer"}]}, "installer")
    alarm = ward.live()
    ward.close()
    lines = list(chained(story(ward.folder, Asked(alarm.id, "gw", "m", 0.0)), None))
    checked = verify(lines)
    assert (checked.masked, checked.rows) == (3, 1)
    assert "panel:carer" not in "".join(lines)


def test_a_row_that_is_not_the_one_in_the_file_is_told(night: Night) -> None:
    records = [{k: v for k, v in one.items() if k not in ("line", "prev", "hash")} for one in night.records()[:-1]]
    first = next(n for n, one in enumerate(records) if one["record"] == "log")
    records[first]["row"]["actor"] = "panel:somebody else"
    assert told(list(chained(records, None))) == (first + 1, "row_changed")
    del records[first]["row"]["actor"]
    assert told(list(chained(records, None))) == (first + 1, "row_changed")


def test_what_is_not_there_is_said(night: Night, tmp_path: Path) -> None:
    with pytest.raises(UnknownAlarmError):
        night.records("no-such-alarm")
    with pytest.raises(StoreUnreadableError):
        story(tmp_path, Asked("a", "gw", "m", 0.0))


def test_without_telemetry_the_alarm_s_own_rows_are_told(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "state")
    alarm = ward.live()
    ward.close()
    (ward.folder / "telemetry.db").unlink()
    head, *rest = story(ward.folder, Asked(alarm.id, "gw", "m", 0.0))
    assert "telemetry.db" in head["telemetry"]
    assert {line["record"] for line in rest} == {"log"}
