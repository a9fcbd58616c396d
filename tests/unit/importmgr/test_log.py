from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextvars import copy_context

import pytest
import structlog

from importmgr.log import about, get_logger, set_up


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged; the settings of the test runner come back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level


def test_lines_carry_what_they_are_about_and_copied_contexts_too() -> None:
    with about(run_id="r1", attempt=2):
        inside = copy_context().run(structlog.contextvars.get_contextvars)
    outside = structlog.contextvars.get_contextvars()

    assert inside == {"run_id": "r1", "attempt": 2}
    assert outside == {}


def test_an_event_is_one_line_of_json(stream: io.StringIO) -> None:
    set_up("info", "json", stream)

    get_logger("importmgr.executing").info("run ended", run_id="a", rows_read=7, error="a\nb")

    event = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "run ended",
        "level": "info",
        "logger": "importmgr.executing",
        "run_id": "a",
        "rows_read": 7,
        "error": "a\nb",
    }


def test_an_event_is_one_line_of_text_whatever_is_in_it(stream: io.StringIO) -> None:
    set_up("info", "text", stream)

    get_logger("x").info("run ended", error='no "way"\r\n\x1b[31m2026 fake', run_id="a")

    line = stream.getvalue()
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert r'error="no \"way\"\r\n\x1b[31m2026 fake"' in line
    assert line.rstrip().endswith("logger=x run_id=a")


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_masked_by_their_name_and_by_their_look(stream: io.StringIO, form: str) -> None:
    set_up("debug", form, stream)

    get_logger("x").info(
        "request",
        password="geheim",
        Authorization="Basic geheim",
        nested={"headers": [{"Proxy-Authorization": "geheim"}], "secret": b"geheim"},
        url="cannot reach https://user:geheim@files.test/x",
        text="the key imk_geheim_geheim_geheim is wrong",
        database_url="postgresql://u:geheim@h/d",
    )

    assert "geheim" not in stream.getvalue()
    assert "https://user:***@files.test/x" in stream.getvalue()


def test_a_traceback_stays_in_its_line_without_secrets(stream: io.StringIO) -> None:
    set_up("info", "text", stream)

    try:
        raise ValueError("https://user:geheim@h/")  # noqa: EM101
    except ValueError:
        get_logger("x").exception("attempt broke", run_id="a")

    assert stream.getvalue().count("\n") == 1
    assert "ValueError: https://user:***@h/" in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_libraries_log_looks_the_same(stream: io.StringIO, form: str) -> None:
    set_up("info", form, stream)

    logging.getLogger("sqlalchemy.pool").warning("lost %s", "postgresql://u:geheim@h/d")
    logging.getLogger("alembic.runtime.migration").info("Will assume transactional DDL.")
    logging.getLogger("apscheduler.scheduler").warning("Execution of job skipped")

    assert stream.getvalue().count("\n") == 1
    assert "lost postgresql://u:***@h/d" in stream.getvalue()
    assert "sqlalchemy.pool" in stream.getvalue()


def test_events_below_the_level_are_dropped(stream: io.StringIO) -> None:
    set_up("warning", "text", stream)

    get_logger("x").info("quiet")
    get_logger("x").warning("loud")

    assert "quiet" not in stream.getvalue()
    assert "loud" in stream.getvalue()


def test_setting_up_again_replaces_what_was_before(stream: io.StringIO) -> None:
    other = io.StringIO()
    set_up("info", "text", stream)
    set_up("info", "text", other)

    get_logger("x").info("once")

    assert stream.getvalue() == ""
    assert other.getvalue().count("\n") == 1


def test_what_is_bound_to_the_context_is_in_every_event(stream: io.StringIO) -> None:
    set_up("info", "text", stream)

    with structlog.contextvars.bound_contextvars(request_id="r1"):
        get_logger("x").info("inside")
    get_logger("x").info("outside")

    inside, outside = stream.getvalue().splitlines()
    assert "request_id=r1" in inside
    assert "request_id" not in outside
