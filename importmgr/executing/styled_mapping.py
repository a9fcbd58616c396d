"""The mapping of a file that learns how its columns are written.

The first rows are looked at before any is loaded. Where they do not ask, it is found out when a
later cell does: until then no cell of such a column depends on it, so what was loaded before stays
right; and an attempt that goes on behind that cell finds the same as soon as another one asks.
"""

from __future__ import annotations

from definitions.asking import Asking
from definitions.batches import Batch
from definitions.compiled import CompiledMapping, Mapped
from definitions.faults import MOST_FAULTS
from definitions.mapping import compile_mapping
from definitions.model import ImportDefinition
from sources.begun import Begun
from sources.survey import find_styles, survey_of


class StyledMapping:
    """Maps the batches of one file, in their order.

    `styles` are how its columns are written, as far as that is known: others once a cell has asked.
    """

    def __init__(self, definition: ImportDefinition, begun: Begun, plain: CompiledMapping) -> None:
        """Take the mapping without styles, and look at the first rows."""
        self._definition, self._reader, self.masking = definition, begun, plain.masking
        self.styles = find_styles(begun, plain.questions, plain.masking.columns)
        self._compiled = self._compile()
        self._asking = Asking([each for each in plain.questions if each not in self.styles.asked])

    def apply(self, batch: Batch, file: str, most: int = MOST_FAULTS) -> Mapped:
        """Map a batch as `CompiledMapping.apply` does, with what its own cells ask for."""
        mapped = self._compiled.apply(batch, file, most)
        asked = self._asking.asked(batch, mapped)
        if not asked:
            return mapped
        found = survey_of(self._reader, asked, self.masking.columns)
        self.styles = self.styles.joined(found)
        self._compiled = self._compile()
        return self._compiled.apply(batch, file, most)

    def _compile(self) -> CompiledMapping:
        return compile_mapping(self._definition, self._reader.header, self.styles)
