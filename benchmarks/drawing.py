"""Columns of text as people's files have them, drawn by a given source of chance."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import polars as pl

WORDS = (
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india"),
    *("juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo"),
    *("sierra", "tango", "uniform", "victor", "whiskey", "zulu", "größe", "café", "naïve", "東京"),
)
CATEGORIES = tuple(f"cat-{number}" for number in range(200))
BOOLEANS = ("true", "false", "1", "0", "True", "FALSE")
CITIES = ("Prague", "Vienna", "Berlin", "Paris", "Madrid", "Lisbon", "Malmö", "São Paulo", "")
LONG = 200  # characters of the longest usual cell
FIRST_SECOND, SECONDS = 1_577_836_800, 170_000_000  # five years from 2020 on

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Marks = np.ndarray[Any, np.dtype[np.bool_]]


def one_of(pool: Sequence[str], chance: np.random.Generator, count: int) -> pl.Series:
    """Return `count` texts out of a pool."""
    return pl.Series(pool, dtype=pl.String).gather(chance.integers(0, len(pool), count))


def decimals(cents: Numbers, keep: Marks | None = None) -> pl.Series:
    """Return amounts as text, two digits after the point; one of fifty is empty, none in `keep`."""
    whole = pl.Series(cents // 100).cast(pl.String)
    text = whole + "." + pl.Series(cents % 100).cast(pl.String).str.zfill(2)
    empty = cents % 50 == 0 if keep is None else (cents % 50 == 0) & ~keep
    return text.zip_with(pl.Series(~empty), pl.Series([""]))


def either(chosen: Marks, one: str, other: str) -> pl.Series:
    """Return `one` where it is chosen, else `other`."""
    return pl.Series([other, one]).gather(pl.Series(chosen).cast(pl.UInt32))


def instants(chance: np.random.Generator, count: int) -> pl.Series:
    """Return points in time, written in three ways."""
    seconds = pl.Series(chance.integers(0, SECONDS, count) + FIRST_SECOND)
    at = pl.from_epoch(seconds, time_unit="s").to_frame("at")
    way = pl.lit(pl.Series(chance.integers(0, 10, count)))
    written = (
        pl.when(way < 5)  # noqa: PLR2004 - half of them
        .then(pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
        .when(way < 8)  # noqa: PLR2004 - a third
        .then(pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S"))
        .otherwise(pl.col("at").dt.strftime("%Y-%m-%dT%H:%M:%S+02:00"))
    )
    return at.select(written).to_series()


def days(chance: np.random.Generator, count: int, *, first: int, last: int) -> pl.Series:
    """Return dates between two days since 1970."""
    drawn = pl.Series(chance.integers(first, last, count))
    return pl.from_epoch(drawn, time_unit="d").dt.strftime("%Y-%m-%d")


def customer_ids(numbers: Numbers) -> pl.Series:
    """Return the ids of customers by their numbers, in an order that is not theirs."""
    scattered = numbers * 2_654_435_761 % (1 << 32)
    return "c" + pl.Series(scattered).cast(pl.String).str.zfill(10)


@cache
def titles() -> tuple[str, ...]:
    """Return short texts: some with commas, a few with quotes."""
    draw = _draw("titles")
    endings = ("",) * 17 + (", {}",) * 2 + (' 15" "wide"',)
    return tuple(
        _words(draw, 3) + draw.choice(endings).format(draw.choice(WORDS)) for _ in range(4_096)
    )


@cache
def descriptions() -> tuple[str, ...]:
    """Return longer texts: one in twenty over several lines and `LONG` characters long."""
    draw = _draw("descriptions")
    return tuple(
        _over_lines(draw) if number % 20 == 0 else _words(draw, draw.randrange(6, 18))
        for number in range(8_192)
    )


@cache
def notes() -> tuple[str, ...]:
    """Return texts most of which are empty."""
    draw = _draw("notes")
    return ("",) * 3_072 + tuple(_words(draw, 5) for _ in range(1_024))


@cache
def lists() -> tuple[str, ...]:
    """Return lists of words and a number, as JSON."""
    draw = _draw("lists")
    made = ([draw.choice(WORDS), draw.choice(WORDS), draw.randrange(100)] for _ in range(4_096))
    return tuple(json.dumps(each, ensure_ascii=False) for each in made)


@cache
def objects() -> tuple[str, ...]:
    """Return objects as JSON; three in ten are empty."""
    draw = _draw("objects")
    made = ({"color": draw.choice(WORDS), "w": draw.randrange(100)} for _ in range(2_868))
    return ("",) * 1_228 + tuple(json.dumps(each, ensure_ascii=False) for each in made)


def _over_lines(draw: random.Random) -> str:
    text = _words(draw, 12) + '\nSecond line, with "quotes"\n'
    return text + _words(draw, 60)[: max(0, LONG - len(text))]


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count))


def _draw(name: str) -> random.Random:
    """Return a source of chance that is the same in every process."""
    return random.Random(f"importmgr {name}")  # noqa: S311 - sample data, not secrets
