"""Every error importmgr raises on purpose, named by what its catcher does.

```
ImportmgrError
├── RequestError            the caller fixes the request            (HTTP 4xx, exit code 2)
│   ├── InvalidError            some fields of a document are wrong     400, all problems at once
│   ├── UnauthenticatedError    who calls is not known                  401
│   ├── ForbiddenError          known, but not allowed                  403
│   ├── NotFoundError           no such thing, or not visible here      404
│   ├── ConflictError           the thing's state forbids the move      409
│   ├── TooLargeError           the body is over the limit              413
│   └── LimitError              too many; later it may work             429
├── TemporaryError          trying later may work                    (retried with back-off)
│   ├── StalledError            a run got no further for too long
│   ├── SourceUnreachableError  the source does not answer, or only in part
│   ├── SpoolBusyError          an earlier attempt has not let go of the file yet
│   └── StoreBusyError          the database is locked or away
├── PermanentError          trying again will not help               (the run fails)
│   ├── SourceRefusedError      the source says no: address, login, status, proxy
│   ├── FormatError             the file cannot be read as what it should be
│   ├── MissingColumnError      a key column is not in the file
│   ├── BrakedError             the run is not what its definition expects
│   └── ReconcileError          the counts of a run do not add up
├── RowError                one row is rejected, its neighbours load
├── LostLeaseError          this executor no longer owns its run; stop at once, write nothing
├── ShutdownError           the service stops; hand the run back at its checkpoint
├── DefectError             the product broke; the log has the traceback
└── SettingsError           the environment is wrong; do not start
```

Each class has a stable `code`, used in HTTP bodies, run reports and exit messages. Texts are lower
case, name the thing, give the value and the remedy, and never hold a secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from definitions.troubles import Trouble

if TYPE_CHECKING:
    from definitions.brakes import Braking

MOST_SHOWN = 20  # problems in the text of an error; the value has all of them

Problems: TypeAlias = Mapping[str, Sequence[str]]


class ImportmgrError(Exception):
    """Anything importmgr raises on purpose."""

    code: ClassVar[str] = "error"


class RequestError(ImportmgrError):
    """The caller can fix this by changing the request."""

    code = "request"


class InvalidError(RequestError):
    """Some fields are wrong; `problems` maps each field path to its messages."""

    code = "invalid"

    def __init__(self, problems: Problems) -> None:
        """Keep the problems and make the text of the first few of them."""
        self.problems: Problems = MappingProxyType(dict(problems))
        super().__init__(_summary(self.problems))


class UnauthenticatedError(RequestError):
    """The caller is not known."""

    code = "unauthenticated"


class ForbiddenError(RequestError):
    """The caller is known but lacks the permission."""

    code = "forbidden"


class NotFoundError(RequestError):
    """There is no such thing, or it is not visible here."""

    code = "not_found"


class ConflictError(RequestError):
    """The thing's present state forbids the move."""

    code = "conflict"


class TooLargeError(RequestError):
    """The request's body is over the limit."""

    code = "too_large"


class LimitError(RequestError):
    """There are too many; `retry_after` is the number of seconds to wait, or None if unknown."""

    code = "limit"

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        """Keep how many seconds to wait."""
        self.retry_after = retry_after
        super().__init__(message)


class TemporaryError(ImportmgrError):
    """Trying later may work; `retry_after` is the number of seconds the other side asked for."""

    code = "temporary"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Keep how many seconds the other side asked to wait."""
        self.retry_after = retry_after
        super().__init__(message)


class SourceUnreachableError(TemporaryError):
    """The source does not answer, or stopped in the middle; `trouble` names it if it is known."""

    code = "source_unreachable"

    def __init__(
        self, message: str, *, retry_after: float | None = None, trouble: Trouble | None = None
    ) -> None:
        """Keep what went wrong."""
        self.trouble = trouble
        super().__init__(message, retry_after=retry_after)


class StalledError(TemporaryError):
    """A run got no further for as long as it may."""

    code = "stalled"


class SpoolBusyError(TemporaryError):
    """An earlier attempt at the run has not let go of the file that it fetched."""

    code = "spool_busy"


class StoreBusyError(TemporaryError):
    """The database is locked or away."""

    code = "store_busy"


class PermanentError(ImportmgrError):
    """Trying again will not help until a person changes something."""

    code = "permanent"


class SourceRefusedError(PermanentError):
    """The source says no: forbidden address, login, HTTP status, proxy, size."""

    code = "source_refused"

    def __init__(self, message: str, *, trouble: Trouble | None = None) -> None:
        """Keep what it says no to, if it is known."""
        self.trouble = trouble
        super().__init__(message)


class FormatError(PermanentError):
    """The file cannot be read as what it should be."""

    code = "format"


class MissingColumnError(PermanentError):
    """A column that holds a key is not in the file; nothing was written."""

    code = "missing_column"


class BrakedError(PermanentError):
    """The run is not what its definition expects: it waits for a person, or fails."""

    code = "braked"

    def __init__(self, braking: Braking) -> None:
        """Keep what acted."""
        self.braking = braking
        super().__init__(braking.text)


class ReconcileError(PermanentError):
    """The counts of a finished run do not add up; its data must be looked at."""

    code = "reconcile"


class RowError(ImportmgrError):
    """One row cannot be used; its neighbours load."""

    code = "row"


class LostLeaseError(ImportmgrError):
    """This executor no longer owns its run: stop at once and write nothing more."""

    code = "lost_lease"


class ShutdownError(ImportmgrError):
    """The service stops; the run goes back to the queue with its checkpoint."""

    code = "shutdown"


class DefectError(ImportmgrError):
    """The product broke in a way that nobody foresaw; its inside stands in the log only."""

    code = "internal"

    @classmethod
    def of(cls, error: BaseException) -> DefectError:
        """Return what people are told of an error that was not raised on purpose."""
        return cls(f"internal error ({type(error).__name__}); the service's log has the details")


class SettingsError(ImportmgrError):
    """The environment is wrong; the service does not start."""

    code = "settings"


def _summary(problems: Problems) -> str:
    """Join the first problems as `path: message`, in the order they were found."""
    lines = [f"{path}: {text}" for path, texts in problems.items() for text in texts]
    more = len(lines) - MOST_SHOWN
    if more > 0:
        lines = [*lines[:MOST_SHOWN], f"and {more} more"]
    return "; ".join(lines) or "the request is invalid"
