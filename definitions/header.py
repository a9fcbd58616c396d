"""Finding a file's columns by the names a mapping uses."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

MOST_NAMED = 20  # columns in a sentence
LONGEST = 60  # characters of a name that are shown there


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The column names of one file, in order."""

    names: tuple[str, ...]

    def find(self, name: str) -> str | None:
        """Return the column of exactly that name, else of that name but for outer white space."""
        if name in self.names:
            return name
        return next((column for column in self.names if column.strip() == name.strip()), None)

    def lacks(self, name: str, use: str) -> str:
        """Say that a column used for something is not there, and which one may be meant."""
        nearest = self._nearest(name)
        hint = "" if nearest is None else f", or did you mean {nearest!r}?"
        return f"column {name!r} ({use}) is not in the file: add it or correct the mapping{hint}"

    def shown(self) -> str:
        """Name the columns that are there, the first ones of many."""
        if not self.names:
            return "the file has no columns"
        named = ", ".join(repr(name[:LONGEST]) for name in self.names[:MOST_NAMED])
        more = len(self.names) - MOST_NAMED
        return f"the file has {named}" + (f" and {more} more" if more > 0 else "")

    def _nearest(self, name: str) -> str | None:
        """Return the column spelled most like the name, upper and lower case taken as equal."""
        folded = {column.strip().casefold(): column for column in reversed(self.names)}
        close = get_close_matches(name.strip().casefold(), folded, n=1)
        return folded[close[0]] if close else None
