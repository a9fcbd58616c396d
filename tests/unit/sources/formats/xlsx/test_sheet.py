from __future__ import annotations

import pytest

from sources.formats.xlsx import sheet
from sources.formats.xlsx.sheet import SheetRow, SheetRows, held
from sources.formats.xlsx.values import EPOCH_1900, Kind
from sources.formats.xlsx.workbook import Texts, Workbook
from sources.gathering import MAX_RECORD
from sources.markup import Markup, Told


def rows(xml: str, prefix: str = "", shared: str = "shared") -> list[SheetRow]:
    texts = Texts()
    texts.add(shared)
    kinds = (Kind.NUMBER, Kind.DATE)
    listener = SheetRows(Workbook(sheets=(), texts=texts, kinds=kinds, epoch=EPOCH_1900))
    markup = Markup(Told(begin=listener.begin, end=listener.end, text=listener.text), "f")
    markup.take(f"<{prefix}worksheet><{prefix}sheetData>{xml}".encode())
    return listener.found


@pytest.mark.parametrize(
    ("cell", "text", "typed"),
    [
        ("<c><v>1.50</v></c>", "1.5", 1),
        ("<c s='1'><v>45292</v></c>", "2024-01-01", 1),
        ("<c s='9'><v>45292</v></c>", "45292", 1),
        ("<c><v>1,5</v></c>", "1,5", 0),
        ("<c s='1'><v>31/12/2026</v></c>", "31/12/2026", 0),
        ("<c><v>1E400</v></c>", "1E400", 0),
        ("<c t='s'><v>0</v></c>", "shared", 0),
        ("<c t='b'><v>1</v></c>", "true", 1),
        ("<c t='b'><v>0</v></c>", "false", 1),
        ("<c t='b'><v>no</v></c>", "no", 0),
        ("<c t='d'><v>2024-01-01</v></c>", "2024-01-01", 1),
        ("<c t='str'><f>A1&amp;B1</f><v> x_x000A_</v></c>", " x\n", 0),
        ("<c t='str'><v>1.5</v></c>", "1.5", 0),
        (
            "<c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is></c>",
            "ab",
            0,
        ),
        ("<c><f>1+1</f><v>2</v></c>", "2", 1),
    ],
)
def test_a_cell_becomes_text_and_is_told_from_what_is_text(
    cell: str, text: str, typed: int
) -> None:
    (row,) = rows(f"<row>{cell}</row>")
    assert row == SheetRow(number=1, cells=[text], errors={}, too_long=False, typed=bytes([typed]))


def test_cells_are_told_from_text_in_their_places() -> None:
    (row,) = rows(
        "<row><c r='D1'><v>1</v></c><c r='B1' t='str'><v>2</v></c><c r='A1'><v>3</v></c>"
        "<c r='A1' t='str'><v>4</v></c></row>"
    )
    assert (row.cells, row.typed) == (["4", "2", "", "1"], b"\0\0\0\1")


def test_cells_and_rows_have_their_places_and_empty_ones_are_left_out() -> None:
    found = rows(
        "<row r='2'><c r='B2'><v>1</v></c><c><v>2</v></c><c r='AA2'/></row><row r='3'/>"
        "<row r='5'><c/><c><v>3</v></c></row><row><c r='?'><v>9</v></c>"
        "<c r='XFD6'><v>4</v></c></row>"
        "<row r='8'><c r='XFE8'><v>5</v></c></row>"
    )
    assert [(row.number, row.cells) for row in found] == [
        (2, ["", "1", "2"]),
        (5, ["", "3"]),
        (6, ["9", *[""] * 16_382, "4"]),
        (8, [""] * 16_384 + ["5"]),
    ]


def test_errors_are_empty_cells_that_are_told_apart() -> None:
    (row,) = rows("<row><c t='e'><v>#N/A</v></c><c t='s'><v>7</v></c></row>")
    assert (row.cells, row.errors) == (["", ""], {0: "#N/A", 1: "7"})


def test_a_formula_without_a_stored_value_is_told() -> None:
    (row,) = rows("<row><c><f>A1</f></c><c><f>A1</f><v/></c><c><f>A1</f><v>1</v></c></row>")
    assert (row.cells, row.uncomputed) == (["", "", "1"], (0, 1))
    (row,) = rows("<row><c t='str'><f>A1</f><v></v></c><c><v>1</v></c></row>")
    assert (row.cells, row.uncomputed) == (["", "1"], ())


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("<c r='A1'><v>1</v></c><c r='A1'><v>2</v></c>", (["2"], {}, 0)),
        ("<c r='B1'><v>1</v></c><c r='A1'><v>2</v></c>", (["2", "1"], {}, -1)),
        ("<c r='A1'/><c r='A1'><v>2</v></c><c r='A1'/>", (["2"], {}, -1)),
        ("<c r='A1' t='e'><v>#N/A</v></c><c r='A1'><v>2</v></c>", (["2"], {}, 0)),
        ("<c r='A1'><v>2</v></c><c r='A1' t='e'><v>#N/A</v></c>", ([""], {0: "#N/A"}, 0)),
        ("<c r='B1'><v>1</v></c><c r='A1' t='e'><v>#N/A</v></c>", (["", "1"], {0: "#N/A"}, -1)),
    ],
)
def test_a_cell_that_is_there_twice_is_told(
    cells: str, found: tuple[list[str], dict[int, str], int]
) -> None:
    first, second = rows(f"<row r='1'>{cells}</row><row r='2'><c r='A2'><v>1</v></c></row>")
    assert (first.cells, first.errors, first.twice) == found
    assert second.twice == -1


def test_names_may_have_a_prefix() -> None:
    (row,) = rows("<x:row><x:c><x:v>1</x:v></x:c></x:row>", "x:")
    assert row.cells == ["1"]


def test_a_row_with_too_much_text_is_cut() -> None:
    text = "x" * (MAX_RECORD // 2)
    cell = f"<c t='str'><v>{text}</v></c>"
    (row,) = rows(f"<row>{cell * 3}</row>")
    assert row.too_long
    assert len("".join(row.cells)) <= MAX_RECORD


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-4", "x"])
def test_a_number_that_no_row_has_is_the_next_one(number: str) -> None:
    found = rows(f'<row r="2"><c t="str"><v>a</v></c></row><row r="{number}"><c><v>1</v></c></row>')
    assert [row.number for row in found] == [2, 3]


@pytest.mark.parametrize("plain", ["", ' spans="1:1"'])
def test_rows_in_no_order_are_numbered_on_so_that_none_is_lost(plain: str) -> None:
    row = '<row r="{}"%s><c r="A1"><v>7</v></c></row>' % plain  # noqa: UP031 - braces
    found = rows("".join(row.format(number) for number in (1, 1, 4, 3, 9, 9)))
    assert [row.number for row in found] == [1, 2, 4, 5, 9, 10]


def test_long_shared_texts_are_told_and_make_a_row_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheet, "MAX_RECORD", 1000)
    cell, text = "<c t='s'><v>0</v></c>", "x" * 400
    found = rows(f"<row>{cell * 2}</row><row>{cell * 4}</row><row>{cell}</row>", shared=text)
    assert [row.cells for row in found] == [[text] * 2, [text] * 2 + [""] * 2, [text]]
    assert [(row.too_long, row.size) for row in found] == [(False, 800), (True, 1200), (False, 400)]


def test_cells_behind_the_last_column_take_no_memory() -> None:
    (row,) = rows(f"<row>{'<c><v>1</v></c>' * 17_000}{'<c><f>A1</f></c>' * 17_000}</row>")
    assert (len(row.cells), len(row.uncomputed)) == (16_385, 16_385)


def test_names_of_columns_that_are_none_are_not_kept() -> None:
    listener = SheetRows(Workbook(sheets=(), texts=Texts(), kinds=(), epoch=EPOCH_1900))
    for name in ("A1", "b1", "?1", "AAAAA1", *(f"é{n}x1" for n in range(9))):
        listener.begin("c", {"r": name})
    assert set(listener._columns) == {"A", "b"}


def test_rows_with_very_much_text_are_not_held() -> None:
    each = SheetRow(number=1, cells=["x"], errors={}, too_long=False, size=10)
    assert (held([each] * 3, 30), held([each] * 3, 29)) == ([each] * 3, [])
