"""How columns of a file are written where the definition does not say it: found out from cells.

A cell proves a style when it can be read in that one alone: `1,5` and `1.234,56` the decimal comma,
`1.5` and `1,234.56` the decimal point, `31/12/2026` that the day is first. What is proven holds for
the whole column, so that the others of its cells, such as `1,234`, have one reading. Proofs of both
styles prove nothing, as if there was none. Cells that are no text in the file prove nothing either:
they are not written in any style.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
import polars as pl

from definitions.arrays import Mask
from definitions.batches import Batch
from definitions.forms import OF_ORDER
from definitions.masking import MASK
from definitions.model import TargetType
from definitions.text_column import TextColumn
from definitions.walls import walls
from definitions.written import BARE, COMMA, PLAIN, POINT, DateOrder, NumberStyle, Written

Style: TypeAlias = NumberStyle | DateOrder

_DATES = frozenset({TargetType.DATE, TargetType.DATETIME, TargetType.TIMESTAMP})
_LONGEST_SHOWN = 40


class Matter(StrEnum):
    """What there are styles of."""

    NUMBERS = "numbers"
    DATES = "dates"


class Question(NamedTuple):
    """In which style a column of a file is written."""

    column: str
    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """What was found out about columns; a column that nothing is known of is plain.

    `evidence` says it to people, with the cells that prove it. `asked` are the questions for which
    the whole file was looked at.
    """

    numbers: Mapping[str, NumberStyle] = field(default_factory=dict)
    dates: Mapping[str, DateOrder] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[Question] = frozenset()

    def joined(self, other: Styles) -> Styles:
        """Return these and what was found out later."""
        return Styles(
            numbers={**self.numbers, **other.numbers},
            dates={**self.dates, **other.dates},
            evidence={**self.evidence, **other.evidence},
            asked=self.asked | other.asked,
        )

    def unanswered(self, questions: Collection[Question]) -> tuple[Question, ...]:
        """Return the questions of whose columns nothing is known."""
        known = {Matter.NUMBERS: self.numbers, Matter.DATES: self.dates}
        return tuple(each for each in questions if each.column not in known[each.matter])

    def answer(self, question: Question, said: Written) -> Written:
        """Return how a column is written, where the definition says something and leaves a rest."""
        column, matter = question
        match matter:
            case Matter.NUMBERS:
                return replace(said, numbers=self.numbers.get(column, said.numbers))
            case Matter.DATES:
                return replace(said, dates=self.dates.get(column, said.dates))


NO_STYLES = Styles()
_NUMBERS: Mapping[str, NumberStyle] = MappingProxyType(
    {"bare": BARE, "point": POINT, "comma": COMMA}
)


def styles_document(styles: Styles) -> dict[str, dict[str, str]]:
    """Return styles as JSON, without the evidence."""
    names = {style: name for name, style in _NUMBERS.items()}
    return {
        "numbers": {column: names[style] for column, style in styles.numbers.items()},
        "dates": {column: order.value for column, order in styles.dates.items()},
    }


def styles_of(document: Mapping[str, Mapping[str, str]]) -> Styles:
    """Return the styles of a document."""
    return Styles(
        numbers={column: _NUMBERS[name] for column, name in document["numbers"].items()},
        dates={column: DateOrder(order) for column, order in document["dates"].items()},
    )


def beside_plain(found: Styles) -> Styles:
    """Return what is believed of rows that are read beside those of a file that asked nothing.

    Its numbers may have decimal points, so a decimal comma is not believed.
    """
    numbers = {column: BARE if style == COMMA else style for column, style in found.numbers.items()}
    return replace(found, numbers=numbers)


def question_about(column: str, target: TargetType, said: Written) -> Question | None:
    """Return what has to be found out about a column, if anything."""
    if target is TargetType.NUMBER and not said.numbers_said:
        return Question(column, Matter.NUMBERS)
    if target in _DATES and said.pattern is None:
        return Question(column, Matter.DATES)
    return None


def written_cells(batch: Batch, questions: Collection[Question]) -> pl.DataFrame:
    """Return the columns that questions are about; cells that are no text in the file are empty."""
    columns = []
    for name in dict.fromkeys(question.column for question in questions):
        cells, typed = batch.frame[name], batch.typed.get(name)
        columns.append(cells if typed is None else cells.set(pl.Series(typed), ""))
    return pl.DataFrame(columns)


def doubtful(questions: Collection[Question], frame: pl.DataFrame) -> tuple[Question, ...]:
    """Return the questions about columns that hold a cell whose style matters.

    Numbers in the contract's form are no such cells, nor is what has no style at all.
    """
    return tuple(q for q in questions if _matters(q, frame[q.column].str.strip_chars()))


def may_be_grouped(questions: Collection[Question], frame: pl.DataFrame) -> dict[Question, bool]:
    """Tell of columns with numbers such as `1.234` whether all of their points may part thousands.

    One such as `1.5` or `0.250` shows that they do not.
    """
    found = {}
    for question in questions:
        if question.matter is Matter.NUMBERS:
            texts = frame[question.column].str.strip_chars()
            texts = texts.filter(
                texts.str.contains(".", literal=True) & texts.str.contains(PLAIN.regex)
            )
            if texts.len():
                found[question] = bool(texts.str.contains(COMMA.regex).all())
    return found


def _matters(question: Question, texts: pl.Series) -> bool:
    if question.matter is Matter.NUMBERS:
        texts = texts.filter(~texts.str.contains(PLAIN.regex))
    return any(flags.any() for flags in _readings(question.matter, texts).values())


def _readings(matter: Matter, texts: pl.Series) -> dict[Style, Mask]:
    """Tell of both styles which cells can be read in it."""
    match matter:
        case Matter.NUMBERS:
            return {style: texts.str.contains(style.regex).to_numpy() for style in (POINT, COMMA)}
        case Matter.DATES:
            orders = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
            column = TextColumn.of(texts)
            return {order: walls(column, OF_ORDER[order]).found for order in orders}


_CALLED: Mapping[Style, str] = MappingProxyType(
    {
        POINT: "decimal point",
        COMMA: "decimal comma",
        DateOrder.DAY_FIRST: "day first",
        DateOrder.MONTH_FIRST: "month first",
    }
)


class Survey:
    """Looks at a file batch by batch, from its first row on, to answer questions about it."""

    def __init__(
        self, questions: Collection[Question], masked: Collection[str] = frozenset()
    ) -> None:
        """Take the questions, and the columns of which no cell is told."""
        self._masked = masked
        self._proofs: dict[Question, dict[Style, str]]
        self._proofs = {question: {} for question in questions}

    @property
    def settled(self) -> bool:
        """Tell whether no further row can change an answer."""
        return all(len(proofs) > 1 for proofs in self._proofs.values())

    def add(self, batch: Batch) -> None:
        """Look at the next batch."""
        for question, proofs in self._proofs.items():
            if len(proofs) > 1:
                continue
            texts = written_cells(batch, [question])[question.column].str.strip_chars()
            for style, spot in _first_proofs(question.matter, texts):
                is_masked = question.column in self._masked
                value = MASK if is_masked else repr(texts[spot][:_LONGEST_SHOWN])
                proofs.setdefault(style, f"{value} in row {batch.rows[spot]}")

    def styles(self) -> Styles:
        """Return what the batches so far prove."""
        numbers: dict[str, NumberStyle] = {}
        dates: dict[str, DateOrder] = {}
        evidence: dict[str, str] = {}
        for (column, matter), proofs in self._proofs.items():
            style = next(iter(proofs)) if len(proofs) == 1 else None
            if matter is Matter.NUMBERS:
                numbers[column] = style if isinstance(style, NumberStyle) else BARE
            elif proofs:
                dates[column] = style if isinstance(style, DateOrder) else DateOrder.UNKNOWN
            evidence[f"{matter} of {column!r}"] = _told(matter, proofs)
        asked = frozenset(self._proofs)
        return Styles(numbers=numbers, dates=dates, evidence=evidence, asked=asked)


def proofs(matter: Matter, texts: pl.Series) -> dict[Style, Mask]:
    """Tell of both styles which cells prove it: those that can be read in it alone."""
    (one, first), (other, second) = _readings(matter, texts).items()
    return {one: first & ~second, other: second & ~first}


def _first_proofs(matter: Matter, texts: pl.Series) -> list[tuple[Style, int]]:
    """Return each style that a cell proves, with the place of the first such cell, in order."""
    spots = {style: np.flatnonzero(flags) for style, flags in proofs(matter, texts).items()}
    found = [(style, int(places[0])) for style, places in spots.items() if places.size]
    return sorted(found, key=lambda proof: proof[1])


def _told(matter: Matter, proofs: Mapping[Style, str]) -> str:
    """Say what was found, to a person."""
    if not proofs:
        doubt = {Matter.NUMBERS: "decimal mark", Matter.DATES: "order of day and month"}[matter]
        return f"{doubt} unknown (no cell proves it)"
    known = " and ".join(_CALLED[style] for style in proofs)
    return f"{known} (found: {' and '.join(proofs.values())})"
