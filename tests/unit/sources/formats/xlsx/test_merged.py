from __future__ import annotations

from sources.formats.xlsx.merged import Span, spans_of

SHEET = (
    b"<worksheet><sheetData><row r='1'/></sheetData><mergeCells count='5'>"
    b'<mergeCell ref="C1:D1"/><x:mergeCell ref="A1:B2"/><mergeCell ref="A1:A2"/>'
    b"<mergeCell  id='x' ref='AA3:AC3'/><mergeCell ref=\"A9:B9\"/></mergeCells></worksheet>"
)


def test_cells_that_are_merged_side_by_side_are_those_of_the_rows_in_their_order() -> None:
    found = spans_of([SHEET], {1, 3})
    assert found == [Span(1, 0, 1), Span(1, 2, 3), Span(3, 26, 28)]
    assert spans_of([SHEET], {2}) == []


def test_no_piece_hides_any_or_has_it_twice() -> None:
    whole = spans_of([SHEET], range(10))
    assert len(whole) == 4
    for size in range(1, 80):
        pieces = [SHEET[at : at + size] for at in range(0, len(SHEET), size)]
        assert spans_of(pieces, range(10)) == whole
