from __future__ import annotations

import json

import pytest

from definitions.file_decisions import (
    NOTEWORTHY,
    SENTENCES,
    Fact,
    FileCode,
    FileDecision,
    same_content,
)

FACTS: dict[str, Fact] = {
    "path": "a.csv",
    "count": 3,
    "known_as": "b.csv",
    "marker": ".done",
    "pattern": "*.csv",
    "reason": "temporary_name",
    "of_run_id": "r1",
}


@pytest.mark.parametrize("code", FileCode)
def test_every_decision_has_a_sentence_of_its_facts(code: FileCode) -> None:
    decision = FileDecision(code=code, facts=FACTS)

    assert "{" not in decision.text
    assert decision.text != SENTENCES.get(code)
    assert json.loads(json.dumps(decision.facts)) == FACTS
    assert decision.noteworthy == (code in NOTEWORTHY)


@pytest.mark.parametrize(
    ("left_out", "text"),
    [
        (True, "a.csv is left out: its content was imported before as b.csv"),
        (False, "a.csv is imported although its content was imported before as b.csv"),
    ],
)
def test_the_same_content_is_always_told(left_out: bool, text: str) -> None:
    decision = same_content("a.csv", "b.csv", known_run_id="41", left_out=left_out)

    assert decision.text == text
    assert decision.facts["known_run_id"] == "41"
