"""Which lines of a text are looked at: not those that surely are no rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sources.formats.csv.detection.delimiters import DETECTION_SIZE
from sources.formats.csv.detection.header import Beginning
from sources.formats.csv.detection.quotes import QUOTE
from sources.formats.csv.detection.reading import Row
from sources.formats.csv.dialect import RULE

LINE_END = re.compile(rb"\r\n|\r|\n")
LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
DRAWN = re.compile(rb"[-=_]{3}[-=_+|: \t,;~^\x1f]*+[\r\n]")
TOLD_BY_NAMES = (",", ";")
NEAR = 2  # lines behind the first one of a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of a text without given remarks and rules, the lines that are drawn between rows.

    `numbers` are those of the lines left, None if all are left; `rules` are lines with theirs.
    """

    text: bytes
    numbers: Sequence[int] | None = None
    rules: Sequence[tuple[int, bytes]] = ()

    @classmethod
    def of(cls, text: bytes, remark: str | None, quote: str | None = None) -> Lines:
        """Return the lines of `text` that do not begin with `remark` and are no rules.

        Where it is said that there are no remarks, rules stay too. Behind an odd number of quotes
        (double ones if none is given) a line may be in a field, and stays whatever it begins with.
        """
        mark = (remark or "").encode()
        has_rules = remark != "" and DRAWN.search(text, 0, DETECTION_SIZE) is not None
        if not mark and not has_rules:
            return cls(text=text)
        left: list[tuple[int, bytes]] = []
        rules: list[tuple[int, bytes]] = []
        sign, is_inside = (QUOTE if quote is None else quote).encode(), False
        for number, line in enumerate(LINE.findall(text)):
            if mark and line.startswith(mark) and not is_inside:
                continue
            is_inside ^= bool(sign) and line.count(sign) % 2 == 1
            (rules if has_rules and RULE.match(line + b"\n") else left).append((number, line))
        return cls(
            text=b"".join(line for _, line in left),
            numbers=[number for number, _ in left],
            rules=rules,
        )

    def number(self, line: int) -> int:
        """Return which line of the whole text the line `line` of those left is."""
        numbers = self.numbers
        return line if numbers is None or line >= len(numbers) else numbers[line]

    def rules_are_none(self, begin: Beginning, delimiter: str, rows: Sequence[Row]) -> bool:
        """Tell whether there are rules, and they are no rows of cells that lack their values.

        They are none if they have no delimiters, or stand where the header is; with commas or
        semicolons only if the first one underlines each name of the header, which is in `rows`.
        """
        if not self.rules:
            return False
        if delimiter in TOLD_BY_NAMES and delimiter.encode() in self.rules[0][1]:
            return self._underlines(begin, delimiter, rows)
        last = self.number(begin.line) + begin.header_rows + NEAR
        return self.rules[0][0] < last or not any(
            delimiter.encode() in line for _, line in self.rules
        )

    def _underlines(self, begin: Beginning, delimiter: str, rows: Sequence[Row]) -> bool:
        """Tell whether the first rule is directly below the header, each part as long as a name."""
        number, line = self.rules[0]
        place = begin.place + begin.header_rows - 1
        if not begin.header_rows or place >= len(rows):
            return False
        below = next((row for row in rows[place + 1 :] if not row.is_blank), None)
        is_below = below is None or number < self.number(below.line)
        if number <= self.number(rows[place].line) or not is_below:
            return False
        names = rows[place].cells
        parts = [part.strip() for part in line.decode().split(delimiter)]
        return len(parts) == len(names) and all(
            len(part) >= len(name.strip()) > 0 for part, name in zip(parts, names, strict=True)
        )


def end_of_lines(sample: bytes, count: int) -> int:
    """Return where the first `count` lines end."""
    at = 0
    for _ in range(count):
        found = LINE_END.search(sample, at)
        if found is None:
            return len(sample)
        at = found.end()
    return at
