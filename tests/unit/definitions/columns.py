"""Columns of cells written in a certain way, right for the most part, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.unit.definitions.cells import cell

Draw = Callable[[Random], str]
MONTHS = ("Jan", "feb", "MAR", "Apr", "May", "June", "july", "Aug", "September", "Oct", "Dec")
TIMES = ("", "", " 00:00", " 2:30", " 02:30:00", "T23:59:59.5", ", 12:05 PM", " 1:05:09am")
ZONES = ("", "", "", "Z", " +02:00", "-0330", "+24:00", " UTC")


def column(draw: Draw, random: Random, size: int) -> list[str]:
    """Draw a column in which one cell of ten may be anything."""
    return [cell(random) if random.random() < 0.1 else draw(random) for _ in range(size)]


def number(decimal: str, thousands: str) -> Draw:
    """Return how to draw numbers that are written with certain marks, more or less."""

    def draw(random: Random) -> str:
        digits = str(random.randrange(10 ** random.choice((1, 3, 4, 6, 7, 9))))
        if random.random() < 0.7:
            digits = parted(digits, random.choice(thousands) if thousands else "")
        fraction = random.choice(("", "", "5", "50", "125", "000", "1234"))
        mark = decimal if fraction or random.random() < 0.02 else ""
        exponent = "e3" if random.random() < 0.03 else ""
        drawn = random.choice(("", "", "", "-", "+")) + digits + mark + fraction + exponent
        return mutated(drawn, random) if random.random() < 0.1 else drawn

    return draw


def parted(digits: str, mark: str) -> str:
    """Put a mark between thousands."""
    head = len(digits) % 3
    groups = [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))]
    return mark.join(group for group in groups if group)


def date(*forms: str) -> Draw:
    """Return how to draw dates and times in the forms of `str.format`."""

    def draw(random: Random) -> str:
        drawn = random.choice(forms).format(
            d=random.choice((0, 1, 5, 12, 13, 28, 31, random.randint(1, 32))),
            m=random.choice((1, 3, 10, 12, random.randint(0, 13))),
            n=random.randint(1, 12),
            y=random.choice((1, 1969, 2000, 2024, 2026, 2100, 9999)),
            s=random.randint(0, 99),
            b=random.choice(MONTHS),
            H=random.choice((0, 2, 12, 23, 24)),
            I=random.choice((0, 1, 11, 12, 13)),
            M=random.choice((0, 30, 59, 60)),
            f=random.choice(("1", "123", "123456789")),
            p=random.choice(("AM", "pm", "xm")),
            t=random.choice(TIMES),
            z=random.choice(ZONES),
        )
        return mutated(drawn, random) if random.random() < 0.05 else drawn

    return draw


def epoch(random: Random) -> str:
    """Draw seconds or milliseconds near the borders between them."""
    borders = (0, 10**8, 10**9, 10**11, 10**12, 10**14, 62_135_596_800, 253_402_300_800)
    digits = (20_240_131, 202_401_311_015, 20_240_131_101_500)  # of a date, perhaps with a time
    whole = random.choice((*borders, *digits, random.randrange(10**15)))
    drawn = str(random.choice((1, 1, -1)) * whole + random.randint(-2, 2))
    return drawn + random.choice(("", "", "", ".5", ".1234567", "e2", "0", "000"))


def parts(separator: str) -> Draw:
    """Return how to draw lists whose elements stand between separators."""

    def draw(random: Random) -> str:
        words = ("a", "b c", ' "q" ', "", " ", "\\", "é", ",", "[x", "\n", "\\u0000")
        spaces = ("", "", " ", "\t")
        between = random.choice(spaces) + separator + random.choice(spaces)
        return between.join(random.choices(words, k=random.randint(0, 5)))

    return draw


def mutated(text: str, random: Random) -> str:
    """Change, add or drop a character."""
    place = random.randint(0, len(text))
    return text[:place] + random.choice(("", "0", ".", ",", " ", "/", "x")) + text[place + 1 :]
