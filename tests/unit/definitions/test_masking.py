from __future__ import annotations

from dataclasses import replace

import pytest

from definitions.batches import Position
from definitions.errors import FormatError
from definitions.faults import Fault, FaultCode
from definitions.mapping import compile_mapping
from definitions.masking import CHANGED, MASK, NOTHING_MASKED, masking_of, refuse_masked
from definitions.model import IdMapping, ImportDefinition
from definitions.rejects import CorrectedRows
from definitions.styles import Matter, Question, Survey
from tests.unit.definitions.cases import CUSTOMERS, batch, definition, prop

HEADER = ("mail", "age", "name", "note")


def secretive() -> ImportDefinition:
    """Return a definition whose ids and ages are sensitive, and that does not map `note`."""
    made = definition(
        CUSTOMERS,
        ids={"mail": "email_id"},
        properties=[replace(prop("age", target="number"), sensitive=True), prop("name")],
    )
    ids = (IdMapping(from_column="mail", to_id="email_id", sensitive=True),)
    return replace(made, mapping=replace(made.mapping, ids=ids))


def test_nothing_is_masked_unless_a_column_is_sensitive() -> None:
    made = definition(CUSTOMERS, ids={"mail": "email_id"}, properties=[prop("name")])

    assert masking_of(made.mapping, HEADER) is NOTHING_MASKED
    assert NOTHING_MASKED.cells(HEADER, ("a", "b")) == ["a", "b"]


def test_sensitive_columns_and_those_that_nobody_maps_are_masked() -> None:
    masking = masking_of(secretive().mapping, (" mail", "age", "name", "note"))

    assert masking.columns == {" mail", "age", "note"}
    assert masking.cells(HEADER, ("a", "", "Jana", "x")) == ["a", "", "Jana", MASK]
    assert masking.cells(HEADER, ("a", "b")) == [MASK]


def test_a_column_that_is_mapped_twice_is_masked_if_one_of_both_is_sensitive() -> None:
    made = definition(
        CUSTOMERS,
        ids={"mail": "email_id"},
        properties=[prop("mail", "a"), replace(prop("mail", "b"), sensitive=True)],
    )

    masking = masking_of(made.mapping, ("mail",))

    assert masking.columns == {"mail"}
    assert masking.shown == {"email_id", "a"}


def test_no_fault_of_a_masked_column_shows_its_cell() -> None:
    compiled = compile_mapping(secretive(), HEADER)
    of = batch(mail=["m" * 70_000, "a"], age=["1", "geheim"], name=["x", "y"], note=["", ""])

    mapped = compiled.apply(of, "f")

    assert [(fault.value, fault.message) for fault in mapped.faults] == [
        (MASK, "(masked) is longer than 512 bytes: use a shorter key"),
        (MASK, "(masked) is not a number: use digits"),
    ]
    assert "mmm" not in mapped.rejections()[0].message


def test_no_fault_of_a_masked_date_tells_a_part_of_it() -> None:
    birth = replace(prop("born", "born", "date"), sensitive=True)
    made = definition(CUSTOMERS, ids={"mail": "email_id"}, properties=[birth])
    compiled = compile_mapping(made, ("mail", "born"))

    mapped = compiled.apply(batch(mail=["a", "b"], born=["1985-02-31", "31.02.85"]), "f")

    assert [fault.message for fault in mapped.faults] == [
        "(masked) is not a date: there is no such day or time",
        "(masked) is not a date: use YYYY-MM-DD, or say format '%d.%m.%y' in its mapping",
    ]


def test_a_row_that_cannot_be_parted_is_masked_whole() -> None:
    fault = Fault(
        file="f",
        row=1,
        line=2,
        column=None,
        value="a;b;c",
        code=FaultCode.TOO_MANY_FIELDS,
        message="expected 2 fields, found 3",
        rejects_row=True,
    )

    [masked] = masking_of(secretive().mapping, HEADER).faults([fault])

    assert masked == replace(fault, value=MASK)


def test_of_masked_properties_it_is_told_whether_they_change() -> None:
    masking = masking_of(secretive().mapping, HEADER)
    before = {"age": 1, "other": "x", "name": "A"}

    assert masking.values(before) == {"age": MASK, "other": MASK, "name": "A"}
    assert masking.values({"age": 2, "other": "x", "name": "B"}, before) == {
        "age": CHANGED,
        "other": MASK,
        "name": "B",
    }


def test_what_proves_how_a_masked_column_is_written_is_not_told() -> None:
    survey = Survey([Question("age", Matter.NUMBERS)], {"age"})

    survey.add(batch(age=["1,5"]))

    assert survey.styles().evidence == {
        "numbers of 'age'": "decimal comma (found: (masked) in row 1)"
    }


def test_a_mask_is_never_taken_for_a_cell() -> None:
    of = batch(mail=["a", f" {MASK}"], age=["1", "2"], name=[MASK, "B"], note=["", ""])
    rows = CorrectedRows(
        frame=of.frame, rows=(7, 9), malformed=(), end=Position(row=3, line=4, byte=0)
    )

    refuse_masked(rows, NOTHING_MASKED)
    with pytest.raises(FormatError, match=r"row 9 has '\(masked\)' in column 'mail'"):
        refuse_masked(rows, masking_of(secretive().mapping, HEADER))
