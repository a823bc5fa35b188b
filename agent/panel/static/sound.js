// Sounds the pattern of the gravest alarm, as the buzzer does.
import { PATTERNS, UNANSWERED_AFTER_S } from "./patterns.js";

const RANK = { low: 1, medium: 2, high: 3 };
const HARMONICS = [0, 1, 0.8, 0.7, 0.6, 0.5]; // partials 1 to 5 of a pulse, within 6 dB of each other
const RISE = 0.15; // of the pulse's length (IEC: 10 to 20 %)
const LEAD_S = 0.05;

// The name of the pattern for these alarms at gateway time `now`; null for silence.
export function patternFor(alarms, now, night, disconnected) {
  let gravest = null;
  for (const alarm of alarms) {
    if (!gravest || RANK[alarm.priority] > RANK[gravest.priority]) gravest = alarm;
  }
  if (!gravest || (gravest.priority === "low" && night)) return disconnected ? "technical" : null;
  if (gravest.priority === "high") {
    const longest = Math.max(...alarms.filter((a) => a.priority === "high").map((a) => now - a.since));
    return longest > UNANSWERED_AFTER_S ? "high_unanswered" : "high";
  }
  if (gravest.priority === "medium") return "medium";
  return alarms.some((a) => a.technical) || disconnected ? "technical" : "low";
}

export class Sound {
  constructor(onBlocked) {
    this.onBlocked = onBlocked; // told whether the browser keeps us silent
    this.context = new AudioContext();
    this.wave = this.context.createPeriodicWave(new Float32Array(HARMONICS.length), new Float32Array(HARMONICS));
    this.playing = null; // name of the pattern
    this.alarms = new Set(); // ids that sound already
    this.pulses = [];
    this.timer = null;
    this.nextAt = 0; // context time of the next burst
    this.context.onstatechange = () => {
      this.report();
      if (this.playing && !this.pulses.length) this.burst(this.context.currentTime + LEAD_S);
    };
    this.report();
  }

  report() {
    this.onBlocked(this.context.state !== "running");
  }

  // Must be called from within a tap where the browser asks for one.
  async enable() {
    await this.context.resume();
    this.report();
  }

  // Make the sound fit these alarms; a new one of the gravest kind starts the burst anew.
  update(alarms, now, night, disconnected) {
    const pattern = patternFor(alarms, now, night, disconnected);
    const top = Math.max(...alarms.map((a) => RANK[a.priority]));
    const fresh = alarms.some((a) => !this.alarms.has(a.id) && RANK[a.priority] === top);
    this.alarms = new Set(alarms.map((a) => a.id));
    const same = pattern === this.playing || (this.playing === "high" && pattern === "high_unanswered");
    if (same && !(fresh && !this.busy())) {
      this.playing = pattern;
      return;
    }
    this.hush();
    this.playing = pattern;
    if (pattern) this.burst(this.context.currentTime + LEAD_S);
  }

  busy() {
    return this.pulses.some((pulse) => pulse.end > this.context.currentTime);
  }

  hush() {
    clearTimeout(this.timer);
    for (const pulse of this.pulses) {
      pulse.oscillator.onended = null;
      pulse.oscillator.stop();
      pulse.gain.disconnect();
    }
    this.pulses = [];
  }

  burst(at) {
    if (this.context.state !== "running") return; // begins when the browser lets us
    const { starts, pulse_ms, silence_ms, hz, gain } = PATTERNS[this.playing];
    this.pulses = this.pulses.filter((pulse) => pulse.end > this.context.currentTime);
    for (const start of starts) this.pulse(at + start / 1000, pulse_ms / 1000, hz, gain);
    if (silence_ms === null) return;
    const next = at + (starts[starts.length - 1] + pulse_ms + PATTERNS[this.playing].silence_ms) / 1000;
    const follow = () => {
      const wait = next - this.context.currentTime;
      if (wait > 0.2) this.timer = setTimeout(follow, Math.min(wait, 1) * 500);
      else this.burst(Math.max(next, this.context.currentTime + LEAD_S));
    };
    follow();
  }

  pulse(at, length, hz, loudness) {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.setPeriodicWave(this.wave);
    oscillator.frequency.value = hz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + length * RISE);
    gain.gain.setValueAtTime(loudness, at + length * (1 - RISE));
    gain.gain.linearRampToValueAtTime(0, at + length);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
    this.pulses.push({ oscillator, gain, end: at + length });
  }
}
