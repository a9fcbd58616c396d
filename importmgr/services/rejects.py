"""The rejected rows of a run: looked at, and handed out to be corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from definitions.audit import AuditAction, Change
from definitions.errors import InvalidError, NotFoundError
from definitions.masking import NOTHING_MASKED, Masking, masking_of
from definitions.rejects import RejectedFile, RejectedRow
from definitions.schema import to_definition
from importmgr.services.definitions import Definitions
from importmgr.services.runs import Runs
from importmgr.store.audit import AuditStore
from importmgr.store.projects import Project
from importmgr.store.rejects import KeptFile, RejectStore
from importmgr.store.runs import Run


class Form(StrEnum):
    """How rejected rows are written."""

    ORIGINAL = "original"  # byte by byte as in their file, to be corrected in an editor
    SPREADSHEET = "spreadsheet"  # CSV in UTF-8 with a mark; no cell can become a formula


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectQuery:
    """Which rejected rows of a run: those of one of its files, written so.

    Cells of sensitive columns are masked unless it is `unmasked`.
    """

    form: Form
    part: int | None = None
    unmasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsFile:
    """A file of rejected rows: where they come from, and its pieces, made as they are taken."""

    kept: KeptFile
    encoding: str
    pieces: Iterator[bytes]


class Rejects:
    """The use cases around rejected rows of one run."""

    def __init__(
        self, store: RejectStore, *, audit: AuditStore, runs: Runs, definitions: Definitions
    ) -> None:
        """Take the stores, and what knows whose the runs are and what is sensitive."""
        self._store = store
        self._audit = audit
        self._runs = runs
        self._definitions = definitions

    def files(
        self, project: Project, definition_id: str, origin: str, run_id: str
    ) -> tuple[Run, list[KeptFile]]:
        """Return a run, and its files that have rejected rows."""
        run = self._runs.require(project, definition_id, origin, run_id)
        return run, self._store.files(run.id)

    def masks(self, project: Project, definition_id: str, origin: str) -> bool:
        """Tell whether cells of the rows of a definition's runs are masked."""
        return self._masking(project, definition_id, origin, ()).applies

    def open(
        self, project: Project, definition_id: str, origin: str, run_id: str, query: RejectQuery
    ) -> RejectsFile:
        """Return the rows of a file that wait for a repair, written as asked.

        Unmasked they are handed out only once the audit log says so. Raise `NotFoundError` if
        there are none, `InvalidError` if it is not clear of which file.
        """
        run, files = self.files(project, definition_id, origin, run_id)
        kept = chosen(run, files, query.part)
        masking = NOTHING_MASKED
        if query.unmasked:
            self._audit.tell(_reading(project, run, kept))
        else:
            masking = self._masking(project, definition_id, origin, kept.file.header)
        pieces = _written(kept.file, self._store.rows(run.id, kept.part), query.form, masking)
        form = kept.file.form if query.form is Form.ORIGINAL else None
        encoding = "utf-8" if form is None else form.encoding
        return RejectsFile(kept=kept, encoding=encoding, pieces=pieces)

    def _masking(
        self, project: Project, definition_id: str, origin: str, header: Sequence[str]
    ) -> Masking:
        """Return what the definition, as it is now, lets nobody see of a file."""
        stored = self._definitions.require(project, definition_id, origin)
        return masking_of(to_definition(stored.document).mapping, header)


def _reading(project: Project, run: Run, kept: KeptFile) -> Change:
    """Return what the audit log is told of rows that are handed out unmasked."""
    after = {"import_id": run.definition_id, "file": kept.part, "rows": kept.open}
    action = AuditAction.RUN_UNMASKED
    return Change(action=action, project_id=project.id, what=run.id, after=after)


def _written(
    file: RejectedFile, rows: Iterator[RejectedRow], form: Form, masking: Masking
) -> Iterator[bytes]:
    from sources.formats.csv import rejected as writer  # noqa: PLC0415 - numpy comes late

    if form is Form.SPREADSHEET:
        return writer.spreadsheet_lines(file, rows, masking)
    if masking.applies:
        return writer.masked_lines(file, rows, masking)
    return writer.original_lines(file, rows)


def chosen(run: Run, files: list[KeptFile], part: int | None) -> KeptFile:
    """Return the file that is meant: the one with that number, or the only one that has rows."""
    waiting = [kept for kept in files if kept.open]
    if not waiting:
        raise NotFoundError(_nothing(run, files))
    meant = [kept for kept in waiting if part in {None, kept.part}]
    if len(meant) == 1:
        return meant[0]
    known = ", ".join(f"{kept.part} ({kept.file.name}, {kept.open} rows)" for kept in waiting)
    said = "say which one" if part is None else f"must be one of these, not {part}"
    raise InvalidError({"file": [f"{said}: {known}"]})


def _nothing(run: Run, files: list[KeptFile]) -> str:
    """Say why no row waits for a repair."""
    if not run.tally.rejected and run.is_held_back:
        return (
            f"run {run.id!r} has no rejected rows yet: a brake held back the rows that would be, "
            "its faults tell which; correct the file, or let the run go on and repair them then"
        )
    if not run.tally.rejected:
        return f"run {run.id!r} has no rejected rows"
    if not any(kept.kept for kept in files):
        return (
            f"no rejected row of run {run.id!r} is kept any more, or there was no room for one: "
            "correct the file and run the definition again"
        )
    return (
        f"every row of run {run.id!r} that is kept was repaired; {run.tally.rejected} more were "
        "rejected and not kept: correct the file and run the definition again"
    )
