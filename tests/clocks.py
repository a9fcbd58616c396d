"""A clock that tests set, and ids that tests can foresee."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta


class HandClock:
    """Stands still unless somebody sleeps or moves it; remembers every sleep."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.at

    def monotonic(self) -> float:
        """Return the same as seconds."""
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.slept.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        """Go on by so many seconds."""
        self.at += timedelta(seconds=seconds)


class CountingIdentity:
    """Counts instead of drawing lots."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def hex24(self) -> str:
        """Return the next number as an id."""
        return f"{next(self._numbers):024x}"

    def token(self, size: int = 32) -> str:
        """Return the next number as a secret of the right length."""
        return f"{next(self._numbers):0{-(-size * 4 // 3)}d}"

    def fraction(self) -> float:
        """Return a half."""
        return 0.5
