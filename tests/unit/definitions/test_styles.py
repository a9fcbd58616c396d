from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.model import Notation, TargetType
from definitions.styles import (
    NO_STYLES,
    Matter,
    Question,
    Styles,
    Survey,
    beside_plain,
    doubtful,
    question_about,
    styles_document,
    styles_of,
    written_cells,
)
from definitions.written import BARE, COMMA, POINT, DateOrder, Written, as_said
from tests.unit.definitions.cases import batch, batch_from, with_typed

NUMBERS, DATES = Question("c", Matter.NUMBERS), Question("c", Matter.DATES)


def found(question: Question, *cells: str) -> Styles:
    """Return what the cells of a column prove, a batch of two at a time."""
    survey = Survey([question])
    for start in range(0, len(cells), 2):
        survey.add(batch_from(start + 1, c=list(cells[start : start + 2])))
    return survey.styles()


@pytest.mark.parametrize(
    ("cells", "style", "said"),
    [
        (
            ["7", "1,234", "1.234,56"],
            COMMA,
            "decimal comma (found: '1.234,56' in row 3)",
        ),
        (["1,234", " 1,5 "], COMMA, "decimal comma (found: '1,5' in row 2)"),
        (["1 234,5"], COMMA, "decimal comma (found: '1 234,5' in row 1)"),
        (["1,234,567"], POINT, "decimal point (found: '1,234,567' in row 1)"),
        (["1,234", "9.99"], POINT, "decimal point (found: '9.99' in row 2)"),
        (["1,234", "1.234", "1 234"], BARE, "decimal mark unknown (no cell proves it)"),
        (
            ["1,5", "x", "1.5"],
            BARE,
            "decimal comma and decimal point (found: '1,5' in row 1 and '1.5' in row 3)",
        ),
    ],
)
def test_a_number_of_one_reading_proves_the_style_of_its_column(
    cells: list[str], style: object, said: str
) -> None:
    styles = found(NUMBERS, *cells)

    assert styles.answer(NUMBERS, Written()).numbers == style
    assert styles.evidence == {"numbers of 'c'": said}


@pytest.mark.parametrize(
    ("cells", "order", "said"),
    [
        (
            ["01/02/2026", "31/12/2026"],
            DateOrder.DAY_FIRST,
            "day first (found: '31/12/2026' in row 2)",
        ),
        (
            ["12-31-2026 14:05"],
            DateOrder.MONTH_FIRST,
            "month first (found: '12-31-2026 14:05' in row 1)",
        ),
        (
            ["01/02/2026", "31.12.2026", "2026/12/31", "31/12/26"],
            DateOrder.UNKNOWN,
            "order of day and month unknown (no cell proves it)",
        ),
        (
            ["31/12/2026", "12/31/2026"],
            DateOrder.UNKNOWN,
            "day first and month first (found: '31/12/2026' in row 1 and '12/31/2026' in row 2)",
        ),
    ],
)
def test_a_date_of_one_reading_proves_the_order_of_its_column(
    cells: list[str], order: DateOrder, said: str
) -> None:
    styles = found(DATES, *cells)

    assert styles.answer(DATES, Written()).dates == order
    assert styles.evidence == {"dates of 'c'": said}


@given(
    cells=st.lists(st.sampled_from(["1,5", "1.5", "1,234", "1.234", "1 234", "x", ""]), min_size=1),
    size=st.integers(1, 5),
)
def test_batches_of_any_size_prove_the_same(cells: list[str], size: int) -> None:
    whole, parts = Survey([NUMBERS]), Survey([NUMBERS])
    whole.add(batch(c=cells))
    for start in range(0, len(cells), size):
        parts.add(batch_from(start + 1, c=cells[start : start + size]))

    assert parts.styles() == whole.styles()
    assert parts.settled == whole.settled == ({"1,5", "1.5"} <= set(cells))


def test_a_long_proof_is_cut() -> None:
    told = found(NUMBERS, "1" * 300 + ",5").evidence["numbers of 'c'"]
    assert told == f"decimal comma (found: '{'1' * 40}' in row 1)"


def test_nothing_is_known_of_a_column_that_was_not_looked_at() -> None:
    said = as_said(Notation(separator="|"))

    assert NO_STYLES.answer(NUMBERS, said) == said
    assert found(DATES, "31/12/2026").answer(Question("d", Matter.DATES), said) == said


@pytest.mark.parametrize(
    ("target", "notation", "question"),
    [
        ("number", Notation(), NUMBERS),
        ("number", Notation(decimal=","), None),
        ("number", Notation(thousands=" "), None),
        ("date", Notation(), DATES),
        ("datetime", Notation(), DATES),
        ("timestamp", Notation(), DATES),
        ("timestamp", Notation(format="%d.%m.%Y"), None),
        ("string", Notation(), None),
        ("list", Notation(), None),
    ],
)
def test_what_a_definition_leaves_open_is_asked(
    target: str, notation: Notation, question: Question | None
) -> None:
    assert question_about("c", TargetType(target), as_said(notation)) == question


@pytest.mark.parametrize(
    ("question", "cell", "matters"),
    [
        (NUMBERS, "1.5", False),
        (NUMBERS, "12,5x", False),
        (NUMBERS, "", False),
        (NUMBERS, " 1,234 ", True),
        (NUMBERS, "1 234", True),
        (DATES, "2026-12-31", False),
        (DATES, "31.12.2026", False),
        (DATES, "31/31/2026", False),
        (DATES, "1700000000", False),
        (DATES, "1/2/2026", True),
    ],
)
def test_only_a_cell_whose_style_matters_raises_doubt(
    question: Question, cell: str, *, matters: bool
) -> None:
    frame = batch(c=["", cell]).frame

    assert doubtful([question], frame) == ((question,) if matters else ())


def test_cells_that_are_no_text_are_none_that_are_written() -> None:
    rows = with_typed(batch(c=["1.5", "1,5"], d=["1.5", "2"], e=["1", "2"]), c=[1, 0], d=[1, 1])
    questions = [Question(name, Matter.NUMBERS) for name in ("c", "d", "e")]

    frame = written_cells(rows, [*questions, Question("c", Matter.DATES)])

    assert frame.to_dict(as_series=False) == {"c": ["", "1,5"], "d": ["", ""], "e": ["1", "2"]}


@pytest.mark.parametrize(
    ("typed", "style"), [([0, 0, 0], BARE), ([1, 0, 0], COMMA), ([1, 1, 1], BARE)]
)
def test_cells_that_are_no_text_prove_nothing(typed: list[int], style: object) -> None:
    survey = Survey([NUMBERS])
    survey.add(with_typed(batch(c=["1.5", "1.234", "1,5"]), c=typed))

    assert survey.styles().numbers == {"c": style}


@pytest.mark.parametrize(
    "styles",
    [
        NO_STYLES,
        Styles(
            numbers={"a": BARE, "b": COMMA, "c": POINT},
            dates={
                "d": DateOrder.DAY_FIRST,
                "e": DateOrder.MONTH_FIRST,
                "f": DateOrder.UNKNOWN,
            },
        ),
    ],
)
def test_styles_are_the_same_when_they_come_back(styles: Styles) -> None:
    assert styles_of(styles_document(styles)) == styles


def test_a_column_is_unanswered_until_its_file_has_told_something() -> None:
    numbers, dates = found(NUMBERS, "1,234"), found(DATES, "31/12/2026", "12/31/2026")

    assert NO_STYLES.unanswered([NUMBERS, DATES]) == (NUMBERS, DATES)
    assert numbers.unanswered([NUMBERS, DATES]) == (DATES,)
    assert dates.unanswered([NUMBERS, DATES]) == (NUMBERS,)
    assert found(DATES, "1/2/2026").unanswered([DATES]) == (DATES,)


def test_beside_plain_numbers_no_decimal_comma_is_believed() -> None:
    styles = Styles(numbers={"a": BARE, "b": COMMA, "c": POINT}, dates={"d": DateOrder.DAY_FIRST})

    assert beside_plain(styles) == replace(styles, numbers={"a": BARE, "b": BARE, "c": POINT})
