from __future__ import annotations

import pytest
from sqlalchemy import Engine

from definitions.errors import NotFoundError
from destinations.live import CustomerWrite, EventWrite, write_customer, write_event
from destinations.profiles import (
    Event,
    anonymize,
    count_customers,
    events_of,
    get_customer,
)
from tests.loading import NOW, context


def test_a_customer_has_ids_properties_and_events_in_the_order_of_time(engine: Engine) -> None:
    ids = {"mail": "a@example.com", "card": "7"}
    with engine.begin() as connection:
        write_customer(connection, context(), CustomerWrite(ids=ids, properties={"age": 3}))
        for time in (9.5, None, 3.0):
            write = EventWrite(
                ids={"card": "7"}, type="visit", properties={"p": [1]}, timestamp=time
            )
            write_event(connection, context(), write)
        customer = get_customer(connection, 1, {"mail": "a@example.com"})
        events = events_of(connection, customer)

    assert customer.ids == {"card": ["7"], "mail": ["a@example.com"]}
    assert customer.properties == {"age": 3}
    assert events == tuple(
        Event(type="visit", timestamp=time, properties={"p": [1]}) for time in (3.0, 9.5, NOW)
    )


def test_the_first_known_id_says_who_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in ("a", "b"):
            write_customer(connection, context(), CustomerWrite(ids={name: "1"}, properties={}))
        found = get_customer(connection, 1, {"z": "1", "b": "1", "a": "1"})

    assert found.ids == {"b": ["1"]}


def test_a_customer_of_another_project_is_not_found(engine: Engine) -> None:
    with engine.begin() as connection:
        write_customer(connection, context(2), CustomerWrite(ids={"a": "1"}, properties={}))

        with pytest.raises(NotFoundError, match="there is no customer with any of these ids"):
            get_customer(connection, 1, {"a": "1"})
        assert (count_customers(connection, 1), count_customers(connection, 2)) == (0, 1)


def test_an_anonymized_customer_is_gone_with_all_that_is_theirs(engine: Engine) -> None:
    with engine.begin() as connection:
        for value in ("1", "2"):
            write = EventWrite(ids={"a": value, "b": value}, type="visit", properties={})
            write_event(connection, context(), write)

        assert anonymize(connection, 1, [{"b": "1"}, {"a": "1"}, {"a": "unknown"}]) == 1

        assert count_customers(connection, 1) == 1
        with pytest.raises(NotFoundError):
            get_customer(connection, 1, {"a": "1"})
        assert len(events_of(connection, get_customer(connection, 1, {"a": "2"}))) == 1


def test_somebody_new_inherits_nothing_from_an_anonymized_customer(engine: Engine) -> None:
    with engine.begin() as connection:
        write_event(connection, context(), EventWrite(ids={"a": "1"}, type="visit", properties={}))
        anonymize(connection, 1, [{"a": "1"}])
        write_customer(connection, context(), CustomerWrite(ids={"a": "1"}, properties={}))

        assert events_of(connection, get_customer(connection, 1, {"a": "1"})) == ()


@pytest.mark.parametrize("strange", ["a\0b", "\ud800"])
def test_ids_that_cannot_be_stored_are_just_not_found(engine: Engine, strange: str) -> None:
    with engine.begin() as connection, pytest.raises(NotFoundError):
        get_customer(connection, 1, {strange: "1", "a": strange})


def test_ids_are_trimmed_wherever_they_are_named(engine: Engine) -> None:
    with engine.begin() as connection:
        for value in ("7", " 7", "7\xa0"):
            write_customer(connection, context(), CustomerWrite(ids={"a": value}, properties={}))
            event = EventWrite(ids={"a": value}, type=f"{value} ", properties={}, timestamp=5.0)
            write_event(connection, context(), event)

        customer = get_customer(connection, 1, {"a": "\t7"})
        assert customer.ids == {"a": ["7"]}
        assert [event.type for event in events_of(connection, customer)] == ["7"]
        assert count_customers(connection, 1) == 1
        assert anonymize(connection, 1, [{"a": "7 "}]) == 1
