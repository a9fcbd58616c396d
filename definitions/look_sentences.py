"""How the last look for new files is told to people."""

from __future__ import annotations

from datetime import UTC, datetime

from definitions.decisions import Facts


def looked(facts: Facts) -> str:
    """Return what the last look found, and since when nothing changes."""
    found = [
        f"{facts[name]:,} {what}"
        for name, what in (
            ("taken", "taken"),
            ("held_back", "held back, as too many runs wait"),
            ("waiting", "not ready yet"),
        )
        if facts[name]
    ]
    matched, passed, unchanged = facts["matched"], facts["passed_over"], facts["unchanged"]
    parts = [", ".join(found) or "nothing new"]
    parts.append(f"{matched:,} {'file' if matched == 1 else 'files'} matched")
    if older := facts.get("older"):
        parts[-1] += f", {older:,} of them older than the last one, which alone is wanted"
    if passed:
        parts.append(f"{passed:,} passed over")
    if unchanged:
        looks = "look" if unchanged == 1 else "looks"
        parts.append(f"{unchanged:,} {looks} without change since {moment(facts['since'])}")
    return f"looked (every {facts['every_seconds']} s): {'; '.join(parts)}"


def times(count: int) -> str:
    """Return how often something happened."""
    return "once" if count == 1 else f"{count:,} times"


def moment(text: str) -> str:
    """Return a time as people read it, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
