"""Statements are compiled once per process of tests, not once per database.

A test has a database and with it an engine of its own, and SQLAlchemy keeps what it has compiled
with an engine's dialect: a sixth of the time of a test on a database went into compiling again what
the test before had compiled. Here the engines of one kind of database have one store of compiled
statements, as all requests and runs of a process of the product have.
"""

from __future__ import annotations

import functools
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(2000)


def pytest_configure() -> None:
    """Let engines share statements; a store tells dialects apart, and those of one kind are one."""
    original = sa.create_engine

    @functools.wraps(original)
    def sharing(*args: Any, **more: Any) -> Engine:  # noqa: ANN401 - any arguments
        engine = original(*args, **more)
        engine.update_execution_options(compiled_cache=COMPILED)
        return engine

    setattr(sa, "create_engine", sharing)  # noqa: B010 - the type of a module's function is fixed
    setattr(DefaultDialect, "__eq__", _is_of_one_kind)  # noqa: B010 - the same
    setattr(DefaultDialect, "__hash__", _hash_of_kind)  # noqa: B010 - the same


def _is_of_one_kind(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(one: DefaultDialect) -> int:
    return hash(type(one))
