"""What is missing is told by what it is, behind whatever was made of it."""

from __future__ import annotations

import errno

import pytest

from definitions.errors import (
    FormatError,
    LostLeaseError,
    PermanentError,
    ShutdownError,
    StoreBusyError,
)
from importmgr.executing.lacking import lack_behind


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; make room on it"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "the disk is full"),
        (OSError(errno.EFBIG, "File too large"), "ulimit -f"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (OSError(errno.ENFILE, "Too many open files in system"), "fs.file-max"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "IMPORTMGR_BATCH_BYTES"),
        (MemoryError(), "IMPORTMGR_BATCH_BYTES"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
    ],
)
def test_each_lack_is_told_with_what_helps(error: BaseException, told: str) -> None:
    assert told in str(lack_behind(error))


@pytest.mark.parametrize(
    "error",
    [OSError(errno.EIO, "Input/output error"), OSError("no number"), ValueError("x")],
)
def test_what_is_no_lack_stays_what_it_is(error: BaseException) -> None:
    assert lack_behind(error) is None


@pytest.mark.parametrize("kind", [FormatError, PermanentError, ValueError])
@pytest.mark.parametrize("is_shown", [True, False])
def test_a_lack_is_found_behind_what_was_made_of_it(kind: type[Exception], is_shown: bool) -> None:
    error = kind("the workbook is damaged")
    error.__context__ = OSError(errno.EMFILE, "Too many open files")
    error.__cause__ = error.__context__ if is_shown else None

    assert "too many files open" in str(lack_behind(error))


@pytest.mark.parametrize("kind", [LostLeaseError, ShutdownError, StoreBusyError])
def test_errors_that_are_no_fault_of_the_file_are_what_they_say(kind: type[Exception]) -> None:
    error = kind("as it is")
    error.__cause__ = MemoryError()

    assert lack_behind(error) is None


def test_errors_that_are_each_others_reason_come_to_an_end() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one

    assert lack_behind(one) is None
