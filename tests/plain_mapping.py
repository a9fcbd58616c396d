"""A mapping as the loading rooms take it, of which nothing more is found out."""

from __future__ import annotations

from dataclasses import dataclass

from definitions.batches import Batch
from definitions.compiled import CompiledMapping, Mapped
from definitions.masking import Masking
from definitions.styles import NO_STYLES, Styles


@dataclass(frozen=True)
class PlainMapping:
    """Maps every batch alike."""

    compiled: CompiledMapping
    styles: Styles = NO_STYLES

    @property
    def masking(self) -> Masking:
        """Return what no fault may show."""
        return self.compiled.masking

    def apply(self, batch: Batch, file: str, most: int) -> Mapped:
        """Map a batch."""
        return self.compiled.apply(batch, file, most)
