"""What a run says about its files: where the run is looked at, and where its definition is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from definitions.batches import ReadyBatch
from definitions.decisions import Decision, DecisionCode
from definitions.file_decisions import FileCode, FileDecision, choice
from definitions.lifecycle import Cause
from importmgr.clock import Clock
from importmgr.services.doubts import told_of
from importmgr.store.decisions import DecisionStore
from importmgr.store.runs import Claim, OpenedFile, RunStore

MOST_TOLD: Final = 100  # decisions of one look at the files of a run


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Writes down what was decided about the files of a run, and how each is read."""

    runs: RunStore
    decisions: DecisionStore
    clock: Clock

    def chosen(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        """Tell which files the run takes; of one that new files started, that was told before."""
        self.decided(claim, made)
        self._of_definition(claim, [e for e in made if e.code is FileCode.PASSED_OVER])
        told = choice(made)
        if told is None or not told["taken"]:
            why = tuple(each.text for each in made if not each.noteworthy)
            self.runs.add_warnings(claim.run.id, claim.run.token, why)
        if told is not None and claim.run.cause is not Cause.NEW_FILE:
            facts = {**told, "run_id": claim.run.id}
            decision = Decision(code=DecisionCode.FILES_CHOSEN, facts=facts)
            self.decisions.tell(claim.definition.id, [decision], self.clock.now())

    def decided(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        """Tell of those decisions about files that a person should look at."""
        noteworthy = [each for each in made if each.noteworthy]
        if noteworthy:
            texts = tuple(each.text for each in noteworthy)
            self.runs.add_warnings(claim.run.id, claim.run.token, texts)
            self._of_definition(claim, noteworthy)

    def opened(self, claim: Claim, opened: OpenedFile, warnings: tuple[str, ...] = ()) -> None:
        """Tell from where and how the run loads, and what a person should look at."""
        told = (*warnings, *told_of(opened.file, opened.read_as))
        self.runs.file_opened(claim.run.id, claim.run.token, opened, told)

    def found_with(
        self, claim: Claim, opened: OpenedFile, batches: Iterator[ReadyBatch]
    ) -> Iterator[ReadyBatch]:
        """Yield the batches, and tell what is found out about the file with some of them."""
        for batch in batches:
            if batch.evidence:
                read_as = {**opened.read_as, **batch.evidence}
                self.opened(claim, replace(opened, read_as=read_as))
            yield batch

    def _of_definition(self, claim: Claim, made: Sequence[FileDecision]) -> None:
        decisions = [
            Decision(
                code=DecisionCode(each.code.value), facts={**each.facts, "run_id": claim.run.id}
            )
            for each in made[:MOST_TOLD]
        ]
        self.decisions.tell(claim.definition.id, decisions, self.clock.now())
