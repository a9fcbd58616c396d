from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from definitions.schema import normalise, to_definition
from definitions.watching import look_after, look_again, next_look, place_of
from tests.acceptance.documents import changed, people

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INTEGRATION = "5f3c1a2b4d5e6f708192a3b4"


def place(definition_id: str, path: str, parent: str | None = None) -> str:
    source = {
        "source_type": "filestorage",
        "integration_id": INTEGRATION,
        "parent_path": parent,
        "path": path,
        "file_selection": "all",
    }
    return place_of(definition_id, to_definition(normalise(changed(people(), "source", source))))


@given(st.text(min_size=1), st.integers(0, 10**9), st.integers(1, 10**5))
def test_a_place_is_looked_at_once_in_each_interval(name: str, second: int, every: int) -> None:
    now, interval = datetime.fromtimestamp(second, UTC), timedelta(seconds=every)

    first = next_look(name, now, interval)
    second_look = next_look(name, first, interval)

    assert now < first <= now + interval
    assert second_look - first == interval


def test_places_are_spread_over_the_interval() -> None:
    looks = [next_look(f"place {n}", NOW, MINUTE) for n in range(6_000)]

    busiest = max(
        sum(second <= (look - NOW).total_seconds() < second + 1 for look in looks)
        for second in range(60)
    )

    assert busiest < 150


def test_definitions_of_one_folder_share_a_place() -> None:
    same = {place("1", "out/a_*.csv"), place("2", "b.csv", "/out"), place("3", r"/c\d+/", "out/")}

    assert same == {f"{INTEGRATION}:out"}
    assert place("1", "*.csv") != place("1", "in/*.csv")


def test_a_date_in_a_folder_changes_no_place() -> None:
    assert place("1", "{yyyy}/{MM}/a.csv") == f"{INTEGRATION}:1970/01"


def test_an_address_is_a_place_of_its_own() -> None:
    definition = to_definition(normalise(people()))

    assert place_of("1", definition) != place_of("2", definition)


def test_an_unsettled_file_is_looked_at_sooner_but_not_at_once() -> None:
    regular = NOW + MINUTE

    assert look_again(regular, NOW, timedelta(seconds=30)) == NOW + timedelta(seconds=30)
    assert look_again(regular, NOW, timedelta(0)) == NOW + timedelta(seconds=1)
    assert look_again(regular, NOW, timedelta(hours=1)) == regular


def test_what_fails_is_looked_at_less_and_less_often() -> None:
    waits = [look_after(failures, NOW, MINUTE) - NOW for failures in (1, 2, 3, 5, 1000)]

    assert waits == [MINUTE * factor for factor in (1, 2, 4, 15, 15)]
    assert look_after(9, NOW, timedelta(hours=1)) == NOW + timedelta(hours=1)
