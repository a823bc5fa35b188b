"""Postures as ranges of joint angles, and the mixing of one into another."""

import numpy as np

Posture = dict[str, float]
Range = tuple[float, float]

# degrees; a pair is drawn for each side on its own, a key without side goes to both
_RANGES: dict[str, dict[str, Range]] = {
    "stand": {
        "waist": (0, 14), "hip": (-4, 7), "knee": (0, 9), "shoulder": (-12, 42), "elbow": (5, 90),
        "raise": (4, 22), "neck": (-5, 28),
    },
    "stoop": {
        "waist": (14, 40), "hip": (2, 25), "knee": (4, 25), "shoulder": (0, 60), "elbow": (10, 100),
        "raise": (4, 20), "neck": (-15, 20),
    },
    "reach": {
        "waist": (-5, 10), "hip": (-4, 4), "knee": (0, 5), "shoulder": (70, 165), "elbow": (0, 60),
        "raise": (0, 30), "neck": (-25, 5),
    },
    "sit": {
        "pitch": (-10, 12), "waist": (0, 22), "hip": (78, 100), "knee": (65, 108), "shoulder": (8, 62),
        "elbow": (20, 95), "raise": (0, 20), "neck": (-8, 26),
    },
    "sit_lean": {
        "pitch": (15, 35), "waist": (15, 45), "hip": (95, 122), "knee": (80, 110), "shoulder": (20, 85),
        "elbow": (5, 70), "neck": (-10, 25),
    },
    "sit_floor": {
        "pitch": (-25, 5), "waist": (0, 30), "hip": (70, 110), "knee": (0, 110), "shoulder": (-20, 60),
        "elbow": (0, 90), "spread": (0, 25), "neck": (-8, 26),
    },
    "squat": {
        "pitch": (12, 45), "waist": (8, 48), "hip": (95, 125), "knee": (108, 142), "shoulder": (18, 85),
        "elbow": (8, 65), "neck": (-10, 20),
    },
    "bend": {
        "pitch": (28, 72), "waist": (20, 62), "hip": (35, 80), "knee": (0, 45), "shoulder": (45, 112),
        "elbow": (0, 45), "neck": (-10, 30),
    },
    "kneel": {
        "pitch": (0, 25), "waist": (5, 50), "hip": (15, 95), "knee": (82, 125), "shoulder": (8, 75),
        "elbow": (5, 70), "neck": (-10, 25),
    },
    "all_fours": {
        "pitch": (60, 85), "waist": (0, 30), "hip": (75, 105), "knee": (85, 110), "shoulder": (70, 105),
        "elbow": (0, 25), "neck": (-30, 10),
    },
    "on_back": {
        "pitch": (-92, -88), "hip": (0, 60), "knee": (0, 80), "shoulder": (-10, 90), "raise": (0, 55),
        "elbow": (0, 95), "neck": (-5, 30),
    },
    "on_front": {
        "pitch": (88, 92), "hip": (0, 8), "knee": (0, 25), "shoulder": (0, 150), "raise": (0, 55),
        "elbow": (0, 95), "neck": (-20, 5),
    },
    "on_side": {
        "pitch": (-92, -88), "hip": (10, 90), "knee": (10, 100), "shoulder": (0, 95), "elbow": (10, 110),
        "neck": (0, 30),
    },
    "recline": {
        "pitch": (-48, -18), "waist": (0, 20), "hip": (45, 85), "knee": (20, 90), "shoulder": (0, 60),
        "elbow": (20, 100), "raise": (0, 30), "neck": (0, 35),
    },
    "tie": {
        "pitch": (35, 62), "waist": (45, 75), "hip": (110, 128), "knee": (70, 105), "shoulder": (60, 110),
        "elbow": (5, 60), "neck": (-10, 30),
    },
    "hold": {
        "waist": (8, 35), "hip": (0, 20), "knee": (3, 22), "shoulder": (22, 52), "elbow": (25, 70),
        "raise": (2, 12), "neck": (-12, 20),
    },
    "lean_over": {
        "pitch": (15, 50), "waist": (18, 55), "hip": (20, 65), "knee": (0, 45), "shoulder": (45, 95),
        "elbow": (10, 70), "raise": (0, 15), "neck": (-10, 25),
    },
    "crouch_low": {
        "pitch": (20, 50), "waist": (35, 72), "hip": (108, 128), "knee": (125, 147), "shoulder": (20, 100),
        "elbow": (10, 130), "neck": (0, 38),
    },
}  # fmt: skip
_BOTH_SIDES = ("hip", "spread", "knee", "shoulder", "raise", "elbow")
_ALIKE = {"hip", "knee"}  # both legs do much the same, arms do not
_ONE_LEGGED = {"kneel", "on_back", "on_side"}


def posture(name: str, random: np.random.Generator, support: float = 0.0) -> Posture:
    """One draw of the posture `name`, resting on something `support` metres high."""
    drawn: Posture = {"support": support}
    for joint, (low, high) in _RANGES[name].items():
        if joint not in _BOTH_SIDES:
            drawn[joint] = float(random.uniform(low, high))
            continue
        left, right = random.uniform(low, high, 2)
        if joint in _ALIKE and name not in _ONE_LEGGED:
            right = left + random.normal(0, 4)
        drawn[f"{joint}_l"], drawn[f"{joint}_r"] = float(left), float(right)
    if name == "on_side":
        drawn["roll"] = float(random.choice([-80, 80]))
    return drawn


def lying(random: np.random.Generator, support: float = 0.0) -> Posture:
    """Any way of lying."""
    return posture(str(random.choice(["on_back", "on_front", "on_side", "on_side"])), random, support)


def between(first: Posture, second: Posture, share: float) -> Posture:
    """The posture `share` (0..1) of the way, starting and ending softly."""
    soft = min(1.0, max(0.0, share))
    soft = soft * soft * (3 - 2 * soft)
    return {
        joint: first.get(joint, 0.0) + (second.get(joint, 0.0) - first.get(joint, 0.0)) * soft
        for joint in first.keys() | second.keys()
    }


def stride(base: Posture, phase: float, size: float) -> Posture:
    """`base` in the middle of a step; `phase` in radians, `size` 1 for a brisk walk."""
    swing, lift = float(np.sin(phase)), float(np.cos(phase))
    step = dict(base)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        step[f"hip_{side}"] = base.get(f"hip_{side}", 0.0) + sign * size * 25 * swing
        step[f"knee_{side}"] = base.get(f"knee_{side}", 0.0) + size * 45 * max(0.0, sign * lift)
        step[f"shoulder_{side}"] = base.get(f"shoulder_{side}", 0.0) - sign * size * 20 * swing
    return step
