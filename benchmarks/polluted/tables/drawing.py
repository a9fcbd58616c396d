"""Words, names, days and numbers, drawn from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from benchmarks.polluted.sheets import Cells

SEED = 20261127
WORDS = (
    "amber",
    "river",
    "stone",
    "quiet",
    "lantern",
    "copper",
    "meadow",
    "window",
    "engine",
    "harbour",
    "velvet",
    "thunder",
    "pocket",
    "silver",
    "garden",
    "bridge",
    "candle",
    "winter",
    "orange",
    "mirror",
)
GERMAN = (
    "Straße",
    "Größe",
    "Äpfel",
    "Übermut",
    "Käse",
    "Grüße",
    "Fußball",
    "heißt",
    "schön",
    "für",
    "Bäcker",
    "über",
    "können",
)
FRENCH = (
    "café",
    "élève",
    "garçon",
    "naïve",
    "déjà",
    "où",
    "très",
    "forêt",
    "château",
    "août",
    "reçu",
)
CZECH = (
    "žlutý",
    "kůň",
    "říká",
    "příšerně",
    "ďábelské",
    "ódy",
    "úplně",
    "čerstvý",
    "měsíc",
    "nádraží",
)
RUSSIAN = (
    "река",
    "дом",
    "книга",
    "море",
    "дорога",
    "зима",
    "лето",
    "окно",
    "мост",
)
ARABIC = (
    "مرحبا",
    "بالعالم",
    "كتاب",
    "مدينة",
    "سوق",
    "بيت",
    "شمس",
    "قمر",
    "بحر",
    "جبل",
    "نهر",
    "شجرة",
)
CHINESE = "数据导入系统管理客户产品价格日期北京上海文件测试中文字符很好吃的苹果和橙子"
EMOJI = ("😀", "🎉", "🚗", "🐱", "🌍", "👍🏽", "🇩🇪")
FIRST = ("Anna", "Jana", "Peter", "Marie", "Tomáš", "John", "Liu", "Omar", "Eva", "Jürgen", "Zoë")
LAST = ("Novák", "Smith", "O'Brien", "Müller", "García", "Chen", "D'Angelo", "Dubois", "Haddad")


class Draw:
    """What one table is drawn from."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"{SEED} {name}")  # noqa: S311 - the same table each time

    def number(self, first: int, last: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(first, last)

    def fraction(self, first: float, last: float) -> float:
        """Return a number."""
        return self._random.uniform(first, last)

    def one(self, some: Sequence[str]) -> str:
        """Return one of some texts."""
        return self._random.choice(some)

    def words(self, count: int, some: Sequence[str] = WORDS) -> str:
        """Return so many words with a space between them."""
        return " ".join(self.one(some) for _ in range(count))

    def sentence(self) -> str:
        """Return a few words, now more and now fewer."""
        return self.words(self.number(2, 7))

    def person(self) -> str:
        """Return a first and a last name."""
        return f"{self.one(FIRST)} {self.one(LAST)}"

    def day(self) -> str:
        """Return a date."""
        return f"20{self.number(10, 25)}-{self.number(1, 12):02}-{self.number(1, 28):02}"

    def hour(self) -> str:
        """Return a time of the day."""
        return f"{self.number(0, 23):02}:{self.number(0, 59):02}:{self.number(0, 59):02}"


def cells(rows: Iterable[Iterable[object]]) -> tuple[Cells, ...]:
    """Return rows as texts."""
    return tuple(tuple(map(str, row)) for row in rows)
