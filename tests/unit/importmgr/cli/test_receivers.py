from __future__ import annotations

from importmgr.cli.receivers import filters


def test_only_what_is_given_becomes_part_of_a_document() -> None:
    assert filters(None, (), ()) == {}
    assert filters("N", ["run.failed"], ["all"], active=None, url="u") == {
        "name": "N",
        "events": ["run.failed"],
        "imports": None,
        "url": "u",
    }
