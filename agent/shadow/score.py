"""A camera's score as the rules weigh it. Pure."""


def weighed(score: float, threshold: float | None, raise_at: float) -> float:
    """`score` of a fall that reached the camera's own `threshold`, for rules that raise from `raise_at` on.

    A threshold that staff have set means that this camera is believed from there on: a score on it becomes `raise_at`,
    1 stays 1, and none gets less. None: the net's own threshold, by whose scores the rules were made.
    """
    if threshold is None or score < threshold or threshold >= 1:
        return score
    return max(score, raise_at + (1 - raise_at) * (score - threshold) / (1 - threshold))
