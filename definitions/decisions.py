"""What the service decided by itself about a definition.

A decision has a stable code and the facts it was made from, as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]


class DecisionCode(StrEnum):
    """The stable names of decisions."""

    FIRED = "fired"  # a run was queued
    FIRED_LATE = "fired_late"  # a run was queued for an instant that had been missed
    QUEUED_BEHIND = "queued_behind"  # a run was queued behind one that has not ended
    CANCELLED_RUNNING = "cancelled_running"  # a run was queued in place of one that was cancelled
    SKIPPED_OVERLAP = "skipped_overlap"  # no run, as one had not ended
    SUPERSEDED = "superseded"  # no run, as a later instant was due as well
    QUEUE_FULL = "queue_full"  # no run, as too many waited
    MISSED = "missed"  # no run, as nobody was there at the instant
    SCHEDULE_ENDED = "schedule_ended"  # there is no further instant
    SCHEDULE_UNREADABLE = "schedule_unreadable"  # its next instant cannot be computed here
    RECOMPUTED = "recomputed"  # rule or time zone changed, and with them the next instant
    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    FILE_AWAITED = "file_awaited"  # the first look found none
    FILE_SEEN = "file_seen"  # new; taken when it looks the same once more
    FILE_CHANGING = "file_changing"  # it is being written
    FILE_UNMARKED = "file_unmarked"  # new; taken when its marker is there
    FILE_MISNAMED = "file_misnamed"  # its name is not UTF-8, so that no path can name it
    FILE_PASSED_OVER = "file_passed_over"  # a temporary name, or a link out of the storage
    FILE_TAKEN = "file_taken"  # a run was queued for it
    FILE_IMPORTED_BEFORE = "file_imported_before"  # a run had loaded it already
    FILE_SAME_CONTENT = "file_same_content"  # a run left it out: its bytes had been imported
    FILE_REPEATED = "file_repeated"  # a run imported it all the same
    FILE_IN_FLIGHT = "file_in_flight"  # a run left it for a later one, as it was being written
    FILE_WITHOUT_MARKER = "file_without_marker"  # a run left it for a later one
    FILES_CHOSEN = "files_chosen"  # which ones a run takes, and how many it leaves for what
    NO_FILE = "no_file"  # a run found none
    FILE_REFETCHED = "file_refetched"  # it changed while a run fetched it
    FILE_RELOADED = "file_reloaded"  # it changed between two attempts at a run
    FILE_UNLIKE_BEFORE = "file_unlike_before"  # it changed since a run that is repeated
    FILE_LEAVING = "file_leaving"  # a run left it out, as it is about to be moved away
    FILE_MOVED = "file_moved"  # after its run
    FILE_DELETED = "file_deleted"  # after its run
    FILE_REPLACED = "file_replaced"  # since its run took it; it was left alone
    FILE_GONE = "file_gone"  # it was not there any more after its run
    FILE_LEFT = "file_left"  # it could not be moved or deleted
    BRAKE_WARNED = "brake_warned"  # a run went on
    BRAKE_PAUSED = "brake_paused"  # a run waits for a person
    BRAKE_FAILED = "brake_failed"  # a run failed
    BRAKE_PASSED = "brake_passed"  # a person let a run go on
    FILES_HELD_BACK = "files_held_back"  # ready, but too many runs wait
    LOOKING_FAILED = "looking_failed"  # the source cannot be looked at; said once for each reason
    LOOKING_WELL = "looking_well"  # it can again
    LOOK_NEWS = "look_news"  # of the last look only: it found or took something
    LOOK_NOTHING_NEW = "look_nothing_new"  # of the last look only
    LOOK_FAILED = "look_failed"  # of the last look only
    ATTEMPT_FAILED = "attempt_failed"  # at a run, which is tried again
    ATTEMPT_LOST = "attempt_lost"  # whoever worked on a run died; it is tried again
    RUN_FAILED = "run_failed"  # and was given up
    ROWS_REJECTED = "rows_rejected"  # a run completed without them
    ROWS_REPAIRED = "rows_repaired"  # that a run had rejected
    FRESHNESS_BROKEN = "freshness_broken"  # there was no good run in time; said once
    FRESHNESS_RESTORED = "freshness_restored"  # there was one again
    PING_FAILED = "ping_failed"  # its address did not hear of a good run; said first and last


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: its code and the facts it was made from, of JSON values."""

    code: DecisionCode
    facts: Facts
