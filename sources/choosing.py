"""Which files of a storage one run takes: by path, by selection, and by what is beside them.

Nothing here waits or asks; whether a file is still being written is found out elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from definitions.file_decisions import FileCode, FileDecision
from definitions.file_paths import FilePattern
from definitions.model import FileSelection
from definitions.passing_over import CHECKSUMS, Reason, finished, is_temporary
from sources.base import RemoteFile

LOOKED_AT_ONCE = 10_000
MOST_MISNAMED = 100  # that are told in one go
MOST_PASSED_OVER = 10  # that are told one by one

Version: TypeAlias = tuple[str, int | None, datetime | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A file that would be meant, were it not for this."""

    path: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files that a pattern means, by name, and what else was seen in the same folders.

    `marked` are the paths that have a marker beside them. `misnamed` are files that would be meant,
    were their names UTF-8: as people can read them, in their order. So are those `passed_over`.
    """

    files: tuple[RemoteFile, ...]
    marked: frozenset[str]
    misnamed: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The files that a run takes, in order, and why it leaves others."""

    files: tuple[RemoteFile, ...]
    decisions: tuple[FileDecision, ...]


def version_of(file: RemoteFile) -> Version:
    """Return what tells a file from another one, and from itself after a change."""
    return file.path, file.size, file.modified_at, file.etag


def survey(entries: Iterable[RemoteFile], pattern: FilePattern, marker: str | None) -> Listing:
    """Return what is there of the files that are meant, in one pass and in their order.

    Files with a temporary name, in folders that begin with a dot, those that are barred, and those
    that only stand beside another one (markers, checksums) are never meant; nor are those whose
    name no path can hold.
    """
    files: list[RemoteFile] = []
    misnamed: list[str] = []
    passed: list[PassedOver] = []
    marked: set[str] = set()
    beside = (*CHECKSUMS, *([] if marker is None else [marker]))
    for batch in _batches(entries):
        if marker is not None:
            ends = (file.path for file in batch if file.path.endswith(marker) and not file.barred)
            marked.update(path.removesuffix(marker) for path in ends)
        alone = [file for file in batch if not file.path.endswith(beside)]
        judged = [(file, _why_not(file, pattern)) for file in alone]
        for file in _fitting([file for file, why in judged if why is None], pattern):
            if _is_text(file.path):
                files.append(file)
            else:
                misnamed.append(_read(file, "backslashreplace"))
        unread = [(file, why) for file, why in judged if why is not None]
        passed += _passed_over(unread, pattern, beside)
    return Listing(
        files=tuple(sorted(files, key=lambda file: file.path)),
        marked=frozenset(marked),
        misnamed=tuple(sorted(misnamed)),
        passed_over=tuple(sorted(passed, key=lambda each: each.path)),
    )


def left_for_their_names(listing: Listing) -> tuple[FileDecision, ...]:
    """Return that files were left out as no path can name them, of so many of them."""
    some = listing.misnamed[:MOST_MISNAMED]
    return tuple(FileDecision(code=FileCode.MISNAMED, facts={"path": name}) for name in some)


def left_unread(listing: Listing) -> tuple[FileDecision, ...]:
    """Return that files were passed over."""
    facts = facts_of(listing.passed_over)
    return tuple(FileDecision(code=FileCode.PASSED_OVER, facts=each) for each in facts)


def facts_of(passed: Sequence[PassedOver]) -> Iterator[Mapping[str, str | int]]:
    """Yield what there is to tell of files that are passed over: of many, how many there are."""
    for each in passed[:MOST_PASSED_OVER]:
        yield {"path": each.path, "count": 1, "reason": each.reason.value}
    rest = passed[MOST_PASSED_OVER:]
    for reason in Reason:
        paths = [each.path for each in rest if each.reason is reason]
        if paths:
            yield {"path": paths[0], "count": len(paths), "reason": reason.value}


def leave_out(files: Sequence[RemoteFile], leaving: frozenset[Version]) -> Choice:
    """Return the files without those that are about to be moved away."""
    parting = [file for file in files if version_of(file) in leaving] if leaving else []
    made = (FileDecision(code=FileCode.LEAVING, facts={"path": file.path}) for file in parting)
    gone = frozenset(file.path for file in parting)
    staying = tuple(file for file in files if file.path not in gone)
    return Choice(files=staying, decisions=tuple(made))


def select(listing: Listing, selection: FileSelection, known: frozenset[Version]) -> Choice:
    """Return which files are wanted; `known` are those that were imported before."""
    files = listing.files
    match selection:
        case FileSelection.ALL:
            return Choice(files=files, decisions=())
        case FileSelection.LAST_MOD:
            return _last(files, max(files, key=_age_and_name, default=None))
        case FileSelection.LAST_ALPHA:
            return _last(files, files[-1] if files else None)
        case FileSelection.NOT_IMPORTED:
            new = tuple(file for file in files if version_of(file) not in known)
            return Choice(files=new, decisions=_left(FileCode.IMPORTED, len(files) - len(new)))


def _last(files: Sequence[RemoteFile], last: RemoteFile | None) -> Choice:
    chosen = () if last is None else (last,)
    return Choice(files=chosen, decisions=_left(FileCode.NOT_LAST, len(files) - len(chosen)))


def _left(code: FileCode, count: int) -> tuple[FileDecision, ...]:
    return (FileDecision(code=code, facts={"count": count}),) if count else ()


def _age_and_name(file: RemoteFile) -> tuple[float, str]:
    moment = file.modified_at
    return (0.0 if moment is None else moment.timestamp(), file.path)


def _batches(entries: Iterable[RemoteFile]) -> Iterator[list[RemoteFile]]:
    rest = iter(entries)
    while batch := list(islice(rest, LOOKED_AT_ONCE)):
        yield batch


def _why_not(file: RemoteFile, pattern: FilePattern) -> Reason | None:
    """Return why a file can never be taken, whatever the pattern says; None if it can."""
    if file.barred is not None:
        return file.barred
    below = file.path.removeprefix(pattern.folder).lstrip("/")
    return Reason.TEMPORARY_NAME if is_temporary(below) else None


def _fitting(files: Sequence[RemoteFile], pattern: FilePattern) -> list[RemoteFile]:
    paths = [file.path if _is_text(file.path) else _read(file) for file in files]
    return [file for file, fit in zip(files, pattern.fit(paths), strict=True) if fit]


def _passed_over(
    found: Sequence[tuple[RemoteFile, Reason]], pattern: FilePattern, beside: tuple[str, ...]
) -> Iterator[PassedOver]:
    """Yield the files that are meant by their name, or by the one that they get in the end."""
    paths = [_read(file) for file, _ in found]
    ends = [finished(path) for path in paths]
    fits = zip(found, ends, pattern.fit(paths), pattern.fit(ends), strict=True)
    for (file, why), end, fit, fit_in_the_end in fits:
        if (fit or fit_in_the_end) and not end.endswith(beside):
            yield PassedOver(path=_read(file, "backslashreplace"), reason=why)


def _is_text(path: str) -> bool:
    """Tell whether a path can be written down: it is Unicode, without the NUL character."""
    return path.isprintable() or not any(
        letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in path
    )


def _read(file: RemoteFile, odd: str = "replace") -> str:
    """Return a path with a sign, or an escape, in place of each byte that means nothing."""
    path = file.path.encode(errors="surrogateescape").decode(errors=odd)
    return path.replace("\0", r"\x00")
