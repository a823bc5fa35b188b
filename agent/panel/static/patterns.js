// The alarm patterns, the same as the buzzer's (a test compares them); modelled on IEC 60601-1-8. Times in ms.
// `silence_ms` null: the burst comes once. `hz` is the fundamental; four harmonics lie between 300 and 4000 Hz.
export const PATTERNS = {
  "high": {"starts": [0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150], "pulse_ms": 150, "silence_ms": 5000, "hz": 660, "gain": 0.9},
  "high_unanswered": {"starts": [0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150], "pulse_ms": 150, "silence_ms": 2500, "hz": 660, "gain": 0.9},
  "medium": {"starts": [0, 400, 800], "pulse_ms": 200, "silence_ms": 15000, "hz": 523, "gain": 0.7},
  "low": {"starts": [0, 400], "pulse_ms": 200, "silence_ms": null, "hz": 440, "gain": 0.5},
  "technical": {"starts": [0, 400], "pulse_ms": 200, "silence_ms": 60000, "hz": 349, "gain": 0.5}
};

export const UNANSWERED_AFTER_S = 60;
