"""What a dry run found out: samples, faults, and what is in the columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from definitions.batches import Batch
from definitions.brakes import Braking
from definitions.compiled import CompiledMapping, Mapped
from definitions.faults import Fault
from definitions.masking import Masking
from definitions.profile import Profile
from definitions.profile_document import column_document
from definitions.rejects import RejectedFile, RejectedRow, Rejects
from destinations.rehearsal import Sample
from importmgr.services.doubts import told_of
from importmgr.store.runs import OpenedFile
from sources.formats.csv.rejected import masked_cells

SAMPLES: Final = 20  # records of a batch that are looked at one by one
SHOWN: Final = 5  # of each kind
SHOWN_FAULTS: Final = 100
LONGEST_ROW: Final = 500
OUTCOMES: Final = ("created", "updated", "unchanged", "skipped")
ENOUGH_BATCHES: Final = 50  # after so many nothing new is expected of samples


class DryReport:
    """Gathers what people want to know before the real run."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._samples: dict[str, list[dict[str, Any]]] = {outcome: [] for outcome in OUTCOMES}
        self._rejected: list[dict[str, Any]] = []
        self._faults: list[Fault] = []
        self._counts: Counter[tuple[str, str | None]] = Counter()
        self._files: list[tuple[OpenedFile, Profile, Masking]] = []
        self._warnings: dict[str, None] = {}
        self._batches = 0

    @property
    def wants_samples(self) -> bool:
        """Tell whether more records should be looked at one by one."""
        lacking = any(len(self._samples[name]) < SHOWN for name in ("created", "updated"))
        return lacking and self._batches < ENOUGH_BATCHES

    def open(self, file: OpenedFile, header: Sequence[str], mapping: CompiledMapping) -> None:
        """Begin with a file."""
        self._files.append((file, Profile(header), mapping.masking))
        told = (*mapping.warnings, *told_of(file.file, file.read_as))
        self._warnings |= dict.fromkeys(told)

    def read_as(self, file: OpenedFile) -> None:
        """Take what was found out about the last file since it was opened."""
        _, profile, masking = self._files[-1]
        self._files[-1] = file, profile, masking

    def add(
        self, batch: Batch, mapped: Mapped, samples: Iterable[Sample], rejects: Rejects | None
    ) -> None:
        """Take what a batch of the file shows."""
        self._batches += 1
        _, profile, masking = self._files[-1]
        profile.add(batch.frame, batch.typed)
        for sample in samples:
            known = self._samples[sample.outcome]
            if len(known) < SHOWN:
                known.append(_sample(sample, masking))
        if rejects is not None:
            some = rejects.rows[: SHOWN - len(self._rejected)]
            self._rejected += [_rejected(rejects.file, row, masking) for row in some]
        both = sorted((*batch.faults, *mapped.faults), key=lambda fault: fault.row)
        self._counts.update((fault.code.value, fault.column) for fault in both)
        self._faults += both[: SHOWN_FAULTS - len(self._faults)]

    def document(self, brakes: Iterable[Braking]) -> dict[str, Any]:
        """Return all of it as JSON, and which brakes would act."""
        return {
            "samples": {**self._samples, "rejected": self._rejected},
            "faults": [_fault(fault) for fault in self._faults],
            "fault_counts": [
                {"code": code, "column": column, "count": number}
                for (code, column), number in self._counts.most_common()
            ],
            "files": [
                {
                    "file": opened.file,
                    "read_as": dict(opened.read_as),
                    "columns": [
                        masking.profile(column_document(column)) for column in profile.columns
                    ],
                }
                for opened, profile, masking in self._files
            ],
            "brakes": [
                {"brake": each.kind.value, "action": each.action.value, "text": each.text}
                for each in brakes
            ],
            "warnings": list(self._warnings),
        }


def _sample(sample: Sample, masking: Masking) -> dict[str, Any]:
    before = None if sample.before is None else json.loads(sample.before)
    after = None if sample.after is None else json.loads(sample.after)
    return {
        "row": sample.row,
        "keys": masking.values(sample.keys),
        "before": masking.values(before),
        "after": masking.values(after, before),
    }


def _rejected(file: RejectedFile, row: RejectedRow, masking: Masking) -> dict[str, Any]:
    content = (row.content or b"").decode(errors="replace").rstrip("\r\n")
    if masking.applies:
        content = ", ".join(masked_cells(row, file, masking))
    return {
        "file": file.name,
        "row": row.row,
        "line": row.line,
        "code": row.code,
        "column": row.column,
        "message": row.message,
        "text": content[:LONGEST_ROW],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "file": fault.file,
        "row": fault.row,
        "line": fault.line,
        "column": fault.column,
        "value": fault.value,
        "code": fault.code.value,
        "message": fault.message,
        "row_rejected": fault.rejects_row,
    }
