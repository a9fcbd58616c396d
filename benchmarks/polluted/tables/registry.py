"""All tables by name, in the order of the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.polluted.sheets import Table
from benchmarks.polluted.tables import figures, shapes, texts
from benchmarks.polluted.tables.drawing import Draw

DRAWN: tuple[Callable[[Draw], Table], ...] = (
    texts.people,
    texts.products,
    texts.requests,
    texts.german,
    texts.french,
    texts.czech,
    texts.russian,
    texts.chinese,
    texts.arabic,
    texts.emoji,
    texts.notes,
    texts.apostrophes,
    texts.reviews,
    texts.staff,
    texts.messages,
    figures.numbers,
    figures.dates,
    figures.prices,
    figures.money,
    figures.science,
    figures.trains,
    figures.places,
    figures.phones,
    figures.codes,
    figures.switches,
    figures.payloads,
    figures.links,
    figures.paths,
    figures.colours,
    figures.orders,
    shapes.addresses,
    shapes.cities,
    shapes.settings,
    shapes.vocabulary,
    shapes.survey,
    shapes.few,
    shapes.many,
    shapes.gaps,
    shapes.marked,
    shapes.years,
    shapes.fruits,
    shapes.repeated,
)


def tables() -> Mapping[str, Table]:
    """Return every table; the same whenever it is asked for."""
    return {draw.__name__: draw(Draw(draw.__name__)) for draw in DRAWN}
