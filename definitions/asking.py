"""Which cells ask how their column is written, when none of the first rows did."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from definitions.batches import Batch
from definitions.compiled import Mapped
from definitions.styles import Matter, Question, doubtful, may_be_grouped, written_cells


class Asking:
    """Watches batches in their order for cells that depend on what is not known yet.

    Those are cells that a plain mapping cannot use but a style could, and numbers such as `1.234`
    while no other number has shown that points are decimal marks.
    """

    def __init__(self, questions: Collection[Question]) -> None:
        """Take the questions that are not answered."""
        self._left = [*questions]
        self._pointed = set[Question]()  # whose points are surely decimal marks

    def asked(self, batch: Batch, mapped: Mapped) -> Sequence[Question]:
        """Return the questions that cells of a batch ask for the first time."""
        asked = [each for each in self._left if self._is_asked(each, batch, mapped)]
        self._left = [each for each in self._left if each not in asked]
        return asked

    def _is_asked(self, question: Question, batch: Batch, mapped: Mapped) -> bool:
        cells = written_cells(batch, [question])[question.column]
        bad = mapped.bad(question.column)
        if bad.any() and doubtful([question], cells.filter(bad).to_frame()):
            return True
        if question.matter is not Matter.NUMBERS or question in self._pointed:
            return False
        pointed = cells.filter(cells.str.contains(".", literal=True))
        grouped = may_be_grouped([question], pointed.to_frame()).get(question)
        if grouped is False:
            self._pointed.add(question)
        return grouped is True
