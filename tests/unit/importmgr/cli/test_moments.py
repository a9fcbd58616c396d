"""Instants as people type them."""

from __future__ import annotations

import click
import pytest

from importmgr.cli.moments import MOMENT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-03-29", 1774742400),
        ("20260329", 1774742400),
        ("2026-03-29T02:30", 1774751400),
        ("2026-03-29 02:30:00+02:00", 1774744200),
        ("1774751400", 1774751400),
        ("1774751400.5", 1774751400.5),
    ],
)
def test_iso_8601_and_epoch_seconds_are_understood(text: str, seconds: float) -> None:
    assert MOMENT.convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "29.3.2026", "1.2.3", "12"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time; write it as 2026-03-29T02:30Z"):
        MOMENT.convert(text, None, None)
