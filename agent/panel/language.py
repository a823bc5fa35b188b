"""In which language somebody is answered: Chinese unless English is asked for."""

LANGUAGES = ("zh", "en")
DEFAULT = "zh"


def choose(chosen: str | None, accept_language: str | None) -> str:
    """`chosen` (a cookie) if it is ours, else the better liked of the header's (RFC 9110 12.5.4), else Chinese."""
    if chosen in LANGUAGES:
        return chosen
    liked: dict[str, float] = {}
    for part in (accept_language or "")[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        name = tag.split("-")[0].lower()
        if name in LANGUAGES:
            liked[name] = max(liked.get(name, 0.0), _weight(weight))
    return max(liked, key=lambda name: liked[name], default=DEFAULT)


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
