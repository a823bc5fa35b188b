"""Days of the calendar as numbers, for rules that count them: no clock and no zone. Pure."""


def day_of(iso: str) -> int | None:
    """Days from 1970-01-01 to the date ``"2026-11-24"``; None for anything that is no date."""
    parts = iso.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    year, month, day = (int(part) for part in parts)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year -= month <= 2  # the year begins in March, so that a leap day is its last
    months = (month + 9) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * months + 2) // 5 + day - 719_469
