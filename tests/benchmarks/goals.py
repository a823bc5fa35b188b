"""Every goal that a benchmark is held to, in the words of the issue that set it. A figure without a row here fails."""

from collections.abc import Iterator
from dataclasses import dataclass

_LINE = "Sensor byte to buzzer line, p99 ≤ 50 ms at the reference load of design.md with the network cut, the backlog "
_LINE += "draining and telemetry's fsync stalled for 2 s; ≥ 2,000 presses"
_STAGES = "the benchmark latency prints p50/p99 by stage"
_LOAD = "Reference load: 60 residents, mean 12 readings/s, bursts of 5,000/s, 4 cameras, 2 panels open"
_DRAIN = "with the backlog draining at full rate the benchmark latency holds p99 ≤ 20 ms"
_SIZE = "Core ≤ 120 MiB RSS, sounder ≤ 25 MiB"
_READY = "ready ≤ 2 s after start (this machine); idle ≤ 2 % of a core in all"
_ALARM = "Alarm put-to-synced p50 ≤ 1.3 × raw sqlite3 FULL commit of the same row on the same disk; p99 ≤ 5 × while "
_ALARM += "telemetry runs at full speed"
_READABLE = "alarm put → readable ≤ 5 ms"
_ROWS = "Telemetry durable on disk ≥ 0.7 × raw sqlite3 FULL in groups of 100; ≤ 700 bytes written to disk per 200-byte "
_ROWS += "message; CPU ≤ 8 µs per message put and ≤ 8 µs drained"
_FALLS = "office falls ≥ 11/12, home ≥ 8/11 and home-s3 alone ≥ 4/5, ceiling ≥ 8/12, daily ≤ 1/24, public ≤ 1/30; "
_FALLS += "AUC office + home ≥ .98; cold AUC ≥ .95; delay p90 ≤ 2.0 s"
_SOUND = "Show: a listened-to (spectrogram) check of the tones against the pattern's numbers"
_LOOKING = "One x86 thread at 320×240, 10 frames/s: ≤ 2 ms a frame empty, ≤ 4 ms with a person, from decoded frame to "
_LOOKING += "observation"
_STREAMS = (
    "decoding a 640×480 25 frames/s H.264 sub-stream is a row of its own, four cameras at once another (≤ 200 MiB RSS)"
)
_EIGHT_BITS = "int8 and fp32 compared on x86 and arm64 before choosing"
_USUAL = "beside YOLOX-nano + MoveNet from ../shared/models in the same run (goal ≥ 8 × cheaper and higher AUC)"
_FAULTS = (
    "1,000 reconnects, freezes and garbage streams: no leak, no crash of the core, time to “camera lost” ≤ 15 s and "
)
_FAULTS += "to “back” ≤ 10 s"
_CAMERAS = "four cameras at once another (≤ 200 MiB RSS)"
_TABLE = "Show: the evaluation table (learned and cold)"


_MONTH = "every scripted true happening raised within its stated time (100 %), alarms that needed nobody ≤ 1 per "
_MONTH += "carer-hour at night, precision of fall alarms ≥ 0.5, 0 chattering, 0 floods outside scripted disasters, all "
_MONTH += "audible ones per hour reported"
_ENGINE = "Finding to buzzer call p99 ≤ 5 ms with 1,000 open alarms and 5,000 readings/s; engine ≤ 40 µs per reading"
_REPLAY = "24 h × 60 residents in ≤ 60 s on one core"


@dataclass(frozen=True, slots=True)
class Goal:
    """One metric of one benchmark: it must be `at_most` or `at_least` so much; with neither it is only to be shown."""

    bench: str
    metric: str
    unit: str
    issue: int
    quote: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def text(self) -> str:
        """The bound and where it stands, such as ``<= 50 (issue 2)``."""
        bounds = [f"<= {self.at_most:g}"] if self.at_most is not None else []
        bounds += [f">= {self.at_least:g}"] if self.at_least is not None else []
        return f"{' and '.join(bounds) or 'shown'} (issue {self.issue})"

    def holds(self, value: float) -> bool:
        """Whether `value` is within the bounds."""
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)


def _alarms() -> Iterator[Goal]:
    night = "night alarms that needed nobody"
    yield Goal("alarms", f"{night}, per carer-hour, worst seed", "1/h", 3, _MONTH, at_most=1)
    yield Goal("alarms", f"{night}, per carer-hour, median", "1/h", 3, _MONTH)
    yield Goal("alarms", f"{night} if every bed exit did, per carer-hour, worst seed", "1/h", 3, _MONTH)
    yield Goal("alarms", "audible at night, per carer-hour, median", "1/h", 3, _MONTH)
    yield Goal("alarms", "floods", "1", 3, _MONTH, at_most=0)
    yield Goal("alarms", "chattering alarms", "1", 3, _MONTH, at_most=0)
    yield Goal("alarms", "scripted happenings", "1", 3, _MONTH)
    yield Goal("alarms", "scripted happenings raised in time", "1", 3, _MONTH, at_least=1)
    yield Goal("alarms", "fall alarms that were true", "1", 3, _MONTH, at_least=0.5)
    yield Goal("alarms", "CPU per reading, generator and judge", "µs", 3, _ENGINE)
    yield Goal("alarms", "nightlamp replay, a day of sixty residents, CPU", "s", 3, _REPLAY, at_most=60)
    yield Goal("alarms", "nightlamp replay, lines of that day", "1", 3, _REPLAY)
    yield Goal("alarms", "engine, us a reading", "µs", 3, _ENGINE, at_most=40)
    yield Goal("alarms", "finding to buzzer call p99, ms", "ms", 3, _ENGINE, at_most=5)


def _latency() -> Iterator[Goal]:
    for stage in ("byte to raised", "raised to line", "total"):
        for share in ("p50", "p99", "max"):
            limit = 50.0 if (stage, share) == ("total", "p99") else None
            yield Goal("latency", f"{stage} {share}", "ms", 2, _STAGES if limit is None else _LINE, limit)
    for phase in ("network cut", "fsync stalled", "burst"):
        yield Goal("latency", f"total p99, {phase}", "ms", 2, _LINE, 50.0)
    yield Goal("latency", "total p99, backlog draining", "ms", 5, _DRAIN, 20.0)
    yield Goal("latency", "presses", "1", 2, _LINE, at_least=2000)
    for phase in ("network cut", "backlog draining", "fsync stalled", "burst"):
        yield Goal("latency", f"presses, {phase}", "1", 2, _LINE, at_least=50)
    for fault in ("lost", "double"):
        yield Goal("latency", f"presses {fault}", "1", 2, _LINE, at_most=0)
    yield Goal("latency", "readings, mean without bursts", "1/s", 2, _LOAD, at_least=12)
    yield Goal("latency", "readings, slowest burst", "1/s", 2, _LOAD, at_least=5000)
    yield Goal("latency", "readings of the bursts that the store knows", "%", 2, _LOAD, at_least=99)
    yield Goal("latency", "cameras playing", "1", 2, _LOAD, at_least=4)
    yield Goal("latency", "panels open", "1", 2, _LOAD, at_least=2)


def _footprint() -> Iterator[Goal]:
    yield Goal("footprint", "ready after start, median", "s", 2, _READY, 2.0)
    yield Goal("footprint", "ready after start, slowest", "s", 2, _READY, 2.0)
    yield Goal("footprint", "core RSS", "MiB", 2, _SIZE, 120.0)
    yield Goal("footprint", "sounder RSS", "MiB", 2, _SIZE, 25.0)
    yield Goal("footprint", "idle, all processes", "% of a core", 2, _READY, 2.0)
    for name in ("core", "sounder", "upstream"):
        yield Goal("footprint", f"idle, {name}", "% of a core", 2, _READY)
    yield Goal("footprint", "idle, measured for", "s", 2, _READY, at_least=30.0)


def _store() -> Iterator[Goal]:
    for what in ("alarm put to synced", "raw commit of the same row"):
        for load in ("quiet", "telemetry at full speed"):
            for share in ("p50", "p99"):
                yield Goal("store", f"{what} {share}, {load}", "ms", 5, _ALARM)
    yield Goal("store", "alarm p50 / raw p50, quiet", "×", 5, _ALARM, 1.3)
    yield Goal("store", "alarm p99, telemetry at full speed / raw p99, quiet", "×", 5, _ALARM, 5.0)
    yield Goal("store", "alarm put to readable p99", "ms", 5, _READABLE, 5.0)
    for whose in ("ours", "raw, groups of 100"):
        yield Goal("store", f"telemetry durable, {whose}", "1/s", 5, _ROWS)
    yield Goal("store", "telemetry durable, ours / raw", "×", 5, _ROWS, at_least=0.7)
    yield Goal("store", "telemetry row", "bytes", 5, _ROWS)
    yield Goal("store", "written to disk per message", "bytes", 5, _ROWS, 700.0)
    yield Goal("store", "CPU per message put", "µs", 5, _ROWS, 8.0)
    yield Goal("store", "CPU per message drained", "µs", 5, _ROWS, 8.0)


def _falls() -> Iterator[Goal]:
    found = (("office", 11, 12), ("home", 8, 11), ("home-s3", 4, 5), ("office-ceiling", 8, 12))
    for group, enough, clips in found:
        yield Goal("falls", f"learned, falls found, {group}", f"of {clips}", 4, _FALLS, at_least=enough)
    for group, most, clips in (("daily", 1, 24), ("public", 1, 30)):
        yield Goal("falls", f"learned, false falls, {group}", f"of {clips}", 4, _FALLS, most)
    yield Goal("falls", "learned, AUC, office + home", "1", 4, _FALLS, at_least=0.98)
    yield Goal("falls", "learned, delay p90", "s", 4, _FALLS, 2.0)
    for group, _, clips in found:
        yield Goal("falls", f"cold, falls found, {group}", f"of {clips}", 4, _TABLE)
    for group, clips in (("daily", 24), ("public", 30)):
        yield Goal("falls", f"cold, false falls, {group}", f"of {clips}", 4, _TABLE)
    yield Goal("falls", "cold, AUC, office + home", "1", 4, _FALLS, at_least=0.95)
    yield Goal("falls", "cold, delay p90", "s", 4, _TABLE)


def _vision() -> Iterator[Goal]:
    usual = "YOLOX-nano + MoveNet"
    for name, most in (("empty", 2.0), ("with a person", 4.0)):
        yield Goal("vision", f"frame, {name}, p50", "ms", 4, _LOOKING, most)
        yield Goal("vision", f"frame, {name}, p99", "ms", 4, _LOOKING)
    yield Goal("vision", "window net, fp32", "ms", 4, _EIGHT_BITS)
    yield Goal("vision", "window net, int8", "ms", 4, _EIGHT_BITS)
    yield Goal("vision", "window net, AUC, int8 less fp32", "1", 4, _EIGHT_BITS)
    yield Goal("vision", f"{usual}, frame, empty, p50", "ms", 4, _USUAL)
    yield Goal("vision", f"{usual}, frame, with a person, p50", "ms", 4, _USUAL)
    yield Goal("vision", f"{usual} / ours, frame, empty", "×", 4, _USUAL, at_least=8)
    yield Goal("vision", f"{usual} / ours, frame, with a person", "×", 4, _USUAL, at_least=8)
    yield Goal("vision", "AUC office + home, ours", "1", 4, _USUAL)
    yield Goal("vision", f"AUC office + home, {usual}", "1", 4, _USUAL)
    yield Goal("vision", f"AUC office + home, ours less {usual}", "1", 4, _USUAL, at_least=0.001)
    yield Goal("vision", "decoding one sub-stream", "% of a core", 4, _STREAMS)
    yield Goal("vision", "four cameras, vision process RSS", "MiB", 4, _STREAMS, 200.0)
    yield Goal("vision", "four cameras, vision process", "% of a core", 4, _STREAMS)
    yield Goal("vision", "four cameras, frames judged, slowest camera", "1/s", 4, _STREAMS)


def _cameras() -> Iterator[Goal]:
    yield Goal("cameras", "faults", "1", 4, _FAULTS, at_least=1000)
    yield Goal("cameras", "deaths of the process", "1", 4, _FAULTS, at_most=0)
    for name, limit in (("lost", 15.0), ("back", 10.0), ("connected again", 10.0)):
        yield Goal("cameras", f"{name}, p50", "s", 4, _FAULTS)
        yield Goal("cameras", f"{name}, slowest", "s", 4, _FAULTS, limit)
    yield Goal("cameras", "RSS at the end", "MiB", 4, _CAMERAS, 200.0)
    yield Goal("cameras", "RSS more than at first", "MiB", 4, _FAULTS, 12.0)
    for what in ("open files", "threads"):
        yield Goal("cameras", f"{what} more than at first", "1", 4, _FAULTS, 4)


def _tones() -> Iterator[Goal]:
    def goal(metric: str, unit: str, at_least: float | None = None, at_most: float | None = None) -> Goal:
        return Goal("tones", metric, unit, 3, _SOUND, at_most, at_least)

    # pulses, pulse length ms
    for name, pulses, lengths in (
        ("high", (10, 10), (75, 200)),
        ("medium", (3, 3), (125, 250)),
        ("low", (1, 2), (125, 250)),
    ):
        yield goal(f"{name}, pulses", "1", *pulses)
        for which in ("shortest", "longest"):
            yield goal(f"{name}, pulse length, {which}", "ms", *lengths)
            yield goal(f"{name}, rise, {which}", "% of the pulse", 10, 20)
        yield goal(f"{name}, rise and fall, over the shortest spacing", "×", at_most=1)
        yield goal(f"{name}, fundamental", "Hz", 150, 1000)
        yield goal(f"{name}, harmonics from 300 to 4000 Hz within 15 dB", "1", 4)
        yield goal(f"{name}, pulses apart in level by", "dB", at_most=10)
    for spacing, lengths in (
        ("high, spacing x", (50, 125)),
        ("medium, spacing y", (125, 250)),
        ("low, spacing y", (125, 250)),
    ):
        for which in ("shortest", "longest"):
            yield goal(f"{spacing}, {which}", "ms", *lengths)
    yield goal("high, gap after the 3rd and 8th pulse, off 2x + t_d by", "ms", at_most=5)
    yield goal("high, gap between the two groups", "ms", 350, 1300)
    for name, silence in (("high", (2.5, 15)), ("high unanswered", (2.5, 15)), ("medium", (2.5, 30))):
        yield goal(f"{name}, silence between bursts", "s", *silence)
    yield goal("technical low, silence between bursts", "s", 15)
    for pair in ("high louder than medium by", "medium louder than low by"):
        yield goal(pair, "dB", 0)


GOALS: tuple[Goal, ...] = (
    *_latency(),
    *_footprint(),
    *_store(),
    *_falls(),
    *_vision(),
    *_cameras(),
    *_tones(),
    *_alarms(),
)


def goals_of(bench: str) -> dict[str, Goal]:
    """The goals of one benchmark by metric."""
    return {goal.metric: goal for goal in GOALS if goal.bench == bench}
