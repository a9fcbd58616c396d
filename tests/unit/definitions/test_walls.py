from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.forms import CLEAR, ISO, MONTH_FIRST
from definitions.patterns import pattern_of
from definitions.walls import walls
from tests.unit.definitions.cells import column

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  of a wall
LAYOUTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dt%H:%M:%S.%f"]


def shown(text: str, *forms: str) -> tuple[str, int, bool, bool] | None:
    """Return the wall's time, minutes ahead of UTC, and whether it is naive and timed."""
    times = walls(column(text), forms)
    if not times.found[0]:
        return None
    wall = EPOCH + timedelta(microseconds=int(times.local[0]))
    ahead = int(times.ahead[0]) // 60_000_000
    return wall.isoformat(), ahead, bool(times.naive[0]), bool(times.timed[0])


@given(
    moment=st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001  of a wall
    layout=st.sampled_from(LAYOUTS),
    zone=st.sampled_from(["", "Z", "+05:45", "-03:30"]),
)
def test_the_fast_layouts_and_the_regular_expression_agree(
    moment: datetime, layout: str, zone: str
) -> None:
    text = moment.strftime(layout) + (zone if "%H" in layout else "")

    assert shown(text, ISO) == shown(text, ISO.replace("^", "^(?:)"))
    assert shown(text, ISO) is not None


@pytest.mark.parametrize(
    ("text", "forms", "found"),
    [
        ("2024-02-29", [ISO], ("2024-02-29T00:00:00", 0, True, False)),
        ("2023-02-29", [ISO], None),
        ("2024-02-29T10:15:00.5+02:00", [ISO], ("2024-02-29T10:15:00.500000", 120, False, True)),
        ("2024-02-29T10:15:00.123-00:30", [ISO], ("2024-02-29T10:15:00.123000", -30, False, True)),
        ("2024-02-29T24:00", [ISO], None),
        ("2024/02-29", [ISO, *CLEAR], None),
        ("29.2.2024, 1:05 pm", [ISO, *CLEAR], ("2024-02-29T13:05:00", 0, True, True)),
        ("29.2.2024 12:05 AM", CLEAR, ("2024-02-29T00:05:00", 0, True, True)),
        ("29.2.2024 13:05 AM", CLEAR, None),
        ("2/29/2024Z", MONTH_FIRST, None),
        ("2/29/2024 1:05Z", MONTH_FIRST, ("2024-02-29T01:05:00", 0, False, True)),
        ("29.2.24", [pattern_of("%d.%m.%y").regex], ("2024-02-29T00:00:00", 0, True, False)),
        ("1.1.69", [pattern_of("%d.%m.%y").regex], ("1969-01-01T00:00:00", 0, True, False)),
        ("1 sep 2024", [pattern_of("%d %b %Y").regex], ("2024-09-01T00:00:00", 0, True, False)),
        ("é024-01-01", [ISO], None),
    ],
)
def test_a_text_shows_a_time_if_calendar_and_clock_have_it(
    text: str, forms: list[str], found: tuple[str, int, bool, bool] | None
) -> None:
    assert shown(text, *forms) == found


def test_nothing_is_found_in_nothing() -> None:
    assert walls(column(), (ISO,)).found.size == 0
    assert walls(column("", ""), (ISO,)).found.tolist() == [False, False]
