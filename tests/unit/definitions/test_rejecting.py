from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from definitions.batches import Batch
from definitions.faults import Fault, FaultCode
from definitions.mapping import compile_mapping
from definitions.rejecting import count_rejects, gather_rejects, none_but_styles
from definitions.rejects import PLAIN_FORM, RejectedFile, Rejects, TextForm
from tests.unit.definitions.cases import CUSTOMERS, batch, definition, prop, with_typed

FILE = RejectedFile(name="f", number=0, identity=None, header=("mail", "age"), form=None, styles={})
MALFORMED = Fault(
    file="f",
    row=2,
    line=4,
    column=None,
    value="a,b,c",
    code=FaultCode.TOO_MANY_FIELDS,
    message="expected 2 fields, found 3",
    rejects_row=True,
)
ROWS = batch(mail=["", "a@example.com", "x" * 600], age=["x", "1", "2"])


class Texts:
    """Rows that are called by their line and what is wrong with them."""

    form: TextForm = PLAIN_FORM

    def texts(self, wanted: Sequence[tuple[int, FaultCode | None]]) -> list[bytes | None]:
        return [f"{line} {code}".encode() for line, code in wanted]


def rejects(of: Batch) -> Rejects:
    made = definition(CUSTOMERS, ids={"mail": "mail"}, properties=[prop("age", target="number")])
    mapped = compile_mapping(made, ("mail", "age")).apply(of, "f")
    found = gather_rejects(of, mapped, FILE)
    assert found is not None
    counted = count_rejects(of, mapped, FILE)
    assert counted == replace(found, file=FILE, rows=())
    return found


def test_each_rejected_row_has_the_first_trouble_that_rejects_it() -> None:
    found = rejects(ROWS)

    assert found.count == 2
    assert [(row.row, row.line, row.code, row.column, row.faults) for row in found.rows] == [
        (1, 2, "missing_key", "mail", 2),  # its age is no number, for which no row is rejected
        (3, 6, "key_too_long", "mail", 1),
    ]


def test_rows_of_delimited_text_are_kept_as_they_stand_malformed_ones_between_them() -> None:
    found = rejects(
        replace(ROWS, rows=ROWS.rows + (ROWS.rows > 1), faults=(MALFORMED,), originals=Texts())
    )

    assert found.file.form == PLAIN_FORM
    assert [(row.row, row.content, row.as_cells) for row in found.rows] == [
        (1, b"2 None", False),
        (2, b"4 too_many_fields", False),
        (4, b"6 None", False),
    ]


def test_a_file_without_a_rejected_row_is_told_as_it_is_with_one() -> None:
    found = rejects(replace(ROWS, originals=Texts()))

    none = none_but_styles(replace(ROWS, originals=Texts()), FILE)

    assert none == replace(found, rows=(), count=0)
    assert none_but_styles(ROWS, FILE).file == FILE


def test_rows_of_other_files_are_kept_as_their_cells() -> None:
    found = rejects(replace(ROWS, faults=(replace(MALFORMED, row=9),)))

    assert found.file.form is None
    assert [json.loads(row.content or b"") for row in found.rows] == [
        ["", "x"],
        ["x" * 600, "2"],
        [],
    ]
    assert found.rows[2].message == "expected 2 fields, found 3: a,b,c"


def test_it_is_kept_which_cells_are_no_text_in_the_file() -> None:
    rows = batch(mail=["", "a@example.com", "", ""], age=["1.5", "2", "1,5", ""])

    found = rejects(with_typed(rows, age=[1, 1, 0, 1]))

    assert [(row.row, row.typed) for row in found.rows] == [
        (1, b"\0\1"),
        (3, None),
        (4, b"\0\1"),
    ]


def test_faults_of_rows_that_stay_are_no_rejects() -> None:
    kept = replace(MALFORMED, rejects_row=False)
    of = replace(batch(mail=["a"], age=["1"]), faults=(kept,))
    made = definition(CUSTOMERS, ids={"mail": "mail"}, properties=[prop("age", target="number")])
    mapped = compile_mapping(made, ("mail", "age")).apply(of, "f")

    assert gather_rejects(of, mapped, FILE) is None
    assert count_rejects(of, mapped, FILE) is None
