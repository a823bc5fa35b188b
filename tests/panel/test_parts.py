"""The panel's pure parts: cursors, waits, languages, words, and the browser's copy of the patterns."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.alarms.alarm import Action, Cause, CommandError, Happened, State
from agent.alarms.settings import AlarmSettings
from agent.alarms.standing import Noted
from agent.annunciators import patterns
from agent.panel import feed, history_view, static_files, view
from agent.panel.errors import FAULTS, ApiError, refused
from agent.panel.language import choose
from agent.panel.settings import PanelSettings
from agent.panel.tries import ADDRESSES, ALL_FAILURES, ALL_WITHIN_S, FORGET_S, FREE, LONGEST_WAIT_S, Tries
from agent.panel.words import WORDS
from agent.residents import DeviceRole
from agent.rules.finding import Priority
from agent.rules.reason import because
from agent.settings.read import TomlFile
from agent.store.entry import Lane
from drivers.base import LinkState
from drivers.reading import Quality
from tests.panel.ward import Ward

CONFIG = Path(__file__).resolve().parents[2] / "config"


@given(lane=st.sampled_from(Lane), sequence=st.integers(0, 2**62))
def test_a_cursor_comes_back_as_it_went(lane: Lane, sequence: int) -> None:
    assert feed.sequence_of(lane, feed.cursor_of(lane, sequence)) == sequence


@given(noise=st.one_of(st.text(max_size=80), st.text("abcXYZ019-_=", max_size=80)))
def test_any_other_text_is_no_cursor(noise: str) -> None:
    with pytest.raises(ApiError, match="bad_cursor"):
        feed.sequence_of(Lane.ALARMS, noise)


@given(sequence=st.integers(0, 10**9), at=st.integers(0, 30), letter=st.sampled_from("AZaz09-_"))
def test_a_mistyped_cursor_is_noticed(sequence: int, at: int, letter: str) -> None:
    cursor = feed.cursor_of(Lane.ALARMS, sequence)
    at %= len(cursor) - 1  # the last letter may carry unused bits
    wrong = cursor[:at] + letter + cursor[at + 1 :]
    if wrong != cursor:
        with pytest.raises(ApiError):
            feed.sequence_of(Lane.ALARMS, wrong)


def test_waits_double_up_to_a_quarter_of_an_hour_and_are_forgotten() -> None:
    tries, now, waits = Tries(), 0.0, []
    for _ in range(FREE + 8):
        tries.failed("10.0.0.9", now)
        waits.append(tries.wait_s("10.0.0.9", now))
        now += waits[-1]
    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 :] == [30, 60, 120, 240, 480, 900, 900, 900, 900]
    assert max(waits) == LONGEST_WAIT_S
    assert tries.wait_s("10.0.0.8", now) == 0
    tries.failed("10.0.0.9", now)
    assert tries.wait_s("10.0.0.9", now + FORGET_S) == 0


def test_many_addresses_together_wait_too_and_take_no_more_memory() -> None:
    tries = Tries()
    for number in range(ALL_FAILURES):
        assert tries.wait_s(f"10.0.1.{number}", 5.0) == 0
        tries.failed(f"10.0.1.{number}", 5.0)
    assert tries.wait_s("10.9.9.9", 6.0) == ALL_WITHIN_S - 1
    assert tries.wait_s("10.9.9.9", 5.0 + ALL_WITHIN_S) == 0
    for number in range(3 * ADDRESSES):
        tries.failed(f"host-{number}", 5.0)
    assert len(tries._records) == ADDRESSES


def test_an_ipv6_host_cannot_hide_among_its_own_addresses() -> None:
    tries = Tries()
    for number in range(FREE):
        tries.failed(f"2001:db8::{number:x}", 0.0)
    assert tries.wait_s("2001:db8::ffff", 1.0) > 0
    assert tries.wait_s("2001:db8:0:1::1", 1.0) == 0


def test_success_clears_only_ones_own_failures() -> None:
    tries = Tries()
    for _ in range(FREE):
        tries.failed("10.0.0.1", 0.0)
        tries.failed("10.0.0.2", 0.0)
    tries.succeeded("10.0.0.1")
    assert tries.wait_s("10.0.0.1", 1.0) == 0
    assert tries.wait_s("10.0.0.2", 1.0) > 0


@pytest.mark.parametrize(
    ("chosen", "header", "language"),
    [
        (None, None, "zh"),
        (None, "", "zh"),
        (None, "en", "en"),
        (None, "en-US,en;q=0.9", "en"),
        (None, "fr,en;q=0.4", "en"),
        (None, "zh-TW,en;q=0.9", "zh"),
        (None, "en;q=0.3,zh-Hans-CN;q=0.8", "zh"),
        (None, "de,fr", "zh"),
        (None, "en;q=lots", "en"),
        ("en", "zh", "en"),
        ("xx", "en", "en"),
    ],
)
def test_language(chosen: str | None, header: str | None, language: str) -> None:
    assert choose(chosen, header) == language


@given(header=st.text(max_size=300))
def test_any_header_gives_one_of_our_languages(header: str) -> None:
    assert choose(None, header) in ("zh", "en")


def test_every_value_that_a_page_can_show_has_its_words() -> None:
    needed = [
        *(priority.label for priority in Priority),
        *(f"{priority.label}_count" for priority in Priority),
        *(state.value for state in State),
        *(f"do_{action.value}" for action in Action),
        *(f"cause_{cause.value}" for cause in Cause),
        *(f"happened_{happened.value}" for happened in Happened),
        *(f"noted_{noted.value}" for noted in Noted),
        *(f"link_{link.value}" for link in LinkState),
        *(f"role_{role.value}" for role in DeviceRole),
        *(f"quality_{quality.value}" for quality in Quality),
        *(role for p in Priority for rung in AlarmSettings().ladder(p).rungs for role in rung.tell),
    ]
    assert set(needed) <= set(WORDS)
    assert all(en and zh for en, zh in WORDS.values())
    assert len(view.CAUSES) <= 8


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("alarm", "reasons", "subject", "code", "room", "kind", "x")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(
    row=st.dictionaries(st.sampled_from(("sequence", "type", "time", "quality", "actor", "data")), _JSON, max_size=5),
    language=st.sampled_from(("zh", "en")),
)
def test_a_row_of_another_version_hides_no_other_row(row: dict[str, object], language: str) -> None:
    assert len(history_view.history([row, row], language)) == 2


_ROOM = {"kind": "resident", "id": "r-204", "room": "204"}


@pytest.mark.parametrize(
    ("type_", "data", "told"),
    [
        ("alarm.raised", {"alarm": {"kind": "sos", "subject": _ROOM}}, ("Raised", "Call for help", "204")),
        (
            "standing",
            {"noted": "task_opened", "state": {"kind": "charge_device", "subject": _ROOM}},
            ("To do", "Charge the device", "204"),
        ),
        (
            "standing",
            {"noted": "shelved", "state": {"kind": "bed_exit", "subject": "r-204"}},
            ("Put aside", "Bed exit", ""),
        ),
        ("standing", {"noted": "paused", "state": {"record": "pause"}}, ("Sound paused", "", "")),
        ("standing", {"noted": "of another version"}, ("of another version", "", "")),
        ("act", {"act": "out", "state": {"name": "out", "subject": _ROOM}}, ("Out of home", "", "204")),
        ("act", {"act": "of another version"}, ("nightlamp.act.v1", "", "")),
        ("audit", {"action": "site_facts"}, ("Site facts changed", "", "")),
        ("gap", {"first": 1, "last": 2}, ("Rows are missing", "", "")),
    ],
)
def test_the_history_tells_every_row_in_words(type_: str, data: dict[str, object], told: tuple[str, str, str]) -> None:
    row = {"type": f"nightlamp.{type_}.v1", "data": data}
    english, chinese = (history_view.history([row], language)[0] for language in ("en", "zh"))
    assert (english.happened, english.title, english.room) == told
    assert "version" in str(data) or chinese.happened != english.happened


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"action": "camera_mode", "mode": "live", "threshold": 0.7}, ("Camera: mode or threshold", "", "0.70")),
        ({"action": "camera_mode", "mode": "shadow", "threshold": None}, ("Camera: mode or threshold", "", "nothing")),
        (
            {"action": "fall_candidate_labelled", "label": "not", "score": 0.9, "place": "1F"},
            ("Said of a camera's word", "1F", "No fall · 0.90"),
        ),
        (
            {"action": "fall_noted", "label": "fell", "score": 0.0, "place": "1F"},
            ("A fall that no camera saw", "1F", "Fell"),
        ),
    ],
)
def test_the_history_tells_what_was_set_and_said_of_a_camera(
    data: dict[str, object], told: tuple[str, str, str]
) -> None:
    row = {"type": "nightlamp.audit.v1", "subject": "hall", "data": data}
    english, chinese = (history_view.history([row], language)[0] for language in ("en", "zh"))
    assert (english.happened, english.title, english.room) == (told[0], "hall", told[1])
    assert told[2] in " · ".join(english.reasons)
    assert chinese.reasons != english.reasons


def test_unknown_devices_are_adopted_by_what_there_is() -> None:
    """No command adopts one; a page that names one sends somebody to look for it at night."""
    for text in WORDS["unknown_more"]:
        assert "nightlamp " not in text
        assert "devices.toml" in text


def test_a_time_that_nobody_vouches_for_is_marked() -> None:
    row = {"time": "2026-11-24T12:00:00.000Z"}
    sure, unset = history_view.history([row, {**row, "quality": "unset"}], "en")
    assert unset.time == f"{sure.time} ?"
    assert sure.time.endswith(":00:00")


def test_every_fault_has_a_cure_in_both_languages() -> None:
    for code, fault in FAULTS.items():
        assert 400 <= fault.status < 600, code
        assert all(text for text in (*fault.message, *fault.cure)), code
        assert fault.message[0].isascii(), code
        assert not fault.message[1].isascii(), code


def test_roles_that_were_told_before_are_named_in_both_languages() -> None:
    why = because("told_before", roles="charge_nurse, platform")
    english, chinese = (view.reason_text(why, language) for language in ("en", "zh"))
    assert "charge_nurse" not in english + chinese
    assert english.startswith("all of them had been told before: ")
    assert chinese.startswith("此前均已通知：")


def test_a_second_pause_is_refused_with_who_until_when_and_what_to_do() -> None:
    facts = {"by": "panel:wang", "until": "16:18", "en": "Fall (201)", "zh": "跌倒（201）"}
    refusal = refused(CommandError("paused_already", "…", **facts))
    assert refusal.status == 409
    assert refusal.message("en") == "Fall (201): wang has paused it once, until 16:18, and nobody has seen it"
    assert refusal.message("zh") == "跌倒（201）：wang 已静音至 16:18，尚无人看到"
    assert refusal.cure("en").startswith("mark it seen, or go there")
    assert refusal.cure("zh").startswith("请先点“看到了”或前往现场")


def test_a_refusal_that_the_table_lacks_is_still_told() -> None:
    assert refused(CommandError("new_word", "…"), "fall").status == 409


def test_the_browser_sounds_the_buzzers_patterns() -> None:
    text = (Path(static_files.__file__).parent / "static" / "patterns.js").read_text(encoding="utf-8")
    table = text.partition("PATTERNS = ")[2]
    in_browser = json.loads(table[: table.index("};") + 1])
    on_buzzer = {
        "high": patterns.HIGH,
        "high_unanswered": patterns.HIGH_UNANSWERED,
        "medium": patterns.MEDIUM,
        "low": patterns.LOW,
        "technical": patterns.TECHNICAL,
    }
    assert {name: (tuple(row["starts"]), row["pulse_ms"], row["silence_ms"]) for name, row in in_browser.items()} == {
        name: (burst.starts, burst.pulse_ms, burst.silence_ms) for name, burst in on_buzzer.items()
    }
    assert f"UNANSWERED_AFTER_S = {patterns.UNANSWERED_AFTER_S:g};" in text
    for row in in_browser.values():
        assert 150 <= row["hz"] <= 1000
        assert sum(300 <= row["hz"] * n <= 4000 for n in range(1, 6)) >= 4
    assert in_browser["high"]["gain"] >= in_browser["medium"]["gain"] >= in_browser["low"]["gain"]


def test_the_shipped_settings_are_the_defaults() -> None:
    file = TomlFile(CONFIG / "panel.toml")
    assert file.parse(PanelSettings) == PanelSettings()
    assert file.problems == []


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "panel.toml").write_text('tls_key = "key.pem"\n', encoding="utf-8")
    file = TomlFile(tmp_path / "panel.toml")
    assert file.parse(PanelSettings) is None
    assert "name both" in file.problems[0].text


def test_nothing_is_loaded_from_elsewhere() -> None:
    folder = Path(static_files.__file__).parent
    for path in [*(folder / "static").iterdir(), *(folder / "templates").iterdir()]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, path.name
        assert "https:" not in text, path.name
        assert " style=" not in text, path.name
        assert "<script>" not in text, path.name


def test_a_note_of_the_platform_is_shown_with_its_author() -> None:
    ward = Ward()
    alarm = ward.press()
    ward.engine.note(alarm.id, "已通知家属", "12349", ward.moment)
    assert view.card(ward.engine.open[0], "", "zh").notes[-1] == "平台（12349）：已通知家属"
    assert view.card(ward.engine.open[0], "", "en").notes[-1] == "Platform (12349): 已通知家属"
