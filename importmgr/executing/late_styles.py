"""How columns are written where the first rows of a file did not ask: found out when a cell does.

Until then no cell of such a column depends on it, so what was loaded before stays right; and an
attempt that goes on behind that cell finds the same as soon as another one asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from definitions.asking import Asking
from definitions.batches import Batch
from definitions.compiled import CompiledMapping, Mapped
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from definitions.styles import Styles
from sources.base import Reader
from sources.survey import survey_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Restyled:
    """What holds from a batch on: how columns are written, and the mapping that knows it."""

    styles: Styles
    mapping: CompiledMapping


class LateStyles:
    """Watches the batches of one file, in their order, for the first cell that asks."""

    def __init__(
        self, definition: ImportDefinition, reader: Reader, plain: CompiledMapping, styles: Styles
    ) -> None:
        """Take the mapping without styles, and what was found out before the first batch."""
        self._definition, self._reader, self._masking = definition, reader, plain.masking
        self._styles = styles
        self._asking = Asking([each for each in plain.questions if each not in styles.asked])

    def answer(self, batch: Batch, mapped: Mapped) -> Restyled | None:
        """Return what holds from this batch on, if a cell of it asks; it is to be mapped anew."""
        asked = self._asking.asked(batch, mapped)
        if not asked:
            return None
        found = survey_of(self._reader, asked, self._masking.columns)
        self._styles = self._styles.joined(found)
        mapping = compile_mapping(self._definition, self._reader.header, self._styles)
        return Restyled(styles=self._styles, mapping=mapping)
