"""The tables: which parties load what, in which order they take turns. Data, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.parties.base import Party
from benchmarks.parties.own import Ours
from benchmarks.parties.peer import Peer
from benchmarks.parties.prepared import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table.

    What is measured `once` is slow, or a failure; what is not `quick` is left out where all is.
    """

    name: str
    title: str
    party: Party
    once: bool = False
    quick: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One table: what is loaded into which engine; `reference` is the line that is 1.00.

    `measure` is what that line is called over a column of ratios to it.
    """

    name: str
    title: str
    engine: str
    reference: str
    measure: str
    lines: tuple[Line, ...]


_CSV = Peer(script="csv_script", file="items")
_DLT_ROWS = Peer(script="dlt_load", library="dlt", file="items-clean", words=("--way", "rows"))
_DLT_ARROW = Peer(script="dlt_load", library="dlt", file="items-clean", words=("--way", "arrow"))
_DLT_FAULTY = Peer(
    script="dlt_load", library="dlt", file="items", words=("--way", "arrow"), may_fail=True
)
_PANDAS = Peer(script="pandas_load", library="pandas", file="items", words=("--way", "multi"))
_PANDAS_COPY = Peer(script="pandas_load", library="pandas", file="items", words=("--way", "copy"))
_PANDAS_PLAIN = Peer(script="pandas_load", library="pandas", file="items", words=("--way", "plain"))
_FIRST = ("items",)

SECTIONS = (
    Section(
        name="postgresql-items",
        title="PostgreSQL, catalog items of 12 columns",
        engine="PostgreSQL",
        reference="bulk",
        measure="`\\copy`",
        lines=(
            Line(name="fresh", title="importmgr, new catalog", party=Ours(file="items")),
            Line(
                name="bulk",
                title="`psql \\copy` of prepared rows into the same table",
                party=Prepared(file="items"),
            ),
            Line(
                name="fetched",
                title="importmgr, new catalog, download over HTTP included",
                party=Ours(file="items", fetched=False),
                quick=False,
            ),
            Line(
                name="other",
                title="importmgr, catalog that holds another item",
                party=Ours(file="items", history=("items-other",)),
            ),
            Line(
                name="changed",
                title="importmgr, again, 20 % of the rows changed",
                party=Ours(file="items-changed", history=_FIRST, becomes=("updated", "unchanged")),
            ),
            Line(
                name="unchanged",
                title="importmgr, again, nothing changed",
                party=Ours(file="items", history=_FIRST, becomes=("unchanged", "unchanged")),
            ),
            Line(
                name="replaced",
                title="importmgr, again, every row changed",
                party=Ours(file="items-replaced", history=_FIRST, becomes=("updated", "updated")),
                quick=False,
            ),
            Line(name="csv", title="csv module, conversion by hand, COPY", party=_CSV),
            Line(name="dlt-arrow", title="dlt, Arrow upsert, cleaned file", party=_DLT_ARROW),
            Line(
                name="dlt-rows",
                title="dlt, rows, upsert, cleaned file",
                party=_DLT_ROWS,
                quick=False,
            ),
            Line(
                name="dlt-faulty",
                title="dlt, Arrow upsert, the file as it is",
                party=_DLT_FAULTY,
                once=True,
                quick=False,
            ),
            Line(
                name="pandas-copy",
                title="pandas `to_sql`, COPY as in its user guide, text without key",
                party=_PANDAS_COPY,
            ),
            Line(
                name="pandas",
                title='pandas `to_sql(method="multi")`, text without key',
                party=_PANDAS,
                once=True,
                quick=False,
            ),
        ),
    ),
    Section(
        name="postgresql-events",
        title="PostgreSQL, events of known customers",
        engine="PostgreSQL",
        reference="bulk",
        measure="`\\copy`",
        lines=(
            Line(
                name="fresh",
                title="importmgr",
                party=Ours(file="events", history=("customers-known",)),
            ),
            Line(
                name="bulk",
                title="`psql \\copy` of prepared rows into the same table",
                party=Prepared(file="events", history=("customers-known",)),
            ),
        ),
    ),
    Section(
        name="postgresql-customers",
        title="PostgreSQL, customers",
        engine="PostgreSQL",
        reference="bulk",
        measure="`\\copy`",
        lines=(
            Line(name="fresh", title="importmgr, all new", party=Ours(file="customers")),
            Line(
                name="bulk",
                title="`psql \\copy` of prepared rows into the same two tables",
                party=Prepared(file="customers"),
            ),
            Line(
                name="upsert",
                title="importmgr, half of them known and changed",
                party=Ours(
                    file="customers", history=("customers-half",), becomes=("updated", "created")
                ),
                quick=False,
            ),
        ),
    ),
    Section(
        name="sqlite-items",
        title="SQLite, catalog items of 12 columns",
        engine="SQLite",
        reference="bulk",
        measure="`.import`",
        lines=(
            Line(name="fresh", title="importmgr, new catalog", party=Ours(file="items")),
            Line(
                name="bulk",
                title="`sqlite3 .import` of prepared rows into the same table",
                party=Prepared(file="items"),
            ),
            Line(
                name="csv",
                title="csv module, conversion by hand, executemany",
                party=_CSV,
                quick=False,
            ),
            Line(
                name="dlt-arrow",
                title="dlt, Arrow merge, cleaned file",
                party=_DLT_ARROW,
                quick=False,
            ),
            Line(
                name="dlt-rows",
                title="dlt, rows, merge, cleaned file",
                party=_DLT_ROWS,
                once=True,
                quick=False,
            ),
            Line(
                name="pandas",
                title="pandas `to_sql`, text without key",
                party=_PANDAS_PLAIN,
                quick=False,
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How many times as fast `line` is to be as `than`, both of one section."""

    title: str
    section: str
    line: str
    than: str
    aim: float | None


CLAIMS = tuple(
    Claim(title=title, section=section, line=line, than=than, aim=aim)
    for title, section, line, than, aim in (
        ("PostgreSQL, new catalog : `\\copy`", "postgresql-items", "fresh", "bulk", 0.80),
        ("PostgreSQL, catalog in use : `\\copy`", "postgresql-items", "other", "bulk", 0.68),
        ("PostgreSQL, 20 % changed : `\\copy`", "postgresql-items", "changed", "bulk", 0.68),
        ("PostgreSQL, unchanged : all changed", "postgresql-items", "unchanged", "replaced", 1.7),
        ("PostgreSQL, events : `\\copy`", "postgresql-events", "fresh", "bulk", 0.80),
        ("PostgreSQL, new customers : `\\copy`", "postgresql-customers", "fresh", "bulk", None),
        (
            "PostgreSQL, customers, half known : `\\copy`",
            "postgresql-customers",
            "upsert",
            "bulk",
            None,
        ),
        ("PostgreSQL, new catalog : csv module + COPY", "postgresql-items", "fresh", "csv", 2.0),
        ("PostgreSQL, new catalog : dlt with rows", "postgresql-items", "fresh", "dlt-rows", 2.5),
        ("PostgreSQL, new catalog : dlt with Arrow", "postgresql-items", "fresh", "dlt-arrow", 1.0),
        ("PostgreSQL, new catalog : pandas, COPY", "postgresql-items", "fresh", "pandas-copy", 5.0),
        (
            'PostgreSQL, new catalog : pandas, `method="multi"`',
            "postgresql-items",
            "fresh",
            "pandas",
            5.0,
        ),
        ("SQLite, new catalog : `.import`", "sqlite-items", "fresh", "bulk", 0.88),
        ("SQLite, new catalog : csv module + executemany", "sqlite-items", "fresh", "csv", None),
        ("SQLite, new catalog : dlt with Arrow", "sqlite-items", "fresh", "dlt-arrow", None),
        ("SQLite, new catalog : pandas, plain `to_sql`", "sqlite-items", "fresh", "pandas", None),
    )
)
