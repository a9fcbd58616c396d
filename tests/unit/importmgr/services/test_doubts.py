from __future__ import annotations

from importmgr.services.doubts import doubts_in, told_of

EVIDENCE = {"not_used": "'quote' means nothing here", "delimiter": "','", "names": "one is missing"}


def test_only_what_may_be_read_wrongly_as_a_whole_is_a_doubt() -> None:
    assert doubts_in(EVIDENCE) == ("one is missing", "'quote' means nothing here")
    assert doubts_in({"delimiter": "','"}) == ()


def test_a_run_is_told_of_which_file_it_is() -> None:
    assert told_of("a.csv", EVIDENCE)[0] == "a.csv: one is missing"
