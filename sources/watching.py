"""Which files of a listing are new, and which of them are ready; judged from looks that lie apart.

Unlike a run, which waits for its second look, this remembers the first one. Nothing here asks
or waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from definitions.decisions import Decision, DecisionCode
from definitions.watching import SightState
from sources.base import RemoteFile
from sources.choosing import PassedOver, facts_of, version_of
from sources.readiness import is_old

_PAST = frozenset({SightState.TAKEN, SightState.PASSED_OVER})  # tells nothing of a new file


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A file as it looked, since when it looked like that, and how it stands.

    `busy`: the run that took it has not ended.
    """

    file: RemoteFile
    since: datetime
    state: SightState
    run_id: str | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When one looked, by our clock and by the storage's, and when a file is ready.

    `misnamed` are files that cannot be taken, as no path can name them; `passed_over` are others
    that are not; so many `older` ones are left out where only the last is wanted. `pattern` is how
    files are named that are looked for, as people write it. Unless it was all that was looked at
    for a definition, the look is `partial`.
    """

    now: datetime
    storage_clock: datetime | None
    stable_for: timedelta
    marker: str | None
    marked: frozenset[str]
    misnamed: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    older: int = 0
    pattern: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A new file that can be taken, and what proves that."""

    file: RemoteFile
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """New files: those that are ready, those that are not, and what there is to tell."""

    ready: tuple[Ready, ...]
    sights: tuple[Sight, ...]
    decisions: tuple[Decision, ...]


def fresh(
    files: Iterable[RemoteFile], sights: Mapping[str, Sight]
) -> tuple[tuple[RemoteFile, Sight | None], ...]:
    """Return the files that were not taken as they are, each with what is remembered of it.

    One that is changed while a run loads it is left alone: that run may load it as it is now.
    """
    pairs = ((file, sights.get(file.path)) for file in files)
    return tuple((file, sight) for file, sight in pairs if not _is_done(file, sight))


def judge(found: Sequence[tuple[RemoteFile, Sight | None]], look: Look) -> Judgement:
    """Sort out new files, in their order; `found` comes from `fresh`.

    Those that are misnamed or passed over are told, and remembered for that.
    """
    ready: list[Ready] = []
    sights = [_unread(path, look, SightState.SEEN) for path in look.misnamed]
    sights += [_unread(each.path, look, SightState.PASSED_OVER) for each in look.passed_over]
    decisions = [
        Decision(code=DecisionCode.FILE_MISNAMED, facts={"path": path}) for path in look.misnamed
    ]
    decisions += [
        Decision(code=DecisionCode.FILE_PASSED_OVER, facts=facts)
        for facts in facts_of(look.passed_over)
    ]
    for file, remembered in found:
        before = None if remembered is None or remembered.state in _PAST else remembered
        proof = _proof(file, before, look)
        if proof is not None:
            ready.append(Ready(file=file, proof=proof))
            continue
        sight, code = _seen(file, before, look)
        if sight != before:
            sights.append(sight)
        if code is not None:
            facts = {"path": file.path, "size": file.size, "marker": look.marker}
            decisions.append(Decision(code=code, facts=facts))
    return Judgement(ready=tuple(ready), sights=tuple(sights), decisions=tuple(decisions))


def _unread(path: str, look: Look, state: SightState) -> Sight:
    file = RemoteFile(path=path, size=None, modified_at=None, etag=None)
    return Sight(file=file, since=look.now, state=state)


def _is_done(file: RemoteFile, sight: Sight | None) -> bool:
    if sight is None or sight.state is not SightState.TAKEN:
        return False
    return sight.busy or version_of(file) == version_of(sight.file)


def _proof(file: RemoteFile, before: Sight | None, look: Look) -> str | None:
    """Return what proves that a file is ready, or None."""
    if look.marker is not None:
        return "marker" if file.path in look.marked else None
    if not look.stable_for:
        return "version"
    if is_old(file, look.stable_for, look.storage_clock):
        return "age"
    is_same = before is not None and version_of(before.file) == version_of(file)
    if before is not None and is_same and before.since + look.stable_for <= look.now:
        return "looks"
    return None


def _seen(file: RemoteFile, before: Sight | None, look: Look) -> tuple[Sight, DecisionCode | None]:
    """Return what to remember of a file that is not ready, and what to tell of it, once."""
    if before is None:
        code = DecisionCode.FILE_SEEN if look.marker is None else DecisionCode.FILE_UNMARKED
        return Sight(file=file, since=look.now, state=SightState.SEEN), code
    if version_of(before.file) == version_of(file):
        return before, None
    is_news = look.marker is None and before.state is SightState.SEEN
    code_of_change = DecisionCode.FILE_CHANGING if is_news else None
    return Sight(file=file, since=look.now, state=SightState.CHANGING), code_of_change
